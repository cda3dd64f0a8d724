//! From a plan to a batch that is kept: frozen in slices, so that the page stays alive.

use cxconnect_core::{
    frozen::{About, Freezer, Frozen},
    plan::Batch,
};

use crate::{
    run::kept::Breath,
    shell::journal::{self, Journal, KeepError},
};

/// Rows between two looks at the clock.
const ROWS_AT_ONCE: usize = 64;
/// Messages whose share of the hashed text is made between two looks at the clock.
const MESSAGES_AT_ONCE: usize = 256;
/// Chunks that are kept at once.
const CHUNKS_AT_ONCE: usize = 20;

/// Freezes a batch; `why_left_out` says of a row why it isn't sent. `proceed` hears how many rows are done.
pub async fn freeze(
    about: About,
    batch: Batch,
    why_left_out: &dyn Fn(usize) -> String,
    mut proceed: impl FnMut(usize, usize),
) -> Frozen {
    let mut freezer = Freezer::new(about, batch);
    let mut breath = Breath::new();
    let (n_rows, mut n_done) = (freezer.n_rows(), 0);
    while !freezer.step(ROWS_AT_ONCE, why_left_out) {
        n_done += ROWS_AT_ONCE;
        if breath.take().await {
            proceed(n_done, n_rows);
        }
    }
    let mut frozen = freezer.finish();
    if let Some(digest) = digest(&frozen).await {
        frozen.set_digest(digest);
    }
    frozen
}

/// The hash of a batch's content; none if the browser makes none.
async fn digest(frozen: &Frozen) -> Option<String> {
    let mut text = String::new();
    let mut breath = Breath::new();
    for from in (0..frozen.n_messages()).step_by(MESSAGES_AT_ONCE) {
        text.push_str(&frozen.digest_text(from..from + MESSAGES_AT_ONCE));
        breath.take().await;
    }
    journal::digest(&text).await
}

/// Keeps a frozen batch: when this returns, the browser has all of it.
pub async fn keep(
    journal: &Journal,
    frozen: &Frozen,
    proceed: impl FnMut(usize, usize),
) -> Result<(), KeepError> {
    stow(journal, frozen, proceed).await?;
    commit(journal, frozen).await
}

/// Keeps its rows. Without [`commit`] they are forgotten after a while, as if they had never been.
pub async fn stow(
    journal: &Journal,
    frozen: &Frozen,
    mut proceed: impl FnMut(usize, usize),
) -> Result<(), KeepError> {
    let id = frozen.id().as_str();
    journal.begin(id, frozen.head().about.created).await?;
    let n_chunks = frozen.chunks().len();
    for (place, chunks) in frozen.chunks().chunks(CHUNKS_AT_ONCE).enumerate() {
        journal.chunks(id, place * CHUNKS_AT_ONCE, chunks.iter().map(AsRef::as_ref)).await?;
        proceed(place * CHUNKS_AT_ONCE, n_chunks);
    }
    Ok(())
}

/// Keeps its head: from now on the batch exists.
pub async fn commit(journal: &Journal, frozen: &Frozen) -> Result<(), KeepError> {
    journal.commit(frozen.id().as_str(), frozen.head().about.created, &frozen.head_text()).await
}
