//! The browser is killed in mid-batch, again and again, on one profile. Whatever it was doing: the app shows the batch when
//! it is opened anew, goes on where it was, and in the end its journal and WhatsApp agree on every row but those in doubt.

use std::time::Duration;

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::kept::Kept;
use cxconnect_tests::wait::within;
use tokio::time::sleep;

/// Calls under way at once, at most: so many rows can be in doubt after a kill.
const MOST_IN_FLIGHT: usize = 32;

/// When the browser is killed, after the agent's Continuar or Reanudar.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// At once.
    AtOnce,
    /// After so many milliseconds.
    Ms(u64),
    /// When so many more messages have been received.
    Received(usize),
    /// So many milliseconds after that.
    ReceivedAndMs(usize, u64),
}
use Moment::{AtOnce, Ms, Received, ReceivedAndMs};

/// Fast answers: the kill meets claims that were just written, and outcomes that are not written yet.
pub async fn with_fast_answers_nobody_gets_two_messages(desk: &mut Desk) -> Result<()> {
    let moments = [
        AtOnce,
        Received(1),
        ReceivedAndMs(7, 3),
        Ms(40),
        Received(20),
        ReceivedAndMs(11, 11),
        AtOnce,
        Received(30),
    ];
    killed(desk, &moments, 40, &[FaultRule { delay_ms: 5, ..FaultRule::default() }]).await
}

/// Slow ones: many calls are under way, and arrive although the browser is dead.
pub async fn with_slow_answers_nobody_gets_two_messages(desk: &mut Desk) -> Result<()> {
    let moments =
        [Ms(250), Received(2), Ms(120), ReceivedAndMs(15, 50), Received(25), Ms(700), ReceivedAndMs(9, 170)];
    let slow = FaultRule { delay_ms: 400, answer_delay_ms: 300, ..FaultRule::default() };
    killed(desk, &moments, 40, &[slow]).await
}

/// A provider that has enough of it: calls are turned away, refused, answered with nonsense and cut.
pub async fn with_a_provider_in_trouble_nobody_gets_two_messages(desk: &mut Desk) -> Result<()> {
    let moments = [
        Received(5),
        ReceivedAndMs(12, 40),
        Ms(300),
        Received(14),
        ReceivedAndMs(10, 5),
        Ms(90),
        Received(18),
    ];
    let rule = |every, from, status| FaultRule {
        every: Some(every),
        from: Some(from),
        status: Some(status),
        ..FaultRule::default()
    };
    let troubles = [
        FaultRule { answer_delay_ms: 60, ..FaultRule::default() },
        FaultRule { limit_per_second: Some(30), status: Some(429), times: Some(3), ..FaultRule::default() },
        rule(9, 3, 400),
        FaultRule { is_accepted: true, ..rule(23, 10, 502) },
        FaultRule { body: Some("<html></html>".into()), ..rule(31, 20, 201) },
    ];
    killed(desk, &moments, 40, &troubles).await
}

async fn killed(desk: &mut Desk, moments: &[Moment], rate: u32, troubles: &[FaultRule]) -> Result<()> {
    for trouble in troubles {
        desk.sandbox.sunco().add_fault(trouble.clone());
    }
    desk.set("messages_per_second", rate)?;
    desk.keep_profile().await?;
    let n_messages = 240;
    let mut before: Option<Kept> = None;
    for (n, moment) in moments.iter().enumerate() {
        match before {
            Some(_) => desk.resume_kept().await?,
            None => begin(desk, n_messages).await?,
        }
        wait_for(desk, *moment).await?;
        desk.crash_browser().await?;
        let n_received = desk.sandbox.sunco().summary().total;
        let kept = reopened(desk).await?;
        let Some(kept) = kept else {
            ensure!(before.is_none(), "after kill {n} ({moment:?}) the batch is gone; it was {before:?}");
            ensure!(n_received == 0, "{n_received} messages left before the batch was kept");
            continue;
        };
        ensure!(kept.total() == n_messages, "{kept:?} after kill {n}");
        ensure!(kept.accepted <= n_received, "{kept:?}, and {n_received} were received by kill {n}");
        ensure!(
            n_received <= kept.accepted + kept.unknown,
            "{kept:?}, and {n_received} were received by kill {n}"
        );
        let in_doubt_before = before.map_or(0, |before| before.unknown);
        ensure!(
            kept.unknown <= in_doubt_before + MOST_IN_FLIGHT + n_told(troubles, n_messages),
            "{kept:?} after {before:?} and kill {n}"
        );
        before = Some(kept);
    }
    let kept = before.unwrap_or(desk.the_kept_one().await?);
    ensure!(0 < kept.waiting, "the batch was over before the last kill");
    desk.resume_kept().await?;
    let title = go_to_the_end(desk).await?;
    ensure!(title == "Envío terminado", "{title}");
    let tally = desk.account_for_all(n_messages).await?;
    eprintln!("{}: {} kills, {tally:?}", desk.name(), moments.len());
    ensure!(tally.not_sent == 0 && kept.unknown <= tally.unknown, "{tally:?}");
    Ok(())
}

/// Rows that may be in doubt for what the provider answered.
fn n_told(troubles: &[FaultRule], n_messages: usize) -> usize {
    if troubles.iter().any(|it| it.status.is_some()) { n_messages / 12 } else { 0 }
}

async fn begin(desk: &Desk, n_messages: usize) -> Result<()> {
    desk.open().await?;
    desk.prepare(&reminders(phones(n_messages))).await?;
    desk.click("#confirm-continue").await
}

async fn wait_for(desk: &Desk, moment: Moment) -> Result<()> {
    let n_before = desk.sandbox.sunco().summary().total;
    match moment {
        AtOnce => (),
        Ms(ms) => sleep(Duration::from_millis(ms)).await,
        Received(n) => desk.wait_for_received(n_before + n).await?,
        ReceivedAndMs(n, ms) => {
            desk.wait_for_received(n_before + n).await?;
            sleep(Duration::from_millis(ms)).await;
        }
    }
    Ok(())
}

/// The batch that the app shows, if it shows one within a moment.
async fn reopened(desk: &Desk) -> Result<Option<Kept>> {
    desk.open().await?;
    let shown = within(Duration::from_secs(5), "the batch", async || {
        Ok((!desk.kept().await?.is_empty()).then_some(()))
    });
    if shown.await.is_err() {
        return Ok(None);
    }
    Ok(Some(desk.the_kept_one().await?))
}

/// To the end, through the pauses that the provider's trouble causes.
async fn go_to_the_end(desk: &Desk) -> Result<String> {
    within(Duration::from_mins(1), "the sending to end", async || {
        desk.click_now("#run-resume").await?;
        let is_over = 0 < desk.count("#run-new").await?;
        if is_over { Ok(Some(desk.text("#run-title").await?)) } else { Ok(None) }
    })
    .await
}
