//! What is seen to before a batch leaves: a test, the same sent today, Meta's limit, and whether it can be kept.

use anyhow::{Result, ensure};
use cxconnect_tests::browser::{Launch, SiteData};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phone, phones, reminders};
use cxconnect_tests::traffic::{messages, received_by, sends};
use cxconnect_tests::wait::until;

/// Mine, for tests.
const OWN: &str = "525587654321";

pub async fn a_test_goes_to_the_number_that_was_typed_and_nowhere_else(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.prepare(&reminders(phones(3))).await?;
    desk.click("#confirm-next").await?;
    let shown = desk.text(".bubble-body").await?;
    desk.type_into("#test-phone", "55 8765").await?;
    desk.click("#test-send").await?;
    desk.see(&["Escriba el teléfono completo"]).await?;
    ensure!(sends(&desk.sandbox).is_empty());
    desk.type_into("#test-phone", "4321").await?;
    let whole = "const it = document.querySelector('#test-phone'); it.value = '+52 55 8765 4321';
        it.dispatchEvent(new Event('input', { bubbles: true }))";
    desk.js::<()>(whole, &[]).await?;
    desk.click("#test-send").await?;
    desk.wait_for("#test-result [data-state=accepted]").await?;
    let received = messages(&desk.sandbox);
    ensure!(received.len() == 1 && received[0].0 == format!("+{OWN}"), "{received:?}");
    let plain = received[0].1.replace('*', "");
    ensure!(plain.split_whitespace().eq(shown.split_whitespace()), "{plain} and {shown}");
    // It consumes one message, is no part of the batch, and keeps nothing from it.
    ensure!(desk.text("#panel-left").await? == "999 / 1.000 Mensajes");
    ensure!(desk.go_on().await? == "Envío terminado");
    ensure!(desk.figures().await?.accepted == 3 && desk.sandbox.sunco().summary().total == 4);
    Ok(())
}

pub async fn the_same_content_on_the_same_day_needs_a_second_word(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    let file = reminders(phones(4));
    desk.send(&file).await?;
    desk.ended().await?;
    // Under another name, it is still the same.
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("otro nombre.csv", &file).await?;
    desk.process().await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#repeat-warning").await?;
    desk.see(&["Hoy ya se envió lo mismo"]).await?;
    ensure!(desk.sandbox.sunco().summary().total == 4);
    desk.click("#confirm-repeat").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    ensure!(received_by(&desk.sandbox, &phone(0)) == 2);
    // One more person makes it another content.
    desk.open().await?;
    desk.prepare(&reminders(phones(5))).await?;
    ensure!(desk.go_on().await? == "Envío terminado");
    Ok(())
}

pub async fn metas_limit_of_people_in_a_day_is_kept(desk: &mut Desk) -> Result<()> {
    desk.set("meta_limit", "250")?;
    desk.set("messages_per_second", 60)?;
    desk.open().await?;
    desk.prepare(&reminders(phones(251))).await?;
    desk.wait_for("#confirm-limit").await?;
    desk.see(&["Este envío pasa del límite de Meta", "sobran 1"]).await?;
    ensure!(desk.is_disabled("#confirm-continue").await?);
    // What was sent counts: of 240 that are written to, no eleven others may be added, but ten may, and the same again.
    desk.open().await?;
    desk.send(&reminders(phones(240))).await?;
    desk.ended().await?;
    for (n_people, is_over) in [(251, true), (250, false)] {
        desk.open().await?;
        desk.prepare(&reminders(phones(n_people))).await?;
        if is_over {
            desk.wait_for("#confirm-limit").await?;
        } else {
            until("Continuar", async || Ok((!desk.is_disabled("#confirm-continue").await?).then_some(())))
                .await?;
            ensure!(desk.count("#confirm-limit").await? == 0);
        }
    }
    Ok(())
}

/// Somebody blocks all site data: nothing can be kept, and the agent is told before anything leaves.
pub async fn where_nothing_can_be_kept_the_agent_chooses(desk: &mut Desk) -> Result<()> {
    desk.take_browser(Launch { site_data: SiteData::Blocked, ..Launch::default() }).await?;
    desk.open().await?;
    desk.prepare(&reminders(phones(12))).await?;
    desk.wait_for("#no-journal").await?;
    desk.see(&["Este navegador no permite guardar el avance del envío", "Enviar sin reanudación"]).await?;
    ensure!(desk.is_disabled("#confirm-continue").await?);
    ensure!(sends(&desk.sandbox).is_empty());
    desk.click("#confirm-no-journal").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.see(&["Este envío no se guardó en el navegador"]).await?;
    let tally = desk.account_for_all(12).await?;
    ensure!(tally.accepted == 12, "{tally:?}");
    Ok(())
}
