//! The batches that a page knows of: read from the ledger, and its own as they go on.

use std::collections::BTreeMap;

use super::Totals;
use crate::{
    dispatch::UnixMillis,
    ledger::{BatchRecord, BatchState, Figures},
    plan::BatchId,
    quota::Usage,
};

/// A batch's record and when it was written, by Zendesk's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Recorded {
    record: BatchRecord,
    updated: UnixMillis,
}

/// How a batch of this page goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Own {
    created: UnixMillis,
    figures: Figures,
    /// The ledger hasn't all of it yet.
    is_live: bool,
}

/// A batch of which only the figures are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Noted {
    created: UnixMillis,
    figures: Figures,
}

/// All batches that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    recorded: BTreeMap<BatchId, Recorded>,
    own: BTreeMap<BatchId, Own>,
    /// What an earlier page of this browser has read, as far as it matters for the package.
    noted: BTreeMap<BatchId, Noted>,
    /// All that was written until then is known, back to where the first round ended.
    seen_until: Option<UnixMillis>,
}

/// A walk through the list of batches, those first that were written last, until it comes to what was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    until: UnixMillis,
    newest: Option<UnixMillis>,
}

impl Known {
    /// Begins to look what is new; the first time, back to `oldest`.
    pub fn look(&self, oldest: UnixMillis) -> Round {
        Round { until: self.seen_until.unwrap_or(oldest), newest: None }
    }

    /// Takes in a page of the list, each record with the moment at which it was written. Whether the walk is over.
    pub fn take(&mut self, round: &mut Round, page: Vec<(BatchRecord, UnixMillis)>) -> bool {
        let mut is_over = false;
        for (record, updated) in page {
            round.newest = round.newest.max(Some(updated));
            // Zendesk writes whole seconds: of the same second there may be others.
            is_over |= updated < round.until;
            self.take_one(record, updated);
        }
        is_over
    }

    /// Takes in one batch's record.
    pub fn take_one(&mut self, record: BatchRecord, updated: UnixMillis) {
        let is_older = self.recorded.get(&record.id).is_some_and(|known| updated < known.updated);
        if !is_older {
            self.recorded.insert(record.id.clone(), Recorded { record, updated });
        }
    }

    /// The walk is over.
    pub fn end(&mut self, round: Round) {
        self.seen_until = self.seen_until.max(round.newest).max(Some(round.until));
    }

    /// How a batch of this page stands; `is_live` as long as the ledger may not have all of it. Whether that is news.
    pub fn note(&mut self, id: &BatchId, created: UnixMillis, figures: Figures, is_live: bool) -> bool {
        let own = Own { created, figures, is_live };
        self.own.insert(id.clone(), own) != Some(own)
    }

    /// A batch's record, with what this page knows better.
    pub fn batch(&self, id: &BatchId) -> Option<BatchRecord> {
        let known = self.recorded.get(id)?;
        Some(BatchRecord { figures: self.figures(id, &known.record), ..known.record.clone() })
    }

    /// The batches that are meant, those first that began last.
    pub fn pick(&self, is_meant: impl Fn(&BatchRecord) -> bool) -> Vec<BatchRecord> {
        let records = self.recorded.values().map(|known| &known.record).filter(|record| is_meant(record));
        let mut picked: Vec<BatchRecord> = records
            .map(|record| BatchRecord { figures: self.figures(&record.id, record), ..record.clone() })
            .collect();
        picked.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        picked
    }

    /// All batches that are meant, counted.
    pub fn totals(&self, is_meant: impl Fn(&BatchRecord) -> bool) -> Totals {
        let mut totals = Totals::default();
        for Recorded { record, .. } in self.recorded.values().filter(|known| is_meant(&known.record)) {
            totals.add(record, self.figures(&record.id, record));
        }
        totals
    }

