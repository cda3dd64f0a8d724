//! Figures that need a browser: `cargo xtask bench recipients` runs this. One figure a line, `group.name value unit`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use cxconnect_tests::browser::{Browser, NetworkLog};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::driver::Driver;
use cxconnect_tests::files;
use cxconnect_tests::wait::until;

const N_ROWS: usize = 10_000;
/// After one that only warms up.
const N_SAMPLES: usize = 5;
/// The app's own measure: from Procesar to the first frame that shows the result.
const CHECK: &str =
    "return performance.getEntriesByName('cxconnect.check', 'measure').at(-1)?.duration ?? null";

fn main() -> ExitCode {
    let groups: Vec<String> = std::env::args().skip(1).collect();
    match run(&groups) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(groups: &[String]) -> Result<()> {
    if let Some(unknown) = groups.iter().find(|group| *group != "recipients") {
        bail!("there is no group {unknown}; there is: recipients");
    }
    let driver = Driver::start()?;
    tokio::runtime::Runtime::new()?.block_on(recipients(&driver))
}

async fn recipients(driver: &Driver) -> Result<()> {
    let browser = Browser::open(driver.url(), NetworkLog::Off).await?;
    let desk = Desk::start(browser, "bench").await?;
    let measured = check(&desk).await;
    desk.finish().await?.close().await?;
    println!("recipients.check_10k_ms {:.0} ms", measured?);
    Ok(())
}

/// The median time to check a file of [`N_ROWS`], each time in a page that was loaded anew.
async fn check(desk: &Desk) -> Result<f64> {
    let file = files::mixed(N_ROWS);
    let title = format!("Se procesaran: {N_ROWS} mensajes con la Plantilla.: recordatorio_cita");
    let mut samples = Vec::new();
    for _ in 0..=N_SAMPLES {
        desk.open().await?;
        desk.prepare(&file).await?;
        desk.wait_for_text("#confirm-title", &title).await?;
        samples.push(until("the measure", async || desk.js::<Option<f64>>(CHECK, &[]).await).await?);
    }
    samples.remove(0);
    samples.sort_by(f64::total_cmp);
    Ok(samples[N_SAMPLES / 2])
}
