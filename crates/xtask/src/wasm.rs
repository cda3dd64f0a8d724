//! The steps from what cargo makes to a module that is shipped, where they are the same for all modules.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::project::Project;
use crate::setup::Tools;

/// What the browser's crates are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What cargo makes of a crate in release mode.
pub fn compiled(project: &Project, name: &str) -> PathBuf {
    project.target.join(TARGET).join("release").join(format!("{name}.wasm"))
}

/// Binds a module to JavaScript: `folder` gets `NAME.js` and `NAME_bg.wasm`.
pub fn bind(tools: &Tools, module: &Path, folder: &Path, name: &str) -> Result<()> {
    command::run_aside(&mut binder(tools, module, folder, name))
}

/// The same for a module that others share the functions of: it keeps its table of them exported.
pub fn bind_shared(tools: &Tools, module: &Path, folder: &Path, name: &str) -> Result<()> {
    command::run_aside(binder(tools, module, folder, name).arg("--keep-lld-exports"))
}

fn binder(tools: &Tools, module: &Path, folder: &Path, name: &str) -> Command {
    let mut binder = tools.command("wasm-bindgen");
    binder
        .args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"])
        .arg(folder)
        .arg(module);
    binder
}

/// Makes modules small, in place, as many at a time as there are cores. How, the page tells, which has Trunk do the same.
pub fn optimize(project: &Project, tools: &Tools, modules: &[PathBuf]) -> Result<()> {
    let page = fs::read_to_string(project.root.join("zendesk-app/index.html")).context("index.html")?;
    let (level, options) = optimizer_options(&page)?;
    let modules = Mutex::new(modules.iter());
    let work = || -> Result<()> {
        loop {
            let next = modules.lock().map(|mut modules| modules.next());
            let Ok(Some(module)) = next else { return Ok(()) };
            let mut optimize = tools.command("wasm-opt");
            optimize.arg(format!("-O{level}")).args(options.clone());
            // What it prints is kept unless it fails: it wonders at names that the splitter hands on from the linker.
            command::output(optimize.arg(module).arg("--output").arg(module))?;
        }
    };
    thread::scope(|scope| {
        let n_workers = thread::available_parallelism().map_or(1, NonZero::get);
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(_) => bail!("an optimizer's thread ended"),
        })
    })
}

/// Level and further options.
fn optimizer_options(page: &str) -> Result<(&str, impl Iterator<Item = &str> + Clone)> {
    let attribute = |name: &str| {
        let (_, after) = page.split_once(&format!("{name}=\""))?;
        after.split_once('"').map(|(value, _)| value)
    };
    let level = attribute("data-wasm-opt").context("index.html has no data-wasm-opt")?;
    let options = attribute("data-wasm-opt-params").context("index.html has no data-wasm-opt-params")?;
    Ok((level, options.split_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_modules_are_optimized_as_the_page_says() {
        let page = r#"<link data-trunk data-wasm-opt="z" data-wasm-opt-params="--enable-a  --low">"#;
        let (level, options) = optimizer_options(page).unwrap();
        assert_eq!((level, options.collect::<Vec<_>>()), ("z", vec!["--enable-a", "--low"]));
        assert!(optimizer_options("<link data-trunk>").is_err());
    }
}
