//! What was used of a package, counted from the writes of journals: each once, whoever counts it, and however often.

use std::collections::BTreeMap;

use crate::{
    dispatch::{Entry, Record},
    quota::Usage,
};

/// A journal, as it is told from all others that are counted in the same place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct JournalKey(String);

impl JournalKey {
    /// A batch's journal. Each agent has their own, and knows nothing of the others'.
    pub fn new(agent: &str, batch: &str) -> Self {
        Self(format!("{agent}/{batch}"))
    }

    /// Reads what [`JournalKey::as_str`] gave.
    pub fn read(text: String) -> Self {
        Self(text)
    }

    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_of(&self, agent: &str) -> bool {
        self.0.rsplit_once('/').is_some_and(|(whose, _)| whose == agent)
    }
}

/// What was used in a period, and how many writes of each journal are in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What was used.
    pub usage: Usage,
    /// How many writes of each journal are in it.
    pub journals: BTreeMap<JournalKey, u64>,
}

impl Tally {
    /// Whether so many writes of a journal have been counted.
    pub fn has_counted(&self, journal: &JournalKey, n_writes: u64) -> bool {
        self.journals.get(journal).is_some_and(|counted| n_writes <= *counted)
    }

    /// Counts a write, unless it was counted before. Whether it was counted now: only then can it be taken back.
    pub fn count(&mut self, journal: &JournalKey, write: u64, entries: &[Entry]) -> bool {
        let is_new = !self.has_counted(journal, write + 1);
        if is_new {
            self.add(Change::of(entries), 1);
            self.journals.insert(journal.clone(), write + 1);
        }
        is_new
    }

    /// A write that was counted could not be kept, so that nothing of it has left.
    pub fn take_back(&mut self, journal: &JournalKey, write: u64, entries: &[Entry]) {
        self.add(Change::of(entries), -1);
        // Whoever has counted a later one meanwhile has the journal now.
        if self.journals.get(journal) == Some(&(write + 1)) {
            self.journals.insert(journal.clone(), write);
        }
    }

    /// An agent has only these batches any more: whether their others were counted is of no interest. Whether that changes
    /// anything.
    pub fn forget_others(&mut self, agent: &str, batches: &[String]) -> bool {
        let kept: Vec<JournalKey> = batches.iter().map(|batch| JournalKey::new(agent, batch)).collect();
        let before = self.journals.len();
        self.journals.retain(|journal, _| !journal.is_of(agent) || kept.contains(journal));
        self.journals.len() != before
    }

    fn add(&mut self, change: Change, times: i64) {
        let add = |n: &mut u64, by: i64| *n = n.saturating_add_signed(by * times);
        add(&mut self.usage.accepted, change.accepted);
        add(&mut self.usage.refused, change.refused);
        add(&mut self.usage.unknown, change.unknown);
    }
}

/// By how much entries change the count.
#[derive(Clone, Copy, Default)]
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

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(messages: std::ops::Range<usize>) -> Vec<Entry> {
        let entry = |message| Entry { time: 0, record: Record::Claimed { message, attempt: 1 } };
        messages.map(entry).collect()
    }

    fn ana() -> JournalKey {
        JournalKey::new("900000001", "batch")
    }

    #[test]
    fn a_write_is_counted_once() {
        let mut tally = Tally::default();
        assert!(tally.count(&ana(), 0, &claims(0..3)));
        assert!(!tally.count(&ana(), 0, &claims(0..3)));
        assert!(tally.has_counted(&ana(), 1) && !tally.has_counted(&ana(), 2));
        assert_eq!(tally.usage.unknown, 3);
    }

    #[test]
    fn what_is_taken_back_can_be_counted_again() {
        let mut tally = Tally::default();
        assert!(tally.count(&ana(), 0, &claims(0..3)));
        assert!(tally.count(&ana(), 1, &claims(3..5)));
        tally.take_back(&ana(), 1, &claims(3..5));
        assert_eq!(tally.usage.unknown, 3);
        assert!(tally.count(&ana(), 1, &claims(3..7)));
        assert_eq!(tally.usage.unknown, 7);
    }

    #[test]
    fn taking_back_forgets_no_later_write_of_another_page() {
        let mut tally = Tally::default();
        assert!(tally.count(&ana(), 0, &claims(0..3)));
        assert!(tally.count(&ana(), 1, &claims(3..5)));
        tally.take_back(&ana(), 0, &claims(0..3));
        assert!(tally.has_counted(&ana(), 2));
        assert_eq!(tally.usage.unknown, 2);
    }

    #[test]
    fn one_agents_batches_are_not_forgotten_for_anothers() {
        let mut tally = Tally::default();
        let (diego, old) = (JournalKey::new("900000002", "his"), JournalKey::new("900000001", "old"));
        for journal in [&ana(), &diego, &old] {
            assert!(tally.count(journal, 0, &claims(0..1)));
        }
        assert!(tally.forget_others("900000001", &["batch".to_owned()]));
        assert!(tally.has_counted(&ana(), 1) && tally.has_counted(&diego, 1));
        assert!(!tally.has_counted(&old, 1));
        assert!(!tally.forget_others("900000001", &["batch".to_owned()]));
        assert_eq!(tally.usage.unknown, 3);
    }
}
