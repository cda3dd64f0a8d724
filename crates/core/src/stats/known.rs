//! The batches that a page knows of: read from the ledger, and its own as they go on.

use std::collections::BTreeMap;

use super::Totals;
use crate::{
    dispatch::UnixMillis,
    ledger::{BatchRecord, Figures},
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

/// All batches that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    recorded: BTreeMap<BatchId, Recorded>,
    own: BTreeMap<BatchId, Own>,
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
            if from <= own.created && !self.recorded.contains_key(id) {
                all += own.figures;
            }
        }
        Usage { accepted: all.n_sent, refused: all.n_failed, unknown: all.n_unknown }
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

    /// Of the ledger and this page whoever is further counts; what became of messages on their way is known to the ledger only.
    fn figures(&self, id: &BatchId, record: &BatchRecord) -> Figures {
        let recorded = record.figures;
        let Some(own) = self.own.get(id) else { return recorded };
        let is_further = recorded.n_done() < own.figures.n_done();
        let is_as_far = recorded.n_done() == own.figures.n_done();
        if is_further || (is_as_far && own.is_live) {
            Figures { n_delivered: recorded.n_delivered, n_read: recorded.n_read, ..own.figures }
        } else {
            recorded
        }
    }
}
