//! `cargo xtask test`: everything that has to hold. CI runs this and nothing else.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::bench::in_browser;
use crate::project::{Project, cargo};
use crate::setup::{Browser, Tools};
use crate::sizes::Sizes;
use crate::{check, command, package, relay, setup};

/// One part of the tests. They run in this order; the first that fails ends the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Check,
    Unit,
    Relay,
    Component,
    Package,
    EndToEnd,
}

impl Phase {
    const ALL: [Self; 6] =
        [Self::Check, Self::Unit, Self::Relay, Self::Component, Self::Package, Self::EndToEnd];

    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Unit => "unit",
            Self::Relay => "relay",
            Self::Component => "component",
            Self::Package => "package",
            Self::EndToEnd => "e2e",
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Check => "formatting and clippy",
            Self::Unit => "unit, property, golden and documentation tests",
            Self::Relay => "the relay's process on workerd: its calls, hostile ones, kills, receipts",
            Self::Component => "the browser crates in Chromium",
            Self::Package => "the zip by Zendesk's rules, and its size",
            Self::EndToEnd => "the whole journey in Chromium against the sandbox",
        }
    }
}

/// Runs the phases in `args`, or all.
pub fn run(project: &Project, args: &[String]) -> Result<()> {
    let phases = chosen(args)?;
    let started = Instant::now();
    let tools = setup::build_tools(project)?;
    let browser = setup::test_tools()?;
    for (index, phase) in phases.iter().enumerate() {
        eprintln!("\n── {} of {}: {} ({})", index + 1, phases.len(), phase.name(), phase.describe());
        let phase_started = Instant::now();
        run_phase(*phase, project, &tools, &browser).with_context(|| {
            format!("phase {} failed; repeat it with `cargo xtask test {0}`", phase.name())
        })?;
        eprintln!("── {}: {} s", phase.name(), phase_started.elapsed().as_secs());
    }
    eprintln!("\nAll of it holds, in {} s.", started.elapsed().as_secs());
    Ok(())
}

fn chosen(args: &[String]) -> Result<Vec<Phase>> {
    if args.is_empty() {
        return Ok(Phase::ALL.to_vec());
    }
    args.iter()
        .map(|arg| {
            let phase = Phase::ALL.into_iter().find(|phase| phase.name() == arg);
            phase.with_context(|| {
                let names = Phase::ALL.map(Phase::name).join(" ");
                format!("there is no phase `{arg}`; the phases are: {names}")
            })
        })
        .collect()
}

fn run_phase(phase: Phase, project: &Project, tools: &Tools, browser: &Browser) -> Result<()> {
    match phase {
        Phase::Check => check::run(project),
        Phase::Unit => command::run(Command::new(cargo()).current_dir(&project.root).arg("test")),
        Phase::Relay => {
            let relay = relay::build(project, tools)?;
            let mut test = Command::new(cargo());
            test.current_dir(&project.root).args(["test", "--package", "cxconnect-tests", "--test", "relay"]);
            command::run(relay.tell(&mut test))
        }
        Phase::Component => ["zendesk", "spreadsheet", "app"]
            .into_iter()
            .try_for_each(|name| component(name, project, tools, browser)),
        Phase::Package => {
            package::make(project, tools)?;
            Sizes::measure(project)?.check()
        }
        Phase::EndToEnd => {
            if !project.stage().is_dir() {
                bail!("the app is not built: run the phase package first");
            }
            let relay = relay::build(project, tools)?;
            let mut test = Command::new(cargo());
            command::run(in_browser(
                relay.tell(&mut test).args([
                    "test",
                    "--package",
                    "cxconnect-tests",
                    "--lib",
                    "--test",
                    "texts",
                    "--test",
                    "e2e",
                ]),
                project,
                tools,
                browser,
            ))
        }
    }
}

/// Runs the tests of a crate that needs a browser, if it has any.
fn component(name: &str, project: &Project, tools: &Tools, browser: &Browser) -> Result<()> {
    let folder = project.root.join("crates").join(name);
    if !mentions(&folder, "#[wasm_bindgen_test]")? {
        eprintln!("cxconnect-{name} has no tests for the browser.");
        return Ok(());
    }
    command::run(
        tools
            .command(cargo())
            .current_dir(&project.root)
            // Not its documentation tests, which the runner cannot run. Not --quiet, which the runner refuses.
            .args(["test", "--tests", "--target", "wasm32-unknown-unknown", "--package"])
            .arg(format!("cxconnect-{name}"))
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", &browser.chromedriver)
            // Seconds for the tests of one crate; the runner's 20 are few while two cores do other things too.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120"),
    )
}

/// Whether a Rust file below `folder` has `text`.
fn mentions(folder: &Path, text: &str) -> Result<bool> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_found = if path.is_dir() {
            mentions(&path, text)?
        } else {
            path.extension().is_some_and(|it| it == "rs") && fs::read_to_string(&path)?.contains(text)
        };
        if is_found {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_chosen_by_name() {
        assert_eq!(chosen(&[]).unwrap(), Phase::ALL);
        assert_eq!(chosen(&["e2e".into(), "unit".into()]).unwrap(), [Phase::EndToEnd, Phase::Unit]);
        let error = chosen(&["end".into()]).unwrap_err().to_string();
        assert_eq!(error, "there is no phase `end`; the phases are: check unit relay component package e2e");
    }
}
