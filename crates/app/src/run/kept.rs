//! What this browser keeps of earlier batches.

use std::{collections::BTreeSet, rc::Rc, sync::Arc};

use cxconnect_core::{
    dispatch::{Counts, End, Record, UnixMillis},
    frozen::{Frozen, FrozenError, Head, Kind, Thaw},
    journal,
    phone::E164,
};

use crate::{
    backend::Backend,
    run::{Role, RunRef, catch_up::catch_up_later},
    shell::{
        clock,
        journal::{Journal, KeepError, Kept},
        pause::pause,
    },
};

/// So many batches that have ended are kept …
const MOST_KEPT: usize = 20;
/// … for so many days …
const DAYS_KEPT: u64 = 30;
/// … and each for a day, since what was sent today counts for what may be sent now. Tests are kept no longer.
pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// No sending is taken to go on for longer than this after it was made.
const LONGEST_SENDING_MS: u64 = 7 * DAY_MS;
/// How long a slice of work may keep the page from drawing, in milliseconds.
const SLICE_MS: u64 = 20;
/// Chunks between two looks at the clock.
const CHUNKS_AT_ONCE: usize = 4;

/// Why a kept batch can't be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The browser doesn't give it.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// It isn't what it was, or another version of the app has made it.
    #[error("the kept batch can't be read")]
    Damaged,
}

impl From<FrozenError> for OpenError {
    fn from(_: FrozenError) -> Self {
        Self::Damaged
    }
}

/// Slices of work that let the browser draw in between.
pub struct Breath(u64);

impl Breath {
    /// A slice begins.
    pub fn new() -> Self {
        Self(clock::now())
    }

    /// Lets the browser draw if the slice is over. Whether it was.
    pub async fn take(&mut self) -> bool {
        let is_over = self.0 + SLICE_MS <= clock::now();
        if is_over {
            pause().await;
            self.0 = clock::now();
        }
        is_over
    }
}

/// A kept batch's rows.
pub async fn thaw(journal: &Journal, id: &str, head: &str) -> Result<Frozen, OpenError> {
    let chunks = journal.load(id).await?.into_iter().map(Arc::from).collect();
    let mut thaw = Thaw::new(head, chunks)?;
    let mut breath = Breath::new();
    while !thaw.step(CHUNKS_AT_ONCE)? {
        breath.take().await;
    }
    Ok(thaw.finish()?)
}

/// How a batch that has ended stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The journal had so many writes then: if it has more now, this is outdated.
    pub n_writes: u64,
    /// How it ended, if it has.
    pub end: Option<End>,
    /// Its figures.
    pub counts: Counts,
    /// The team's record has all of it, or there is none.
    pub is_recorded: bool,
}

impl Summary {
    /// As it is kept.
    pub fn to_text(self) -> String {
        let Counts { total, accepted, refused, unknown, marked_sent, not_sent, .. } = self.counts;
        let is_cancelled = u64::from(self.end == Some(End::Cancelled));
        let counts = [total, accepted, refused, unknown, marked_sent, not_sent];
        let numbers = [self.n_writes, is_cancelled].into_iter().chain(counts.map(|n| n as u64));
        let numbers = numbers.chain([u64::from(self.is_recorded)]);
        numbers.map(|n| n.to_string()).collect::<Vec<_>>().join(" ")
    }

    /// Reads what [`Summary::to_text`] gave.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(str::parse::<u64>);
        let mut next = || numbers.next()?.ok();
        let (n_writes, is_cancelled) = (next()?, next()? == 1);
        let mut count = || next().and_then(|n| usize::try_from(n).ok());
        Some(Self {
            n_writes,
            end: Some(if is_cancelled { End::Cancelled } else { End::Completed }),
            counts: Counts {
                total: count()?,
                accepted: count()?,
                refused: count()?,
                unknown: count()?,
                marked_sent: count()?,
                not_sent: count()?,
                ..Counts::default()
            },
            // Earlier versions didn't say.
            is_recorded: count() == Some(1),
        })
    }
}

/// Whether the team's record ever had all of a kept batch.
pub fn was_recorded(kept: &Kept) -> bool {
    kept.summary.as_deref().and_then(Summary::parse).is_some_and(|summary| summary.is_recorded)
}

