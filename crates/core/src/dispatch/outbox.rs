//! What is to be written: one write is under way at a time, and whatever happens meanwhile joins the next one. So records are
//! kept in the order in which things happened, and a slow disk makes writes larger instead of a queue longer.
//!
//! A write costs the browser the same however much it holds, and at 80 messages a second that is a third of a core. So what
//! nothing waits for may wait a moment for others.

use super::{Entry, JournalFault, Millis};

#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    /// The next write's place: so many are kept.
    n_writes: u64,
    under_way: Option<UnderWay>,
    waiting: Vec<Entry>,
    /// By when what waits is to leave.
    due: Option<Millis>,
    fault: Option<JournalFault>,
}

#[derive(Clone, Debug)]
struct UnderWay {
    entries: Vec<Entry>,
    since: Millis,
}

/// A write that is kept.
pub(super) struct Kept {
    pub(super) entries: Vec<Entry>,
    pub(super) since: Millis,
}

impl Outbox {
    /// An entry that is to leave at the given moment, or before.
    pub(super) fn push(&mut self, entry: Entry, due: Millis) {
        self.waiting.push(entry);
        self.due = Some(self.due.map_or(due, |before| before.min(due)));
    }

    /// Entries that didn't come to be kept, before whatever happened since.
    pub(super) fn put_back(&mut self, mut entries: Vec<Entry>) {
        entries.append(&mut self.waiting);
        self.waiting = entries;
        self.due = (!self.waiting.is_empty()).then_some(0);
    }

    /// When the next write is to leave, as far as is known, if it can.
    pub(super) fn due(&self) -> Option<Millis> {
        self.due.filter(|_| self.is_free())
    }

    /// Another owner's write was read.
    pub(super) fn skip(&mut self) {
        self.n_writes += 1;
    }

    /// Whether a write could leave now.
    pub(super) fn is_free(&self) -> bool {
        self.under_way.is_none() && self.fault.is_none()
    }

    /// All that waits leaves as one write, if any of it is due.
    pub(super) fn next_write(&mut self, now: Millis) -> Option<(u64, Vec<Entry>)> {
        if self.due().is_none_or(|due| now < due) || self.waiting.is_empty() {
            return None;
        }
        self.due = None;
        let entries = std::mem::take(&mut self.waiting);
        self.under_way = Some(UnderWay { entries: entries.clone(), since: now });
        Some((self.n_writes, entries))
    }

    pub(super) fn written(&mut self, write: u64) -> Option<Kept> {
        if write != self.n_writes {
            return None;
        }
        let UnderWay { entries, since } = self.under_way.take()?;
        self.n_writes += 1;
        Some(Kept { entries, since })
    }

    pub(super) fn not_written(&mut self, write: u64, fault: JournalFault) -> Option<Vec<Entry>> {
        if write != self.n_writes {
            return None;
        }
        let UnderWay { entries, .. } = self.under_way.take()?;
        self.fault = Some(fault);
        Some(entries)
    }

    pub(super) fn fault(&self) -> Option<JournalFault> {
        self.fault
    }

    /// Whether there was a failure that may be tried again.
    pub(super) fn try_again(&mut self) -> bool {
        let is_retryable = self.fault == Some(JournalFault::Failed);
        if is_retryable {
            self.fault = None;
        }
        is_retryable
    }

    pub(super) fn n_writes(&self) -> u64 {
        self.n_writes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.under_way.is_none() && self.waiting.is_empty()
    }
}
