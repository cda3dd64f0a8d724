//! Tools that are Rust programs, built by `cargo install`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::{install, names_version, on_path, version_text};
use crate::command;
use crate::project::{Project, cargo};

/// One pinned program.
pub struct CargoTool {
    name: &'static str,
    version: &'static str,
    /// The crate it comes from.
    package: &'static str,
    /// All have to be there in the pinned version.
    programs: &'static [&'static str],
    options: &'static [&'static str],
    how_long: &'static str,
}

/// The compiler of the border to the browser. It refuses any other version than the crate's.
pub const WASM_BINDGEN_VERSION: &str = "0.2.130";

/// All of them.
pub const ALL: [CargoTool; 2] = [
    CargoTool {
        name: "wasm-bindgen",
        version: WASM_BINDGEN_VERSION,
        package: "wasm-bindgen-cli",
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Without --locked: its lock file may ask for a crate that the registry does not have yet.
        options: &[],
        how_long: "about 1 minute on two cores",
    },
    CargoTool {
        name: "trunk",
        // 0.22 needs a newer Rust.
        version: "0.21.14",
        package: "trunk",
        programs: &["trunk"],
        options: &["--locked", "--no-default-features", "--features", "rustls"],
        how_long: "about 3 minutes on two cores",
    },
];

impl CargoTool {
    /// Makes sure the tool is there. Returns the folder to put on PATH, or none if PATH has it already.
    pub fn ensure(&self, project: &Project) -> Result<Option<PathBuf>> {
        if self.programs.iter().all(|program| on_path(program).is_some_and(|found| self.is_pinned(&found))) {
            return Ok(None);
        }
        let folder = project.cache.join("tools").join(format!("{}-{}", self.name, self.version));
        if !folder.exists() {
            let what = format!("{} {}", self.name, self.version);
            install(&folder, &what, self.how_long, |unfinished| self.build(project, unfinished))?;
        }
        let bin = folder.join("bin");
        for program in self.programs {
            if !self.is_pinned(&bin.join(program).with_extension(std::env::consts::EXE_EXTENSION)) {
                bail!("{0} is damaged: remove {1} and try again", self.name, folder.display());
            }
        }
        Ok(Some(bin))
    }

    fn is_pinned(&self, program: &std::path::Path) -> bool {
        version_text(program).is_some_and(|text| names_version(&text, self.version))
    }

    fn build(&self, project: &Project, root: &std::path::Path) -> Result<()> {
        // Kept on failure, so that the next try continues; both tools share what they have in common.
        let target = project.cache.join("build");
        command::run_aside(
            Command::new(cargo())
                .current_dir(&project.root)
                .args(["install", self.package, "--version", self.version, "--no-track", "--force"])
                .args(self.options)
                .arg("--root")
                .arg(root)
                .env("CARGO_TARGET_DIR", &target)
                // Built once, run briefly: quick to build matters more than quick to run.
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
                .env_remove("RUSTFLAGS"),
        )?;
        // Only space is lost if this fails.
        let _ = std::fs::remove_dir_all(&target);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tool refuses a module that another version of the crate made.
    #[test]
    fn wasm_bindgen_is_pinned_to_the_crates_version() {
        let lock = include_str!("../../../../Cargo.lock");
        let (_, rest) = lock.split_once("name = \"wasm-bindgen\"\nversion = \"").unwrap();
        assert_eq!(rest.split_once('"').unwrap().0, WASM_BINDGEN_VERSION);
    }
}
