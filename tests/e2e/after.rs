//! What an agent does with the results: finds rows, decides those in doubt, tries refused ones again, saves them.

use anyhow::{Context as _, Result, ensure};
use cxconnect_sandbox::sunco::faults::{FaultRule, Reset};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{name, phone, phones, reminders};
use cxconnect_tests::traffic::{received_by, sends_to};
use cxconnect_tests::wait::until;
use serde_json::json;

/// What the provider says of a refused message.
fn refused(phone: &str, code: &str, said: &str) -> FaultRule {
    FaultRule {
        phone: Some(phone.to_owned()),
        status: Some(400),
        body: Some(json!({"error": {"code": code, "description": said}})),
        ..FaultRule::default()
    }
}

/// Waits until so many rows are listed.
async fn listed(desk: &Desk, n_rows: usize) -> Result<()> {
    let with_head = (n_rows + 1).to_string();
    until(format!("{n_rows} rows"), async || {
        Ok((desk.attribute(".rows-results", "aria-rowcount").await? == Some(with_head.clone())).then_some(()))
    })
    .await
}

pub async fn results_are_filtered_searched_and_saved(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 40)?;
    let bad = phone(7);
    desk.sandbox.sunco().add_fault(refused(&bad, "bad_request", "Destination is invalid"));
    desk.sandbox.sunco().add_fault(FaultRule {
        phone: Some(phone(9)),
        reset: Some(Reset::After),
        ..FaultRule::default()
    });
    desk.open().await?;
    desk.send(&reminders(phones(40))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    for (state, n_rows) in [("accepted", 38), ("refused", 1), ("unknown", 1), ("not_sent", 0), ("all", 40)] {
        desk.click(&format!("#run-filter option[value={state}]")).await?;
        listed(desk, n_rows).await?;
    }
    // By phone, and by a value of the file.
    desk.type_into("#run-search", &bad[4..]).await?;
    listed(desk, 1).await?;
    ensure!(desk.results().await?[0].state == "refused");
    let clear = "const it = document.querySelector('#run-search'); it.value = arguments[0];
        it.dispatchEvent(new Event('input', { bubbles: true }))";
    desk.js::<()>(clear, &[json!(name(3))]).await?;
    until("the rows of one name", async || {
        let rows = desk.results().await?;
        Ok((!rows.is_empty() && rows.len() < 5 && rows.iter().any(|row| row.phone.ends_with(&phone(3))))
            .then_some(()))
    })
    .await?;
    desk.js::<()>(clear, &[json!("")]).await?;
    listed(desk, 40).await?;

    let tally = desk.account_for_all(40).await?;
    ensure!((tally.accepted, tally.refused, tally.unknown) == (38, 1, 1), "{tally:?}");
    let rows = desk.exported().await?;
    ensure!(rows.iter().all(|row| !row.sent_at.is_empty() && !row.ended_at.is_empty()), "{:?}", rows[0]);
    ensure!(rows[7].reason.contains("Corrija el número"), "{}", rows[7].reason);
    // The same as a workbook.
    desk.click("#run-download-xlsx").await?;
    let (file, content) = desk.downloaded().await?;
    let is_book = std::path::Path::new(&file).extension().is_some_and(|it| it == "xlsx");
    ensure!(is_book && content.starts_with(b"PK"), "{file} is no workbook");
    Ok(())
}

