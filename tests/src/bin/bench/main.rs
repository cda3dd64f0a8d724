//! Figures that need a browser: `cargo xtask bench recipients` runs this. One figure a line, `group.name value unit`.
//!
//! # What is compared
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

mod memory;
mod page;
mod recipients;

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use cxconnect_tests::driver::Driver;

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
    let missing = tokio::runtime::Runtime::new()?.block_on(recipients::all(&driver));
    ensure!(missing.is_empty(), "could not be measured: {}", missing.join(", "));
    Ok(())
}
