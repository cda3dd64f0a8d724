//! The group `ledger`: a team's record of 1,000 batches and 200,000 messages, in a Zendesk that takes 100 ms for each request.
//!
//! - `first_rows_ms`: from the press of a tab, Estadísticas or Logs, to the frame that shows its first rows; the slower one.
//! - `requests_to_first_rows`: requests to Zendesk in that time, the most of the two.
//! - `xlsx_100k_s`: a workbook of 100,000 messages, from the moment at which the last of them was read to the file; how long
//!   reading took, which is Zendesk's pace and not the app's, is said beside it. `xlsx_100k_memory_mb`: the most that the tab
//!   took meanwhile, files not counted.
//! - `requests_per_1000_messages`: what a batch of 2,000 costs in requests, from Continuar until the record is complete.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cxconnect_tests::browser::Launch;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::driver::Driver;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::team::{Sent, renewal_day, seed};
use cxconnect_tests::wait::within;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::{at_desk, memory};

const N_BATCHES: u32 = 1_000;
/// Messages of every second batch, by state: accepted, delivered, read, failed, unknown.
const ALL_WELL: [u32; 5] = [60, 70, 70, 0, 0];
/// Of the others.
const NOT_ALL_WELL: [u32; 5] = [50, 70, 60, 15, 5];
/// What each request takes.
const DELAY_MS: u64 = 100;
/// Messages of the batch whose requests are counted.
const N_MESSAGES: usize = 2_000;
/// How often the memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The longest that anything here may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// Presses a tab and waits for a frame with rows; gives milliseconds.
const FIRST_ROWS: &str = "
    const [name, css, done] = [arguments[0], arguments[1], arguments[2]];
    const tab = [...document.querySelectorAll('[role=tab]')].find((it) => it.textContent.trim() === name);
    const began = performance.now();
    tab.click();
    const look = () => {
      if (document.querySelectorAll(css).length < 4) return requestAnimationFrame(look);
      done(performance.now() - began);
    };
    requestAnimationFrame(look);";

/// Measures and prints everything; gives the names of what could not be measured.
pub async fn all(driver: &Driver) -> Vec<&'static str> {
    let mut missing = Vec::new();
    let mut note = |result: Result<()>, figures: &[&'static str]| {
        if let Err(error) = result {
            eprintln!("no {}: {error:#}", figures.join(", "));
            missing.extend_from_slice(figures);
        }
    };
    let rows = ["first_rows_ms", "requests_to_first_rows"];
    note(at_desk(driver, Launch::default(), first_rows).await, &rows);
    let book = ["xlsx_100k_s", "xlsx_100k_memory_mb"];
    note(at_desk(driver, Launch::default(), workbook).await, &book);
    note(at_desk(driver, Launch::default(), requests).await, &["requests_per_1000_messages"]);
    missing
}

fn fill(desk: &Desk) -> Result<()> {
    desk.set("renewal_day", renewal_day()?)?;
    // Within the present period, so that Estadísticas shows all of them at first.
    let batch = |n: u32| {
        let (template, of_each) = if n.is_multiple_of(2) {
            ("recordatorio_cita", ALL_WELL)
        } else {
            ("promo_verano", NOT_ALL_WELL)
        };
        Sent { age_s: i64::from(n) * 60, template, ..Sent::new(&format!("batch-{n:04}"), of_each) }
    };
    // Made and put down in parts: JSON of 200,000 records at once would be a gigabyte.
    let batches: Vec<Sent> = (0..N_BATCHES).map(batch).collect();
    for some in batches.chunks(50) {
        seed(&desk.sandbox, some)?;
    }
    Ok(())
}

async fn first_rows(desk: &Desk) -> Result<()> {
    fill(desk)?;
    desk.sandbox.objects().set(|it| it.delay_ms = DELAY_MS);
    let (mut slowest, mut most) = (0.0_f64, 0);
    for (tab, css) in [("Estadísticas", "#sent-rows .rows-row"), ("Logs", "#logs .rows-row")] {
        desk.open().await?;
        let before = desk.sandbox.objects().n_requests();
        let ms: f64 = desk.js_async(FIRST_ROWS, &[json!(tab), json!(css)]).await?;
        let n_requests = desk.sandbox.objects().n_requests() - before;
        eprintln!("{tab}: {ms:.0} ms, {n_requests} requests");
        (slowest, most) = (slowest.max(ms), most.max(n_requests));
    }
    println!("ledger.first_rows_ms {slowest:.0} ms");
    println!("ledger.requests_to_first_rows {most} requests");
    Ok(())
}

async fn workbook(desk: &Desk) -> Result<()> {
    fill(desk)?;
    // How fast pages come is not what is measured.
    desk.sandbox.objects().set(|it| it.per_minute = Some(1_000_000));
    desk.set("zendesk_requests_per_minute", 100_000)?;
    desk.open().await?;
    desk.press("Estadísticas").await?;
    desk.wait_for("#sent-rows .rows-row").await?;
    desk.js::<()>(
        "const it = document.querySelector('#stats-template'); it.value = arguments[0];
         it.dispatchEvent(new Event('change', { bubbles: true }))",
        &[json!("recordatorio_cita")],
    )
    .await?;
    within(PATIENCE, "the count", async || {
        Ok(desk.text("#sent-count").await?.contains("mensajes").then_some(()))
    })
    .await?;
    let n_rows: u32 = N_BATCHES / 2 * ALL_WELL.iter().sum::<u32>();
    desk.click("#sent-xlsx").await?;
    let tab = memory::largest().context("this system does not say how much memory a process takes")?;
    let began = Instant::now();
    let (mut written_since, mut peak) = (None, 0);
    let file = loop {
        peak = peak.max(memory::own(tab).unwrap_or_default());
        let said = desk.texts("#sent-export").await?.concat();
        if written_since.is_none() && said.contains("Escribiendo") {
            written_since = Some(Instant::now());
        }
        if said.is_empty() {
            break desk.downloaded().await?;
        }
        ensure!(began.elapsed() < PATIENCE, "{said}");
        sleep(LOOK_EVERY).await;
    };
    let written_since = written_since.context("writing was never seen")?;
    let (reading, writing) = (written_since.duration_since(began), written_since.elapsed());
    eprintln!("{n_rows} rows, {} bytes: read in {:.1?}", file.1.len(), reading);
    println!("ledger.xlsx_100k_s {:.1} s", writing.as_secs_f64());
    println!("ledger.xlsx_100k_memory_mb {} MB", peak / 1_000_000);
    Ok(())
}

async fn requests(desk: &Desk) -> Result<()> {
    desk.set("messages_per_second", 80)?;
    desk.set("meta_limit", "none")?;
    desk.set("package_size", 1_000_000)?;
    desk.open().await?;
    desk.prepare(&reminders(phones(N_MESSAGES))).await?;
    let before = desk.sandbox.objects().n_requests();
    desk.click("#confirm-continue").await?;
    within(PATIENCE, "the record to be complete", async || {
        let objects = desk.sandbox.objects();
        let is_sent = desk.sandbox.sunco().summary().total == N_MESSAGES;
        let is_written = objects.n_records("cxc_message")? == N_MESSAGES && desk.n_plans()? == 0;
        Ok((is_sent && is_written).then_some(()))
    })
    .await?;
    let n_requests = desk.sandbox.objects().n_requests() - before;
    println!("ledger.requests_per_1000_messages {} requests", n_requests * 1_000 / N_MESSAGES as u64);
    Ok(())
}
