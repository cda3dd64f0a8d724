//! The group `recipients`.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use cxconnect_tests::browser::Launch;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::driver::Driver;
use cxconnect_tests::files;
use cxconnect_tests::recipients;
use cxconnect_tests::wait::until;

use crate::at_desk;
use crate::memory;
use crate::page::{self, Scripts, Watch};

/// Of the comparison's file.
const N_ROWS: usize = 100_000;
/// Of the file that only has to get through.
const N_ROWS_MILLION: usize = 1_000_000;
/// Of the file without problems whose figure is as old as the bench.
const N_ROWS_SMALL: usize = 10_000;

/// Samples of each in a page that is warm, after two that warm it up.
const N_WARM: usize = 11;
/// Samples of each in a page that was loaded anew.
const N_FRESH: usize = 7;
/// Watched runs, in a fresh page and in a warm one.
const N_WATCHED: usize = 3;
/// Cells that are edited.
const N_EDITS: usize = 9;

/// Measures and prints everything; gives the names of what could not be measured.
pub async fn all(driver: &Driver) -> Vec<&'static str> {
    let mut missing = Vec::new();
    let mut note = |result: Result<()>, figures: &[&'static str]| {
        if let Err(error) = result {
            eprintln!("no {}: {error:#}", figures.join(", "));
            missing.extend_from_slice(figures);
        }
    };
    note(at_desk(driver, Launch::default(), check_10k).await, &["check_10k_ms"]);
    note(at_desk(driver, Launch::default(), warm).await, &["rows_per_second", "vs_js"]);
    note(at_desk(driver, Launch::default(), fresh).await, &["vs_js_fresh"]);
    note(at_desk(driver, Launch::default(), longest_task).await, &["longest_task_ms"]);
    note(at_desk(driver, Launch::default(), recheck).await, &["recheck_ms"]);
    note(at_desk(driver, Launch::default(), million).await, &["million_rows_s", "million_rows_memory_x"]);
    missing
}

/// The median time to check a file without problems, each time in a page that was loaded anew.
async fn check_10k(desk: &Desk) -> Result<()> {
    let file = files::mixed(N_ROWS_SMALL);
    let title = "Se procesaran: 10.000 mensajes con la Plantilla.: recordatorio_cita";
    let mut samples = Vec::new();
    for _ in 0..N_FRESH {
        desk.open().await?;
        desk.prepare(&file).await?;
        desk.wait_for_text("#confirm-title", title).await?;
        samples.push(until("the measure", async || page::checked(desk).await).await?);
    }
    println!("recipients.check_10k_ms {:.0} ms", median(samples));
    Ok(())
}

async fn warm(desk: &Desk) -> Result<()> {
    let file = write(desk, N_ROWS)?;
    page::open(desk, &Scripts::load()?, &file).await?;
    for _ in 0..2 {
        ours(desk, Watch::Off).await?;
        page::back(desk).await?;
        rivals(desk).await?;
    }
    // What the answer is, for whoever wonders what took that long.
    ours(desk, Watch::Off).await?;
    eprintln!("the app says: {}", desk.text(page::ANSWER).await?);
    page::back(desk).await?;

    let (mut our_samples, mut rivals_samples) = (Vec::new(), Vec::new());
    for round in 0..N_WARM {
        for turn in 0..2 {
            page::tidy(desk).await?;
            if (round + turn) % 2 == 0 {
                our_samples.push(ours(desk, Watch::Off).await?.ms);
                page::back(desk).await?;
            } else {
                rivals_samples.push(rivals(desk).await?);
            }
        }
    }
    eprintln!("warm, ms: ours {our_samples:.0?}, the rival's {rivals_samples:.0?}");
    let (ours, rivals) = (median(our_samples), median(rivals_samples));
    println!("recipients.rows_per_second {:.0} rows/s", per_second(N_ROWS, ours));
    println!("recipients.vs_js {:.2} x", rivals / ours);
    Ok(())
}

async fn fresh(desk: &Desk) -> Result<()> {
    let scripts = Scripts::load()?;
    let file = write(desk, N_ROWS)?;
    let (mut our_samples, mut rivals_samples) = (Vec::new(), Vec::new());
    for round in 0..N_FRESH {
        for turn in 0..2 {
            page::open(desk, &scripts, &file).await?;
            if (round + turn) % 2 == 0 {
                our_samples.push(ours(desk, Watch::Off).await?.ms);
            } else {
                rivals_samples.push(rivals(desk).await?);
            }
        }
    }
    eprintln!("fresh, ms: ours {our_samples:.0?}, the rival's {rivals_samples:.0?}");
    println!("recipients.vs_js_fresh {:.2} x", median(rivals_samples) / median(our_samples));
    Ok(())
}

