//! Batches that the browser keeps: as they are listed when the app is opened, as they are exported, and whether that is
//! what WhatsApp saw.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use cxconnect_sandbox::Sandbox;
use serde::Deserialize;

use crate::desk::Desk;
use crate::wait::{until, within};

/// A batch that has not ended, as the list says it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Kept {
    /// Enviados.
    pub accepted: usize,
    /// Con error.
    pub refused: usize,
    /// Resultado desconocido.
    pub unknown: usize,
    /// Por enviar.
    pub waiting: usize,
}

impl Kept {
    /// All of its messages.
    pub fn total(self) -> usize {
        self.accepted + self.refused + self.unknown + self.waiting
    }
}

/// A row of the exported results.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Exported {
    /// The spreadsheet's row.
    #[serde(rename = "fila")]
    pub row: usize,
    /// The number it was sent to, with its plus.
    #[serde(rename = "teléfono enviado")]
    pub phone: String,
    /// The state in words.
    #[serde(rename = "estado")]
    pub state: String,
    /// Why.
    #[serde(rename = "motivo")]
    pub reason: String,
    /// The notification's id, if it was accepted.
    pub id: String,
    /// When its call left, in words.
    #[serde(rename = "hora de envío")]
    pub sent_at: String,
    /// When its outcome came, in words.
    #[serde(rename = "hora de resultado")]
    pub ended_at: String,
}

/// How many rows are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Colocado.
    pub accepted: usize,
    /// Error.
    pub refused: usize,
    /// Resultado desconocido, or marked by a person.
    pub unknown: usize,
    /// No enviado.
    pub not_sent: usize,
}

impl Desk {
    /// The unfinished batches that the app lists.
    pub async fn kept(&self) -> Result<Vec<Kept>> {
        Ok(self.kept_and_held().await?.into_iter().map(|(_, kept)| kept).collect())
    }

    /// The same, each with whether another page holds it: read at one moment, since that changes.
    async fn kept_and_held(&self) -> Result<Vec<(bool, Kept)>> {
        let script = "return [...document.querySelectorAll('#kept .kept-batch')].map((batch) => [
            batch.dataset.state === 'elsewhere',
            Object.fromEntries([...batch.querySelectorAll('[data-figure]')].map(
              (it) => [it.dataset.figure, Number(it.querySelector('dd').textContent.replaceAll('.', ''))]))])";
        self.js(script, &[]).await
    }

    /// Opens the app and waits for the one unfinished batch that it must show.
    pub async fn open_kept(&self) -> Result<Kept> {
        self.open_app().await?;
        self.the_kept_one().await
    }

    /// Waits for the one unfinished batch, and until the page before has let go of it: while that one holds it, what is under
    /// way isn't in doubt.
    pub async fn the_kept_one(&self) -> Result<Kept> {
        until("the unfinished batch", async || match self.kept_and_held().await?.as_slice() {
            [] | [(true, _)] => Ok(None),
            [(false, kept)] => Ok(Some(*kept)),
            more => Err(anyhow!("{} unfinished batches", more.len())),
        })
        .await
    }

    /// Reanudar, in the list.
    pub async fn resume_kept(&self) -> Result<()> {
        self.click(".kept-resume").await?;
        self.wait_for("#run-title").await
    }

    /// How many pieces of batches' plans the team's record has. Claims stay for good and are none.
    pub fn n_plans(&self) -> Result<usize> {
        let records = self.sandbox.objects().records("cxc_plan")?;
        Ok(records.iter().filter(|record| !record["custom_object_fields"]["body"].is_null()).count())
    }

    /// Waits until WhatsApp has taken so many messages.
    pub async fn wait_for_received(&self, n_messages: usize) -> Result<()> {
        let sunco = self.sandbox.sunco();
        until(format!("{n_messages} messages to be received"), async || {
            Ok((n_messages <= sunco.summary().total).then_some(()))
        })
        .await
    }

    /// Waits until no call is under way any more at the provider, whoever made it.
    pub async fn wait_for_silence(&self) -> Result<()> {
        let sunco = self.sandbox.sunco();
        within(Duration::from_mins(2), "the last call to be answered", async || {
            Ok((sunco.summary().n_in_flight == 0).then_some(()))
        })
        .await
    }

    /// The results of the batch on the screen, as its CSV has them.
    pub async fn exported(&self) -> Result<Vec<Exported>> {
        self.click("#run-download").await?;
        let (_, content) = self.downloaded().await?;
        let text = content.strip_prefix("\u{feff}".as_bytes()).context("no byte-order mark")?;
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text);
        let rows = reader.deserialize().map(|row| {
            let mut row: Exported = row.context("the exported results")?;
            // So that no spreadsheet takes the plus for a formula.
            row.phone = row.phone.trim_start_matches('\'').to_owned();
            Ok(row)
        });
        rows.collect()
    }

    /// The exported results, after making sure that they are what WhatsApp saw: nobody got more than one message; who got
    /// none is not called sent; who got one is called sent, with its id, or in doubt. `n_rows` are all of the batch.
    pub async fn account_for_all(&self, n_rows: usize) -> Result<Tally> {
        self.wait_for_silence().await?;
        let rows = self.exported().await?;
        ensure!(rows.len() == n_rows, "{} rows of {n_rows} in the results", rows.len());
        tally(&self.sandbox, &rows)
    }
}

fn tally(sandbox: &Sandbox, rows: &[Exported]) -> Result<Tally> {
    let summary = sandbox.sunco().summary();
    ensure!(summary.n_repeated == 0, "{} people got more than one message", summary.n_repeated);
    let received = sandbox.sunco().received().into_iter();
    let mut received: BTreeMap<String, String> = received.map(|it| (it.phone, it.notification_id)).collect();
    let mut tally = Tally::default();
    for row in rows {
        let id = received.remove(&row.phone);
        let is_true = match row.state.as_str() {
            "Colocado" => {
                tally.accepted += 1;
                id.is_some_and(|id| id == row.id)
            }
            "Error" => {
                tally.refused += 1;
                id.is_none()
            }
            "No enviado" => {
                tally.not_sent += 1;
                id.is_none()
            }
            "Resultado desconocido" | "Marcado como enviado" => {
                tally.unknown += 1;
                true
            }
            other => return Err(anyhow!("a row that is {other:?} at the end")),
        };
        ensure!(is_true, "WhatsApp saw something else than {row:?}");
    }
    ensure!(received.is_empty(), "received, and in no row: {received:?}");
    Ok(tally)
}
