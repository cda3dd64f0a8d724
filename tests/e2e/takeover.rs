//! A batch whose browser died goes on in another one, which has never seen it.

use std::time::Duration;

use anyhow::{Result, ensure};
use cxconnect_sandbox::Session;
use cxconnect_tests::browser::Launch;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::within;

/// Messages in a chunk, and how many chunks are claimed ahead.
const CHUNK: usize = 100;
const CHUNKS_AHEAD: usize = 3;

/// The page's clock goes ahead: nobody has been heard of for minutes.
const LATER: &str = "Date.now = ((now) => () => now() + 180000)(Date.now)";

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

    desk.open().await?;
    desk.press("Logs").await?;
    desk.wait_for("#logs [data-batch]").await?;
    desk.click("#logs [data-batch]").await?;
    desk.wait_for("#batch-figures").await?;
    // As long as the other may be alive, nothing is offered.
    ensure!(desk.count("#batch-take-over").await? == 0);
    desk.js::<()>(LATER, &[]).await?;
    desk.wait_for("#batch-take-over").await?;
    desk.click("#batch-take-over").await?;
    desk.wait_for("#run-resume").await?;
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
    within(Duration::from_mins(1), "the plan to be removed", async || {
        Ok((desk.sandbox.objects().n_records("cxc_plan")? == 0).then_some(()))
    })
    .await?;
    let batches = desk.sandbox.objects().records("cxc_batch")?;
    ensure!(batches.len() == 1, "{batches:?}");
    ensure!(batches[0]["custom_object_fields"]["state"] == "cxc_batch_completed", "{batches:?}");
    Ok(())
}
