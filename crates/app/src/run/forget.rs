//! One number among the batches that this browser keeps.

use cxconnect_core::{
    frozen::{Frozen, Head},
    phone::{self, Country, E164},
};

use crate::{
    run::kept::{Breath, DAY_MS, OpenError, Summary, thaw},
    shell::{
        clock,
        journal::{Journal, KeepError, Kept},
    },
};

/// Rows between two looks at the clock.
const ROWS_AT_ONCE: usize = 64;

/// Where a number was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Batches that have ended and can be forgotten, by their ids.
    pub ended: Vec<String>,
    /// Batches of the last 24 hours that have ended: what was sent in them counts for Meta's limit.
    pub recent: Vec<(String, Summary)>,
    /// Batches that have not ended.
    pub n_open: usize,
    /// Batches of which nobody knows, since they can't be read.
    pub n_unreadable: usize,
}

/// Looks for a number in all batches, among those who got a message and in the rows that were left out.
pub async fn traces(
    journal: &Journal,
    number: &E164,
    default: Option<&Country>,
) -> Result<Traces, KeepError> {
    let mut traces = Traces::default();
    for kept in journal.list().await? {
        match has_number(journal, &kept, number, default).await {
            Ok(false) => {}
            Ok(true) => note(&mut traces, kept),
            Err(OpenError::Keep(error)) => return Err(error),
            Err(OpenError::Damaged) => traces.n_unreadable += 1,
        }
    }
    Ok(traces)
}

/// Forgets a number where that can be done. What is left counts as recorded: nothing of it is written to the team's record once
/// more, where the number has just been removed.
pub async fn forget(journal: &Journal, traces: &Traces) -> Result<(), KeepError> {
    for (id, summary) in &traces.recent {
        let recorded = Summary { is_recorded: true, ..*summary };
        journal.summarize(id, &recorded.to_text()).await?;
    }
    if traces.ended.is_empty() { Ok(()) } else { journal.remove(&traces.ended).await }
}

fn note(traces: &mut Traces, kept: Kept) {
    let noted = kept.summary.as_deref().and_then(Summary::parse);
    let ended = noted.filter(|summary| summary.n_writes == kept.n_writes);
    let created = Head::from_json(&kept.head).map(|head| head.about.created).unwrap_or_default();
    match ended {
        None => traces.n_open += 1,
        Some(summary) if clock::time() < created.saturating_add(DAY_MS) => {
            traces.recent.push((kept.id, summary));
        }
        Some(_) => traces.ended.push(kept.id),
    }
}

async fn has_number(
    journal: &Journal,
    kept: &Kept,
    number: &E164,
    default: Option<&Country>,
) -> Result<bool, OpenError> {
    let frozen = thaw(journal, &kept.id, &kept.head).await?;
    if frozen.recipients().contains(number) {
        return Ok(true);
    }
    let mut breath = Breath::new();
    for row in 0..frozen.n_rows() {
        if row % ROWS_AT_ONCE == 0 {
            breath.take().await;
        }
        if is_in_row(&frozen, row, number, default) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_in_row(frozen: &Frozen, row: usize, number: &E164, default: Option<&Country>) -> bool {
    let Some(row) = frozen.row(row) else { return false };
    row.cells().any(|cell| {
        phone::looks_like_number(&cell) && phone::read(&cell, default).is_ok_and(|it| it.number == *number)
    })
}
