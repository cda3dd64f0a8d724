//! The requests that came to custom objects, jobs and roles.

use std::collections::VecDeque;

use serde::Serialize;

use super::clock::Millis;
use super::faults::Operation;

/// Older ones are only counted.
const KEPT: usize = 50_000;

/// A request.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// Counts from 1.
    pub number: u64,
    /// When it came, in milliseconds since 1970.
    pub at: Millis,
    /// Who asked.
    pub user_id: u64,
    /// What kind of call it was.
    pub operation: Operation,
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub path: String,
    /// The status of the answer; 0 if there was none.
    pub status: u16,
}

/// The record of requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    pub seen: VecDeque<Seen>,
    pub n_seen: u64,
}

impl RequestLog {
    pub(crate) fn note(&mut self, seen: Seen) {
        self.n_seen += 1;
        if KEPT <= self.seen.len() {
            self.seen.pop_front();
        }
        self.seen.push_back(Seen { number: self.n_seen, ..seen });
    }
}
