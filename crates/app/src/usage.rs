//! What this browser has sent in the package's present period.
//!
//! The team's shared count is the ledger's business; until then each browser counts its own real sends. A message counts
//! as "unknown" (used) from the moment it is claimed, so that a closed tab never loses a send.

use std::{collections::BTreeMap, rc::Rc};

use cxconnect_core::{
    dispatch::{Entry, Record},
    quota::{Package, Period, RenewalDay, Usage},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::shell::{clock, storage};

/// The count, kept in the browser's storage, and signals for the screen.
#[derive(Clone, Copy)]
pub struct UsageCount {
    subdomain: StoredValue<Rc<str>, LocalStorage>,
    renewal: RenewalDay,
    period: RwSignal<Period>,
    usage: RwSignal<Usage>,
    journals: StoredValue<BTreeMap<String, u64>>,
    is_kept: RwSignal<bool>,
}

/// By how much entries of a journal change the count.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Change {
    accepted: i64,
    refused: i64,
    unknown: i64,
}

impl Change {
    fn of(entries: &[Entry]) -> Self {
        let mut change = Self::default();
        for entry in entries {
            match entry.record {
                Record::Claimed { .. } => change.unknown += 1,
                Record::TurnedAway { .. } => change.unknown -= 1,
                Record::Accepted { .. } | Record::MarkedSent { .. } => {
                    change.unknown -= 1;
                    change.accepted += 1;
                }
                Record::Refused { .. } => {
                    change.unknown -= 1;
                    change.refused += 1;
                }
                // What is in doubt was counted when it was claimed; what is sent again counts twice, as it may arrive twice.
                _ => (),
            }
        }
        change
    }
}

/// How the count is written.
#[derive(Default, Deserialize, Serialize)]
struct Kept {
    accepted: u64,
    refused: u64,
    unknown: u64,
    /// How many writes of each batch's journal are in it.
    #[serde(default)]
    journals: BTreeMap<String, u64>,
}

impl UsageCount {
    /// The count of this account.
    pub fn open(subdomain: &str, package: &Package) -> Self {
        let count = Self {
            subdomain: StoredValue::new_local(subdomain.into()),
            renewal: package.renewal,
            period: RwSignal::new(Period::containing(clock::today(), package.renewal)),
            usage: RwSignal::new(Usage::default()),
            journals: StoredValue::new(BTreeMap::new()),
            is_kept: RwSignal::new(true),
        };
        count.refresh();
        count
    }

    /// Looks again at the day and at what is kept: the page may be open for days, and other tabs send, too.
    pub fn refresh(self) {
        let period = Period::containing(clock::today(), self.renewal);
        if self.period.get_untracked() != period {
            self.period.set(period);
            self.usage.set(Usage::default());
        }
        // Once the browser has refused to keep the count, what it has is older than what this page knows.
        if !self.is_kept.get_untracked() {
            return;
        }
        match read(&self.key()) {
            Ok(Kept { accepted, refused, unknown, journals }) => {
                self.usage.set(Usage { accepted, refused, unknown });
                self.journals.set_value(journals);
            }
            Err(storage::Blocked) => self.is_kept.set(false),
        }
    }

    /// The package's present period.
    pub fn period(self) -> Period {
        self.period.get()
    }

    /// What was sent in it.
    pub fn get(self) -> Usage {
        self.usage.get()
    }

    /// Whether the browser keeps the count.
    pub fn is_kept(self) -> bool {
        self.is_kept.get()
    }

    /// These entries are about to be kept as a write of a batch's journal: its claims leave afterwards. Counted before, so
    /// that whatever happens to this page, no send is forgotten. What was counted before is not counted again.
    pub fn count(self, batch: &str, write: u64, entries: &[Entry]) {
        if self.has_counted(batch, write + 1) {
            return;
        }
        self.add(Change::of(entries), 1, batch, write + 1);
    }

    /// The write could not be kept, so that nothing of it has left.
    pub fn take_back(self, batch: &str, write: u64, entries: &[Entry]) {
        self.add(Change::of(entries), -1, batch, write);
    }

    /// Counts a write that was found in a journal, as far as it belongs to this period: a browser that is killed may forget
    /// what was counted last.
    pub fn catch_up(self, batch: &str, write: u64, entries: &[Entry]) {
        let from = self.period.get_untracked().from;
        let entries: Vec<Entry> =
            entries.iter().filter(|entry| from <= clock::day(entry.time)).cloned().collect();
        self.count(batch, write, &entries);
    }

    /// Whether so many writes of a batch's journal have been counted.
    pub fn has_counted(self, batch: &str, n_writes: u64) -> bool {
        self.journals.with_value(|journals| journals.get(batch).is_some_and(|counted| n_writes <= *counted))
    }

    /// Only these batches are kept any more: whether others were counted is of no interest.
    pub fn forget_others(self, batches: &[String]) {
        self.journals.update_value(|journals| journals.retain(|batch, _| batches.contains(batch)));
    }

    /// Changes the count as it is now, since another tab may have counted in between.
    fn add(self, change: Change, times: i64, batch: &str, n_writes: u64) {
        self.refresh();
        self.journals.update_value(|journals| {
            journals.insert(batch.to_owned(), n_writes);
        });
        let mut usage = self.usage.get_untracked();
        let add = |n: &mut u64, by: i64| *n = n.saturating_add_signed(by * times);
        add(&mut usage.accepted, change.accepted);
        add(&mut usage.refused, change.refused);
        add(&mut usage.unknown, change.unknown);
        self.usage.set(usage);
        let Usage { accepted, refused, unknown } = usage;
        let kept = Kept { accepted, refused, unknown, journals: self.journals.get_value() };
        let is_kept = self.is_kept.get_untracked()
            && serde_json::to_string(&kept).is_ok_and(|text| storage::set(&self.key(), &text).is_ok());
        if self.is_kept.get_untracked() != is_kept {
            self.is_kept.set(is_kept);
        }
    }

    fn key(self) -> String {
        format!("cxconnect.usage.{}.{}", self.subdomain.get_value(), self.period.get_untracked().from)
    }
}

/// What is kept; a count that isn't there, or was damaged, is zero.
fn read(key: &str) -> Result<Kept, storage::Blocked> {
    let text = storage::get(key)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}
