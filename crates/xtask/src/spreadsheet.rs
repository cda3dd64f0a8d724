//! The second WebAssembly module, which reads and writes workbooks. Trunk builds only the app, so the same three steps
//! are taken here: cargo, wasm-bindgen, wasm-opt.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::command;
use crate::project::{Project, cargo};
use crate::setup::Tools;
use crate::{stage, wasm};

const PACKAGE: &str = "cxconnect-spreadsheet";

/// The most memory that the module takes, in bytes, whatever a file demands: it fails, and the page goes on.
const MAX_MEMORY: u32 = 2 << 30;

/// The module as it is shipped, but not packed yet.
pub fn wasm(project: &Project) -> PathBuf {
    folder(project).join("spreadsheet_bg.wasm")
}

/// The script by which JavaScript calls the module.
pub fn script(project: &Project) -> PathBuf {
    folder(project).join("spreadsheet.js")
}

fn folder(project: &Project) -> PathBuf {
    project.target.join("package/spreadsheet")
}

/// Builds the module and its script.
pub fn build(project: &Project, tools: &Tools) -> Result<()> {
    let mut compile = tools.command(cargo());
    compile
        .current_dir(&project.root)
        .args(["rustc", "--quiet", "--release", "--locked", "--offline", "--lib", "--crate-type", "cdylib"])
        .args(["--target", wasm::TARGET, "--package", PACKAGE, "--", "-C"])
        .arg(format!("link-arg=--max-memory={MAX_MEMORY}"))
        .env("CARGO_TARGET_DIR", &project.target)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", stage::without_our_paths(project)?);
    command::run_aside(compile.stdin(Stdio::null()))?;

    let folder = folder(project);
    if folder.exists() {
        fs::remove_dir_all(&folder).context("the last spreadsheet module cannot be removed")?;
    }
    wasm::bind(tools, &wasm::compiled(project, &PACKAGE.replace('-', "_")), &folder, "spreadsheet")?;
    wasm::optimize(project, tools, &[wasm(project)])
}
