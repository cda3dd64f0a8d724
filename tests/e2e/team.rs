//! The team's figures, statistics and logs: what others have sent is seen by everybody.

use std::io::Cursor;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use cxconnect_sandbox::Session;
use cxconnect_sandbox::objects::{FaultRule, InstallMode, Operation};
use cxconnect_tests::browser::Launch;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::office;
use cxconnect_tests::team::{Sent, renewal_day, seed};
use cxconnect_tests::wait::{until, within};
use serde_json::json;

/// What others' sends need to be seen: one look each ten seconds.
const NEWS: Duration = Duration::from_secs(25);

/// Chooses from a list.
async fn choose(desk: &Desk, css: &str, value: &str) -> Result<()> {
    let script = "const it = document.querySelector(arguments[0]); it.value = arguments[1];
        for (const event of ['input', 'change']) it.dispatchEvent(new Event(event, { bubbles: true })); return it.value";
    let now: String = desk.js(script, &[json!(css), json!(value)]).await?;
    ensure!(now == value, "{css} has no {value:?}");
    Ok(())
}

/// The cells of a table's rows that are drawn.
async fn rows(desk: &Desk, css: &str) -> Result<Vec<Vec<String>>> {
    let script = "return [...document.querySelectorAll(arguments[0] + ' .rows-row')].map((row) =>
        [...row.querySelectorAll('[role=cell]')].map((it) => it.textContent.replace(/\\s+/g, ' ').trim()))";
    desk.js(script, &[json!(css)]).await
}

/// A workbook's only sheet: all of its cells are texts, and none is a formula.
fn texts_of(book: &[u8]) -> Result<Vec<Vec<String>>> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(book))?;
    let name = book.sheet_names().first().cloned().context("a sheet")?;
    let formulas = book.worksheet_formula(&name)?;
    ensure!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "formulas");
    let sheet = book.worksheet_range(&name)?;
    let text = |cell: &Data| match cell {
        Data::String(text) => Ok(text.clone()),
        Data::Empty => Ok(String::new()),
        other => Err(anyhow::anyhow!("{other:?} is no text")),
    };
    sheet.rows().map(|row| row.iter().map(text).collect()).collect()
}

fn team() -> [Sent; 3] {
    let mut diego = Sent::new("batch-diego", [4, 0, 0, 2, 1]);
    (diego.agent, diego.template, diego.age_s) = ("diego.ruiz@acme.mx", "promo_verano", 7200);
    let mut old = Sent::new("batch-old", [7, 0, 0, 0, 0]);
    old.age_s = 45 * 86_400;
    [Sent::new("batch-ana", [10, 20, 30, 3, 0]), diego, old]
}

/// The team has sent something before.
fn begin(desk: &Desk) -> Result<()> {
    desk.set("renewal_day", renewal_day()?)?;
    seed(&desk.sandbox, &team())
}

