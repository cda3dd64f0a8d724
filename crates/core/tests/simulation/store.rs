//! The browser's storage: what is kept of the journal, as text.

use std::collections::BTreeSet;

use cxconnect_core::{
    dispatch::{Entry, MessageIdx, Record},
    journal,
};

use crate::Checked;

#[derive(Default)]
pub struct Store {
    writes: Vec<String>,
    claims: BTreeSet<(MessageIdx, u32)>,
    /// Which page wrote last.
    owner: usize,
}

impl Store {
    /// Keeps a write if its place is free.
    pub fn add(&mut self, page: usize, write: u64, entries: &[Entry]) -> Checked<bool> {
        let place = usize::try_from(write).map_err(|error| error.to_string())?;
        if self.writes.len() < place {
            return Err(format!("page {page} writes at {write}, and only {} are kept", self.writes.len()));
        }
        let is_free = self.writes.len() == place;
        if is_free {
            self.writes.push(journal::encode(entries));
            self.owner = page;
            for entry in entries {
                if let Record::Claimed { message, attempt } = entry.record {
                    self.claims.insert((message, attempt));
                }
            }
        }
        Ok(is_free)
    }

    /// What a page reads, from this write on.
    pub fn read(&self, from: u64) -> Checked<Vec<Vec<Entry>>> {
        let from = usize::try_from(from).map_err(|error| error.to_string())?;
        let texts = self.writes.get(from..).unwrap_or_default();
        texts.iter().map(|text| journal::decode(text).map_err(|error| error.to_string())).collect()
    }

    pub fn len(&self) -> u64 {
        self.writes.len().try_into().unwrap_or(u64::MAX)
    }

    pub fn has_claim(&self, message: MessageIdx, attempt: u32) -> bool {
        self.claims.contains(&(message, attempt))
    }

    pub fn owner(&self) -> usize {
        self.owner
    }
}
