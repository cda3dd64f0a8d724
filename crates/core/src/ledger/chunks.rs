//! What is known of each chunk, and which messages' outcomes Zendesk doesn't have.

use std::{collections::BTreeSet, ops::Range};

use crate::dispatch::MessageIdx;

#[derive(Clone, Debug)]
pub(super) struct Chunks {
    /// Where each chunk's messages begin, and where the last one's end.
    starts: Vec<MessageIdx>,
    /// Chunks before this are claimed.
    n_claimed: usize,
    /// Claimed chunks of this browser's …
    ours: BTreeSet<usize>,
    /// … some of whose outcomes Zendesk hasn't taken.
    in_doubt: BTreeSet<usize>,
    /// How many messages of each chunk that is.
    n_unsettled: Vec<usize>,
    kept: Vec<Kept>,
    /// Messages whose latest outcome no request holds.
    unsaved: BTreeSet<MessageIdx>,
}

/// What Zendesk has of a message's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// There is none yet.
    NoOutcome,
    /// Nothing.
    Unsaved,
    /// A request is under way.
    Saving,
    /// A job has it.
    Saved,
}

impl Chunks {
    pub(super) fn new(starts: Vec<MessageIdx>) -> Self {
        let n_unsettled: Vec<usize> = starts.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        let n_messages = starts.last().copied().unwrap_or_default();
        Self {
            starts,
            n_claimed: 0,
            ours: BTreeSet::new(),
            in_doubt: BTreeSet::new(),
            n_unsettled,
            kept: vec![Kept::NoOutcome; n_messages],
            unsaved: BTreeSet::new(),
        }
    }

    pub(super) fn n_all(&self) -> usize {
        self.n_unsettled.len()
    }

    fn messages(&self, chunk: usize) -> Range<MessageIdx> {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(self.kept.len());
        at(chunk)..at(chunk + 1)
    }

    fn chunk_of(&self, message: MessageIdx) -> usize {
        self.starts.partition_point(|start| *start <= message).saturating_sub(1)
    }

    /// The next chunk to claim: the first that isn't, and has messages.
    pub(super) fn next_to_claim(&self) -> Option<usize> {
        (self.n_claimed..self.n_all()).find(|chunk| !self.messages(*chunk).is_empty())
    }

    pub(super) fn claimed(&mut self, chunk: usize) {
        self.claimed_by_others(chunk);
        self.ours.insert(chunk);
        if self.n_unsettled.get(chunk).is_some_and(|n| 0 < *n) {
            self.in_doubt.insert(chunk);
        }
    }

    /// Claimed by another computer before this browser took over.
    pub(super) fn claimed_by_others(&mut self, chunk: usize) {
        self.n_claimed = self.n_claimed.max(chunk + 1);
    }

    /// So many of the first messages may be sent.
    pub(super) fn n_allowed(&self) -> usize {
        self.messages(self.n_claimed).start
    }

    /// Claimed chunks, all of whose outcomes aren't in Zendesk's hands yet.
    pub(super) fn n_in_doubt(&self) -> usize {
        self.in_doubt.len()
    }

    pub(super) fn outcome(&mut self, message: MessageIdx) {
        let chunk = self.chunk_of(message);
        let Some(kept) = self.kept.get_mut(message) else { return };
        if std::mem::replace(kept, Kept::Unsaved) == Kept::Saved
            && let Some(n) = self.n_unsettled.get_mut(chunk)
        {
            *n += 1;
            // A job that had it came to nothing, or there is news of it.
            if self.ours.contains(&chunk) {
                self.in_doubt.insert(chunk);
            }
        }
        self.unsaved.insert(message);
    }

    /// A job has them, unless there is news of them since.
    pub(super) fn saved(&mut self, messages: &[MessageIdx]) {
        for &message in messages {
            let chunk = self.chunk_of(message);
            let Some(kept) = self.kept.get_mut(message).filter(|kept| **kept == Kept::Saving) else {
                continue;
            };
            *kept = Kept::Saved;
            if let Some(n) = self.n_unsettled.get_mut(chunk) {
                *n = n.saturating_sub(1);
                if *n == 0 {
                    self.in_doubt.remove(&chunk);
                }
            }
        }
    }

    /// These were not written after all.
    pub(super) fn not_saved(&mut self, messages: &[MessageIdx]) {
        for &message in messages {
            self.outcome(message);
        }
    }

    pub(super) fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// Whether there are as many to write as belong together: a claimed chunk that has all its outcomes.
    pub(super) fn has_whole_chunk(&self) -> bool {
        self.in_doubt.iter().any(|chunk| {
            let messages = self.messages(*chunk);
            self.unsaved.range(messages.clone()).next().is_some()
                && self.kept.get(messages).is_some_and(|kept| !kept.contains(&Kept::NoOutcome))
        })
    }

    /// The next messages to write, the earliest first.
    pub(super) fn take_unsaved(&mut self, most: usize) -> Vec<MessageIdx> {
        let messages: Vec<MessageIdx> = self.unsaved.iter().copied().take(most).collect();
        for message in &messages {
            self.unsaved.remove(message);
            if let Some(kept) = self.kept.get_mut(*message) {
                *kept = Kept::Saving;
            }
        }
        messages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_in_doubt_from_its_claim_until_a_job_has_all_its_outcomes() {
        let mut chunks = Chunks::new(vec![0, 2, 2, 3]);
        assert_eq!((chunks.n_all(), chunks.n_allowed(), chunks.next_to_claim()), (3, 0, Some(0)));
        chunks.claimed(0);
        // The chunk without messages needs no claim.
        assert_eq!((chunks.n_allowed(), chunks.n_in_doubt(), chunks.next_to_claim()), (2, 1, Some(2)));
        chunks.outcome(0);
        assert!(!chunks.has_whole_chunk());
        chunks.outcome(1);
        assert!(chunks.has_whole_chunk());
        assert_eq!(chunks.take_unsaved(9), [0, 1]);
        assert!(!chunks.has_unsaved() && chunks.n_in_doubt() == 1);
        chunks.outcome(1);
        chunks.saved(&[0, 1]);
        assert_eq!(chunks.n_in_doubt(), 1, "there was news of 1 since");
        assert_eq!(chunks.take_unsaved(9), [1]);
        chunks.not_saved(&[1]);
        assert_eq!(chunks.take_unsaved(9), [1]);
        chunks.saved(&[1]);
        assert_eq!(chunks.n_in_doubt(), 0);
        chunks.not_saved(&[1]);
        assert_eq!(chunks.n_in_doubt(), 1, "the job that had it has failed");
        assert_eq!(chunks.take_unsaved(9), [1]);
        chunks.saved(&[1]);
        assert_eq!(chunks.n_in_doubt(), 0);
        chunks.claimed(2);
        assert_eq!((chunks.n_allowed(), chunks.next_to_claim()), (3, None));
    }

    #[test]
    fn what_others_have_claimed_is_not_sent_and_not_waited_for() {
        let mut chunks = Chunks::new(vec![0, 1, 2]);
        chunks.claimed_by_others(0);
        assert_eq!((chunks.n_in_doubt(), chunks.next_to_claim()), (0, Some(1)));
        chunks.outcome(0);
        assert!(chunks.has_unsaved());
    }
}
