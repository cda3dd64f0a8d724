//! A relay's process with the fake SunCo behind it, for the relay's own tests and bench.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};
use cxconnect_sandbox::relay::{Relay, RelayConfig, account};
use cxconnect_sandbox::sunco::Sunco;
use cxconnect_sandbox::{Config, Sandbox};
use serde_json::{Value, json};

use crate::desk::SALES;
use crate::wire::{Answer, Wire};

/// What follows the account's name in the relay tokens here.
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// The process, and what it talks to.
#[derive(Debug)]
pub struct RelayDesk {
    /// The fake SunCo, among other things.
    pub sandbox: Sandbox,
    /// The process.
    pub relay: Relay,
    folder: PathBuf,
}

impl RelayDesk {
    /// With two accounts, `acme` and `beta`, on data of its own.
    pub async fn start(name: &str) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let place = |name: &str| {
            env::var_os(name)
                .map(PathBuf::from)
                .with_context(|| format!("{name} is not set: run `cargo xtask test relay`"))
        };
        // Nobody opens the app here: its sources have a manifest, too, and no script is served.
        let mut config = Config::new(root.clone(), root.join("manifest.json"));
        config.proxy_timeout = Duration::from_secs(5);
        let sandbox = cxconnect_sandbox::start(config).await?;
        let folder = env::temp_dir().join(format!("cxconnect-relay-{name}-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let credentials = sandbox.sunco().credentials();
        let accounts = json!({
            "acme": account("acme", TOKEN, credentials, SALES), "beta": account("beta", TOKEN, credentials, SALES),
        });
        let sunco_port = port_of(&sandbox.sunco_url())?;
        let (workerd, dist) = (place("CXCONNECT_WORKERD")?, place("CXCONNECT_RELAY")?);
        let relay = Relay::start(RelayConfig { workerd, dist, data: folder.clone(), sunco_port, accounts })?;
        Ok(Self { sandbox, relay, folder })
    }

    /// The fake SunCo.
    pub fn sunco(&self) -> &Sunco {
        self.sandbox.sunco()
    }

    /// A connection to the process.
    pub fn wire(&self) -> Wire {
        Wire::new(port_of(&self.relay.url()).unwrap_or_default())
    }

    /// A call of the app.
    pub async fn admin(&self, account: &str, method: &str, path: &str, body: &Value) -> Result<Answer> {
        let token = format!("Bearer cxr_{account}_{TOKEN}");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        self.wire().call(method, path, &headers, body.as_bytes()).await
    }

    /// The same, which has to go well.
    pub async fn ask(&self, account: &str, method: &str, path: &str, body: &Value) -> Result<Value> {
        let answer = self.admin(account, method, path, body).await?;
        ensure!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.body);
        Ok(answer.json())
    }

    /// Lets an account send as fast as may be, and makes a webhook of a template; its secret.
    pub async fn webhook(&self, account: &str, template: &str, language: &str) -> Result<String> {
        let settings = json!({ "allotment": { "messages": 10_000_000 }, "rate_per_second": 80,
            "webhook_rate_per_minute": 60_000, "queue_limit": 1_000_000 });
        self.ask(account, "PATCH", "/v1/settings", &settings).await?;
        let body = json!({ "template": template, "language": language });
        let made = self.ask(account, "POST", "/v1/webhooks", &body).await?;
        Ok(made["webhook"]["secret"].as_str().context("no secret")?.to_owned())
    }

    /// Registers the account's webhook with SunCo; the path and the key that it is called by.
    pub async fn set_up(&self, account: &str) -> Result<(String, String)> {
        self.ask(account, "POST", "/v1/setup", &json!({ "url": self.relay.url() })).await?;
        let hooks = self.sunco().webhook_targets();
        let base = format!("{}/sunco/{account}/", self.relay.url());
        let (target, key) =
            hooks.into_iter().find(|(target, _)| target.starts_with(&base)).context("no webhook")?;
        Ok((target.trim_start_matches(&self.relay.url()).to_owned(), key))
    }

    /// All events of the feed, which must have no gaps.
    pub async fn events(&self, account: &str) -> Result<Vec<Value>> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let path = format!("/v1/events?after={}&limit=1000", all.len());
            let page = self.ask(account, "GET", &path, &Value::Null).await?;
            all.extend(page["events"].as_array().context("no events")?.iter().cloned());
            for (idx, event) in all.iter().enumerate().rev().take(1) {
                ensure!(event["seq"] == idx + 1, "a gap before {event}");
            }
            if page["more"] == false {
                return Ok(all);
            }
        }
    }

    /// Waits until nothing waits in the queue.
    pub async fn drained(&self, account: &str, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        loop {
            let status = self.ask(account, "GET", "/v1/status", &Value::Null).await?;
            if status["queue"]["waiting"] == 0 {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the queue doesn't drain: {status}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What the process has said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("workerd.log")).unwrap_or_default()
    }

    /// Ends both, and removes the data.
    pub async fn finish(mut self) -> Result<()> {
        self.relay.kill()?;
        self.sandbox.stop().await;
        Ok(fs::remove_dir_all(&self.folder)?)
    }
}

fn port_of(url: &str) -> Result<u16> {
    Ok(url.rsplit(':').next().unwrap_or_default().parse()?)
}
