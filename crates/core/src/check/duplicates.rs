//! Who is in the file more than once, in a form that follows edits.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::phone::{self, E164};

/// The rows of each number, by the form in which numbers that reach the same person are equal.
#[derive(Clone, Debug, Default)]
pub(super) struct Duplicates {
    /// The first row of every number.
    first: HashMap<u64, u32, FxBuildHasher>,
    /// All rows, in order, of the numbers that have several.
    rows: HashMap<u64, Vec<u32>, FxBuildHasher>,
}

impl Duplicates {
    /// With room for so many numbers: growing a large table would hold the page for too long.
    pub(super) fn with_capacity(n_numbers: usize) -> Self {
        Self { first: HashMap::with_capacity_and_hasher(n_numbers, FxBuildHasher), rows: HashMap::default() }
    }

    /// Adds a row that comes after all others. Whether the number was there before.
    pub(super) fn push(&mut self, number: E164, row: u32) -> bool {
        let key = phone::comparable_key(&number);
        let first = *self.first.entry(key).or_insert(row);
        if first == row {
            return false;
        }
        self.rows.entry(key).or_insert_with(|| vec![first]).push(row);
        true
    }

    /// Adds a row anywhere. The row that was the first so far, if this one comes before it.
    pub(super) fn insert(&mut self, number: E164, row: u32) -> Option<u32> {
        let key = phone::comparable_key(&number);
        let Some(first) = self.first.get_mut(&key) else {
            self.first.insert(key, row);
            return None;
        };
        let before = *first;
        *first = before.min(row);
        let rows = self.rows.entry(key).or_insert_with(|| vec![before]);
        if let Err(place) = rows.binary_search(&row) {
            rows.insert(place, row);
        }
        (row < before).then_some(before)
    }

    /// Takes a row away. The row that is the first from now on, if this one was.
    pub(super) fn remove(&mut self, number: E164, row: u32) -> Option<u32> {
        let key = phone::comparable_key(&number);
        let Some(rows) = self.rows.get_mut(&key) else {
            self.first.remove(&key);
            return None;
        };
        rows.retain(|&other| other != row);
        let next = rows.first().copied();
        let has_several = 1 < rows.len();
        if !has_several {
            self.rows.remove(&key);
        }
        let next = next?;
        let first = self.first.insert(key, next)?;
        (first == row).then_some(next)
    }

    /// The first row with this number.
    pub(super) fn first(&self, number: E164) -> Option<u32> {
        self.first.get(&phone::comparable_key(&number)).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(n: u64) -> E164 {
        E164::parse_exact(&format!("+5255000000{n:02}")).unwrap()
    }

    proptest! {
        /// Whatever is added and taken away, the first row is the smallest one.
        #[test]
        fn the_first_row_is_the_first_of_those_that_are_there(steps in prop::collection::vec((0..3_u64, 0..8_u32), 0..60)) {
            let mut duplicates = Duplicates::default();
            let mut rows: Vec<(u64, u32)> = Vec::new();
            for (n, row) in steps {
                let first = |rows: &[(u64, u32)], n: u64| {
                    rows.iter().filter(|(other, _)| *other == n).map(|(_, row)| *row).min()
                };
                // A row has one number: being there with another one, it moves.
                if let Some(place) = rows.iter().position(|(_, other)| *other == row) {
                    let (old, _) = rows.remove(place);
                    let was_first = first(&rows, old).is_none_or(|other| row < other);
                    let next = duplicates.remove(number(old), row);
                    prop_assert_eq!(next, first(&rows, old).filter(|_| was_first));
                }
                let before = first(&rows, n);
                let displaced = duplicates.insert(number(n), row);
                prop_assert_eq!(displaced, before.filter(|before| row < *before));
                rows.push((n, row));
                for n in 0..3 {
                    prop_assert_eq!(duplicates.first(number(n)), first(&rows, n));
                }
            }
        }
    }
}
