//! How many requests a minute may be made.
//!
//! Zendesk counts the requests of the whole account, all integrations together (200 to 2,500 a minute by plan,
//! <https://developer.zendesk.com/api-reference/introduction/rate-limits/>); this app takes a fifth at most.

use std::collections::VecDeque;

use crate::dispatch::Millis;

const MINUTE: Millis = 60_000;

/// Requests that were made in the last minute, and how many may be.
#[derive(Clone, Debug)]
pub struct Budget {
    per_minute: usize,
    spent: VecDeque<Millis>,
}

impl Budget {
    /// Where the setting says nothing: a fifth of Professional's 400.
    pub const DEFAULT_PER_MINUTE: usize = 80;
    /// Less than this wouldn't let even one batch go on.
    const LEAST_PER_MINUTE: usize = 10;

    /// So many requests a minute; fewer than ten count as ten.
    pub fn new(per_minute: usize) -> Self {
        Self { per_minute: per_minute.max(Self::LEAST_PER_MINUTE), spent: VecDeque::new() }
    }

    /// When `n` more may be made, leaving `spare` for what is more urgent: now, or later.
    pub fn room_at(&self, now: Millis, n: usize, spare: usize) -> Millis {
        let most = self.per_minute.saturating_sub(spare).max(n);
        // So many of the oldest have to be more than a minute ago.
        let too_many = (self.spent.len() + n).saturating_sub(most);
        let last_of_them = too_many.checked_sub(1).and_then(|place| self.spent.get(place));
        last_of_them.map_or(now, |at| now.max(at.saturating_add(MINUTE)))
    }

    /// So many were made.
    pub fn spend(&mut self, now: Millis, n: usize) {
        while self.spent.front().is_some_and(|at| at.saturating_add(MINUTE) <= now) {
            self.spent.pop_front();
        }
        self.spent.extend(std::iter::repeat_n(now, n));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_sees_more_than_the_budget() {
        let mut budget = Budget::new(10);
        budget.spend(1_000, 9);
        assert_eq!(budget.room_at(2_000, 1, 0), 2_000);
        assert_eq!(budget.room_at(2_000, 2, 0), 61_000);
        budget.spend(2_000, 1);
        assert_eq!(budget.room_at(3_000, 1, 0), 61_000);
        budget.spend(61_000, 9);
        assert_eq!(budget.room_at(61_000, 1, 0), 62_000);
    }

    #[test]
    fn what_is_less_urgent_leaves_some() {
        let mut budget = Budget::new(10);
        budget.spend(1_000, 6);
        assert_eq!([budget.room_at(2_000, 1, 4), budget.room_at(2_000, 1, 3)], [61_000, 2_000]);
    }

    #[test]
    fn a_budget_is_never_too_small_to_go_on() {
        assert_eq!(Budget::new(0).room_at(5, 2, 100), 5);
    }
}
