//! The parts of the Rust toolchain that rustup may not have installed by itself.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::project::Project;

const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the toolchain can compile for the browser.
///
/// rust-toolchain.toml asks for the target, but `RUSTUP_AUTO_INSTALL=0` keeps rustup from acting on it.
pub fn ensure_wasm_target(project: &Project) -> Result<()> {
    let sysroot =
        command::output(Command::new("rustc").current_dir(&project.root).args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    eprintln!("Installing Rust's target {TARGET}, once, a few seconds …");
    command::run_aside(Command::new("rustup").current_dir(&project.root).args(["target", "add", TARGET]))
        .with_context(|| {
            format!("the Rust target {TARGET} is missing; install it with `rustup target add {TARGET}`")
        })
}
