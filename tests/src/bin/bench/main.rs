//! Figures that need a browser: `cargo xtask bench recipients`, `send` and `ledger` run this. One figure a line,
//! `group.name value unit`.
//!
//! # Sending, and the team's record
//!
//! See [`send`] and [`ledger`]. With `--quick` it sends a tenth of the messages, to try something.
//!
//! # Recipients: what is compared
//!
//! One file ([`cxconnect_tests::recipients`]: 100,000 rows), in one page (the app's frame), in one run, in turns:
//!
//! - **ours**: from the press of Procesar to the frame that shows the result. That is reading the file, its encoding and
//!   delimiter, its columns, every phone, every value, repeated numbers, the list of problems, and drawing it. It is
//!   done in slices, with the progress bar moving.
//! - **the rival's**: `PapaParse` and libphonenumber-js with all its metadata (`max`), of the versions in
//!   `crates/xtask/npm/rival`. Only its own work: reading the file as text, splitting it (it is told the delimiter), and
//!   for each row `parsePhoneNumberFromString(text, 'MX')` and `isValid()`. It finds no problem, keeps nothing, draws
//!   nothing, and does it in one go, which is fastest. Mexico is its default country as it is ours, so it takes foreign
//!   numbers without a plus for wrong Mexican ones, half of the file. To be right it would have to put the plus there;
//!   that takes it a fifth more time on the phones, so it is left to be wrong and fast.
//!
//! Warm is a page where both have run before; fresh is the first run in a page that was just loaded, by one of the two.
//! Who begins alternates. A ratio says how many times more rows a second ours are, by the medians; on a busy machine it
//! stays what it is while both times grow.
//!
//! What a run costs is measured without anything that watches. For the longest task there are runs of their own.

mod ledger;
mod memory;
mod page;
mod recipients;
mod send;

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use cxconnect_tests::browser::{Browser, Launch};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::driver::Driver;

use crate::send::Extent;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (flags, groups): (Vec<_>, Vec<_>) = arguments.iter().partition(|it| it.starts_with("--"));
    let extent = if flags.iter().any(|flag| *flag == "--quick") { Extent::Quick } else { Extent::Whole };
    let driver = Driver::start()?;
    let runtime = tokio::runtime::Runtime::new()?;
    for group in groups {
        let missing = match group.as_str() {
            "recipients" => runtime.block_on(recipients::all(&driver)),
            "send" => runtime.block_on(send::all(&driver, extent)),
            "ledger" => runtime.block_on(ledger::all(&driver)),
            unknown => bail!("there is no group {unknown}; there are: recipients, send, ledger"),
        };
        ensure!(missing.is_empty(), "could not be measured: {}", missing.join(", "));
    }
    Ok(())
}

/// Measures at a desk with a browser of its own, both of which end whatever happens.
async fn at_desk(
    driver: &Driver,
    launch: Launch,
    measure: impl AsyncFnOnce(&Desk) -> Result<()>,
) -> Result<()> {
    let desk = Desk::start(Browser::open(driver.url(), launch).await?, "bench").await?;
    let measured = measure(&desk).await;
    if let Some(browser) = desk.finish().await? {
        browser.close().await?;
    }
    measured
}
