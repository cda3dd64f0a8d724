//! A Chromium with a profile of its own.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};

/// The flags that every browser of the project's tests gets.
const SHARED_FLAGS: &str = include_str!("../../crates/zendesk/webdriver.json");

/// Nothing leaves this machine, neither Chromium's own calls nor a page's; the window is a common laptop's; the language
/// is Spanish.
const FLAGS: [&str; 9] = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-search-engine-choice-screen",
    "--accept-lang=es-MX,es",
    "--window-size=1600,1000",
];

/// Whether the driver writes down what crosses the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkLog {
    /// As a rule: it takes memory and time.
    Off,
    /// For journeys that read it with [`Browser::log`].
    On,
}

/// A running Chromium.
#[derive(Debug)]
pub struct Browser {
    /// Its driver's handle.
    pub driver: WebDriver,
    /// Whether it writes a log of its network.
    pub network_log: NetworkLog,
    server: String,
}

impl Browser {
    /// Starts one with a fresh profile; `server` is the driver's address.
    pub async fn open(server: &str, network_log: NetworkLog) -> Result<Self> {
        let shared: Value = serde_json::from_str(SHARED_FLAGS)?;
        let mut flags = shared["goog:chromeOptions"]["args"].as_array().cloned().unwrap_or_default();
        flags.extend(FLAGS.map(Value::from));
        let mut options = json!({"args": flags, "prefs": {"intl.accept_languages": "es-MX,es"}});
        if let Ok(chromium) = env::var("CHROMIUM") {
            options["binary"] = Value::from(chromium);
        }
        let mut logs = json!({"browser": "ALL"});
        if network_log == NetworkLog::On {
            logs["performance"] = Value::from("ALL");
        }
        let mut capabilities = Capabilities::new();
        capabilities.set("browserName", "chrome")?;
        capabilities.set("goog:chromeOptions", options)?;
        capabilities.set("goog:loggingPrefs", logs)?;
        let driver = WebDriver::new(server, capabilities).await.context("Chromium does not start")?;
        Ok(Self { driver, network_log, server: server.to_owned() })
    }

    /// Starts another one on the same driver.
    pub async fn another(&self, network_log: NetworkLog) -> Result<Self> {
        Self::open(&self.server, network_log).await
    }

    /// From now on downloads go into `folder`, without a question.
    pub async fn save_downloads_to(&self, folder: &Path) -> Result<()> {
        self.devtools("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": folder}))
            .await
    }

    /// A command of the `DevTools` protocol, to the page as a whole.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<()> {
        self.driver.cdp().send_raw(command, parameters).await.context(command.to_owned())?;
        Ok(())
    }

    /// What was logged since the last call: `browser` for the console, `performance` for the network.
    pub async fn log(&self, kind: &str) -> Result<Vec<String>> {
        let entries = self.driver.get_log(kind).await?;
        Ok(entries.into_iter().map(|entry| format!("{} {}", entry.level, entry.message)).collect())
    }

    /// Leaves the page, so that nothing of it runs on.
    pub async fn leave(&self) -> Result<()> {
        self.driver.enter_default_frame().await?;
        self.driver.goto("about:blank").await?;
        Ok(())
    }

    /// Saves what is on the screen and in the console as `NAME.png` and `NAME.txt`.
    pub async fn save_evidence(&self, folder: &Path, name: &str) -> Result<()> {
        fs::create_dir_all(folder)?;
        let mut text = String::from("Console:\n");
        for line in self.log("browser").await.unwrap_or_default() {
            text.extend([line.as_str(), "\n"]);
        }
        // In the app's frame, if the journey was there.
        let script = "return [document.body?.innerText, document.querySelector('.boot-detail pre')?.textContent].join('\\n')";
        let page = self.driver.execute(script, Vec::new()).await;
        let page = page.ok().and_then(|page| page.json().as_str().map(str::to_owned)).unwrap_or_default();
        text.extend(["\nPage:\n", &page, "\n"]);
        fs::write(folder.join(format!("{name}.txt")), text)?;
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await?;
        Ok(())
    }

    /// Ends it.
    pub async fn close(self) -> Result<()> {
        self.driver.quit().await?;
        Ok(())
    }
}
