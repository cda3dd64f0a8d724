//! LibreOffice, which opens the workbooks that the app writes, as a customer's would.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::browser::{is_debian, is_root};
use super::on_path;
use crate::command;

const HELP: &str = "The tests need LibreOffice Calc. Debian: `apt-get install libreoffice-calc-nogui`. \
    Elsewhere: install LibreOffice and put soffice on PATH, or name it in the variable SOFFICE.";

/// Finds it, or installs it where that is ours to do.
pub fn ensure() -> Result<PathBuf> {
    if find().is_none() && is_debian() && is_root() {
        eprintln!("Installing LibreOffice Calc by apt-get, once, about 1 minute …");
        command::run_aside(Command::new("apt-get").args(["update", "--quiet"]))?;
        command::run_aside(
            Command::new("apt-get")
                .args(["install", "--yes", "--quiet", "--no-install-recommends", "libreoffice-calc-nogui"])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    find().with_context(|| format!("LibreOffice is missing. {HELP}"))
}

fn find() -> Option<PathBuf> {
    let named = env::var_os("SOFFICE").map(PathBuf::from).filter(|path| path.is_file());
    named.or_else(|| on_path("soffice"))
}
