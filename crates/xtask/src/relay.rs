//! `cargo xtask relay`: the backend on a real workerd.
//!
//! What `worker-build` would do, with the tools that the project pins anyway: compile, bind, optimise, bundle. Nothing is
//! downloaded but workerd itself, by npm.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command;
use crate::project::{Project, cargo};
use crate::setup::{self, Tools};
use crate::{stage, wasm};

const PACKAGE: &str = "cxconnect-relay";
const PORT: u16 = 8787;
/// What the module may use; V8 has all of it.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    // How wasm-bindgen notices that the module has aborted.
    "--enable-exception-handling",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// The relay as it is deployed, and the program that runs it.
pub struct Relay {
    /// The folder with `relay.js`, `index_bg.wasm` and `workerd.capnp`.
    pub dist: PathBuf,
    /// The runtime.
    pub workerd: PathBuf,
}

impl Relay {
    /// Tells `command` where they are.
    pub fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("CXCONNECT_RELAY", &self.dist).env("CXCONNECT_WORKERD", &self.workerd)
    }
}

/// Builds it and, unless only that is wanted, runs it until it is stopped.
pub fn run(project: &Project, args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let tools = setup::build_tools(project)?;
    if !options.only_build && env::var_os("ACCOUNTS").is_none_or(|value| value.is_empty()) {
        bail!("ACCOUNTS is not set: which accounts the relay serves, as docs/relay.md says");
    }
    let relay = build(project, &tools)?;
    if options.only_build {
        println!("{}", relay.dist.display());
        return Ok(());
    }
    let data = options.data.unwrap_or_else(|| project.target.join("relay/data"));
    fs::create_dir_all(&data).context("the folder for the relay's data cannot be made")?;
    eprintln!("The relay, until Ctrl-C: http://127.0.0.1:{}/healthz", options.port);
    command::run(
        Command::new(&relay.workerd)
            .current_dir(&relay.dist)
            .args(["serve", "workerd.capnp"])
            .arg(format!("--directory-path=disk={}", data.display()))
            .arg(format!("--socket-addr=http=127.0.0.1:{}", options.port)),
    )
}

/// Builds the relay, and makes sure that there is something to run it on.
pub fn build(project: &Project, tools: &Tools) -> Result<Relay> {
    let workerd = setup::workerd(project)?;
    eprintln!("Building the relay (from nothing about two minutes) …");
    let sources = project.root.join("crates/relay");
    let dist = make(project, tools, PACKAGE, &sources.join("js/guard.js"))?;
    fs::copy(sources.join("deploy/workerd.capnp"), dist.join("workerd.capnp"))?;
    Ok(Relay { dist, workerd })
}

/// Builds what the bench measures the relay beside.
pub fn build_bare(project: &Project, tools: &Tools) -> Result<PathBuf> {
    make(project, tools, "cxconnect-bare", &project.root.join("tests/bare/guard.js"))
}

/// Makes a Worker of a crate and its entry: a folder with `relay.js` and `index_bg.wasm`.
fn make(project: &Project, tools: &Tools, package: &str, entry: &Path) -> Result<PathBuf> {
    let mut compile = tools.command(cargo());
    compile
        .current_dir(&project.root)
        .args(["rustc", "--quiet", "--profile", "relay", "--locked", "--lib", "--crate-type", "cdylib"])
        .args(["--target", wasm::TARGET, "--package", package])
        .env("CARGO_TARGET_DIR", &project.target)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", stage::without_our_paths(project)?);
    command::run_aside(compile.stdin(Stdio::null()))?;

    let name = package.replace('-', "_");
    let module = project.target.join(wasm::TARGET).join(format!("relay/{name}.wasm"));
    let place = if package == PACKAGE { "relay".to_owned() } else { format!("relay/{name}") };
    let (bound, dist) = (project.target.join(&place).join("bound"), project.target.join(&place).join("dist"));
    for folder in [&bound, &dist] {
        if folder.exists() {
            fs::remove_dir_all(folder).context("the last relay cannot be removed")?;
        }
        fs::create_dir_all(folder)?;
    }
    bind(tools, &module, &bound)?;
    let mut optimize = tools.command("wasm-opt");
    optimize.arg("-O3").args(FEATURES).arg(bound.join("index_bg.wasm"));
    command::output(optimize.arg("--output").arg(dist.join("index_bg.wasm")))?;
    fs::copy(entry, bound.join("guard.js"))?;
    bundle(tools, &bound, &dist.join("relay.js"))?;
    Ok(dist)
}

/// As worker-build does it: the module is a source phase import, and can be started afresh after a panic.
fn bind(tools: &Tools, module: &Path, folder: &Path) -> Result<()> {
    let mut binder = tools.command("wasm-bindgen");
    binder
        .args(["--target", "module", "--no-typescript", "--out-name", "index"])
        .args(["--experimental-reset-state-function", "--force-enable-abort-handler"])
        .arg("--out-dir")
        .arg(folder)
        .arg(module);
    command::run_aside(&mut binder)
}

fn bundle(tools: &Tools, folder: &Path, script: &Path) -> Result<()> {
    let mut bundle = Command::new(&tools.esbuild);
    bundle
        .current_dir(folder)
        .args(["guard.js", "--bundle", "--format=esm", "--minify-whitespace", "--log-level=warning"])
        .args(["--external:./index_bg.wasm", "--external:cloudflare:*"])
        .arg(format!("--outfile={}", script.display()));
    command::run_aside(&mut bundle)?;
    // workerd gives the compiled module to an ordinary import.
    let text = fs::read_to_string(script)?.replace("import source ", "import ");
    fs::write(script, text).context("the relay's script cannot be written")
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
struct Options {
    port: u16,
    data: Option<PathBuf>,
    only_build: bool,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self { port: PORT, data: None, only_build: false };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--port" => {
                    options.port = value()?.parse().context("--port needs a number from 1 to 65535")?;
                }
                "--data" => options.data = Some(std::path::absolute(value()?)?),
                "--build" => options.only_build = true,
                other => bail!("there is no option `{other}`; there are: --port --data --build"),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let args = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let options = Options::parse(&args("--port 9 --data /d --build")).unwrap();
        assert_eq!(options, Options { port: 9, data: Some("/d".into()), only_build: true });
        assert!(Options::parse(&args("--prot 9")).is_err());
    }
}
