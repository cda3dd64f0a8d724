//! The group `send`: a batch that leaves as fast as WhatsApp lets a number send, against a provider that takes 200 ms for
//! each call and turns away whatever is more than 80 a second.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::browser::{Garbage, HiddenTabs, Launch};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::driver::Driver;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::{until, within};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::at_desk;
use crate::memory;

/// Messages a second that the provider takes.
const CEILING: u32 = 80;
/// The time from a call to its answer, half of it before the message is accepted.
const LATENCY_MS: u64 = 200;
/// Messages of a batch.
const N_MESSAGES: usize = 10_000;
/// Of one that is only tried.
const N_MESSAGES_QUICK: usize = 1_000;
/// Of the batch that is planned, paused and resumed, and not sent.
const N_PLANNED: usize = 100_000;
/// How often the memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What the figures are defined by.
    Whole,
    /// A tenth of it, to try something.
    Quick,
}

/// What the page has noted.
#[derive(Debug, Deserialize)]
struct Report {
    pressed_at: f64,
    /// Start, end, claims, entries of each write to the journal.
    writes: Vec<(f64, f64, f64, f64)>,
    n_writes: usize,
    long: f64,
    others_long: f64,
    gap: f64,
}

/// What a batch is followed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Followed {
    /// How fast it is: nothing touches the page.
    Fast,
    /// What the tab holds: what nothing refers to any more is collected before each look. When the browser does that by
    /// itself, and how much memory it then gives back, is its own business, and would be most of what is seen.
    Held,
}

/// Measures and prints everything; gives the names of what could not be measured.
pub async fn all(driver: &Driver, extent: Extent) -> Vec<&'static str> {
    let n_messages = match extent {
        Extent::Whole => N_MESSAGES,
        Extent::Quick => N_MESSAGES_QUICK,
    };
    let mut missing = Vec::new();
    let mut note = |result: Result<()>, figures: &[&'static str]| {
        if let Err(error) = result {
            eprintln!("no {}: {error:#}", figures.join(", "));
            missing.extend_from_slice(figures);
        }
    };
    let seen = ["ceiling_percent", "claim_p95_ms", "longest_task_ms", "journal_us_per_message"];
    note(at_desk(driver, Launch::default(), async |desk| in_sight(desk, n_messages).await).await, &seen);
    let weighed = Launch { garbage: Garbage::OnCommand, ..Launch::default() };
    note(
        at_desk(driver, weighed, async |desk| held(desk, n_messages).await).await,
        &["memory_growth_percent"],
    );
    let slow = Launch { hidden_tabs: HiddenTabs::Slow, ..Launch::default() };
    note(at_desk(driver, slow, async |desk| hidden(desk, n_messages).await).await, &["hidden_percent"]);
    note(at_desk(driver, Launch::default(), plan).await, &["plan_100k_ms", "longest_task_100k_ms"]);
    missing
}

async fn in_sight(desk: &Desk, n_messages: usize) -> Result<()> {
    far_away(desk)?;
    strict(desk);
    prepare(desk, n_messages).await?;
    press(desk, 0).await?;
    let percent = follow(desk, n_messages, Followed::Fast).await?;
    ended(desk).await?;
    println!("send.ceiling_percent {percent:.1} %");

    let report = report(desk).await?;
    println!("send.claim_p95_ms {:.1} ms", report.claim_p95()?);
    println!("send.longest_task_ms {:.1} ms", report.longest_task());
    // How long a write was under way, for each message: its claim's share and its outcome's.
    let busy_ms: f64 = report.writes.iter().map(|(start, end, ..)| end - start).sum();
    println!("send.journal_us_per_message {:.0} us", busy_ms * 1000.0 / float(n_messages));
    let n_entries: f64 = report.writes.iter().map(|(.., entries)| entries).sum();
    eprintln!(
        "{} writes of {:.1} entries each, {:.1} ms each; in flight at most {}; tasks around the app up to {:.0} ms",
        report.n_writes,
        n_entries / float(report.n_writes),
        busy_ms / float(report.n_writes),
        desk.sandbox.sunco().summary().max_in_flight,
        report.others_long,
    );
    Ok(())
}

