//! The second WebAssembly module, which reads and writes workbooks. Trunk builds only the app, so the same three steps
//! are taken here: cargo, wasm-bindgen, wasm-opt.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::command;
use crate::project::{Project, cargo};
use crate::setup::Tools;
use crate::stage;

const PACKAGE: &str = "cxconnect-spreadsheet";
const TARGET: &str = "wasm32-unknown-unknown";

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
        .args(["--target", TARGET, "--package", PACKAGE, "--", "-C"])
        .arg(format!("link-arg=--max-memory={MAX_MEMORY}"))
        .env("CARGO_TARGET_DIR", &project.target)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", stage::without_our_paths(project)?);
    command::run_aside(compile.stdin(Stdio::null()))?;

    let folder = folder(project);
    if folder.exists() {
        fs::remove_dir_all(&folder).context("the last spreadsheet module cannot be removed")?;
    }
    let compiled = project.target.join(TARGET).join("release").join(PACKAGE.replace('-', "_") + ".wasm");
    command::run_aside(
        tools
            .command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--out-name", "spreadsheet", "--out-dir"])
            .arg(&folder)
            .arg(&compiled),
    )?;

    let wasm = wasm(project);
    let page = fs::read_to_string(project.root.join("zendesk-app/index.html")).context("index.html")?;
    let (level, features) = optimizer_options(&page)?;
    let mut optimize = tools.command("wasm-opt");
    optimize.arg(format!("-O{level}")).args(features).arg(&wasm).arg("--output").arg(&wasm);
    command::run_aside(&mut optimize)
}

/// How Trunk has the app optimized, as the page tells it: level and features.
fn optimizer_options(page: &str) -> Result<(&str, impl Iterator<Item = &str>)> {
    let attribute = |name: &str| {
        let (_, after) = page.split_once(&format!("{name}=\""))?;
        after.split_once('"').map(|(value, _)| value)
    };
    let level = attribute("data-wasm-opt").context("index.html has no data-wasm-opt")?;
    let features = attribute("data-wasm-opt-params").context("index.html has no data-wasm-opt-params")?;
    Ok((level, features.split_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_modules_are_optimized_alike() {
        let page = r#"<link data-trunk data-wasm-opt="z" data-wasm-opt-params="--enable-a  --low">"#;
        let (level, features) = optimizer_options(page).unwrap();
        assert_eq!((level, features.collect::<Vec<_>>()), ("z", vec!["--enable-a", "--low"]));
        assert!(optimizer_options("<link data-trunk>").is_err());
    }
}
