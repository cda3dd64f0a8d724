//! The chromedriver process, which ends with the tests.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result};

/// What chromedriver prints once it listens; the port follows.
const READY: &str = "started successfully on port ";

/// A running chromedriver on a free port of its own choice. Dropping it ends it.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    /// Starts the one that `CHROMEDRIVER` names, else the one on the path, and waits until it listens.
    pub fn start() -> Result<Self> {
        let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| OsString::from("chromedriver"));
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = process.stdout.take().context("chromedriver has no output")?;
        let mut driver = Self { process, url: String::new() };
        let mut lines = BufReader::new(output).lines();
        let port: u16 = loop {
            let line = lines.next().context("chromedriver ended before it listened")??;
            if let Some((_, port)) = line.split_once(READY) {
                break port.trim_end_matches('.').parse().context(line)?;
            }
        };
        driver.url = format!("http://127.0.0.1:{port}");
        // It must never wait for somebody to read what it prints.
        thread::spawn(move || lines.for_each(drop));
        Ok(driver)
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