/// The same, and how much more memory the tab holds in the end than in the beginning.
async fn held(desk: &Desk, n_messages: usize) -> Result<()> {
    far_away(desk)?;
    strict(desk);
    prepare(desk, n_messages).await?;
    press(desk, 0).await?;
    follow(desk, n_messages, Followed::Held).await?;
    ended(desk).await
}

/// The same while another tab is in front, from before the first message to after the last.
async fn hidden(desk: &Desk, n_messages: usize) -> Result<()> {
    far_away(desk)?;
    strict(desk);
    prepare(desk, n_messages).await?;
    let sending = desk.tab().await?;
    press(desk, 3000).await?;
    desk.new_tab().await?;
    let percent = follow(desk, n_messages, Followed::Fast).await?;
    desk.go_to_tab(&sending).await?;
    ended(desk).await?;
    println!("send.hidden_percent {percent:.1} %");
    Ok(())
}

/// From Continuar to the first claim, and then a pause and going on.
async fn plan(desk: &Desk) -> Result<()> {
    far_away(desk)?;
    prepare(desk, N_PLANNED).await?;
    press(desk, 0).await?;
    within(Duration::from_mins(5), "the first messages", async || {
        Ok((10 < desk.sandbox.sunco().summary().total).then_some(()))
    })
    .await?;
    let began = Instant::now();
    desk.click("#run-pause").await?;
    desk.wait_for_text("#run-title", "Envío en pausa").await?;
    let paused_after = began.elapsed();
    let n_sent = desk.sandbox.sunco().summary().total;
    desk.click("#run-resume").await?;
    desk.wait_for_received(n_sent + 200).await?;
    let report = report(desk).await?;
    let first = report.writes.iter().find(|(.., claims, _)| 0.0 < *claims).context("no claim")?;
    println!("send.plan_100k_ms {:.0} ms", first.1 - report.pressed_at);
    println!("send.longest_task_100k_ms {:.1} ms", report.longest_task());

    // Left as it is and opened anew.
    let began = Instant::now();
    desk.open_kept().await?;
    let shown_after = began.elapsed();
    let began = Instant::now();
    let n_sent = desk.sandbox.sunco().summary().total;
    desk.resume_kept().await?;
    desk.wait_for_received(n_sent + 1).await?;
    eprintln!(
        "{N_PLANNED} messages: paused {paused_after:.1?} after the press; opened anew they are shown after \
         {shown_after:.1?}, and go on {:.1?} after Reanudar",
        began.elapsed(),
    );
    Ok(())
}

/// A provider that is as far away as the real one.
fn far_away(desk: &Desk) -> Result<()> {
    let (before, after) = (LATENCY_MS / 2, LATENCY_MS - LATENCY_MS / 2);
    let slow = FaultRule { delay_ms: before, answer_delay_ms: after, ..FaultRule::default() };
    desk.sandbox.sunco().add_fault(slow);
    desk.set("messages_per_second", CEILING)?;
    // As many requests as the team's record needs at this rate.
    desk.sandbox.objects().set(|it| it.per_minute = Some(2_500));
    desk.set("zendesk_requests_per_minute", 500)?;
    desk.set("package_size", 1_000_000)?;
    desk.set("meta_limit", "none")
}

/// A provider that turns away whatever is above its ceiling.
fn strict(desk: &Desk) {
    desk.sandbox.sunco().add_fault(FaultRule {
        limit_per_second: Some(CEILING),
        status: Some(429),
        ..FaultRule::default()
    });
}

/// To the confirmation.
async fn prepare(desk: &Desk, n_messages: usize) -> Result<()> {
    desk.open().await?;
    // What shows the messages as they arrive is no part of the app, and would take its time.
    desk.leave_frame().await?;
    desk.click(".fold").await?;
    desk.enter_frame(cxconnect_tests::desk::NAV_BAR).await?;
    desk.prepare(&reminders(phones(n_messages))).await?;
    desk.js(include_str!("send.js"), &[]).await
}

