//! The pinned tools: found on PATH, else in the cache, else installed into the cache.
//!
//! Whatever is in the cache under its final name is complete: everything is installed under another name and
//! renamed when it works, so an interrupted installation is started again and never trusted.

mod browser;
mod cargo_tools;
mod npm;
mod office;
mod rust;

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::command;
use crate::project::{Project, cargo};
pub use browser::Browser;
pub use npm::Rival;

/// What building the app needs.
pub struct Tools {
    /// PATH with the pinned tools before everything else.
    path: OsString,
    /// Bundles and minifies.
    pub esbuild: PathBuf,
    /// The Zendesk Apps Framework SDK as one script for a page; only the sandbox serves it.
    pub sdk: PathBuf,
}

impl Tools {
    /// `program`, which will find the pinned tools.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.path);
        command
    }
}

/// `cargo xtask setup`: everything that any command needs, but for [`rival`], which only a bench asks for.
pub fn run(project: &Project) -> Result<()> {
    let tools = build_tools(project)?;
    rust::ensure_components(project)?;
    let browser = browser::ensure()?;
    eprintln!("Everything is there. Tools: {}", project.cache.display());
    eprintln!("SDK for the sandbox: {}", tools.sdk.display());
    eprintln!("Browser for the tests: {}", browser.chromium.display());
    Ok(())
}

/// The tools that turn the sources into the app.
pub fn build_tools(project: &Project) -> Result<Tools> {
    let tools_folder = project.cache.join("tools");
    fs::create_dir_all(&tools_folder)
        .with_context(|| format!("the folder for tools, {}, cannot be made", tools_folder.display()))?;
    rust::ensure_wasm_target(project)?;

    let mut folders = Vec::new();
    for tool in cargo_tools::ALL {
        folders.extend(tool.ensure(project)?);
    }
    let npm = npm::ensure(project)?;
    folders.push(npm.bin);

    let inherited = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(folders.into_iter().chain(env::split_paths(&inherited)))
        .context("a folder of the tools has a character that PATH cannot hold")?;
    Ok(Tools { path, esbuild: npm.esbuild, sdk: npm.sdk })
}

/// What the tests need beyond [`build_tools`].
pub fn test_tools() -> Result<Browser> {
    browser::ensure()
}

/// What `cargo xtask bench recipients` compares the app with.
pub fn rival(project: &Project) -> Result<Rival> {
    npm::ensure_rival(project)
}

/// The runtime that the relay runs on.
pub fn workerd(project: &Project) -> Result<PathBuf> {
    npm::ensure_workerd(project)
}

/// The parts of Rust that the checks need.
pub fn rust_parts(project: &Project) -> Result<()> {
    rust::ensure_wasm_target(project)?;
    rust::ensure_components(project)
}

/// The crates the lock file names, so that the build itself can be offline.
pub fn fetch_crates(project: &Project) -> Result<()> {
    command::run_aside(Command::new(cargo()).current_dir(&project.root).args(["fetch", "--quiet"]))
        .context("the crates in Cargo.lock could not be fetched")
}

/// Installs `what` with `install`, which fills the folder it is given, and moves that to `destination`.
///
/// One process at a time: a second one waits for the first and then finds its result.
fn install(
    destination: &Path,
    what: &str,
    how_long: &str,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let tools = destination.parent().context("a tool needs a folder")?;
    let lock = File::create(tools.join(".lock")).context("the folder for tools cannot be written")?;
    if lock.try_lock().is_err() {
        eprintln!("Waiting for another installation in {} …", tools.display());
        lock.lock().context("the folder for tools cannot be locked")?;
    }
    if destination.exists() {
        return Ok(());
    }

    eprintln!("Installing {what}, once, {how_long} …");
    let started = Instant::now();
    let name = destination.file_name().context("a tool needs a name")?.to_string_lossy();
    let unfinished = tools.join(format!(".unfinished-{name}"));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)
            .context("the remains of an interrupted installation cannot be removed")?;
    }
    fs::create_dir_all(&unfinished)?;
    install(&unfinished).with_context(|| format!("{what} could not be installed"))?;
    fs::rename(&unfinished, destination)
        .with_context(|| format!("{what} could not be moved to {}", destination.display()))?;
    eprintln!("Installed {what} in {} s.", started.elapsed().as_secs());
    Ok(())
}

/// The file that a shell would run for `name`.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|candidate| candidate.is_file())
}

/// What `program --version` prints, if it runs.
fn version_text(program: &Path) -> Option<String> {
    command::output(Command::new(program).arg("--version")).ok()
}

/// Whether `text`, printed by `--version`, names exactly `version`.
fn names_version(text: &str, version: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || c == '(' || c == ')').any(|word| word == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_to_be_the_very_same() {
        assert!(names_version("trunk 0.21.14\n", "0.21.14"));
        assert!(names_version("wasm-opt version 132 (version_132)\n", "132"));
        assert!(names_version("0.28.2\n", "0.28.2"));
        assert!(!names_version("trunk 0.21.140", "0.21.14"));
        assert!(!names_version("trunk 0.22.0-beta.1", "0.22.0"));
    }

    #[test]
    fn an_interrupted_installation_is_not_trusted() {
        let folder = tempfile("interrupted");
        let tool = folder.join("tool-1");

        let interrupted = install(&tool, "tool", "in no time", |unfinished| {
            fs::write(unfinished.join("half"), "…")?;
            anyhow::bail!("the plug was pulled")
        });
        assert!(interrupted.is_err());
        assert!(!tool.exists());

        install(&tool, "tool", "in no time", |unfinished| Ok(fs::write(unfinished.join("whole"), "…")?))
            .unwrap();
        assert!(tool.join("whole").exists());
        assert!(!tool.join("half").exists(), "the remains of the first try are gone");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_installed_is_not_installed_again() {
        let folder = tempfile("again");
        let tool = folder.join("tool-1");
        fs::create_dir(&tool).unwrap();
        install(&tool, "tool", "in no time", |_| anyhow::bail!("installed twice")).unwrap();
        fs::remove_dir_all(folder).unwrap();
    }

    fn tempfile(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("cxconnect-xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}
