//! A batch whose browser died goes on in another one, which has never seen it; and nothing more of it leaves from the first.

use std::time::Duration;

use anyhow::{Result, ensure};
use cxconnect_sandbox::Session;
use cxconnect_sandbox::objects::FaultRule;
use cxconnect_tests::browser::Launch;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::within;
use serde_json::Value;

/// Messages in a chunk, and how many chunks are claimed ahead.
const CHUNK: usize = 100;
const CHUNKS_AHEAD: usize = 3;

/// How long it takes to bring a batch here.
const TAKING: Duration = Duration::from_secs(90);

/// The page's clock goes ahead: nobody has been heard of for minutes.
const LATER: &str = "Date.now = ((now) => () => now() + 180000)(Date.now)";

/// Brings the one batch here from another browser, which is gone.
async fn take_over(desk: &Desk) -> Result<()> {
    offered(desk).await?;
    desk.click("#batch-take-over").await?;
    // It is listened for some time whether the other is alive after all.
    within(TAKING, "the batch to be here", async || Ok((0 < desk.count("#run-resume").await?).then_some(())))
        .await
}

/// Opens the batch's page, where it can be brought here.
async fn offered(desk: &Desk) -> Result<()> {
    desk.open().await?;
    desk.press("Logs").await?;
    desk.wait_for("#logs [data-batch]").await?;
    desk.click("#logs [data-batch]").await?;
    desk.wait_for("#batch-figures").await?;
    // As long as the other may be alive, nothing is offered.
    ensure!(desk.count("#batch-take-over").await? == 0);
    desk.js::<()>(LATER, &[]).await?;
    desk.wait_for("#batch-take-over").await?;
    // What comes with it is said before it is taken.
    let figures = desk.text("#take-over-figures").await?;
    ensure!(figures.contains("con resultado desconocido") && figures.contains("por enviar"), "{figures}");
    Ok(())
}

/// Two press at the same moment: at most one has it, and whatever they do then, nobody gets two messages.
pub async fn of_two_who_take_over_at_once_one_has_it(desk: &mut Desk) -> Result<()> {
    const N: usize = 500;
    dies_in_mid_batch(desk, N).await?;
    let total = desk.sandbox.sunco().summary().total;
    offered(desk).await?;
    let other = desk.browser.another(Launch::default()).await?;
    let mut waiting = std::mem::replace(&mut desk.browser, other);
    offered(desk).await?;
    desk.click("#batch-take-over").await?;
    std::mem::swap(&mut desk.browser, &mut waiting);
    desk.click("#batch-take-over").await?;

    let mut n_taken = 0;
    for _ in 0..2 {
        // It is here, or it is said why not.
        within(TAKING, "an answer", async || {
            let said =
                desk.count("#run-resume").await? + desk.count("#batch [role=alert] [role=alert]").await?;
            Ok((0 < said).then_some(()))
        })
        .await?;
        if desk.count("#run-resume").await? != 0 {
            n_taken += 1;
            desk.click("#run-resume").await?;
        }
        std::mem::swap(&mut desk.browser, &mut waiting);
    }
    ensure!(n_taken <= 1, "both have it");
    if n_taken == 0 {
        // Each has heard the other, and gave it back: it can be taken as before.
        waiting.close().await?;
        desk.js::<()>(LATER, &[]).await?;
        desk.click("#batch-take-over").await?;
        within(TAKING, "the batch", async || Ok((0 < desk.count("#run-resume").await?).then_some(())))
            .await?;
        desk.click("#run-resume").await?;
    }
    let most = N - CHUNK * CHUNKS_AHEAD;
    within(TAKING, "the rest", async || Ok((most <= desk.sandbox.sunco().summary().total).then_some(())))
        .await?;
    desk.wait_for_silence().await?;
    let summary = desk.sandbox.sunco().summary();
    ensure!(summary.n_repeated == 0 && total < summary.total, "{summary:?}");
    Ok(())
}

/// A browser begins a batch and dies in the midst of it; another one takes its place. Returns how the first can be had again.
async fn dies_in_mid_batch(desk: &mut Desk, n_messages: usize) -> Result<Launch> {
    desk.keep_profile().await?;
    desk.set("messages_per_second", 80)?;
    desk.open().await?;
    let other = desk.browser.another(Launch::default()).await?;
    desk.send(&reminders(phones(n_messages))).await?;
    desk.wait_for_received(120).await?;
    desk.browser.kill().await?;
    let launch = std::mem::replace(&mut desk.browser, other).launch.clone();
    desk.wait_for_silence().await?;
    Ok(launch)
}

/// Waits until the ledger has nothing of the plan any more: all else is written then.
async fn wait_until_recorded(desk: &Desk) -> Result<()> {
    within(
        Duration::from_mins(1),
        "the plan to be removed",
        async || Ok((desk.n_plans()? == 0).then_some(())),
    )
    .await
}

