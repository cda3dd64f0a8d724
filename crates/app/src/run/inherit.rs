//! Takes a batch over that another computer began and left.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use cxconnect_core::{
    dispatch::UnixMillis,
    frozen::{Frozen, Head, Thaw},
    journal::encode,
    ledger::{self, BatchRecord, Budget, Claims, Holder, ITEMS_PER_JOB, MessageRecord},
    plan::BatchId,
};
use cxconnect_ledger::{LedgerError, PlanPart};

use crate::{
    backend::Backend,
    run::{Breath, Keeper, OpenError, RunRef, StartError},
    shell::{
        clock,
        journal::{self, KeepError},
    },
};

/// Chunks of the plan that are fetched at once: each may have 30 kB and more.
const CHUNKS_AT_ONCE: usize = 20;
/// Entries in one write of the journal.
const ENTRIES_AT_ONCE: usize = 400;
/// Chunks that are read between two looks at the clock.
const CHUNKS_A_SLICE: usize = 4;

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

/// Takes a batch over: from now on this browser keeps it and may go on with what was never claimed. `proceed` hears how many
/// of its parts are here.
pub async fn inherit(
    backend: &Rc<Backend>,
    id: &BatchId,
    proceed: impl FnMut(usize, usize),
) -> Result<RunRef, InheritError> {
    let journal = backend.journal().await?;
    if journal.list().await?.iter().any(|kept| kept.id == id.as_str()) {
        return Err(InheritError::Here);
    }
    let budget = Budget::new(backend.settings.ledger_budget);
    let mut fetch = Fetch { backend, id, budget, proceed, n_done: 0, n_all: 1 };
    let record = fetch.record().await?;
    check(&record)?;
    let frozen = fetch.plan().await?;
    let claims = fetch.claims(&frozen).await?;
    let records = fetch.messages(&frozen, &claims).await?;
    let entries = ledger::inherited(&frozen, &claims, &records);

    // Said before it is kept here: of two who have it, the one that the record names goes on.
    let holder = Holder { name: journal.browser().await?, seen: clock::time() };
    fetch.turn().await;
    backend.ledger.save_batch(&BatchRecord { holder: Some(holder), ..record }).await?;
    let keeper = Keeper::reserve(journal.clone(), &frozen).await?;
    let kept = async {
        keeper.stow(&frozen, |_, _| ()).await?;
        for (write, entries) in (0..).zip(entries.chunks(ENTRIES_AT_ONCE)) {
            journal.append(id.as_str(), write, &encode(entries)).await?;
        }
        keeper.commit(&frozen).await
    };
    if let Err(error) = kept.await {
        keeper.forget(&frozen).await.map_err(|_| StartError::Stranded)?;
        return Err(error.into());
    }
    // Whoever opens it takes it for itself again.
    drop(keeper);
    let run = RunRef::open(Rc::clone(backend), journal, id.as_str(), &frozen.head_text()).await?;
    run.take().await;
    Ok(run)
}

fn check(record: &BatchRecord) -> Result<(), InheritError> {
    if record.is_over() {
        return Err(InheritError::Over);
    }
    match &record.holder {
        Some(holder) if !record.is_abandoned(clock::time()) => Err(InheritError::Alive { seen: holder.seen }),
        _ => Ok(()),
    }
}

/// Requests, no more of them a minute than the ledger may make.
struct Fetch<'b, P> {
    backend: &'b Rc<Backend>,
    id: &'b BatchId,
    budget: Budget,
    proceed: P,
    n_done: usize,
    n_all: usize,
}

impl<P: FnMut(usize, usize)> Fetch<'_, P> {
    async fn turn(&mut self) {
        while let Err(at) = self.budget.take(clock::now()) {
            clock::until(at).await;
        }
    }

    fn done(&mut self) {
        self.n_done += 1;
        (self.proceed)(self.n_done, self.n_all.max(self.n_done));
    }

    async fn record(&mut self) -> Result<BatchRecord, InheritError> {
        self.turn().await;
        let record = self.backend.ledger.batch(self.id).await?;
        record.map(|(record, _)| record).ok_or(InheritError::Over)
    }

    async fn parts(&mut self, chunks: &[Option<usize>]) -> Result<Vec<PlanPart>, InheritError> {
        self.turn().await;
        let parts = self.backend.ledger.plan(self.id, chunks).await?;
        if parts.len() < chunks.len() {
            return Err(InheritError::Incomplete);
        }
        Ok(parts)
    }

    async fn plan(&mut self) -> Result<Frozen, InheritError> {
        let parts = self.parts(&[None]).await?;
        let head = unpack(parts.first()).await?;
        let n_chunks = Head::from_json(&head).map_err(|_| InheritError::Damaged)?.n_chunks();
        // Each chunk's share of the plan, of its claims, and its messages.
        self.n_all = 2 * n_chunks.div_ceil(CHUNKS_AT_ONCE) + n_chunks;
        let places: Vec<Option<usize>> = (0..n_chunks).map(Some).collect();
        let mut chunks = Vec::with_capacity(n_chunks);
        for places in places.chunks(CHUNKS_AT_ONCE) {
            for part in self.parts(places).await? {
                chunks.push(Arc::from(unpack(Some(&part)).await?));
            }
            self.done();
        }
        let damaged = |_| InheritError::Damaged;
        let mut thaw = Thaw::new(&head, chunks).map_err(damaged)?;
        let mut breath = Breath::new();
        while !thaw.step(CHUNKS_A_SLICE).map_err(damaged)? {
            breath.take().await;
        }
        let frozen = thaw.finish().map_err(damaged)?;
        // What is sent is what was asked for.
        if frozen.id() == self.id { Ok(frozen) } else { Err(InheritError::Damaged) }
    }

    async fn claims(&mut self, frozen: &Frozen) -> Result<Claims, InheritError> {
        let mut claims = BTreeMap::new();
        let places: Vec<usize> = (0..frozen.chunks().len()).collect();
        for places in places.chunks(ITEMS_PER_JOB) {
            self.turn().await;
            let found = self.backend.ledger.claims(self.id, places.iter().copied()).await?;
            claims.extend(found.into_iter().map(|(chunk, claim)| (chunk, claim.at)));
            self.done();
        }
        Ok(claims)
    }

    async fn messages(
        &mut self,
        frozen: &Frozen,
        claims: &Claims,
    ) -> Result<Vec<MessageRecord>, InheritError> {
        let starts = frozen.message_starts();
        let mut records = Vec::new();
        for &chunk in claims.keys() {
            let Some((&first, &end)) = starts.get(chunk).zip(starts.get(chunk + 1)) else { continue };
            let rows: Vec<_> =
                (first..end).filter_map(|it| frozen.message(it)).map(|message| message.row).collect();
            if rows.is_empty() {
                continue;
            }
            self.turn().await;
            records.extend(self.backend.ledger.messages(self.id, rows).await?);
            self.done();
        }
        Ok(records)
    }
}

async fn unpack(part: Option<&PlanPart>) -> Result<String, InheritError> {
    let body = &part.ok_or(InheritError::Incomplete)?.body;
    journal::unpack(body).await.ok_or(InheritError::Damaged)
}
