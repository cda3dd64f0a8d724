//! What is known of an object's records without asking the database: order, external ids, and search's copy.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::clock::Millis;
use super::record::Record;
use super::search::Index;

/// What a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortKey {
    Number(i64),
    Text(Arc<str>),
}

/// A place in an order: the key, and the record's place where keys are equal.
pub(crate) type Place = (SortKey, u64);

/// An object's records. What reads and lists see changes at once; search's copy follows later.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// In the order of ids, which is that of creation.
    pub by_id: BTreeSet<Place>,
    pub by_updated: BTreeSet<Place>,
    pub by_external_id: HashMap<String, u64>,
    /// Deleted records by the time of their deletion, for the export.
    pub tombstones: BTreeSet<Place>,
    /// What search, autocomplete and count see.
    pub index: Index,
    pending: VecDeque<Pending>,
    /// What search still shows of records that have changed since.
    stale: HashMap<u64, Arc<Record>>,
}

/// A change that search does not see yet.
#[derive(Debug)]
struct Pending {
    at: Millis,
    record: Arc<Record>,
}

impl Table {
    /// Notes a record in its new form; `old` is its form before, if it existed.
    pub(crate) fn note(&mut self, old: Option<&Record>, record: &Record) {
        self.note_at_once(old, record);
        if let Some(old) = old.filter(|it| self.index.holds(it.seq)) {
            self.stale.entry(old.seq).or_insert_with(|| Arc::new(old.clone()));
        }
        self.pending.push_back(Pending { at: record.updated_at, record: Arc::new(record.clone()) });
    }

    /// Notes a new record that search sees without delay: from the database, or of a seed.
    pub(crate) fn note_indexed(&mut self, record: &Record) {
        self.note_at_once(None, record);
        if !record.is_deleted {
            self.index.put(record);
        }
    }

    fn note_at_once(&mut self, old: Option<&Record>, record: &Record) {
        let id = (SortKey::Number(0), record.seq);
        let updated = |it: &Record| (SortKey::Number(it.updated_at), it.seq);
        if let Some(old) = old {
            self.by_updated.remove(&updated(old));
            if let Some(external_id) = &old.external_id {
                self.by_external_id.remove(external_id);
            }
        }
        if record.is_deleted {
            self.by_id.remove(&id);
            self.tombstones.insert(updated(record));
            return;
        }
        self.by_id.insert(id);
        self.by_updated.insert(updated(record));
        if let Some(external_id) = &record.external_id {
            self.by_external_id.insert(external_id.clone(), record.seq);
        }
    }

    /// Shows search what is older than its lag.
    pub(crate) fn catch_up(&mut self, seen_until: Millis) {
        let n_pending = self.pending.len();
        while self.pending.front().is_some_and(|it| it.at <= seen_until) {
            let Some(Pending { record, .. }) = self.pending.pop_front() else { return };
            if record.is_deleted {
                self.index.remove(record.seq);
            } else {
                self.index.put(&record);
            }
            // While more is to come, search shows this form; afterwards it shows what the database holds.
            self.stale.insert(record.seq, record);
        }
        if self.pending.len() < n_pending {
            let behind: BTreeSet<u64> = self.pending.iter().map(|it| it.record.seq).collect();
            self.stale.retain(|seq, _| behind.contains(seq));
        }
    }

    /// What search shows of a record, if that is not what the database holds.
    pub(crate) fn stale(&self, seq: u64) -> Option<&Record> {
        self.stale.get(&seq).map(AsRef::as_ref)
    }
}
