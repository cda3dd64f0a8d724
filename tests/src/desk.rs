//! An agent's desk: a sandbox of its own, and a browser in front of it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use cxconnect_sandbox::{Config, Sandbox};
use serde_json::Value;
use thirtyfour::By;

use crate::browser::{Browser, Launch, NetworkLog};
use crate::wait::until;

/// The seed's first WhatsApp number, "Acme Ventas".
pub const SALES: &str = "65a1f0c2e4b0a1d2c3e4f501";
/// The seed's second WhatsApp number, "Acme Soporte".
pub const SUPPORT: &str = "65a1f0c2e4b0a1d2c3e4f502";

/// The app's frame in the navigation bar's place.
pub const NAV_BAR: &str = "iframe[title*='nav_bar']";

/// What a journey works with. The browser's look and its frame are where the journey left them.
#[derive(Debug)]
pub struct Desk {
    /// Zendesk, Sunshine Conversations and WhatsApp, all of them this desk's own.
    pub sandbox: Sandbox,
    /// The agent's browser.
    pub browser: Browser,
    name: String,
    folder: PathBuf,
}

/// The sandbox with the staged app, as `CXCONNECT_APP_DIR` and `CXCONNECT_SDK` say.
pub fn sandbox_config() -> Result<Config> {
    let folder = |name: &str| {
        env::var_os(name).map(PathBuf::from).with_context(|| {
            format!(
                "{name} is not set: run these tests with `cargo xtask test e2e`, which builds what they need"
            )
        })
    };
    Ok(Config::new(folder("CXCONNECT_APP_DIR")?, folder("CXCONNECT_SDK")?))
}

/// Where screenshots, downloads and files to upload go: `target/e2e`.
pub fn results_folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")).join("e2e")
}

impl Desk {
    /// Sets one up for the journey of that name.
    pub async fn start(browser: Browser, name: &str) -> Result<Self> {
        let name = name.replace("::", "-");
        let folder = results_folder().join(&name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        for ending in ["png", "txt"] {
            // What an earlier run saved; as a rule there is nothing.
            let _ = fs::remove_file(results_folder().join(format!("{name}.{ending}")));
        }
        fs::create_dir_all(&folder)?;
        // Chromium takes absolute paths only.
        let folder = folder.canonicalize()?;
        let sandbox = cxconnect_sandbox::start(sandbox_config()?).await?;
        Ok(Self { sandbox, browser, name, folder })
    }

    /// Takes another sandbox, with what `change` does to the usual one.
    pub async fn install(&mut self, change: impl FnOnce(&mut Config)) -> Result<()> {
        let mut config = sandbox_config()?;
        change(&mut config);
        let sandbox = cxconnect_sandbox::start(config).await?;
        std::mem::replace(&mut self.sandbox, sandbox).stop().await;
        Ok(())
    }

    /// Takes a sandbox with a relay beside it, which the app's settings name.
    pub async fn add_relay(&mut self) -> Result<()> {
        let place = |name: &str| {
            env::var_os(name).map(PathBuf::from).with_context(|| {
                format!("{name} is not set: run `cargo xtask test e2e`, which builds the relay")
            })
        };
        let relay = (place("CXCONNECT_RELAY")?, place("CXCONNECT_WORKERD")?);
        self.install(|config| config.relay = Some(relay)).await
    }

    /// Takes a sandbox with another app: a copy of the usual one, in which `change` changes what it likes.
    pub async fn change_app(&mut self, change: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let app = self.folder.join("app");
        copy_folder(&sandbox_config()?.app_dir, &app)?;
        change(&app)?;
        self.install(|config| config.app_dir = app).await
    }

    /// Takes another browser.
    pub async fn take_browser(&mut self, launch: Launch) -> Result<()> {
        let browser = self.browser.another(launch).await?;
        std::mem::replace(&mut self.browser, browser).close().await
    }

    /// Takes another browser, which logs its network.
    pub async fn log_network(&mut self) -> Result<()> {
        self.take_browser(Launch { network_log: NetworkLog::On, ..Launch::default() }).await
    }

    /// Takes another browser, whose profile stays when it ends or is killed.
    pub async fn keep_profile(&mut self) -> Result<()> {
        let profile = Some(self.folder.join("profile"));
        self.take_browser(Launch { profile, ..Launch::default() }).await
    }

    /// Kills the browser in whatever it does, and starts it anew with the profile that is left.
    pub async fn crash_browser(&mut self) -> Result<()> {
        self.browser.kill().await?;
        self.browser = self.browser.another(self.browser.launch.clone()).await?;
        Ok(())
    }

    /// Gives a setting another value; it is read when the page is opened.
    pub fn set(&self, setting: &str, value: impl Into<Value>) -> Result<()> {
        ensure!(self.sandbox.set_setting(setting, value), "the manifest declares no setting {setting}");
        Ok(())
    }

    /// The journey's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A folder of this journey's own, for files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens Zendesk, clicks the app's icon and steps into its frame, in whatever state that is.
    pub async fn open_frame(&self) -> Result<()> {
        self.browser.save_downloads_to(&self.downloads()).await?;
        self.browser.driver.goto(self.sandbox.zendesk_url()).await?;
        self.click("button[data-place=app]").await?;
        self.enter_frame(NAV_BAR).await
    }

    /// Steps from Zendesk's page into one of the app's frames.
    pub async fn enter_frame(&self, css: &str) -> Result<()> {
        until(format!("the frame {css}"), async || {
            let frame = self.browser.driver.find(By::Css(css)).await?;
            frame.enter_frame().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Opens the app and waits until it has drawn itself.
    pub async fn open_app(&self) -> Result<()> {
        self.open_frame().await?;
        self.wait_for("html[data-boot=done]").await
    }

    /// Opens the app and waits for its templates.
    pub async fn open(&self) -> Result<()> {
        self.open_app().await?;
        self.wait_for("#template-search").await
    }

    /// Where downloads arrive.
    pub fn downloads(&self) -> PathBuf {
        self.folder.join("downloads")
    }

    /// The one file that has been downloaded since the last call: its name and content.
    pub async fn downloaded(&self) -> Result<(String, Vec<u8>)> {
        until("a download", async || {
            for entry in fs::read_dir(self.downloads())? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_whole = Path::new(&name).extension().is_some_and(|it| it == "csv" || it == "xlsx");
                if is_whole {
                    let content = fs::read(entry.path())?;
                    // The browser reserves the name first.
                    if content.is_empty() {
                        continue;
                    }
                    fs::remove_file(entry.path())?;
                    return Ok(Some((name, content)));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Saves a screenshot and says where.
    pub async fn save_evidence(&self) -> Result<PathBuf> {
        let folder = results_folder();
        self.browser.save_evidence(&folder, &self.name).await?;
        Ok(folder.join(format!("{}.png", self.name)))
    }

    /// Ends everything but the browser, which the next journey may use, unless it was started in a way of its own.
    pub async fn finish(self) -> Result<Option<Browser>> {
        let left = self.browser.leave().await;
        self.sandbox.stop().await;
        let browser = if self.browser.launch == Launch::default() {
            Some(self.browser)
        } else {
            self.browser.close().await?;
            None
        };
        // Only what a failed journey left is worth keeping.
        fs::remove_dir_all(&self.folder)?;
        left?;
        Ok(browser)
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
