//! Looking at the page and using it, as far as any page is concerned.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::{By, TypingData};

use crate::desk::Desk;
use crate::wait::{PATIENCE, until, within};

impl Desk {
    /// What a script returns, in the present frame.
    pub async fn js<T: DeserializeOwned>(&self, script: &str, arguments: &[Value]) -> Result<T> {
        let returned = self.browser.driver.execute(script, arguments.to_vec()).await?;
        returned.convert().with_context(|| format!("{script} returned {}", returned.json()))
    }

    /// What a script gives to the function that is its last argument, in the present frame.
    pub async fn js_async<T: DeserializeOwned>(&self, script: &str, arguments: &[Value]) -> Result<T> {
        let given = self.browser.driver.execute_async(script, arguments.to_vec()).await?;
        given.convert().with_context(|| format!("{script} gave {}", given.json()))
    }

    /// The texts of all elements that match, whitespace collapsed.
    pub async fn texts(&self, css: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .map((it) => it.textContent.replace(/\\s+/g, ' ').trim())";
        self.js(script, &[json!(css)]).await
    }

    /// The text of the one element that matches.
    pub async fn text(&self, css: &str) -> Result<String> {
        let texts = self.texts(css).await?;
        ensure!(texts.len() == 1, "{} elements match {css}: {texts:?}", texts.len());
        Ok(texts.concat())
    }

    /// How many elements match.
    pub async fn count(&self, css: &str) -> Result<usize> {
        self.js("return document.querySelectorAll(arguments[0]).length", &[json!(css)]).await
    }

    /// An attribute of the first element that matches.
    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        self.js(script, &[json!(css), json!(name)]).await
    }

    /// Waits until something matches.
    pub async fn wait_for(&self, css: &str) -> Result<()> {
        until(css, async || Ok((0 < self.count(css).await?).then_some(()))).await
    }

    /// Waits until the one element that matches has this text.
    pub async fn wait_for_text(&self, css: &str, text: &str) -> Result<()> {
        let mut last = String::new();
        until(format!("{css} to say {text:?}"), async || {
            last = self.text(css).await?;
            Ok((last == text).then_some(()))
        })
        .await
        .with_context(|| format!("at last it said {last:?}"))
    }

    /// All that can be seen in the present frame, whitespace collapsed.
    pub async fn visible_text(&self) -> Result<String> {
        self.js("return document.body.innerText.replace(/\\s+/g, ' ')", &[]).await
    }

    /// Waits until all of these can be seen.
    pub async fn see(&self, texts: &[&str]) -> Result<()> {
        self.see_within(PATIENCE, texts).await
    }

    /// [`Desk::see`] with another deadline.
    pub async fn see_within(&self, limit: Duration, texts: &[&str]) -> Result<()> {
        let mut missing = Vec::new();
        within(limit, "a text to be seen", async || {
            let visible = self.visible_text().await?;
            missing = texts.iter().filter(|text| !visible.contains(**text)).copied().collect();
            Ok(missing.is_empty().then_some(()))
        })
        .await
        .with_context(|| format!("not to be seen: {missing:?}"))
    }

    /// Clicks the first element that matches, as soon as it can be clicked.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.click_by(By::Css(css), css).await
    }

    /// Clicks the first element that matches, if there is one, in one step: for buttons that may turn into others.
    pub async fn click_now(&self, css: &str) -> Result<bool> {
        let script = "const it = document.querySelector(arguments[0]); it?.click(); return it !== null";
        self.js(script, &[json!(css)]).await
    }

    /// Clicks the first button with this text.
    pub async fn press(&self, button: &str) -> Result<()> {
        let path = format!("//button[normalize-space(.)='{button}']");
        self.click_by(By::XPath(path), button).await
    }

    /// Clicks what `by` finds; `what` is for the failure's message.
    pub async fn click_by(&self, by: By, what: &str) -> Result<()> {
        until(format!("{what} to be clicked"), async || {
            let element = self.browser.driver.find(by.clone()).await?;
            if !element.is_enabled().await? {
                return Ok(None);
            }
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Whether the first element that matches is disabled.
    pub async fn is_disabled(&self, css: &str) -> Result<bool> {
        Ok(self.attribute(css, "disabled").await?.is_some())
    }

    /// Types into the first element that matches.
    pub async fn type_into(&self, css: &str, text: &str) -> Result<()> {
        let element = self.browser.driver.find(By::Css(css)).await?;
        element.send_keys(text).await?;
        Ok(())
    }

    /// Presses keys wherever the focus is.
    pub async fn keys(&self, keys: impl Into<TypingData>) -> Result<()> {
        self.browser.driver.action_chain().send_keys(keys).perform().await?;
        Ok(())
    }

    /// Goes out to Zendesk's page.
    pub async fn leave_frame(&self) -> Result<()> {
        self.browser.driver.enter_default_frame().await?;
        Ok(())
    }
}
