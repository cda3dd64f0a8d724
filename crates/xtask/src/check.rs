//! `cargo xtask check`: what can be said about the sources without running them.

use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::project::{Project, cargo};
use crate::setup;

/// The crates that run in the browser: checked for it, where their dependencies differ. The first two exist only
/// there, the others also run in native tests and tools.
const BROWSER: [&str; 5] =
    ["cxconnect-app", "cxconnect-zendesk", "cxconnect-core", "cxconnect-sunco", "cxconnect-spreadsheet"];
/// By itself: together with the others it would have its own features built into them.
const RELAY: &str = "cxconnect-relay";
const BROWSER_ONLY: [&str; 2] = ["cxconnect-app", "cxconnect-zendesk"];

/// Checks formatting, and clippy with warnings as errors.
pub fn run(project: &Project) -> Result<()> {
    setup::rust_parts(project)?;
    eprintln!("Formatting …");
    command::run(cargo_in(project).args(["fmt", "--all", "--check"]))
        .context("the formatting differs: run `cargo fmt`")?;

    eprintln!("Clippy, native …");
    let mut native = cargo_in(project);
    native.args(["clippy", "--quiet", "--workspace", "--all-targets"]);
    for package in BROWSER_ONLY {
        native.args(["--exclude", package]);
    }
    command::run(native.args(["--", "--deny", "warnings"]))?;

    eprintln!("Clippy, for the browser …");
    let mut browser = cargo_in(project);
    browser.args(["clippy", "--quiet", "--target", "wasm32-unknown-unknown"]);
    for package in BROWSER {
        browser.args(["--package", package]);
    }
    command::run(browser.args(["--", "--deny", "warnings"]))?;

    eprintln!("Clippy, for the relay …");
    let mut relay = cargo_in(project);
    relay.args(["clippy", "--quiet", "--target", "wasm32-unknown-unknown", "--package", RELAY]);
    command::run(relay.args(["--", "--deny", "warnings"]))
}

fn cargo_in(project: &Project) -> Command {
    let mut command = Command::new(cargo());
    command.current_dir(&project.root);
    command
}
