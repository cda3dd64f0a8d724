//! `cargo xtask bench`: figures to compare from one change to the next.
//!
//! Standard output has one figure a line, `group.name value unit`, and nothing else.

use std::process::Command;

use anyhow::{Result, bail};

use crate::command;
use crate::package;
use crate::project::{Project, cargo};
use crate::relay;
use crate::setup::{self, Browser, Tools};
use crate::sizes::{Sizes, kb};

/// What there is to measure.
const GROUPS: [&str; 5] = ["size", "recipients", "send", "ledger", "relay"];
/// Those that need a browser.
const IN_BROWSER: [&str; 3] = ["recipients", "send", "ledger"];
/// Measures less, to try something: its figures are not to be compared with others.
const QUICK: &str = "--quick";

/// Prints the figures of the groups in `args`, or of all.
pub fn run(project: &Project, args: &[String]) -> Result<()> {
    let (flags, groups): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| arg.starts_with("--"));
    if let Some(unknown) = groups.iter().find(|group| !GROUPS.contains(&group.as_str())) {
        bail!("there is no group `{unknown}`; the groups are: {}", GROUPS.join(" "));
    }
    if let Some(unknown) = flags.iter().find(|flag| flag.as_str() != QUICK) {
        bail!("there is no flag `{unknown}`; there is: {QUICK}");
    }
    let is_asked = |group: &str| groups.is_empty() || groups.iter().any(|it| *it == group);

    let tools = setup::build_tools(project)?;
    if is_asked("relay") {
        let relay = relay::build(project, &tools)?;
        eprintln!("Measuring on workerd (some eleven minutes; with {QUICK} one) …");
        let mut bench = Command::new(cargo());
        bench.current_dir(&project.root);
        bench
            .args(["run", "--quiet", "--package", "cxconnect-tests", "--bin", "relay-bench", "--"])
            .args(&flags);
        bench.env("CXCONNECT_BARE", relay::build_bare(project, &tools)?);
        command::run(relay.tell(&mut bench))?;
        if groups.iter().all(|group| *group == "relay") && !groups.is_empty() {
            return Ok(());
        }
    }
    // Found before the build: someone without a browser should not wait for it.
    let needs_browser = IN_BROWSER.into_iter().any(is_asked);
    let browser = if needs_browser { Some(setup::test_tools()?) } else { None };
    let rival = if is_asked("recipients") { Some(setup::rival(project)?) } else { None };
    package::make(project, &tools)?;

    if is_asked("size") {
        let sizes = Sizes::measure(project)?;
        println!("size.app_wasm_brotli_kb {} kB", kb(sizes.wasm_brotli as u64));
        println!("size.app_parts_included_wasm_brotli_kb {} kB", kb(sizes.all_brotli() as u64));
        println!("size.spreadsheet_wasm_brotli_kb {} kB", kb(sizes.spreadsheet_brotli as u64));
        println!("size.zip_kb {} kB", kb(sizes.zip));
    }
    if let Some(browser) = browser {
        eprintln!("Measuring in Chromium …");
        let mut bench = Command::new(cargo());
        bench.args(["run", "--quiet", "--package", "cxconnect-tests", "--bin", "bench", "--"]);
        bench.args(IN_BROWSER.into_iter().filter(|group| is_asked(group))).args(flags);
        if let Some(rival) = rival {
            bench
                .env("CXCONNECT_PAPAPARSE", &rival.papaparse)
                .env("CXCONNECT_LIBPHONENUMBER", &rival.libphonenumber);
        }
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
        .env("SOFFICE", &browser.soffice)
}
