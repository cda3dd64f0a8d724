//! The parts of the Rust toolchain that rustup may not have installed by itself.
//!
//! rust-toolchain.toml asks for them, but `RUSTUP_AUTO_INSTALL=0` keeps rustup from acting on it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::project::Project;

const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the toolchain can compile for the browser.
pub fn ensure_wasm_target(project: &Project) -> Result<()> {
    let sysroot =
        command::output(Command::new("rustc").current_dir(&project.root).args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    rustup(project, ["target", "add", TARGET])
}

/// Makes sure that the sources can be checked.
pub fn ensure_components(project: &Project) -> Result<()> {
    for (program, component) in [("rustfmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if command::output(Command::new(program).current_dir(&project.root).arg("--version")).is_err() {
            rustup(project, ["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(project: &Project, args: [&str; 3]) -> Result<()> {
    eprintln!("Installing Rust's {} {}, once, a few seconds …", args[0], args[2]);
    command::run_aside(Command::new("rustup").current_dir(&project.root).args(args))
        .with_context(|| format!("a part of Rust is missing; install it with `rustup {}`", args.join(" ")))
}
