//! What the team's record has of a batch that is to be taken over, asked for no faster than the ledger may be.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use cxconnect_core::{
    dispatch::{Millis, UnixMillis},
    frozen::{Frozen, Head, Thaw},
    ledger::{BatchRecord, Claims, Holder, ITEMS_PER_JOB, MessageRecord, Urgency},
    plan::BatchId,
};
use cxconnect_ledger::{Claim, PlanPart};

use crate::{
    backend::Backend,
    run::{Breath, InheritError, Progress},
    shell::{clock, journal},
};

/// Chunks of the plan that are fetched at once: each may have 30 kB and more.
const CHUNKS_AT_ONCE: usize = 20;
/// Chunks that are read between two looks at the clock.
const CHUNKS_A_SLICE: usize = 4;
/// Whoever has a batch writes its record every 30 seconds. One whose record is the same after this time has nobody, whatever
/// the computers' clocks say.
const SILENCE_MS: Millis = 45_000;
/// No clock is wrong by more than this.
const LONG_AGO_MS: UnixMillis = 60 * 60 * 1000;

/// Requests, no more of them a minute than the ledger may make.
pub(super) struct Fetch<'b, P> {
    backend: &'b Rc<Backend>,
    id: &'b BatchId,
    /// This browser's name.
    ours: String,
    proceed: P,
    n_done: usize,
    n_all: usize,
}

/// The record as it was when somebody began to listen.
pub(super) struct Heard {
    updated: UnixMillis,
    at: Millis,
    /// Nobody else can be alive.
    is_certain: bool,
}

impl<'b, P: FnMut(Progress)> Fetch<'b, P> {
    pub(super) fn new(backend: &'b Rc<Backend>, id: &'b BatchId, ours: String, proceed: P) -> Self {
        Self { backend, id, ours, proceed, n_done: 0, n_all: 1 }
    }

    async fn turn(&self) {
        self.backend.usage.team().turn_for(Urgency::Sending).await;
    }

    fn done(&mut self) {
        self.n_done += 1;
        (self.proceed)(Progress::Fetching(self.n_done, self.n_all.max(self.n_done)));
    }

    async fn record(&mut self) -> Result<(BatchRecord, UnixMillis), InheritError> {
        self.turn().await;
        self.backend.ledger.batch(self.id).await?.ok_or(InheritError::Over)
    }

    fn is_ours(&self, holder: &Holder) -> bool {
        holder.name == self.ours
    }

    /// Whether the batch may be taken over, as far as can be seen at once.
    pub(super) async fn listen(&mut self) -> Result<Heard, InheritError> {
        let (record, updated) = self.record().await?;
        if record.is_over() {
            return Err(InheritError::Over);
        }
        let is_certain = match &record.holder {
            Some(holder) if self.is_ours(holder) => true,
            Some(holder) if !record.is_abandoned(clock::time()) => {
                return Err(InheritError::Alive { seen: holder.seen });
            }
            Some(holder) => holder.seen.max(updated).saturating_add(LONG_AGO_MS) < clock::time(),
            None => true,
        };
        Ok(Heard { updated, at: clock::now(), is_certain })
    }

    /// Makes sure that nobody else has the batch, and says in its record that this browser has it from now on: of two, the one
    /// that the record names goes on. Returns the record as it was.
    pub(super) async fn take(&mut self, heard: Heard) -> Result<BatchRecord, InheritError> {
        if !heard.is_certain {
            (self.proceed)(Progress::Listening);
            clock::until(heard.at.saturating_add(SILENCE_MS)).await;
        }
        let (record, updated) = self.record().await?;
        if record.is_over() {
            return Err(InheritError::Over);
        }
        if let Some(holder) = record.holder.as_ref().filter(|holder| !self.is_ours(holder))
            && updated != heard.updated
        {
            return Err(InheritError::Alive { seen: holder.seen });
        }
        let holder = Some(Holder { name: self.ours.clone(), seen: clock::time() });
        self.turn().await;
        self.backend.ledger.save_batch(&BatchRecord { holder, ..record.clone() }).await?;
        Ok(record)
    }

    /// It isn't this browser's after all: the record says again what it said.
    pub(super) async fn give_back(&mut self, record: &BatchRecord) {
        self.turn().await;
        // If that can't be written, nobody is heard of, and whoever wants it takes it a little later.
        let _ = self.backend.ledger.save_batch(record).await;
    }

    async fn parts(&mut self, chunks: &[Option<usize>]) -> Result<Vec<PlanPart>, InheritError> {
        self.turn().await;
        let parts = self.backend.ledger.plan(self.id, chunks).await?;
        if parts.len() < chunks.len() {
            return Err(InheritError::Incomplete);
        }
        Ok(parts)
    }

    /// What was to be sent.
    pub(super) async fn plan(&mut self) -> Result<Frozen, InheritError> {
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

    /// Which chunks were claimed, by whom.
    pub(super) async fn claims(&mut self, frozen: &Frozen) -> Result<BTreeMap<usize, Claim>, InheritError> {
        let mut claims = BTreeMap::new();
        let places: Vec<usize> = (0..frozen.chunks().len()).collect();
        for places in places.chunks(ITEMS_PER_JOB) {
            self.turn().await;
            claims.extend(self.backend.ledger.claims(self.id, places.iter().copied()).await?);
            self.done();
        }
        Ok(claims)
    }

    /// What the record says of the messages of claimed chunks.
    pub(super) async fn messages(
        &mut self,
        frozen: &Frozen,
        claims: &Claims,
    ) -> Result<Vec<MessageRecord>, InheritError> {
        let starts = frozen.message_starts();
        let mut records = Vec::new();
        self.n_all = self.n_all.max(self.n_done + claims.len());
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
