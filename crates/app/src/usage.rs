//! What this browser has sent in the package's present period.
//!
//! The team's shared count is the ledger's business; until then each browser counts its own real sends. A message counts
//! as "unknown" (used) from the moment it is claimed, so that a closed tab never loses a send.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::Answer,
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
    is_kept: RwSignal<bool>,
}

/// How the count is written.
#[derive(Default, Deserialize, Serialize)]
struct Kept {
    accepted: u64,
    refused: u64,
    unknown: u64,
}

impl UsageCount {
    /// The count of this account.
    pub fn open(subdomain: &str, package: &Package) -> Self {
        let count = Self {
            subdomain: StoredValue::new_local(subdomain.into()),
            renewal: package.renewal,
            period: RwSignal::new(Period::containing(clock::today(), package.renewal)),
            usage: RwSignal::new(Usage::default()),
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
            Ok(usage) => self.usage.set(usage),
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

    /// A message is about to leave.
    pub fn claimed(self) {
        self.change(|usage| usage.unknown += 1);
    }

    /// A claimed message's call came back.
    pub fn answered(self, answer: &Answer) {
        self.change(|usage| {
            match answer {
                Answer::Unknown(_) => return,
                Answer::Accepted(_) => usage.accepted += 1,
                Answer::Refused(_) => usage.refused += 1,
                Answer::Throttled { .. } | Answer::Stop(_) => {}
            }
            usage.unknown = usage.unknown.saturating_sub(1);
        });
    }

    /// Changes the count as it is now, since another tab may have counted in between.
    fn change(self, change: impl FnOnce(&mut Usage)) {
        self.refresh();
        let mut usage = self.usage.get_untracked();
        change(&mut usage);
        self.usage.set(usage);
        let kept = Kept { accepted: usage.accepted, refused: usage.refused, unknown: usage.unknown };
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
fn read(key: &str) -> Result<Usage, storage::Blocked> {
    let text = storage::get(key)?;
    let Kept { accepted, refused, unknown } =
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(Usage { accepted, refused, unknown })
}
