//! A Chromium with a profile of its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};

use crate::processes;
use crate::wait::until;

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

/// What the driver adds of its own accord, so that hidden tabs run as if they were seen.
const KEEPS_HIDDEN_TABS_FAST: [&str; 2] =
    ["disable-background-timer-throttling", "disable-backgrounding-occluded-windows"];

/// Timers of a page that is hidden run once a minute; usually that begins after five minutes.
const ONCE_A_MINUTE: &str = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/0";

/// Gives pages a function `gc`.
const EXPOSES_GC: &str = "--js-flags=--expose-gc";

/// Whether the driver writes down what crosses the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NetworkLog {
    /// As a rule: it takes memory and time.
    #[default]
    Off,
    /// For journeys that read it with [`Browser::log`].
    On,
}

/// What becomes of a page that nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HiddenTabs {
    /// It runs on as before, which is what the driver sees to.
    #[default]
    Fast,
    /// It is slowed down as for people, and at once as much as after a long while.
    Slow,
}

/// Whether pages may keep anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SiteData {
    /// As a rule.
    #[default]
    Allowed,
    /// As somebody has it who blocks all cookies: storage throws.
    Blocked,
}

/// When what nothing refers to any more is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Garbage {
    /// When the browser sees fit, as a rule.
    #[default]
    AsItComes,
    /// Also when a page's `gc()` says so, for who measures what is held.
    OnCommand,
}

/// How a browser is started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Launch {
    /// Whether its network is written down.
    pub network_log: NetworkLog,
    /// Whether it slows down what is hidden.
    pub hidden_tabs: HiddenTabs,
    /// Whether its pages may keep anything.
    pub site_data: SiteData,
    /// Whether its pages may have their garbage collected.
    pub garbage: Garbage,
    /// Where its profile stays when it ends. Otherwise the profile is fresh and goes with it.
    pub profile: Option<PathBuf>,
}

/// A running Chromium.
#[derive(Debug)]
pub struct Browser {
    /// Its driver's handle.
    pub driver: WebDriver,
    /// How it was started.
    pub launch: Launch,
    server: String,
}

impl Browser {
    /// Starts one; `server` is the driver's address.
    pub async fn open(server: &str, launch: Launch) -> Result<Self> {
        let driver = WebDriver::new(server, capabilities(&launch)?).await;
        Ok(Self { driver: driver.context("Chromium does not start")?, launch, server: server.to_owned() })
    }

    /// Starts another one on the same driver.
    pub async fn another(&self, launch: Launch) -> Result<Self> {
        Self::open(&self.server, launch).await
    }

    /// Kills it with all of its processes, whatever they are doing. The handle is of no more use.
    pub async fn kill(&self) -> Result<()> {
        let id = self.driver.capabilities().get("goog:processID").and_then(Value::as_u64);
        let id = id.context("the driver does not say which process the browser is")?;
        let ids = processes::tree(u32::try_from(id)?);
        processes::kill(&ids)?;
        until("the browser's processes to end", async || {
            Ok((!ids.iter().any(|id| processes::is_alive(*id))).then_some(()))
        })
        .await?;
        // The driver forgets it; that there is nothing to end any more is no news.
        let _ = self.driver.clone().quit().await;
        Ok(())
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

fn capabilities(launch: &Launch) -> Result<Capabilities> {
    let shared: Value = serde_json::from_str(SHARED_FLAGS)?;
    let mut flags = shared["goog:chromeOptions"]["args"].as_array().cloned().unwrap_or_default();
    flags.extend(FLAGS.map(Value::from));
    let mut options = json!({"prefs": {"intl.accept_languages": "es-MX,es"}});
    if let Some(profile) = &launch.profile {
        flags.push(Value::from(format!("--user-data-dir={}", profile.display())));
    }
    if launch.hidden_tabs == HiddenTabs::Slow {
        flags.push(Value::from(ONCE_A_MINUTE));
        options["excludeSwitches"] = json!(KEEPS_HIDDEN_TABS_FAST);
    }
    if launch.garbage == Garbage::OnCommand {
        flags.push(Value::from(EXPOSES_GC));
    }
    if launch.site_data == SiteData::Blocked {
        options["prefs"]["profile.default_content_setting_values.cookies"] = json!(2);
    }
    options["args"] = Value::from(flags);
    if let Ok(chromium) = env::var("CHROMIUM") {
        options["binary"] = Value::from(chromium);
    }
    let mut logs = json!({"browser": "ALL"});
    if launch.network_log == NetworkLog::On {
        logs["performance"] = Value::from("ALL");
    }
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", "chrome")?;
    capabilities.set("goog:chromeOptions", options)?;
    capabilities.set("goog:loggingPrefs", logs)?;
    Ok(capabilities)
}