    /// What was used of the package by batches that began then or later: each batch once, whether the ledger has it, this page
    /// does, or both.
    pub fn usage(&self, from: UnixMillis) -> Usage {
        let mut all = Figures::default();
        for Recorded { record, .. } in self.recorded.values() {
            if from <= record.created {
                all += self.figures(&record.id, record);
            }
        }
        for (id, own) in &self.own {
            if from <= own.created && !self.recorded.contains_key(id) && !self.noted.contains_key(id) {
                all += own.figures;
            }
        }
        for (id, noted) in &self.noted {
            if from <= noted.created && !self.recorded.contains_key(id) {
                all += self.with_own(id, noted.figures);
            }
        }
        Usage { accepted: all.n_sent, refused: all.n_failed, unknown: all.n_unknown }
    }

    /// How many batches besides one were being sent since a moment, by whoever was heard of since then.
    pub fn n_others_sent(&self, id: &BatchId, since: UnixMillis) -> usize {
        let is_sent = |batch: &BatchRecord| {
            let seen = batch.holder.as_ref().map_or(0, |holder| holder.seen);
            batch.id != *id && batch.state == BatchState::Running && since <= seen
        };
        self.recorded.values().filter(|known| is_sent(&known.record)).count()
    }

    /// Whether this page sends something that the record doesn't have all of.
    pub fn has_live(&self) -> bool {
        self.own.values().any(|own| own.is_live)
    }

    /// How many batches are known.
    pub fn len(&self) -> usize {
        self.recorded.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.recorded.is_empty()
    }

    /// The names that occur, for lists to choose from: of templates, and of agents.
    pub fn names(&self, of: fn(&BatchRecord) -> &str) -> Vec<String> {
        let mut names: Vec<String> =
            self.recorded.values().map(|known| of(&known.record).to_owned()).collect();
        names.sort();
        names.dedup();
        names.retain(|name| !name.is_empty());
        names
    }

    /// What is known for the package since then, as a text for the next page of this browser: with it, that page need not read
    /// every batch of the period again.
    pub fn notes(&self, from: UnixMillis) -> Option<String> {
        use std::fmt::Write as _;
        let mut text = self.seen_until?.to_string();
        let recorded = self.recorded.iter().map(|(id, it)| (id, it.record.created, it.record.figures));
        let noted = self.noted.iter().filter(|(id, _)| !self.recorded.contains_key(id));
        for (id, created, it) in recorded.chain(noted.map(|(id, it)| (id, it.created, it.figures))) {
            if from <= created {
                // Writing to a String can't fail.
                let _ = write!(text, "\n{id} {created} {} {} {}", it.n_sent, it.n_failed, it.n_unknown);
            }
        }
        Some(text)
    }

    /// From what an earlier page has noted; from nothing, if that makes no sense.
    pub fn from_notes(text: &str) -> Self {
        let mut lines = text.lines();
        let Some(seen_until) = lines.next().and_then(|line| line.parse().ok()) else {
            return Self::default();
        };
        let line = |line: &str| {
            let mut parts = line.split(' ');
            let id = BatchId::new(parts.next()?.to_owned());
            let mut number = || parts.next()?.parse::<u64>().ok();
            let created = number()?;
            let (n_sent, n_failed, n_unknown) = (number()?, number()?, number()?);
            Some((
                id,
                Noted { created, figures: Figures { n_sent, n_failed, n_unknown, ..Figures::default() } },
            ))
        };
        match lines.map(line).collect::<Option<_>>() {
            Some(noted) => Self { noted, seen_until: Some(seen_until), ..Self::default() },
            None => Self::default(),
        }
    }

    /// Of the ledger and this page whoever is further counts; what became of messages on their way is known to the ledger only.
    fn figures(&self, id: &BatchId, record: &BatchRecord) -> Figures {
        self.with_own(id, record.figures)
    }

    fn with_own(&self, id: &BatchId, recorded: Figures) -> Figures {
        let Some(own) = self.own.get(id) else { return recorded };
        let is_further = recorded.n_done() < own.figures.n_done();
        let is_as_far = recorded.n_done() == own.figures.n_done();
        if is_further || (is_as_far && own.is_live) {
            Figures {
                n_forwarded: recorded.n_forwarded,
                n_delivered: recorded.n_delivered,
                n_read: recorded.n_read,
                ..own.figures
            }
        } else {
            recorded
        }
    }
}
