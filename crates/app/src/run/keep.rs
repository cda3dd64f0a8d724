//! From a plan to a batch that is kept: frozen in slices, so that the page stays alive.

use cxconnect_core::{
    frozen::{About, Freezer, Frozen, Kind},
    plan::Batch,
};

use crate::{
    run::kept::Breath,
    shell::{
        journal::{self, Journal, KeepError},
        locks::{self, Lock},
    },
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
    let mut frozen = frozen(about, batch, why_left_out, &mut proceed).await;
    if let Some(digest) = digest(&frozen).await {
        frozen.set_digest(digest);
    }
    frozen
}

/// The hash of a batch's content before it is frozen for good; none if the browser makes none.
pub(super) async fn digest_of(batch: &Batch) -> Option<String> {
    let about = About {
        id: batch.id().clone(),
        kind: Kind::Many,
        template: batch.template().clone(),
        sender: String::new(),
        sender_name: String::new(),
        file_name: String::new(),
        agent: String::new(),
        created: 0,
    };
    digest(&frozen(about, batch.clone(), &|_| String::new(), &mut |_, _| ()).await).await
}

async fn frozen(
    about: About,
    batch: Batch,
    why_left_out: &dyn Fn(usize) -> String,
    proceed: &mut dyn FnMut(usize, usize),
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
    freezer.finish()
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

/// Why a batch was not made ready to be sent. Nothing of it has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The browser doesn't keep it, and has nothing of it.
    #[error(transparent)]
    NotKept(#[from] KeepError),
    /// The browser may have kept it all the same, so that it must not be sent in another way.
    #[error("the batch may be kept, and may not")]
    Stranded,
    /// This page can't have it for itself.
    #[error("the browser doesn't reserve the batch for this page")]
    NotReserved,
    /// It can't be made of what there is.
    #[error("the batch can't be made")]
    Damaged,
}

/// A batch that is being kept. This page owns it before it exists: no other can come in between.
pub struct Keeper {
    journal: Journal,
    lock: Lock,
}

impl Keeper {
    /// Reserves a batch for this page.
    pub async fn reserve(journal: Journal, frozen: &Frozen) -> Result<Self, StartError> {
        let lock = locks::take(frozen.id().as_str()).await.ok_or(StartError::NotReserved)?;
        Ok(Self { journal, lock })
    }

    /// Keeps its rows. Without [`Keeper::commit`] they are forgotten after a while, as if they had never been.
    pub async fn stow(
        &self,
        frozen: &Frozen,
        mut proceed: impl FnMut(usize, usize),
    ) -> Result<(), KeepError> {
        let id = frozen.id().as_str();
        self.journal.begin(id, frozen.head().about.created).await?;
        let n_chunks = frozen.chunks().len();
        for (place, chunks) in frozen.chunks().chunks(CHUNKS_AT_ONCE).enumerate() {
            self.journal.chunks(id, place * CHUNKS_AT_ONCE, chunks.iter().map(AsRef::as_ref)).await?;
            proceed(place * CHUNKS_AT_ONCE, n_chunks);
        }
        Ok(())
    }

    /// Keeps its head: from now on the batch exists.
    pub async fn commit(&self, frozen: &Frozen) -> Result<(), KeepError> {
        let (id, created) = (frozen.id().as_str(), frozen.head().about.created);
        self.journal.commit(id, created, &frozen.head_text()).await
    }

    /// It is not to be sent. What can't be forgotten now is as if it had never been, unless it was committed.
    pub async fn forget(self, frozen: &Frozen) -> Result<(), KeepError> {
        self.journal.remove(&[frozen.id().to_string()]).await
    }

    /// The journal, and what makes this page its owner.
    pub fn into_parts(self) -> (Journal, Lock) {
        (self.journal, self.lock)
    }
}

/// Keeps a frozen batch for this page to send: when this returns, the browser has all of it. Otherwise it has nothing.
pub async fn keep(
    journal: Journal,
    frozen: &Frozen,
    proceed: impl FnMut(usize, usize),
) -> Result<Keeper, StartError> {
    let keeper = Keeper::reserve(journal, frozen).await?;
    if let Err(error) = keeper.stow(frozen, proceed).await {
        // Without its head it is forgotten by and by.
        let _ = keeper.forget(frozen).await;
        return Err(error.into());
    }
    if let Err(error) = keeper.commit(frozen).await {
        // It may be there although this page was told that it isn't.
        keeper.forget(frozen).await.map_err(|_| StartError::Stranded)?;
        return Err(error.into());
    }
    Ok(keeper)
}
