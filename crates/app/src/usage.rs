//! What this browser has sent in the package's present period.
//!
//! The team's shared count is the ledger's business; until then each browser counts its own real sends. A message counts
//! as "unknown" (used) from the moment it is claimed, so that a closed tab never loses a send.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::Answer,
    quota::{Package, Period, Usage},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::shell::{clock, storage};

/// The count, kept in the browser's storage, and a signal for the screen.
#[derive(Clone, Copy)]
pub struct UsageCount {
    key: StoredValue<Rc<str>, LocalStorage>,
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
    /// The count of this account's present period.
    pub fn open(subdomain: &str, package: &Package) -> Self {
        let period = Period::containing(clock::today(), package.renewal);
        let key = format!("cxconnect.usage.{subdomain}.{}", period.from);
        let (usage, is_kept) = match read(&key) {
            Ok(usage) => (usage, true),
            Err(storage::Blocked) => (Usage::default(), false),
        };
        Self {
            key: StoredValue::new_local(key.into()),
            usage: RwSignal::new(usage),
            is_kept: RwSignal::new(is_kept),
        }
    }

    /// What was sent.
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

    /// Changes what is kept as it is now, since another tab may have counted in between.
    fn change(self, change: impl FnOnce(&mut Usage)) {
        let key = self.key.get_value();
        let mut usage = read(&key).unwrap_or_else(|storage::Blocked| self.usage.get_untracked());
        change(&mut usage);
        let kept = Kept { accepted: usage.accepted, refused: usage.refused, unknown: usage.unknown };
        let is_kept = serde_json::to_string(&kept).is_ok_and(|text| storage::set(&key, &text).is_ok());
        self.usage.set(usage);
        if self.is_kept.get_untracked() != is_kept {
            self.is_kept.set(is_kept);
        }
    }
}

/// What is kept; a count that isn't there, or was damaged, is zero.
fn read(key: &str) -> Result<Usage, storage::Blocked> {
    let text = storage::get(key)?;
    let Kept { accepted, refused, unknown } =
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(Usage { accepted, refused, unknown })
}