pub async fn a_batch_whose_browser_died_goes_on_in_another(desk: &mut Desk) -> Result<()> {
    const N: usize = 1_000;
    desk.set("messages_per_second", 80)?;
    desk.open().await?;
    let other = desk.browser.another(Launch::default()).await?;
    desk.send(&reminders(phones(N))).await?;
    desk.wait_for_received(250).await?;
    desk.browser.kill().await?;
    desk.browser = other;
    desk.sandbox.set_session(Session { role: "admin".into(), ..Session::default() });
    desk.wait_for_silence().await?;
    let n_before = desk.sandbox.sunco().summary().total;

    take_over(desk).await?;
    let figures = desk.figures().await?;
    ensure!(figures.unknown <= CHUNKS_AHEAD * CHUNK, "{figures:?}");
    ensure!(0 < figures.accepted && figures.accepted <= n_before, "{figures:?}");
    ensure!(figures.accepted + figures.unknown + figures.waiting == N, "{figures:?}");
    // What left without being known to have left is in doubt, all of it.
    ensure!(n_before <= figures.accepted + figures.unknown, "{n_before}: {figures:?}");

    desk.click("#run-resume").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    let summary = desk.sandbox.sunco().summary();
    ensure!(summary.n_repeated == 0, "{summary:?}");
    let after = desk.figures().await?;
    ensure!(after.unknown == figures.unknown, "{after:?}");
    ensure!(summary.total == n_before + figures.waiting, "{summary:?} {figures:?}");
    wait_until_recorded(desk).await?;
    let batches = desk.sandbox.objects().records("cxc_batch")?;
    ensure!(batches.len() == 1, "{batches:?}");
    ensure!(batches[0]["custom_object_fields"]["state"] == "cxc_batch_completed", "{batches:?}");
    Ok(())
}

pub async fn who_has_lost_a_batch_sends_nothing_more_of_it(desk: &mut Desk) -> Result<()> {
    const N: usize = 600;
    let launch = dies_in_mid_batch(desk, N).await?;
    take_over(desk).await?;
    desk.click("#run-resume").await?;
    desk.ended().await?;
    wait_until_recorded(desk).await?;
    let total = desk.sandbox.sunco().summary().total;

    // The first browser still knows it as its own.
    let first = desk.browser.another(launch).await?;
    std::mem::replace(&mut desk.browser, first).close().await?;
    desk.open_kept().await?;
    desk.resume_kept().await?;
    desk.see(&["Otro equipo tomó este envío"]).await?;
    desk.cancel().await?;
    desk.ended().await?;
    // What didn't leave from here may have left from there.
    ensure!(desk.count("#unsent").await? == 0);
    desk.open().await?;
    desk.wait_for("#recent summary").await?;
    desk.click("#recent summary").await?;
    desk.click(".recent-batch .kept-open").await?;
    desk.click("#unsent-send").await?;
    desk.click("#unsent .ask-yes").await?;
    desk.see(&["Otro equipo siguió con este envío"]).await?;
    desk.wait_for_silence().await?;
    let summary = desk.sandbox.sunco().summary();
    ensure!(summary.total == total && summary.n_repeated == 0, "{summary:?}");
    // What it says of the batch changes nothing, either.
    let batches = desk.sandbox.objects().records("cxc_batch")?;
    ensure!(batches[0]["custom_object_fields"]["state"] == "cxc_batch_completed", "{batches:?}");
    Ok(())
}

pub async fn who_comes_back_can_take_the_batch_back(desk: &mut Desk) -> Result<()> {
    const N: usize = 1_500;
    desk.set("package_size", 5_000)?;
    let launch = dies_in_mid_batch(desk, N).await?;
    // Another one takes it, sends some of it, and dies, too.
    take_over(desk).await?;
    let n_before = desk.sandbox.sunco().summary().total;
    desk.click("#run-resume").await?;
    desk.wait_for_received(n_before + 30).await?;
    desk.browser.kill().await?;
    desk.browser = desk.browser.another(launch).await?;
    desk.wait_for_silence().await?;

    desk.open_kept().await?;
    desk.resume_kept().await?;
    desk.see(&["Otro equipo tomó este envío"]).await?;
    let total = desk.sandbox.sunco().summary().total;
    // The clock of the other one was ahead already.
    desk.js::<()>(LATER, &[]).await?;
    desk.js::<()>(LATER, &[]).await?;
    desk.click("#ledger-take-back").await?;
    within(TAKING, "the batch to be back", async || {
        Ok((desk.count("#ledger-take-back").await? == 0).then_some(()))
    })
    .await?;
    ensure!(desk.sandbox.sunco().summary().total == total, "something left by itself");
    let figures = desk.figures().await?;
    ensure!(figures.accepted + figures.unknown + figures.waiting == N, "{figures:?}");
    desk.click("#run-resume").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    let summary = desk.sandbox.sunco().summary();
    ensure!(summary.n_repeated == 0, "{summary:?}");
    ensure!(summary.total == total + figures.waiting, "{summary:?} {figures:?}");
    wait_until_recorded(desk).await
}

pub async fn what_a_closed_page_left_unrecorded_is_recorded_by_the_next(desk: &mut Desk) -> Result<()> {
    const N: usize = 60;
    desk.set("messages_per_second", 20)?;
    desk.open().await?;
    desk.send(&reminders(phones(N))).await?;
    desk.wait_for_received(10).await?;
    // The chunk is claimed; what becomes of it can't be written any more.
    desk.sandbox.objects().add_fault(FaultRule { status: Some(503), ..FaultRule::default() });
    ensure!(desk.ended().await? == "Envío terminado");
    // One was written before anything left, to see whether that can be done.
    let records = desk.sandbox.objects().records("cxc_message")?;
    let is_planned = |it: &Value| it["custom_object_fields"]["status"] == "cxc_message_planned";
    ensure!(records.len() == 1 && records.iter().all(is_planned), "{records:?}");
    desk.leave_frame().await?;
    desk.browser.leave().await?;
    desk.sandbox.objects().clear_faults();
    desk.open().await?;
    within(Duration::from_secs(90), "the record to be complete", async || {
        Ok((desk.sandbox.objects().n_records("cxc_message")? == N).then_some(()))
    })
    .await?;
    wait_until_recorded(desk).await?;
    let batches = desk.sandbox.objects().records("cxc_batch")?;
    let fields = &batches[0]["custom_object_fields"];
    ensure!(fields["state"] == "cxc_batch_completed" && fields["n_sent"] == N, "{batches:?}");
    Ok(())
}
