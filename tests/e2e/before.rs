//! What is seen to before a batch leaves: a test, the same sent today, Meta's limit, and whether it can be kept.

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::browser::{Launch, SiteData};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phone, phones, reminders};
use cxconnect_tests::traffic::{messages, received_by, sends};
use cxconnect_tests::wait::until;
use serde_json::json;

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

/// What is sent after the confirmation was drawn counts as well.
pub async fn metas_limit_is_counted_anew_when_continuar_is_pressed(desk: &mut Desk) -> Result<()> {
    desk.set("meta_limit", "3")?;
    desk.open().await?;
    desk.prepare(&reminders(phones(3))).await?;
    desk.type_into("#test-phone", "+52 55 8765 4321").await?;
    desk.click("#test-send").await?;
    desk.wait_for("#test-result [data-state=accepted]").await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#confirm-limit").await?;
    desk.see(&["Este envío pasa del límite de Meta", "sobran 1"]).await?;
    ensure!(received_by(&desk.sandbox, OWN) == 1 && sends(&desk.sandbox).len() == 1);
    Ok(())
}

/// Whatever else the agent insists on.
pub async fn metas_limit_holds_without_a_journal_too(desk: &mut Desk) -> Result<()> {
    desk.take_browser(Launch { site_data: SiteData::Blocked, ..Launch::default() }).await?;
    desk.set("meta_limit", "2")?;
    desk.open().await?;
    desk.prepare(&reminders(phones(3))).await?;
    desk.wait_for("#confirm-limit").await?;
    desk.click("#confirm-no-journal").await?;
    until("the check to be over", async || {
        let is_over = desk.count("#confirm-limit").await? == 1 && desk.count("#no-journal").await? == 0;
        Ok(is_over.then_some(()))
    })
    .await?;
    ensure!(sends(&desk.sandbox).is_empty() && desk.count("#run-title").await? == 0);
    Ok(())
}

/// The agent goes back while a batch that won't be kept is made ready.
pub async fn going_back_while_it_is_prepared_sends_nothing(desk: &mut Desk) -> Result<()> {
    desk.take_browser(Launch { site_data: SiteData::Blocked, ..Launch::default() }).await?;
    desk.set("package_size", 60_000)?;
    desk.open().await?;
    desk.prepare(&reminders(phones(40_000))).await?;
    desk.wait_for("#confirm-no-journal").await?;
    let script = "const [back] = document.querySelectorAll('.actions .button');
        const observer = new MutationObserver(() => {
          if (!document.querySelector('#confirm-preparing')) return;
          observer.disconnect();
          back.click();
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        document.querySelector('#confirm-no-journal').click();";
    desk.js::<()>(script, &[]).await?;
    desk.wait_for("#template-search").await?;
    // What is done next takes longer than what was given up.
    desk.add_file("otros.csv", &reminders(phones(40_000))).await?;
    desk.process().await?;
    desk.wait_for("#confirm-title").await?;
    desk.wait_for("#confirm-no-journal").await?;
    ensure!(desk.count("#run-title").await? == 0 && sends(&desk.sandbox).is_empty());
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

/// The retry takes the place of results that are nowhere else.
pub async fn a_retry_of_what_is_not_kept_asks_first(desk: &mut Desk) -> Result<()> {
    desk.take_browser(Launch { site_data: SiteData::Blocked, ..Launch::default() }).await?;
    let refused = FaultRule {
        phone: Some(phone(1)),
        times: Some(1),
        status: Some(400),
        body: Some(
            json!({"error": {"code": "bad_request", "description": "(#131000) Something went wrong"}}),
        ),
        ..FaultRule::default()
    };
    desk.sandbox.sunco().add_fault(refused);
    desk.open().await?;
    desk.prepare(&reminders(phones(3))).await?;
    desk.click("#confirm-no-journal").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.click("#run-retry").await?;
    desk.see(&["Los resultados de este envío solo están en esta pantalla"]).await?;
    ensure!(sends(&desk.sandbox).len() == 3);
    desk.click("#run-retry").await?;
    until("the second batch", async || Ok((desk.results().await?.len() == 1).then_some(()))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    ensure!(received_by(&desk.sandbox, &phone(1)) == 1 && desk.sandbox.sunco().summary().n_repeated == 0);
    Ok(())
}
