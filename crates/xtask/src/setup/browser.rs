//! Chromium and its driver, for the tests that need a real browser.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{office, on_path, version_text};
use crate::command;

/// What end-to-end tests work with: a browser, the driver of the same version, and an office.
pub struct Browser {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
    /// LibreOffice, which opens what the browser saves.
    pub soffice: PathBuf,
}

const HELP: &str = "The tests need Chromium and chromedriver of the same version. \
    Debian: `apt-get install chromium chromium-driver`. \
    Elsewhere: install both (https://googlechromelabs.github.io/chrome-for-testing/ has pairs) \
    and put them on PATH, or name them in the variables CHROMIUM and CHROMEDRIVER.";

/// Finds the browser, or installs it where that is ours to do.
pub fn ensure() -> Result<Browser> {
    if find().is_none() && is_debian() && is_root() {
        eprintln!("Installing Chromium and its driver by apt-get, once, about 1 minute …");
        command::run_aside(Command::new("apt-get").args(["update", "--quiet"]))?;
        command::run_aside(
            Command::new("apt-get")
                .args([
                    "install",
                    "--yes",
                    "--quiet",
                    "--no-install-recommends",
                    "chromium",
                    "chromium-driver",
                ])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    let Some((chromium, chromedriver)) = find() else { bail!("Chromium or chromedriver is missing. {HELP}") };
    let browser = Browser { chromium, chromedriver, soffice: office::ensure()? };

    let (chromium, chromedriver) = (major(&browser.chromium), major(&browser.chromedriver));
    if chromium.is_none() || chromium != chromedriver {
        let shown = |version: Option<u32>| version.map_or_else(|| "unknown".to_owned(), |it| it.to_string());
        bail!(
            "{} is version {}, but {} is version {}. {HELP}",
            browser.chromium.display(),
            shown(chromium),
            browser.chromedriver.display(),
            shown(chromedriver),
        );
    }
    Ok(browser)
}

fn find() -> Option<(PathBuf, PathBuf)> {
    let named = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    let chromium = named("CHROMIUM").or_else(|| {
        ["chromium", "chromium-browser", "google-chrome", "chrome"].into_iter().find_map(on_path)
    })?;
    let chromedriver = named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    Some((chromium, chromedriver))
}

/// "Chromium 156.0.8078.79 built on Debian" and "ChromeDriver 156.0.8078.79 (…)" are a pair: 156.
fn major(program: &Path) -> Option<u32> {
    first_version(&version_text(program)?)
}

fn first_version(text: &str) -> Option<u32> {
    text.split_whitespace().find_map(|word| {
        let (major, rest) = word.split_once('.')?;
        rest.contains('.').then(|| major.parse().ok())?
    })
}

pub(super) fn is_debian() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

pub(super) fn is_root() -> bool {
    command::output(Command::new("id").arg("-u")).is_ok_and(|uid| uid.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::first_version;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(
            first_version("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)"),
            Some(156)
        );
        assert_eq!(first_version("ChromeDriver 156.0.8078.79 (abc-refs/heads/x@{#12})"), Some(156));
        assert_eq!(first_version("Google Chrome for Testing 155.0.1.2"), Some(155));
        assert_eq!(first_version("no version"), None);
    }
}