/// Continuar, after some time.
async fn press(desk: &Desk, ms: u64) -> Result<()> {
    desk.js("cxSend.press('#confirm-continue', arguments[0])", &[json!(ms)]).await
}

async fn report(desk: &Desk) -> Result<Report> {
    desk.js("return cxSend.report()", &[]).await
}

/// Follows a batch to its last message; gives how much of the ceiling it reached, in percent.
async fn follow(desk: &Desk, n_messages: usize, followed: Followed) -> Result<f64> {
    let sunco = desk.sandbox.sunco();
    let tenth = n_messages / 10;
    // The app's tab is the larger one by far: it holds the file.
    let tab = memory::largest().context("this system does not say how much memory a process takes")?;
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let patience = Duration::from_mins(1) + Duration::from_secs(n_messages as u64 / u64::from(CEILING)) * 3;
    let deadline = Instant::now() + patience;
    loop {
        let summary = sunco.summary();
        if n_messages <= summary.total {
            break;
        }
        ensure!(Instant::now() < deadline, "{summary:?} after {} s", patience.as_secs());
        let is_first = 0 < summary.total && summary.total <= tenth;
        if followed == Followed::Held && (is_first || n_messages - tenth <= summary.total) {
            desk.js::<()>("gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })", &[]).await?;
            let samples = if is_first { &mut first } else { &mut last };
            samples.extend(memory::own(tab));
        }
        sleep(LOOK_EVERY).await;
    }
    let times: Vec<u64> = sunco.received().iter().map(|it| it.received_at_ms).collect();
    let took_ms = times.iter().max().zip(times.iter().min()).map_or(0, |(max, min)| max - min);
    let per_second = float(n_messages - 1) * 1000.0 / float(usize::try_from(took_ms)?);
    let summary = sunco.summary();
    let n_calls = summary.n_calls;
    ensure!(summary.n_repeated == 0, "{summary:?}");
    eprintln!("{n_messages} messages in {took_ms} ms: {per_second:.2} a second, {n_calls} calls");
    if followed == Followed::Held {
        let (first, last) = (median(first), median(last));
        eprintln!("what the tab holds, in MB: {:.1}, in the end {:.1}", first / 1e6, last / 1e6);
        println!("send.memory_growth_percent {:.1} %", (last / first - 1.0) * 100.0);
    }
    Ok(per_second * 100.0 / f64::from(CEILING))
}

async fn ended(desk: &Desk) -> Result<()> {
    until("the batch to end", async || Ok((0 < desk.count("#run-new").await?).then_some(()))).await?;
    let figures = desk.figures().await?;
    let n_messages =
        figures.accepted + figures.refused + figures.unknown + figures.not_sent + figures.waiting;
    ensure!(figures.accepted == n_messages, "{figures:?}");
    Ok(())
}

impl Report {
    /// How long a claim takes to be kept, for 95 of 100 messages.
    fn claim_p95(&self) -> Result<f64> {
        let mut waits = Vec::new();
        for (start, end, claims, _) in &self.writes {
            let mut left = *claims;
            while 0.0 < left {
                waits.push(end - start);
                left -= 1.0;
            }
        }
        ensure!(!waits.is_empty(), "the journal's writes hold no claims");
        waits.sort_by(f64::total_cmp);
        Ok(waits[waits.len() * 95 / 100])
    }

    fn longest_task(&self) -> f64 {
        // Without a long one, a longer gap was several tasks.
        if 0.0 < self.long { self.long } else { self.gap.min(49.9) }
    }
}

fn median(mut samples: Vec<u64>) -> f64 {
    samples.sort_unstable();
    let middle = samples.get(samples.len() / 2).copied().unwrap_or_default();
    float(usize::try_from(middle).unwrap_or(usize::MAX))
}

/// Counts and bytes of a tab are exact as floats.
fn float(n: usize) -> f64 {
    u32::try_from(n)
        .map_or_else(|_| f64::from(u32::try_from(n / 1024).unwrap_or(u32::MAX)) * 1024.0, f64::from)
}
