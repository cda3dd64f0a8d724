//! A batch that is left before its end: shown at once, gone on with by one page only, and never begun twice.

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::browser::{HiddenTabs, Launch};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::until;
use serde_json::Value;

/// Begins a batch of so many messages, so many a second.
async fn begin(desk: &Desk, n_messages: usize, rate: u32) -> Result<()> {
    desk.set("messages_per_second", rate)?;
    desk.sandbox.sunco().add_fault(FaultRule { answer_delay_ms: 150, ..FaultRule::default() });
    desk.open().await?;
    desk.send(&reminders(phones(n_messages))).await
}

/// To the end; everything that was not in doubt has been sent.
async fn finish(desk: &Desk, n_messages: usize) -> Result<()> {
    ensure!(desk.ended().await? == "Envío terminado");
    let tally = desk.account_for_all(n_messages).await?;
    ensure!(tally.accepted + tally.unknown == n_messages, "{tally:?}");
    Ok(())
}

pub async fn after_a_reload_the_batch_is_there_and_goes_on(desk: &mut Desk) -> Result<()> {
    begin(desk, 160, 20).await?;
    // The whole page, then the app alone, as an admin's "Reload all apps" does.
    for n_received in [12, 45] {
        desk.wait_for_received(n_received).await?;
        let kept = if n_received == 12 {
            desk.open_kept().await?
        } else {
            desk.leave_frame().await?;
            let script = "const frame = document.querySelector('.app-pane iframe'); frame.src = frame.src;";
            desk.js::<()>(script, &[]).await?;
            desk.enter_frame(cxconnect_tests::desk::NAV_BAR).await?;
            desk.wait_for("html[data-boot=done]").await?;
            desk.the_kept_one().await?
        };
        let n_received = desk.sandbox.sunco().summary().total;
        ensure!(kept.total() == 160 && 0 < kept.waiting, "{kept:?}");
        ensure!(
            kept.accepted <= n_received && n_received <= kept.accepted + kept.unknown,
            "{kept:?} of {n_received}"
        );
        // Nothing leaves before the agent says so.
        desk.wait_for_silence().await?;
        let n_now = desk.sandbox.sunco().summary().total;
        desk.see(&["Hay envíos sin terminar", "Reanudar", "Cancelar lo que falta"]).await?;
        ensure!(n_now == desk.sandbox.sunco().summary().total, "something was sent by itself");
        desk.resume_kept().await?;
    }
    finish(desk, 160).await?;
    // Nothing is left to resume.
    desk.open().await?;
    desk.wait_for("#recent").await?;
    ensure!(desk.kept().await?.is_empty());
    Ok(())
}

pub async fn after_its_tab_was_closed_the_batch_goes_on_in_another(desk: &mut Desk) -> Result<()> {
    begin(desk, 120, 20).await?;
    desk.wait_for_received(15).await?;
    let first = desk.tab().await?;
    let second = desk.new_tab().await?;
    desk.browser.driver.switch_to_window(first).await?;
    desk.close_tab_for(&second).await?;
    let kept = desk.open_kept().await?;
    ensure!(kept.total() == 120 && 0 < kept.waiting, "{kept:?}");
    // "Ver" shows each row without sending anything.
    desk.wait_for_silence().await?;
    desk.click(".kept-open").await?;
    desk.wait_for_text("#run-title", "Envío en pausa").await?;
    ensure!(desk.attribute("#run-cause", "data-cause").await?.as_deref() == Some("reopened"));
    let figures = desk.figures().await?;
    ensure!(figures.unknown == kept.unknown && figures.waiting == kept.waiting, "{figures:?} after {kept:?}");
    desk.click("#run-resume").await?;
    finish(desk, 120).await
}

pub async fn of_two_tabs_one_sends_and_the_other_looks_on(desk: &mut Desk) -> Result<()> {
    begin(desk, 200, 20).await?;
    desk.wait_for_received(10).await?;
    let sending = desk.tab().await?;
    let looking = desk.new_tab().await?;
    desk.open().await?;
    desk.wait_for(".kept-batch[data-state=elsewhere]").await?;
    ensure!(desk.count(".kept-resume").await? == 0, "a second tab offers to send the same batch");
    desk.click(".kept-open").await?;
    desk.wait_for_text("#run-title", "Se está enviando en otra pestaña").await?;
    ensure!(desk.count("#run-pause").await? + desk.count("#run-cancel").await? == 0);
    // What the other tab does can be seen here.
    let n_before = desk.figures().await?.accepted;
    desk.wait_for_figures(|figures| n_before + 10 <= figures.accepted).await?;
    // Zendesk registers the app a second time in both of them.
    desk.sandbox.emit("app.registered", Value::Null).await;

    // The tab that sends is closed: this one may go on, and does so when it is told to.
    desk.browser.driver.switch_to_window(sending).await?;
    desk.close_tab_for(&looking).await?;
    desk.enter_frame(cxconnect_tests::desk::NAV_BAR).await?;
    desk.wait_for("#run-take").await?;
    desk.see(&["La pestaña que enviaba se cerró"]).await?;
    desk.click("#run-take").await?;
    finish(desk, 200).await
}

