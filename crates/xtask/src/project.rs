//! Where things are: the clone, cargo's target folder, the cache of tools.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command;

/// The places a command works with.
pub struct Project {
    /// The clone.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the user's settings put it.
    pub target: PathBuf,
    /// Tools that are built or fetched once and shared by all clones.
    pub cache: PathBuf,
    /// The workspace's version; manifest.json has to say the same.
    pub version: String,
}

impl Project {
    /// Finds the project this binary was started in.
    pub fn find() -> Result<Self> {
        // Set by `cargo run`. The compiled-in value serves a binary that is started by hand.
        let xtask = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root =
            xtask.ancestors().nth(2).context("xtask has to live in crates/xtask of the clone")?.to_path_buf();

        let text = command::output(Command::new(cargo()).current_dir(&root).args([
            "metadata",
            "--no-deps",
            "--format-version=1",
        ]))?;
        let metadata: Value = serde_json::from_str(&text).context("`cargo metadata` did not print JSON")?;
        let target =
            metadata["target_directory"].as_str().context("`cargo metadata` names no target folder")?;
        let version = metadata["packages"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|package| package["name"] == "cxconnect-app")
            .and_then(|package| package["version"].as_str())
            .context("the workspace has no package cxconnect-app")?;

        Ok(Self { root, target: target.into(), cache: cache_folder()?, version: version.to_owned() })
    }

    /// Trunk's output, before it is staged.
    pub fn dist(&self) -> PathBuf {
        self.target.join("package/dist")
    }

    /// Exactly the content of the zip.
    pub fn stage(&self) -> PathBuf {
        self.target.join("package/stage")
    }

    /// The package Zendesk's administrators upload.
    pub fn zip(&self) -> PathBuf {
        self.target.join(format!("package/cxconnect-{}.zip", self.version))
    }

    /// `path` as a reader of the messages knows it: relative to the clone when it is inside.
    pub fn display<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// The cargo that started us, so that nested calls use the same toolchain.
pub fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// Where cargo keeps the crates it fetched.
pub fn cargo_home() -> Result<PathBuf> {
    let set = env::var_os("CARGO_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || env::home_dir().map(|home| home.join(".cargo"));
    set.or_else(home).context("no home folder: set CARGO_HOME")
}

fn cache_folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("CXCONNECT_CACHE") {
        return std::path::absolute(&folder).context("CXCONNECT_CACHE is not a path");
    }
    if let Some(folder) = set("XDG_CACHE_HOME") {
        return Ok(folder.join("cxconnect"));
    }
    let home = env::home_dir().context("no home folder: set CXCONNECT_CACHE to a folder for the tools")?;
    Ok(home.join(".cache/cxconnect"))
}