pub async fn rows_in_doubt_are_decided_by_the_agent(desk: &mut Desk) -> Result<()> {
    let (arrived, lost) = (phone(2), phone(4));
    for (phone, reset) in [(&arrived, Reset::After), (&lost, Reset::Before)] {
        desk.sandbox.sunco().add_fault(FaultRule {
            phone: Some(phone.clone()),
            times: Some(1),
            reset: Some(reset),
            ..FaultRule::default()
        });
    }
    desk.open().await?;
    desk.send(&reminders(phones(6))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.click("#run-filter option[value=unknown]").await?;
    listed(desk, 2).await?;

    desk.click(".row-mark").await?;
    desk.see(&["Ya no se podrá enviar otra vez."]).await?;
    desk.click(".row-mark-yes").await?;
    listed(desk, 1).await?;
    ensure!(desk.figures().await?.accepted == 5);
    // Again by hand: after a warning, and only then.
    desk.click(".row-again").await?;
    desk.see(&["Puede recibirlo dos veces."]).await?;
    ensure!(sends_to(&desk.sandbox, &lost) == 1);
    desk.click(".row-again-yes").await?;
    desk.wait_for_figures(|figures| figures.accepted == 6).await?;
    desk.click("#run-filter option[value=all]").await?;
    ensure!(desk.result_of(&arrived).await?.state == "marked_sent");
    ensure!(desk.result_of(&lost).await?.state == "accepted");
    for phone in phones(6) {
        ensure!(received_by(&desk.sandbox, &phone) == 1, "{phone}");
    }
    ensure!(sends_to(&desk.sandbox, &arrived) == 1 && sends_to(&desk.sandbox, &lost) == 2);
    // The decisions are kept, too.
    desk.open().await?;
    desk.click("#recent summary").await?;
    desk.click(".recent-batch .kept-open").await?;
    desk.wait_for(".rows-results .rows-row").await?;
    ensure!(desk.result_of(&arrived).await?.state == "marked_sent");
    Ok(())
}

pub async fn refused_messages_are_tried_again_where_that_helps(desk: &mut Desk) -> Result<()> {
    let [now, later, never] = [phone(1), phone(3), phone(5)];
    for (phone, said) in [
        (&now, "(#131000) Something went wrong"),
        (&later, "(#131049) This message was not delivered to maintain healthy ecosystem engagement."),
        (&never, "Destination is invalid"),
    ] {
        let once = FaultRule { times: Some(1), ..refused(phone, "bad_request", said) };
        desk.sandbox.sunco().add_fault(once);
    }
    desk.open().await?;
    desk.send(&reminders(phones(8))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.wait_for_text("#run-retry", "Reintentar fallidos (1)").await?;
    desk.see(&["1 fila se puede reintentar más tarde", "1 fila no se reintenta tal como está"]).await?;
    ensure!(desk.count("#run-retry-later").await? == 0, "what has to wait can be tried at once");
    desk.click("#run-retry").await?;
    until("the second batch", async || {
        let is_over = 0 < desk.count("#run-new").await?;
        Ok((is_over && desk.figures().await?.accepted == 1 && desk.results().await?.len() == 1).then_some(()))
    })
    .await?;
    ensure!(desk.result_of(&now).await?.state == "accepted");
    ensure!(desk.sandbox.sunco().summary().n_repeated == 0);
    for (phone, n_calls) in [(&now, 2), (&later, 1), (&never, 1)] {
        ensure!(sends_to(&desk.sandbox, phone) == n_calls, "{phone}");
    }
    // The first batch offers it to nobody a second time.
    desk.open().await?;
    desk.click("#recent summary").await?;
    let open = "const batches = [...document.querySelectorAll('.recent-batch')];
        const first = batches.find((it) => !it.textContent.includes('reintento de'));
        first.querySelector('.kept-open').click();
        return batches.length";
    let n_batches: usize = desk.js(open, &[]).await?;
    ensure!(n_batches == 2, "{n_batches} recent batches");
    desk.see(&["1 fila se puede reintentar más tarde"]).await?;
    ensure!(desk.count("#run-retry").await? == 0, "a message can be retried twice");
    ensure!(desk.result_of(&now).await?.state == "refused");
    let rows = desk.exported().await?;
    let row = rows.iter().find(|row| row.phone.ends_with(&now)).context("its row")?;
    ensure!(row.reason.contains("Se reintentó en otro envío."), "{}", row.reason);
    Ok(())
}

/// What a cancelled batch never sent is told, and leaves afterwards: exactly that, and once.
pub async fn what_never_left_a_cancelled_batch_can_be_sent_after_all(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 10)?;
    desk.sandbox.sunco().add_fault(FaultRule { answer_delay_ms: 100, ..FaultRule::default() });
    desk.open().await?;
    let all = phones(60);
    let file = reminders(&all);
    desk.send(&file).await?;
    desk.wait_for_figures(|figures| 3 <= figures.accepted).await?;
    desk.cancel().await?;
    ensure!(desk.ended().await? == "Envío cancelado");
    let first = desk.figures().await?;
    ensure!(first.accepted + first.not_sent == all.len() && 0 < first.not_sent, "{first:?}");
    desk.see(&[&format!("{} mensajes no salieron", first.not_sent)]).await?;
    let done = desk.attribute(".progress", "aria-valuenow").await?;
    ensure!(done == Some(first.accepted.to_string()), "the bar says {done:?}");
    // The same file again: the warning tells how many left.
    desk.click("#run-new").await?;
    desk.prepare(&file).await?;
    // Before Continuar is pressed, too.
    desk.wait_for_text("#repeat-known .notice-title", "Hoy ya se envió lo mismo").await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#repeat-warning").await?;
    desk.see(&[&format!("salieron {} de {}", first.accepted, all.len())]).await?;

    desk.open().await?;
    desk.click("#recent summary").await?;
    let told = format!("60 mensajes: {} enviados, {} no enviados", first.accepted, first.not_sent);
    desk.see(&[&told, "Cancelado"]).await?;
    desk.click(".recent-batch .kept-open").await?;
    desk.click("#unsent-send").await?;
    // Pressed twice, it still asks.
    desk.click_now("#unsent-send").await?;
    desk.click("#unsent .ask-yes").await?;
    let rest = desk.wait_for_figures(|figures| figures.accepted == first.not_sent).await?;
    ensure!(rest.not_sent == 0 && desk.ended().await? == "Envío terminado", "{rest:?}");
    desk.see(&["(los que no salieron)", "Lleva los mensajes que no salieron de un envío cancelado"]).await?;
    ensure!(!desk.visible_text().await?.contains("reintento"), "what never left is no retry");
    for phone in &all {
        ensure!(received_by(&desk.sandbox, phone) == 1, "{phone}");
    }
    // The way back, where nothing is left to send.
    desk.press("Ver el envío original").await?;
    desk.wait_for_text("#run-title", "Envío cancelado").await?;
    ensure!(desk.count("#unsent-send").await? == 0, "a message can be sent twice");
    Ok(())
}

/// The end is told by Zendesk itself, wherever the agent is.
pub async fn the_end_is_told_outside_the_app(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.send(&reminders(phones(10))).await?;
    desk.leave_frame().await?;
    desk.see(&["CXConnect: envío terminado. 10 enviados."]).await?;
    Ok(())
}

/// A batch that stops by itself could stand for hours otherwise.
pub async fn a_stop_is_told_outside_the_app(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 2)?;
    desk.sandbox.sunco().add_fault(FaultRule { nth: Some(3), status: Some(401), ..FaultRule::default() });
    desk.open().await?;
    desk.send(&reminders(phones(6))).await?;
    desk.wait_for("#run-cause[data-cause=unauthorized]").await?;
    desk.leave_frame().await?;
    desk.see(&[
        "CXConnect: el envío se detuvo y espera por usted. La clave de Sunshine Conversations no es válida.",
        "2 enviados, 4 por enviar.",
    ])
    .await
}

pub async fn leaving_the_results_while_they_are_written_harms_nothing(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.send(&reminders(phones(5))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    let leave = "document.querySelector('#run-download-xlsx').click();
        document.querySelector('#run-new').click();";
    desk.js::<()>(leave, &[]).await?;
    desk.wait_for("#template-search").await?;
    let (file, content) = desk.downloaded().await?;
    ensure!(content.starts_with(b"PK"), "{file} is no workbook");
    // The app is as alive as before.
    desk.prepare(&reminders(phones(2))).await?;
    ensure!(desk.count(".boot-reload").await? == 0);
    Ok(())
}