/// The longest task of a run, as a median of runs: another program that gets the processor for a moment makes a task
/// longer, but not in most of the runs. The worse of fresh and warm.
async fn longest_task(desk: &Desk) -> Result<()> {
    let scripts = Scripts::load()?;
    let file = write(desk, N_ROWS)?;
    let (mut fresh, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..N_WATCHED {
        page::open(desk, &scripts, &file).await?;
        for samples in [&mut fresh, &mut warm] {
            let tasks = ours(desk, Watch::On).await?.tasks.context("the tasks were not watched")?;
            eprintln!("{tasks:.1?}");
            samples.push(tasks.longest());
            page::back(desk).await?;
        }
    }
    println!("recipients.longest_task_ms {:.1} ms", median(fresh).max(median(warm)));
    Ok(())
}

async fn recheck(desk: &Desk) -> Result<()> {
    let file = write(desk, N_ROWS)?;
    page::open(desk, &Scripts::load()?, &file).await?;
    ours(desk, Watch::Off).await?;
    let mut samples = Vec::new();
    for edit in 0..N_EDITS {
        samples.push(page::recheck(desk, &format!("5255123456{edit:02}")).await?);
    }
    eprintln!("recheck, ms: {samples:.1?}");
    println!("recipients.recheck_ms {:.1} ms", median(samples));
    Ok(())
}

/// The time that a million rows take and the most memory, in a browser that has done nothing before.
///
/// The memory is all of the process that the tab's pages run in, when it was largest, divided by the file's size. So it
/// holds what was there before the file was chosen: about 195 MB, of which 125 are Chromium's own code, that all of its
/// processes share; standard error says what they were. (The sandbox's Zendesk and the app are one process, the real
/// Zendesk is another one.)
async fn million(desk: &Desk) -> Result<()> {
    let file = write(desk, N_ROWS_MILLION)?;
    page::open(desk, &Scripts::load()?, &file).await?;
    let before = memory::renderers();
    let ours = page::ours(desk, N_ROWS_MILLION, Watch::Off).await?;
    println!("recipients.million_rows_s {:.1} s", ours.ms / 1000.0);

    let after = memory::renderers();
    let grown = after.into_iter().filter_map(|(id, after)| Some((*before.get(&id)?, after)));
    let (before, after) = grown
        .max_by_key(|(before, after)| after.peak.saturating_sub(before.resident))
        .context("this system does not say how much memory a process takes")?;
    let size = file.metadata()?.len();
    eprintln!("a file of {} MB; before it was checked {before:?}, after {after:?}", size / 1_000_000);
    println!("recipients.million_rows_memory_x {:.2} x", times(after.peak, size));
    Ok(())
}

/// A file of so many rows among the desk's own, which go with it.
fn write(desk: &Desk, n_rows: usize) -> Result<PathBuf> {
    let path = desk.folder().join(format!("{n_rows}.csv"));
    write_to(&path, n_rows).with_context(|| path.display().to_string())?;
    Ok(path)
}

fn write_to(path: &Path, n_rows: usize) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    recipients::write(n_rows, &mut file)?;
    file.flush()
}

async fn ours(desk: &Desk, watch: Watch) -> Result<page::Ours> {
    page::ours(desk, N_ROWS, watch).await
}

/// The rival's time, which counts only if it has done the work.
async fn rivals(desk: &Desk) -> Result<f64> {
    let rivals = page::rivals(desk).await?;
    // Numbers with a plus and Mexican ones are about half of the file.
    let has_worked = rivals.rows == N_ROWS && N_ROWS / 3 < rivals.valid;
    ensure!(has_worked, "{rivals:?} of {N_ROWS}");
    Ok(rivals.ms)
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

fn per_second(n_rows: usize, ms: f64) -> f64 {
    let n_rows = u32::try_from(n_rows).map_or(f64::INFINITY, f64::from);
    n_rows * 1000.0 / ms
}

/// Of sizes in bytes, by their kilobytes: those of any file and process are exact as a float.
fn times(a: u64, b: u64) -> f64 {
    let kilobytes = |bytes: u64| u32::try_from(bytes / 1024).map_or(f64::INFINITY, f64::from);
    kilobytes(a) / kilobytes(b)
}
