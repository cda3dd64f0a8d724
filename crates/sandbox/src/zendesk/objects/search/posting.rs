//! The records that have a value.

use std::collections::BTreeSet;

/// Places of records. Most values are one record's own, and cost no set.
#[derive(Debug, Clone)]
pub(crate) enum Posting {
    One(u64),
    Many(BTreeSet<u64>),
}

impl Posting {
    pub(crate) fn insert(&mut self, seq: u64) {
        match self {
            Self::One(other) if *other == seq => (),
            Self::One(other) => *self = Self::Many(BTreeSet::from([*other, seq])),
            Self::Many(seqs) => drop(seqs.insert(seq)),
        }
    }

    /// Takes a record away; whether none is left.
    pub(crate) fn remove(&mut self, seq: u64) -> bool {
        match self {
            Self::One(other) => *other == seq,
            Self::Many(seqs) => {
                seqs.remove(&seq);
                seqs.is_empty()
            }
        }
    }

    pub(crate) fn contains(&self, seq: u64) -> bool {
        match self {
            Self::One(other) => *other == seq,
            Self::Many(seqs) => seqs.contains(&seq),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Many(seqs) => seqs.len(),
        }
    }

    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = u64> + '_> {
        match self {
            Self::One(seq) => Box::new(std::iter::once(*seq)),
            Self::Many(seqs) => Box::new(seqs.iter().copied()),
        }
    }
}