pub async fn the_panel_counts_what_all_agents_send(desk: &mut Desk) -> Result<()> {
    begin(desk)?;
    desk.open().await?;
    // 60 + 4 sent, one that nobody knows; what is 45 days old is of an earlier period.
    desk.wait_for_text("#panel-sent", "64").await?;
    desk.wait_for_text("#panel-not-sent", "5").await?;
    desk.wait_for_text("#panel-left", "935 / 1.000 Mensajes").await?;
    desk.wait_for_text("#panel-source", "Cuenta los envíos de todo el equipo.").await?;

    // Somebody else sends, in another browser: within seconds it is seen here, and there at once.
    let other = desk.browser.another(Launch::default()).await?;
    let watcher = std::mem::replace(&mut desk.browser, other);
    desk.sandbox.set_session(Session { role: "admin".into(), ..Session::default() });
    desk.open().await?;
    desk.wait_for_text("#panel-sent", "64").await?;
    desk.send(&reminders(phones(5))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    assert_eq!(desk.text("#panel-left").await?, "930 / 1.000 Mensajes");
    let sender = std::mem::replace(&mut desk.browser, watcher);
    within(NEWS, "the other's sends", async || Ok((desk.text("#panel-sent").await? == "69").then_some(())))
        .await?;
    assert_eq!(desk.text("#panel-left").await?, "930 / 1.000 Mensajes");
    sender.close().await
}

pub async fn the_package_blocks_by_what_the_team_has_sent(desk: &mut Desk) -> Result<()> {
    desk.set("package_size", 70)?;
    desk.set("renewal_day", renewal_day()?)?;
    desk.open().await?;
    desk.wait_for_text("#panel-left", "70 / 70 Mensajes").await?;
    desk.prepare(&reminders(phones(10))).await?;
    // In the meantime somebody else has used it up.
    seed(&desk.sandbox, &team())?;
    desk.click("#confirm-continue").await?;
    desk.see(&["No hay mensajes suficientes en el paquete"]).await?;
    desk.wait_for_text("#panel-left", "5 / 70 Mensajes").await?;
    desk.see(&["Ya se usó más del 80 % del paquete"]).await?;
    ensure!(desk.sandbox.sunco().summary().total == 0);
    Ok(())
}

pub async fn without_the_record_the_panel_says_what_it_counts(desk: &mut Desk) -> Result<()> {
    desk.sandbox.objects().install(InstallMode::NotCreated)?;
    desk.open().await?;
    desk.wait_for_text(
        "#panel-source",
        "Esta cuenta no tiene registro del equipo: cuenta solo lo enviado desde este navegador.",
    )
    .await?;
    for tab in ["Estadísticas", "Logs"] {
        desk.press(tab).await?;
        desk.see(&["Esta cuenta no tiene registro del equipo"]).await?;
    }
    // An admin is led to where it is installed.
    desk.press("Estadísticas").await?;
    desk.click("#no-record [data-mend]").await?;
    desk.wait_for("#installation-repair").await?;
    // It answers no more: what was known stays, and it is said from when.
    desk.sandbox.objects().install(InstallMode::Created)?;
    begin(desk)?;
    desk.open().await?;
    desk.wait_for_text("#panel-sent", "64").await?;
    desk.sandbox.objects().add_fault(FaultRule { status: Some(503), ..FaultRule::default() });
    within(NEWS, "the panel to say it", async || {
        let text = desk.text("#panel-source").await?;
        Ok(text.starts_with("El registro del equipo no responde: cifras de").then_some(()))
    })
    .await?;
    assert_eq!(desk.text("#panel-sent").await?, "64");
    Ok(())
}

pub async fn statistics_are_filtered_counted_and_saved(desk: &mut Desk) -> Result<()> {
    begin(desk)?;
    desk.open().await?;
    desk.press("Estadísticas").await?;
    desk.wait_for_text("#sent-count", "64 mensajes").await?;
    desk.wait_for_text("#not-sent-count", "6 mensajes").await?;
    until("the first rows", async || Ok((10 < rows(desk, "#sent-rows").await?.len()).then_some(()))).await?;
    let first = rows(desk, "#sent-rows").await?.remove(0);
    assert_eq!(first[3..5], ["recordatorio_cita", "Zendesk 1:N - ana.lopez@acme.mx"]);
    // Every picture has its figures for whoever can't see it.
    for (id, figures) in
        [("chart-days", "30"), ("chart-funnel", "78 %"), ("chart-failures", "5"), ("chart-read-rate", "50 %")]
    {
        desk.wait_for(&format!("#{id} svg")).await?;
        let table = desk.text(&format!("#{id} table")).await?;
        ensure!(table.contains(figures), "{id}: {table}");
    }
    // By keyboard, too.
    desk.js::<()>("document.querySelector('#chart-funnel .chart-picture').focus()", &[]).await?;
    desk.keys(thirtyfour::Key::Right + "").await?;
    desk.wait_for_text("#chart-funnel-said", "Enviados — 64 (100 % de los enviados)").await?;

    choose(desk, "#stats-agent", "diego.ruiz@acme.mx").await?;
    desk.wait_for_text("#sent-count", "4 mensajes").await?;
    desk.wait_for_text("#not-sent-count", "3 mensajes").await?;
    desk.wait_for("#chart-days").await?;
    until("no picture without data", async || Ok((desk.count("#chart-read-rate").await? == 0).then_some(())))
        .await?;
    choose(desk, "#not-sent-status", "failed").await?;
    desk.wait_for_text("#not-sent-count", "2 mensajes").await?;
    let failed = rows(desk, "#not-sent-rows").await?.remove(0);
    ensure!(failed[1].contains("=1+1 (#131026) Message undeliverable"), "{failed:?}");
    desk.click("#not-sent-csv").await?;
    let (name, content) = desk.downloaded().await?;
    ensure!(name.starts_with("no_enviados"), "{name}");
    let text = String::from_utf8(content)?;
    assert_eq!(text.lines().count(), 3);
    ensure!(text.contains("'+525570000005") && text.contains("promo_verano"), "{text}");
    // What parts its cells is said.
    desk.see(&["CSV con columnas separadas por punto y coma."]).await?;
    desk.click("#not-sent-xlsx").await?;
    let (name, book) = desk.downloaded().await?;
    ensure!(name.starts_with("no_enviados"), "{name}");
    let cells = texts_of(&book)?;
    assert_eq!(cells.len(), 3, "{cells:?}");
    // To LibreOffice they are the same, accents and what looks like a formula too.
    assert_eq!(office::cells(&book, desk.folder()).await?, cells);
    ensure!(cells.concat().iter().any(|cell| !cell.is_ascii()), "no accents: {cells:?}");
    ensure!(cells[0].iter().any(|head| head == "Teléfono"), "{cells:?}");
    for row in &cells[1..] {
        ensure!(row.iter().any(|cell| cell.contains("(=1+1 (#131026) Message undeliverable)")), "{row:?}");
        ensure!(row.iter().any(|cell| cell.starts_with("+5255700000")), "{row:?}");
    }
    choose(desk, "#stats-agent", "").await?;
    choose(desk, "#not-sent-status", "").await?;

    // Everything, back to where the record begins.
    choose(desk, "#stats-stretch", "all").await?;
    desk.wait_for_text("#sent-count", "71 mensajes").await?;
    choose(desk, "#stats-phone", "5570000012").await?;
    desk.wait_for_text("#sent-count", "1 mensaje").await?;
    desk.see(&["Las gráficas muestran todos los números"]).await?;
    // As Mexican numbers were written until 2019.
    choose(desk, "#stats-phone", "+52 1 55 7000 0012").await?;
    desk.wait_for_text("#sent-count", "1 mensaje").await?;
    choose(desk, "#stats-phone", "Ana").await?;
    desk.see(&["Eso no es parte de un número"]).await?;
    choose(desk, "#stats-phone", "").await?;
    desk.wait_for_text("#sent-count", "71 mensajes").await?;
    // In which order they are is seen and heard.
    let sorted = "#sent-rows [role=columnheader][aria-sort]";
    ensure!(desk.text(sorted).await?.starts_with("Fecha") && desk.count(sorted).await? == 1);
    choose(desk, "#stats-order", "oldest").await?;
    desk.wait_for("#sent-rows [role=columnheader][aria-sort=ascending]").await?;
    choose(desk, "#stats-order", "changed").await?;
    until("no order of a column", async || Ok((desk.count(sorted).await? == 0).then_some(()))).await?;
    desk.click("#sent-xlsx").await?;
    let (name, book) = desk.downloaded().await?;
    ensure!(name.starts_with("enviados") && book.starts_with(b"PK"), "{name}");
    // Days that are turned round.
    choose(desk, "#stats-stretch", "between").await?;
    choose(desk, "#stats-from", "2026-05-02").await?;
    choose(desk, "#stats-to", "2026-05-01").await?;
    desk.see(&["«Desde» es posterior a «Hasta»"]).await?;
    Ok(())
}

pub async fn a_batch_of_somebody_else_is_seen_live_in_the_logs(desk: &mut Desk) -> Result<()> {
    begin(desk)?;
    desk.set("messages_per_second", 20)?;
    let other = desk.browser.another(Launch::default()).await?;
    let watcher = std::mem::replace(&mut desk.browser, other);
    desk.open().await?;
    desk.send(&reminders(phones(400))).await?;
    desk.wait_for_received(10).await?;
    let sender = std::mem::replace(&mut desk.browser, watcher);
    desk.open().await?;
    desk.press("Logs").await?;
    desk.wait_for_text("#logs-count", "4 lotes").await?;
    let first = rows(desk, "#logs").await?.remove(0);
    ensure!(first[2].contains("[Inicia envío]") && first[2].contains("Cantidad: 400"), "{first:?}");
    ensure!(first[2].contains("destinatarios.csv") && first[2].contains("En curso"), "{first:?}");
    desk.click("#logs .rows-row [data-batch]").await?;
    desk.see(&["Se está enviando ahora"]).await?;
    let figure = "#batch-figures [data-figure=placed] dd";
    let before: u32 = desk.text(figure).await?.parse()?;
    within(NEWS, "the figures to grow", async || {
        let now: u32 = desk.text(figure).await?.parse().context("a number")?;
        Ok((before < now).then_some(()))
    })
    .await?;
    // This browser hasn't the batch: it can be seen, and not touched.
    ensure!(desk.count("#batch-own").await? == 0);
    within(Duration::from_mins(1), "the end", async || {
        Ok((desk.text("#batch-state").await? == "Terminado").then_some(()))
    })
    .await?;
    assert_eq!(desk.text(figure).await?, "400");
    let track: Vec<String> = desk
        .js("return [...document.querySelectorAll('#batch-track li')].map((it) => it.dataset.milestone)", &[])
        .await?;
    assert_eq!(track, ["started", "called", "completed"]);
    // Once it is over its messages are looked for anew.
    desk.wait_for_text("#batch-good-count", "400 mensajes").await?;
    within(
        NEWS,
        "the messages",
        async || Ok((3 < rows(desk, "#batch-good-rows").await?.len()).then_some(())),
    )
    .await?;
    sender.close().await
}

pub async fn a_batch_page_has_both_tables_and_the_way_to_what_can_be_done(desk: &mut Desk) -> Result<()> {
    begin(desk)?;
    desk.open().await?;
    desk.send(&reminders(phones(3))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.click("#run-new").await?;
    desk.press("Logs").await?;
    desk.wait_for_text("#logs-count", "4 lotes").await?;
    desk.type_into("#logs-search", "promo").await?;
    desk.wait_for_text("#logs-count", "1 lote").await?;
    desk.click("#logs [data-batch=batch-diego]").await?;
    desk.wait_for_text("#batch-good-count", "4 mensajes").await?;
    desk.wait_for_text("#batch-bad-count", "3 mensajes").await?;
    desk.see(&["Mensajes procesados con éxito", "Mensajes procesados con Error", "clientes.csv"]).await?;
    ensure!(desk.count("#batch-own").await? == 0);
    desk.click("#batch-back").await?;
    // What was looked for is still there.
    desk.wait_for_text("#logs-count", "1 lote").await?;
    desk.js::<()>(
        "const it = document.querySelector('#logs-search'); it.value = ''; it.dispatchEvent(new Event('input'))",
        &[],
    )
    .await?;
    desk.wait_for_text("#logs-count", "4 lotes").await?;
    desk.click("#logs .rows-row [data-batch]").await?;
    desk.click("#batch-show").await?;
    desk.wait_for("#run-title").await?;
    ensure!(desk.text("#run-title").await? == "Envío terminado");
    Ok(())
}

pub async fn the_subscription_says_what_each_period_used(desk: &mut Desk) -> Result<()> {
    begin(desk)?;
    desk.open().await?;
    desk.press("Suscripción").await?;
    desk.wait_for_text("#subscription-used dd", "65").await?;
    desk.wait_for_text("#subscription-left dd", "935").await?;
    until("the history", async || {
        Ok((2 <= desk.count("#subscription-history tbody tr").await?).then_some(()))
    })
    .await?;
    let now = desk.texts("#subscription-history tbody tr:first-child td").await?;
    assert_eq!(now, ["65", "64", "5", "1", "2", "6 %"]);
    Ok(())
}

pub async fn of_a_large_record_the_first_rows_need_few_requests(desk: &mut Desk) -> Result<()> {
    desk.set("renewal_day", renewal_day()?)?;
    let batch =
        |n: u32| Sent { age_s: i64::from(n) * 60, ..Sent::new(&format!("batch-{n:04}"), [1, 0, 0, 1, 0]) };
    seed(&desk.sandbox, &(0..1000).map(batch).collect::<Vec<_>>())?;
    desk.open().await?;
    desk.wait_for_text("#panel-sent", "1.000").await?;
    let lists = desk.sandbox.objects().n_requests();
    ensure!(lists <= 11, "{lists} requests for a thousand batches");
    desk.press("Logs").await?;
    until("the logs", async || Ok((3 < rows(desk, "#logs").await?.len()).then_some(()))).await?;
    desk.press("Estadísticas").await?;
    until("the first rows", async || Ok((10 < rows(desk, "#sent-rows").await?.len()).then_some(()))).await?;
    desk.wait_for_text("#sent-count", "1.000 mensajes").await?;
    let n_searches = desk.sandbox.objects().n_requests_of(Operation::Search);
    ensure!(n_searches <= 4, "{n_searches} searches");
    Ok(())
}

pub async fn who_may_not_read_the_record_is_told_and_waits_for_nothing(desk: &mut Desk) -> Result<()> {
    begin(desk)?;
    for operation in [Operation::Read, Operation::Search] {
        desk.sandbox.objects().add_fault(FaultRule { operation, status: Some(403), ..FaultRule::default() });
    }
    // No template is offered: where each may show can't be read, either.
    desk.open_app().await?;
    for tab in ["Estadísticas", "Logs", "Suscripción"] {
        desk.press(tab).await?;
        desk.see(&["Su rol no puede leer el registro del equipo."]).await?;
    }
    for page in ["#logs", "#subscription", "#sent-rows"] {
        let spinner = format!("{page} .spinner");
        until("nothing to be waited for", async || Ok((desk.count(&spinner).await? == 0).then_some(())))
            .await?;
    }
    Ok(())
}
