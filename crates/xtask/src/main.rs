//! `cargo xtask`: everything one does with this repository, without installing a task runner.
//!
//! Where to start: [`setup`] brings the pinned tools, [`stage`] turns the sources into the folder that Zendesk
//! gets, [`package`] zips and [`checker`] checks it. The other modules are one command each. What is happening
//! goes to standard error, so that a command's figures can be read from standard output.

mod bench;
mod check;
mod checker;
mod command;
mod package;
mod parts;
mod project;
mod relay;
mod sandbox;
mod setup;
mod sizes;
mod spreadsheet;
mod stage;
mod test;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::Project;

const HELP: &str = "\
cargo xtask COMMAND

  setup             install the pinned tools that are missing (the other commands do it by themselves)
  sandbox           build CXConnect and open it in a local Zendesk; prints the address
                    [--port N] [--sdk FILE: another build of the Zendesk Apps Framework SDK]
                    [--data DIR: where the ledger is kept; target/sandbox-data/PORT] [… for the sandbox]
  relay             build the backend and run it on workerd; accounts come from $ACCOUNTS (docs/relay.md)
                    [--port N] [--data DIR: where its SQLite is kept; target/relay/data] [--build: only that]
  check             formatting, and clippy for the native, the browser and the relay's crates
  test [PHASE…]     everything that CI runs, or only some phases: check unit relay component package e2e
  package           target/package/cxconnect-VERSION.zip, checked by Zendesk's rules, with its sizes
  bench [GROUP]     one figure a line, `group.name value unit`; groups: size recipients send
                    ledger relay";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else { bail!("a command is missing\n\n{HELP}") };
    if matches!(command.as_str(), "help" | "--help" | "-h") {
        println!("{HELP}");
        return Ok(());
    }
    let project = Project::find()?;
    match command.as_str() {
        "setup" => setup::run(&project),
        "sandbox" => sandbox::run(&project, rest),
        "relay" => relay::run(&project, rest),
        "check" => check::run(&project),
        "test" => test::run(&project, rest),
        "package" => package::run(&project),
        "bench" => bench::run(&project, rest),
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}