pub async fn what_is_left_of_a_batch_can_be_cancelled_from_the_list(desk: &mut Desk) -> Result<()> {
    begin(desk, 80, 10).await?;
    desk.wait_for_received(6).await?;
    desk.open_kept().await?;
    // The page before lets go of it first.
    desk.wait_for(".kept-cancel").await?;
    desk.wait_for_silence().await?;
    let kept = desk.the_kept_one().await?;
    // It asks first; pressing it twice is no answer.
    let twice = "const it = document.querySelector('.kept-cancel'); it.click(); it.click();";
    desk.js::<()>(twice, &[]).await?;
    desk.see(&[&format!("Si cancela, {} mensajes no se enviarán.", kept.waiting)]).await?;
    desk.click(".kept-batch .ask-no").await?;
    ensure!(desk.the_kept_one().await? == kept);
    desk.click(".kept-cancel").await?;
    desk.click(".kept-batch .ask-yes").await?;
    ensure!(desk.ended().await? == "Envío cancelado");
    let tally = desk.account_for_all(80).await?;
    ensure!(tally.not_sent == kept.waiting && tally.unknown == kept.unknown, "{tally:?} after {kept:?}");
    desk.click("#run-new").await?;
    desk.wait_for("#template-search").await?;
    ensure!(desk.kept().await?.is_empty());
    // Its results can still be seen.
    desk.click("#recent summary").await?;
    desk.click(".recent-batch .kept-open").await?;
    desk.wait_for_text("#run-title", "Envío cancelado").await?;
    ensure!(desk.account_for_all(80).await? == tally);
    Ok(())
}

/// The agent's own tab, hidden behind another, with timers as slow as browsers make them.
pub async fn a_hidden_tab_goes_on_sending(desk: &mut Desk) -> Result<()> {
    desk.take_browser(Launch { hidden_tabs: HiddenTabs::Slow, ..Launch::default() }).await?;
    begin(desk, 200, 20).await?;
    let sending = desk.tab().await?;
    desk.new_tab().await?;
    let n_before = desk.sandbox.sunco().summary().total;
    let began = std::time::Instant::now();
    // By the page's own timers, one a second, these would take longer than anybody waits.
    desk.wait_for_received(n_before + 140).await?;
    let took = began.elapsed().as_secs_f64();
    ensure!(took < 140.0 / 20.0 * 1.5, "140 messages at 20 a second took {took:.1} s");
    desk.go_to_tab(&sending).await?;
    finish(desk, 200).await
}

/// The page asks before it is left.
pub async fn leaving_a_running_batch_is_asked_about(desk: &mut Desk) -> Result<()> {
    begin(desk, 100, 10).await?;
    desk.wait_for_received(3).await?;
    let asks = "const event = new Event('beforeunload', { cancelable: true });
        window.dispatchEvent(event);
        return event.defaultPrevented || event.returnValue === false;";
    ensure!(desk.js::<bool>(asks, &[]).await?, "a running batch can be left without a question");
    desk.cancel().await?;
    desk.ended().await?;
    until("leaving to be free again", async || Ok((!desk.js::<bool>(asks, &[]).await?).then_some(()))).await
}

/// A database that doesn't open in time hides an unfinished batch; that is said, and it is there when it can be had.
pub async fn a_slow_database_is_said_and_asked_again(desk: &mut Desk) -> Result<()> {
    desk.change_app(|app| {
        let file = app.join("assets/journal.js");
        let source = std::fs::read_to_string(&file)?;
        // While the word is there, databases are opened and nothing comes of it.
        let slow = "const openDatabase = IDBFactory.prototype.open;
            IDBFactory.prototype.open = function (...args) {
              return localStorage.getItem('slow') ? {} : openDatabase.apply(this, args);
            };";
        Ok(std::fs::write(file, format!("{slow}\n{source}"))?)
    })
    .await?;
    begin(desk, 60, 10).await?;
    desk.wait_for_received(5).await?;
    desk.js::<()>("localStorage.setItem('slow', 'yes')", &[]).await?;
    desk.open_app().await?;
    desk.wait_for("#kept-unknown").await?;
    desk.see(&["No se pudo ver si hay envíos sin terminar", "puede haber un envío a la mitad"]).await?;
    ensure!(desk.kept().await?.is_empty());
    desk.js::<()>("localStorage.removeItem('slow')", &[]).await?;
    desk.click("#kept-unknown button").await?;
    // The page before lets go of it first.
    desk.wait_for(".kept-resume").await?;
    let kept = desk.the_kept_one().await?;
    ensure!(kept.total() == 60 && 0 < kept.waiting, "{kept:?}");
    ensure!(desk.count("#kept-unknown").await? == 0);
    desk.resume_kept().await?;
    finish(desk, 60).await
}