/// A batch that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    pub head: Head,
    /// The same, as it is kept.
    pub head_text: String,
    pub summary: Summary,
}

/// What is kept: the batches that have not ended, watched, and those that have, the newest first.
#[derive(Clone, Default)]
pub struct Shelf {
    pub open: Vec<RunRef>,
    pub finished: Vec<Finished>,
    /// Batches that are there and can't be read.
    pub n_unreadable: usize,
    /// Why nothing is known of them, if so.
    pub fault: Option<KeepError>,
}

/// Looks what is kept, and forgets what was kept long enough.
pub async fn look(backend: &Rc<Backend>) -> Result<Shelf, KeepError> {
    let journal = backend.journal().await?;
    let mut shelf = Shelf::default();
    let mut outworn = Vec::new();
    let now = clock::time();
    let batches = journal.list().await?;
    let mut ids = Vec::new();
    for kept in batches {
        ids.push(kept.id.clone());
        // What a newer version has made is for that version.
        let Ok(head) = Head::from_json(&kept.head) else {
            shelf.n_unreadable += 1;
            continue;
        };
        let noted = kept.summary.as_deref().and_then(Summary::parse);
        let is_counted = backend.usage.has_counted(&kept.id, kept.n_writes);
        let noted = noted.filter(|summary| is_counted && summary.n_writes == kept.n_writes);
        let summary = if let Some(summary) = noted {
            summary
        } else {
            let opened =
                RunRef::open(Rc::clone(backend), journal.clone(), &kept.id, &kept.head, was_recorded(&kept))
                    .await;
            let Ok(run) = opened else {
                shelf.n_unreadable += 1;
                continue;
            };
            let summary = run.summary();
            if summary.end.is_none() || run.glance().role == Role::Watcher {
                shelf.open.push(run);
                continue;
            }
            run.close();
            summary
        };
        let age_ms = now.saturating_sub(head.about.created);
        let is_old = MOST_KEPT <= shelf.finished.len()
            || DAYS_KEPT * DAY_MS <= age_ms
            || head.about.kind == Kind::Test;
        if DAY_MS <= age_ms && is_old {
            outworn.push(kept.id);
        } else {
            shelf.finished.push(Finished { head, head_text: kept.head, summary });
        }
    }
    // What can't be forgotten now is tried again the next time.
    if !outworn.is_empty() && journal.remove(&outworn).await.is_ok() {
        ids.retain(|id| !outworn.contains(id));
    }
    backend.usage.forget_others(&ids);
    if shelf.finished.iter().any(|finished| !finished.summary.is_recorded) {
        catch_up_later(backend);
    }
    Ok(shelf)
}

/// The people to whom something was sent in the last 24 hours, as far as this browser knows. A batch that can't be read counts
/// for nobody, and keeps none of the others from counting.
pub async fn written_to(journal: &Journal) -> Result<Vec<E164>, KeepError> {
    let since = clock::time().saturating_sub(DAY_MS);
    let mut people = Vec::new();
    for kept in journal.list().await? {
        if let Ok(of_batch) = written_to_by(journal, &kept, since).await {
            people.extend(of_batch);
        }
    }
    Ok(people)
}

async fn written_to_by(journal: &Journal, kept: &Kept, since: UnixMillis) -> Result<Vec<E164>, OpenError> {
    let head = Head::from_json(&kept.head)?;
    if head.about.created + LONGEST_SENDING_MS < since {
        return Ok(Vec::new());
    }
    let frozen = thaw(journal, &kept.id, &kept.head).await?;
    let mut breath = Breath::new();
    let mut calls = BTreeSet::new();
    for text in journal.writes(&kept.id, 0).await? {
        for entry in journal::decode(&text).map_err(|_| OpenError::Damaged)? {
            match entry.record {
                Record::Claimed { message, .. } if since <= entry.time => {
                    calls.insert(message);
                }
                // Meta has not written to these.
                Record::Refused { message, .. } | Record::TurnedAway { message } => {
                    calls.remove(&message);
                }
                _ => (),
            }
        }
        breath.take().await;
    }
    Ok(calls.into_iter().filter_map(|message| frozen.recipient(message)).collect())
}
