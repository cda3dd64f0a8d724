//! Large files, small packages.

use anyhow::{Context as _, Result};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::recipients::{self, TEMPLATE};
use cxconnect_tests::traffic::sends;
use cxconnect_tests::wait::until;

pub async fn of_ten_thousand_rows_only_those_in_view_are_in_the_page(desk: &mut Desk) -> Result<()> {
    desk.set("package_size", 20_000)?;
    desk.set("messages_per_second", 80)?;
    desk.open().await?;
    let all = phones(10_000);
    desk.send(&reminders(&all)).await?;
    desk.wait_for_figures(|figures| 100 <= figures.accepted).await?;
    // The rest need not leave for the table to be as long.
    desk.cancel().await?;
    assert_eq!(desk.ended().await?, "Envío cancelado");
    let figures = desk.figures().await?;
    assert_eq!(figures.accepted + figures.not_sent, all.len());

    assert_eq!(desk.attribute(".rows-results", "aria-rowcount").await?.as_deref(), Some("10001"));
    let n_rows = desk.count(".rows-results .rows-row").await?;
    assert!(0 < n_rows && n_rows < 100, "{n_rows} rows are in the page");
    let first = desk.results().await?.into_iter().next().map(|row| row.phone);
    assert_eq!(first, Some(format!("+{}", all[0])));

    let script = "const view = document.querySelector('.rows-results .rows-view');
        view.scrollTop = view.scrollHeight; return null;";
    desk.js::<()>(script, &[]).await?;
    let last = format!("+{}", all[9_999]);
    until("the last row", async || {
        let rows = desk.results().await?;
        Ok(rows.iter().any(|row| row.phone == last && row.row == "10001").then_some(()))
    })
    .await?;
    let n_rows = desk.count(".rows-results .rows-row").await?;
    assert!(n_rows < 100, "{n_rows} rows are in the page");
    Ok(())
}

pub async fn of_a_large_file_the_bar_moves_and_cancelar_ends_the_check(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template(TEMPLATE.0, TEMPLATE.1).await?;
    let mut file = Vec::new();
    recipients::write(200_000, &mut file)?;
    desk.add_file("muchos.csv", &file).await?;

    // A fast machine is done before there is much to see: each look keeps this one busy, so that it takes long everywhere.
    // Looked at in frames, which is when an agent can see it: what is never drawn has not moved. If the check ends before
    // the bar has moved, that is said.
    let script = "const [done] = arguments;
        const seen = new Set();
        const look = () => {
          for (const until = performance.now() + 100; performance.now() < until; );
          const bar = document.querySelector('[role=progressbar][aria-valuenow]');
          if (bar) seen.add(bar.getAttribute('aria-valuenow'));
          if (document.querySelector('#problems-continue')) return done('the check ended too soon');
          if (seen.size < 3) return requestAnimationFrame(look);
          [...document.querySelectorAll('button')].find((it) => it.textContent.trim() === 'Cancelar').click();
          done([...seen].join(' '));
        };
        requestAnimationFrame(look);
        document.querySelector('#process').click();";
    let seen: String = desk.js_async(script, &[]).await?;
    let percents: Vec<u32> =
        seen.split(' ').map(str::parse).collect::<Result<_, _>>().context(seen.clone())?;
    // The file is fetched, understood and checked, each from 0 to 100.
    let n_beginnings = percents.windows(2).filter(|pair| pair[1] < pair[0]).count();
    assert!(n_beginnings <= 2 && percents.iter().all(|percent| *percent <= 100), "{seen}");

    // Another file's check is not disturbed by the rest of the first one.
    desk.wait_for("#process").await?;
    desk.prepare(&reminders(phones(3))).await?;
    desk.wait_for_text("#confirm-title", "Se procesaran: 3 mensajes con la Plantilla.: recordatorio_cita")
        .await
}

pub async fn a_reading_that_is_cancelled_leaves_what_was_mended(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template(TEMPLATE.0, TEMPLATE.1).await?;
    let mut file = Vec::new();
    recipients::write(200_000, &mut file)?;
    desk.review_again("muchos.csv", &file).await?;
    let row: usize = desk.problems().await?[0].row.parse()?;
    let column = desk.problems().await?[0].column.clone();
    desk.mend(row, &column, "525512345671").await?;
    desk.wait_for("#undo").await?;

    // As soon as the work is seen to go on, it is cancelled.
    let cancel = "const look = () => {
          const button = document.querySelector('.progress ~ .actions button');
          if (button) button.click(); else requestAnimationFrame(look);
        };
        requestAnimationFrame(look); return null;";
    desk.js::<()>(cancel, &[]).await?;
    desk.read_differently("encoding", "Windows-1252").await?;
    desk.wait_for_reading("punto y coma, UTF-8, encabezado en la fila 1, 6 columnas, 200.000 filas").await?;
    desk.wait_for("#undo").await?;
    desk.see(&["Existen valores incorrectos en la plantilla"]).await
}

pub async fn a_batch_larger_than_the_package_cannot_be_sent(desk: &mut Desk) -> Result<()> {
    desk.set("package_size", 5)?;
    desk.open().await?;
    assert_eq!(desk.text("#panel-left").await?, "5 / 5 Mensajes");
    desk.prepare(&reminders(phones(10))).await?;
    desk.see(&[
        "No hay mensajes suficientes en el paquete",
        "Este envío necesita 10 y quedan 5. Envíe un archivo más corto, espere al reinicio",
    ])
    .await?;
    assert!(desk.is_disabled("#confirm-continue").await?);

    // One that fits goes, and then nothing is left.
    desk.press("Volver").await?;
    desk.send(&reminders(phones(5))).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(desk.text("#panel-left").await?, "0 / 5 Mensajes");
    desk.click("#run-new").await?;
    desk.prepare(&reminders(phones(1))).await?;
    desk.see(&["Este envío necesita 1 y quedan 0."]).await?;
    assert!(desk.is_disabled("#confirm-continue").await?);
    assert_eq!(sends(&desk.sandbox).len(), 5);
    Ok(())
}
