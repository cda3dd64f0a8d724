//! The relay beside the sandbox: a real workerd, which reaches nothing but the fake SunCo.
//!
//! The sandbox knows of it what its operator knows: where it is built, its account's configuration and its address.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::sunco::auth::Credentials;

/// What it takes to run one.
#[derive(Debug, Clone)]
pub struct RelayConfig {
    /// The program.
    pub workerd: PathBuf,
    /// The folder with `relay.js`, `index_bg.wasm` and `workerd.capnp`.
    pub dist: PathBuf,
    /// Where its data are kept.
    pub data: PathBuf,
    /// The fake SunCo's port.
    pub sunco_port: u16,
    /// The accounts: `ACCOUNTS`.
    pub accounts: Value,
}

/// A running relay. It ends with this value.
#[derive(Debug)]
pub struct Relay {
    config: RelayConfig,
    port: u16,
    child: Child,
}

/// The account's configuration as its operator would write it.
pub fn account(name: &str, token_secret: &str, credentials: &Credentials, integration: &str) -> Value {
    json!({
        "relay_token": format!("cxr_{name}_{token_secret}"), "app_id": credentials.app_id, "key_id": credentials.key_id,
        "secret": credentials.secret, "integration_id": integration,
    })
}

impl Relay {
    /// Starts it on any free port, and waits until it answers.
    pub fn start(config: RelayConfig) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        Self::start_at(config, port)
    }

    /// The same on this port.
    pub fn start_at(config: RelayConfig, port: u16) -> io::Result<Self> {
        let child = launch(&config, port)?;
        let mut relay = Self { config, port, child };
        relay.wait()?;
        Ok(relay)
    }

    /// `http://127.0.0.1:…`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: it can do nothing about it.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(|_| ())
    }

    /// Starts it again at the same address, over the same data.
    pub fn restart(&mut self) -> io::Result<()> {
        self.child = launch(&self.config, self.port)?;
        self.wait()
    }

    fn wait(&mut self) -> io::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.child.try_wait()? {
                return Err(io::Error::other(format!("workerd ended: {status}")));
            }
            if deadline < Instant::now() {
                return Err(io::Error::other("workerd doesn't listen"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}

fn launch(config: &RelayConfig, port: u16) -> io::Result<Child> {
    fs::create_dir_all(config.data.join("sqlite"))?;
    write_config(config)?;
    let log = fs::OpenOptions::new().create(true).append(true).open(config.data.join("workerd.log"))?;
    Command::new(&config.workerd)
        .current_dir(&config.data)
        .args(["serve", "workerd.capnp"])
        .arg(format!("--directory-path=disk={}", config.data.join("sqlite").display()))
        .arg(format!("--socket-addr=http=127.0.0.1:{port}"))
        .env("ACCOUNTS", config.accounts.to_string())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
}

/// The configuration that is deployed, with every call to the outside led to the fake (relay-runtime.md §5.1).
fn write_config(config: &RelayConfig) -> io::Result<()> {
    for file in ["relay.js", "index_bg.wasm"] {
        copy(&config.dist.join(file), &config.data.join(file))?;
    }
    let deployed = fs::read_to_string(config.dist.join("workerd.capnp"))?;
    let fake = format!(
        "services = [\n    (name = \"fake\", external = (address = \"127.0.0.1:{}\", http = ())),",
        config.sunco_port
    );
    let led = deployed.replacen("services = [", &fake, 1).replacen(
        "compatibilityDate =",
        "globalOutbound = \"fake\",\n  compatibilityDate =",
        1,
    );
    fs::write(config.data.join("workerd.capnp"), led)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to).map(|_| ())
}
