//! The steps of a send, as an agent does them.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Result, anyhow};
use serde::Deserialize;
use serde_json::json;
use thirtyfour::By;

use crate::desk::Desk;
use crate::wait::{until, within};

/// A batch may have to wait for several calls of 30 seconds.
const BATCH_PATIENCE: Duration = Duration::from_secs(90);

/// What the app says of one row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ResultRow {
    /// The spreadsheet's row.
    pub row: String,
    /// The file's line.
    pub line: String,
    /// The number, as it was sent to.
    pub phone: String,
    /// The state's stable name.
    pub state: String,
    /// The state in the agent's language.
    pub label: String,
    /// The id, or the reason.
    pub detail: String,
}

/// The figures above the results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Enviados.
    pub accepted: usize,
    /// Con error.
    pub refused: usize,
    /// Resultado desconocido.
    pub unknown: usize,
    /// No enviados.
    pub not_sent: usize,
    /// Por enviar.
    pub waiting: usize,
}

impl Desk {
    /// Chooses a template by name and language.
    pub async fn choose_template(&self, name: &str, language: &str) -> Result<()> {
        let has = |class: &str, text: &str| {
            format!("[.//span[contains(@class, '{class}') and normalize-space(.)='{text}']]")
        };
        let path = format!(
            "//label[contains(@class, 'template')]{}{}",
            has("template-name", name),
            has("tag", language)
        );
        self.click_by(By::XPath(path), name).await?;
        self.wait_for(".bubble").await
    }

    /// The names in the list of templates.
    pub async fn template_names(&self) -> Result<Vec<String>> {
        self.texts(".templates .template-name").await
    }

    /// Adds a file with the button.
    pub async fn add_file(&self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.folder().join(name);
        fs::write(&path, content)?;
        let input = self.browser.driver.find(By::Css("#file")).await?;
        input.send_keys(path.to_str().ok_or_else(|| anyhow!("{} is not UTF-8", path.display()))?).await?;
        self.wait_for_text(".dropzone .file-name", name).await
    }

    /// Drags a file from somewhere else onto the place for it.
    pub async fn drop_file(&self, name: &str, content: &str) -> Result<()> {
        let script = "const [name, content] = arguments;
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([content], name));
            const zone = document.querySelector('.dropzone');
            for (const type of ['dragenter', 'dragover', 'drop']) {
              zone.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
            }";
        self.js::<()>(script, &[json!(name), json!(content)]).await?;
        self.wait_for_text(".dropzone .file-name", name).await
    }

    /// Procesar.
    pub async fn process(&self) -> Result<()> {
        self.click("#process").await
    }

    /// From an open app to the confirmation, with the seed's template `recordatorio_cita`.
    pub async fn prepare(&self, file: &[u8]) -> Result<()> {
        self.choose_template("recordatorio_cita", "es_MX").await?;
        self.add_file("destinatarios.csv", file).await?;
        self.process().await?;
        self.wait_for("#confirm-title").await
    }

    /// Through the confirmation, message by message: each one's number, and its text as it will be received.
    pub async fn walk(&self) -> Result<Vec<(String, String)>> {
        self.wait_for("#confirm-title").await?;
        let mut messages = Vec::new();
        loop {
            let phone = self.text("#confirm-phone").await?;
            messages.push((phone.clone(), self.text(".bubble-body").await?));
            if self.is_disabled("#confirm-next").await? {
                return Ok(messages);
            }
            self.click("#confirm-next").await?;
            until("the next message", async || {
                Ok((self.text("#confirm-phone").await? != phone).then_some(()))
            })
            .await?;
        }
    }

    /// Continuar, and to the end of the sending; gives its title.
    pub async fn go_on(&self) -> Result<String> {
        self.click("#confirm-continue").await?;
        self.ended().await
    }

    /// From an open app to the sending.
    pub async fn send(&self, file: &[u8]) -> Result<()> {
        self.prepare(file).await?;
        self.click("#confirm-continue").await?;
        self.wait_for("#run-title").await
    }

    /// Cancels what is left of the sending, which is asked about.
    pub async fn cancel(&self) -> Result<()> {
        self.click("#run-cancel").await?;
        self.click("#run-controls + .ask .ask-yes").await
    }

    /// Waits until the sending is over, and gives its title.
    pub async fn ended(&self) -> Result<String> {
        within(BATCH_PATIENCE, "the sending to end", async || {
            let is_over = 0 < self.count("#run-new").await?;
            if is_over { Ok(Some(self.text("#run-title").await?)) } else { Ok(None) }
        })
        .await
    }

    /// The figures as they are now.
    pub async fn figures(&self) -> Result<Figures> {
        let script = "return Object.fromEntries([...document.querySelectorAll('.figure[id]')].map(
            (it) => [it.id.replace('run-', ''), Number(it.querySelector('dd').textContent.replaceAll('.', ''))]))";
        let figures: BTreeMap<String, usize> = self.js(script, &[]).await?;
        let figure = |name: &str| figures.get(name).copied().ok_or_else(|| anyhow!("no figure {name}"));
        Ok(Figures {
            accepted: figure("accepted")?,
            refused: figure("refused")?,
            unknown: figure("unknown")?,
            not_sent: figure("not_sent")?,
            waiting: figure("waiting")?,
        })
    }

    /// Waits until the figures are as `is_reached` wants them.
    pub async fn wait_for_figures(&self, is_reached: impl Fn(&Figures) -> bool) -> Result<Figures> {
        until("the figures", async || Ok(Some(self.figures().await?).filter(&is_reached))).await
    }

    /// The rows of the results that are drawn.
    pub async fn results(&self) -> Result<Vec<ResultRow>> {
        let script = "return [...document.querySelectorAll('.rows-results .rows-row')].map((it) => {
            // What can be done with a row stands beside its detail.
            const [row, line, phone, label, detail] = [...it.querySelectorAll('[role=cell]')].map(
              (cell) => (cell.querySelector('.cell') ?? cell).textContent.trim());
            return { row, line, phone, label, detail, state: it.querySelector('[data-state]').dataset.state };
          })";
        self.js(script, &[]).await
    }

    /// The drawn result of one number.
    pub async fn result_of(&self, phone: &str) -> Result<ResultRow> {
        let rows = self.results().await?;
        let found = rows.iter().find(|row| row.phone.trim_start_matches('+') == phone);
        found.cloned().ok_or_else(|| anyhow!("no row for {phone} in {rows:?}"))
    }
}
