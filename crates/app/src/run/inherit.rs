//! Takes a batch over that another computer began and left.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::UnixMillis,
    frozen::Frozen,
    journal::encode,
    ledger::{self, Claims},
    plan::BatchId,
};
use cxconnect_ledger::LedgerError;

use crate::{
    backend::Backend,
    run::{Keeper, OpenError, RunRef, StartError, fetch::Fetch},
    shell::journal::{Journal, KeepError},
};

/// Entries in one write of the journal.
const ENTRIES_AT_ONCE: usize = 400;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many parts are here.
    Fetching(usize, usize),
    /// It is waited whether somebody else is heard of after all.
    Listening,
}

/// Why a batch can't be taken over. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InheritError {
    /// Zendesk doesn't give what is needed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// This browser doesn't keep it.
    #[error(transparent)]
    Start(#[from] StartError),
    /// This browser has it already.
    #[error("this browser has the batch")]
    Here,
    /// There is nothing left of it to send.
    #[error("the batch is over")]
    Over,
    /// Another computer is sending it, or was just now.
    #[error("another computer was sending the batch at {seen}")]
    Alive {
        /// When it was last heard of.
        seen: UnixMillis,
    },
    /// Its plan isn't there as a whole: it was never kept to the end, or is deleted already.
    #[error("the plan is incomplete")]
    Incomplete,
    /// Its plan can't be read, or another version of the app has made it.
    #[error("the plan can't be read")]
    Damaged,
}

impl From<KeepError> for InheritError {
    fn from(error: KeepError) -> Self {
        Self::Start(error.into())
    }
}

impl From<OpenError> for InheritError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Keep(error) => error.into(),
            OpenError::Damaged => Self::Damaged,
        }
    }
}

/// Takes a batch over that this browser hasn't: from now on it keeps it and may go on with what was never claimed.
pub async fn inherit(
    backend: &Rc<Backend>,
    id: &BatchId,
    proceed: impl FnMut(Progress),
) -> Result<RunRef, InheritError> {
    let journal = backend.journal().await?;
    if journal.list().await?.iter().any(|kept| kept.id == id.as_str()) {
        return Err(InheritError::Here);
    }
    let mut fetch = Fetch::new(backend, id, journal.browser().await?, proceed);
    let heard = fetch.listen().await?;
    let frozen = fetch.plan().await?;
    let keeper = Keeper::reserve(journal.clone(), &frozen).await?;
    if let Err(error) = keeper.stow(&frozen, |_, _| ()).await {
        // Without its head it is forgotten by and by.
        let _ = keeper.forget(&frozen).await;
        return Err(error.into());
    }
    let record = match fetch.take(heard).await {
        Ok(record) => record,
        Err(error) => {
            let _ = keeper.forget(&frozen).await;
            return Err(error);
        }
    };
    // Only now: what is claimed from here on, the claimer finds out that it has lost the batch.
    if let Err(error) = keep_what_is_known(&mut fetch, &journal, &keeper, &frozen).await {
        let is_forgotten = keeper.forget(&frozen).await.is_ok();
        if !is_forgotten {
            return Err(StartError::Stranded.into());
        }
        fetch.give_back(&record).await;
        return Err(error);
    }
    // Whoever opens it takes it for itself again.
    drop(keeper);
    let run = RunRef::open(Rc::clone(backend), journal, id.as_str(), &frozen.head_text(), false).await?;
    run.take().await;
    Ok(run)
}

async fn keep_what_is_known<P: FnMut(Progress)>(
    fetch: &mut Fetch<'_, P>,
    journal: &Journal,
    keeper: &Keeper,
    frozen: &Frozen,
) -> Result<(), InheritError> {
    let claims: Claims =
        fetch.claims(frozen).await?.into_iter().map(|(chunk, claim)| (chunk, claim.at)).collect();
    let records = fetch.messages(frozen, &claims).await?;
    let entries = ledger::inherited(frozen, &claims, &records);
    for (write, entries) in (0..).zip(entries.chunks(ENTRIES_AT_ONCE)) {
        journal.append(frozen.id().as_str(), write, &encode(entries)).await?;
    }
    Ok(keeper.commit(frozen).await?)
}
