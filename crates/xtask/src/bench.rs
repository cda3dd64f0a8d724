//! `cargo xtask bench`: figures to compare from one change to the next.
//!
//! Standard output has one figure a line, `group.name value unit`, and nothing else.

use std::process::Command;

use anyhow::{Result, bail};

use crate::command;
use crate::package;
use crate::project::{Project, cargo};
use crate::setup::{self, Browser, Tools};
use crate::sizes::{Sizes, kb};

/// What there is to measure.
const GROUPS: [&str; 2] = ["size", "recipients"];

/// Prints the figures of the groups in `args`, or of all.
pub fn run(project: &Project, args: &[String]) -> Result<()> {
    if let Some(unknown) = args.iter().find(|arg| !GROUPS.contains(&arg.as_str())) {
        bail!("there is no group `{unknown}`; the groups are: {}", GROUPS.join(" "));
    }
    let is_asked = |group: &str| args.is_empty() || args.iter().any(|arg| arg == group);

    let tools = setup::build_tools(project)?;
    // Found before the build: someone without a browser should not wait for it.
    let recipients =
        if is_asked("recipients") { Some((setup::test_tools()?, setup::rival(project)?)) } else { None };
    package::make(project, &tools)?;

    if is_asked("size") {
        let sizes = Sizes::measure(project)?;
        println!("size.app_wasm_brotli_kb {} kB", kb(sizes.wasm_brotli as u64));
        println!("size.app_parts_included_wasm_brotli_kb {} kB", kb(sizes.all_brotli() as u64));
        println!("size.spreadsheet_wasm_brotli_kb {} kB", kb(sizes.spreadsheet_brotli as u64));
        println!("size.zip_kb {} kB", kb(sizes.zip));
    }
    if let Some((browser, rival)) = recipients {
        eprintln!("Measuring in Chromium …");
        let mut bench = Command::new(cargo());
        bench
            .args(["run", "--quiet", "--package", "cxconnect-tests", "--bin", "bench", "--", "recipients"])
            .env("CXCONNECT_PAPAPARSE", &rival.papaparse)
            .env("CXCONNECT_LIBPHONENUMBER", &rival.libphonenumber);
        command::run(in_browser(&mut bench, project, &tools, &browser))?;
    }
    Ok(())
}

/// Tells `command` where the app, the SDK and the browser are.
pub fn in_browser<'a>(
    command: &'a mut Command,
    project: &Project,
    tools: &Tools,
    browser: &Browser,
) -> &'a mut Command {
    command
        .current_dir(&project.root)
        .env("CXCONNECT_APP_DIR", project.stage())
        .env("CXCONNECT_SDK", &tools.sdk)
        .env("CHROMIUM", &browser.chromium)
        .env("CHROMEDRIVER", &browser.chromedriver)
}
