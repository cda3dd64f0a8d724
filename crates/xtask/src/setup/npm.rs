//! What comes from npm, by the versions and hashes in the lock files below npm/.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{install, names_version, on_path, version_text};
use crate::command;
use crate::project::Project;

const PACKAGE: &str = include_str!("../../npm/package.json");
const LOCK: &str = include_str!("../../npm/package-lock.json");

const RIVAL_PACKAGE: &str = include_str!("../../npm/rival/package.json");
const RIVAL_LOCK: &str = include_str!("../../npm/rival/package-lock.json");

const RUNTIME_PACKAGE: &str = include_str!("../../npm/relay/package.json");
const RUNTIME_LOCK: &str = include_str!("../../npm/relay/package-lock.json");

/// Where the npm tools are.
pub struct Npm {
    /// The folder with `wasm-opt`, for PATH.
    pub bin: PathBuf,
    pub esbuild: PathBuf,
    pub sdk: PathBuf,
}

/// What the bench compares the app with: scripts for a page, each of which defines a global.
pub struct Rival {
    /// Defines `Papa`.
    pub papaparse: PathBuf,
    /// Defines `libphonenumber`, with all of its metadata.
    pub libphonenumber: PathBuf,
}

/// Makes sure the npm tools are there.
pub fn ensure(project: &Project) -> Result<Npm> {
    let folder = project.cache.join("tools").join(format!("npm-{:016x}", fnv1a(LOCK.as_bytes())));
    if !folder.exists() {
        install(&folder, "binaryen, esbuild and the Zendesk SDK by npm", "some 10 seconds", |unfinished| {
            fill(unfinished)
        })?;
    }

    let npm_bin = folder.join("node_modules/.bin");
    let bin = pinned_on_path("wasm-opt", "binaryen")
        .and_then(|program| program.parent().map(Path::to_path_buf))
        .unwrap_or_else(|| npm_bin.clone());
    let esbuild = pinned_on_path("esbuild", "esbuild").unwrap_or_else(|| npm_bin.join("esbuild"));
    Ok(Npm { bin, esbuild, sdk: folder.join("zaf_sdk.js") })
}

/// Makes sure the bench's rival is there.
pub fn ensure_rival(project: &Project) -> Result<Rival> {
    let folder = project.cache.join("tools").join(format!("rival-{:016x}", fnv1a(RIVAL_LOCK.as_bytes())));
    if !folder.exists() {
        install(&folder, "PapaParse and libphonenumber-js by npm", "some 10 seconds", |unfinished| {
            clean_install(unfinished, RIVAL_PACKAGE, RIVAL_LOCK)
        })?;
    }
    let modules = folder.join("node_modules");
    Ok(Rival {
        papaparse: modules.join("papaparse/papaparse.min.js"),
        libphonenumber: modules.join("libphonenumber-js/bundle/libphonenumber-max.js"),
    })
}

/// Makes sure that the relay's runtime is there; the program.
pub fn ensure_workerd(project: &Project) -> Result<PathBuf> {
    let folder = project.cache.join("tools").join(format!("workerd-{:016x}", fnv1a(RUNTIME_LOCK.as_bytes())));
    if !folder.exists() {
        install(&folder, "workerd by npm", "some 10 seconds", |unfinished| {
            clean_install(unfinished, RUNTIME_PACKAGE, RUNTIME_LOCK)
        })?;
    }
    // The package's own launcher is put in place by a script that isn't run; the platform's package has the program.
    let (os, arch) = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("macos", "aarch64") => ("darwin", "arm64"),
        ("macos", _) => ("darwin", "64"),
        (os, "aarch64") => (os, "arm64"),
        (os, _) => (os, "64"),
    };
    let program = folder
        .join(format!("node_modules/@cloudflare/workerd-{os}-{arch}/bin/workerd"))
        .with_extension(std::env::consts::EXE_EXTENSION);
    if !program.is_file() {
        bail!("there is no workerd for this machine ({os}, {arch}): {} is missing", program.display());
    }
    Ok(program)
}

/// Installs what `lock` says into `folder`.
fn clean_install(folder: &Path, package: &str, lock: &str) -> Result<()> {
    need_node()?;
    fs::write(folder.join("package.json"), package)?;
    fs::write(folder.join("package-lock.json"), lock)?;
    // Install scripts only replace esbuild's launcher by its binary: not worth letting scripts run.
    command::run_aside(Command::new("npm").current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))
}

fn fill(folder: &Path) -> Result<()> {
    clean_install(folder, PACKAGE, LOCK)?;
    // The npm copy is CommonJS; a page needs one script that defines the global `ZAFClient`.
    command::run_aside(
        Command::new(folder.join("node_modules/.bin/esbuild"))
            .current_dir(folder)
            .arg("node_modules/zendesk_app_framework_sdk/lib/index.js")
            .args(["--bundle", "--format=iife", "--global-name=ZAFClient", "--outfile=zaf_sdk.js"])
            .arg("--log-level=warning"),
    )
}

fn need_node() -> Result<()> {
    const WHERE: &str =
        "install Node.js 20 or newer, with npm: https://nodejs.org (Debian: apt install nodejs npm)";
    let Some(text) = version_text(Path::new("node")) else { bail!("Node.js is missing: {WHERE}") };
    let major =
        text.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("Node.js {} is too old: {WHERE}", text.trim());
    }
    if version_text(Path::new("npm")).is_none() {
        bail!("npm is missing: {WHERE}");
    }
    Ok(())
}

/// `program` on PATH, if it is the version that package.json pins for `package`.
fn pinned_on_path(program: &str, package: &str) -> Option<PathBuf> {
    let found = on_path(program)?;
    let version = pinned(package).ok()?;
    // binaryen's programs name only the first part: "wasm-opt version 132".
    let short = version.strip_suffix(".0.0").unwrap_or(&version);
    let text = version_text(&found)?;
    (names_version(&text, &version) || names_version(&text, short)).then_some(found)
}

fn pinned(package: &str) -> Result<String> {
    pinned_in(PACKAGE, package)
}

fn pinned_in(list: &str, package: &str) -> Result<String> {
    let json: serde_json::Value = serde_json::from_str(list)?;
    let version = json["dependencies"][package].as_str();
    Ok(version.with_context(|| format!("package.json does not pin {package}"))?.to_owned())
}

/// Names the folder of one lock file. Written out because the standard library's hash may change.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which registry or mirror someone uses is nobody else's matter, and breaks the others' `npm ci`.
    #[test]
    fn the_lock_files_name_no_registry() {
        for lock in [LOCK, RIVAL_LOCK, RUNTIME_LOCK] {
            assert!(!lock.contains("https://registry") && !lock.contains("\"resolved\""));
        }
    }

    #[test]
    fn the_lock_files_are_those_of_the_package_json() {
        let tools = ["binaryen", "esbuild", "zendesk_app_framework_sdk"].map(|it| (PACKAGE, LOCK, it));
        let rival = ["libphonenumber-js", "papaparse"].map(|it| (RIVAL_PACKAGE, RIVAL_LOCK, it));
        let runtime = [(RUNTIME_PACKAGE, RUNTIME_LOCK, "workerd")];
        for (list, lock, package) in tools.into_iter().chain(rival).chain(runtime) {
            let lock: serde_json::Value = serde_json::from_str(lock).unwrap();
            let locked = &lock["packages"][format!("node_modules/{package}")]["version"];
            assert_eq!(locked.as_str().unwrap(), pinned_in(list, package).unwrap());
        }
    }

    #[test]
    fn fnv1a_gives_the_published_value() {
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
