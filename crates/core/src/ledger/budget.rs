//! How many requests a minute may be made.
//!
//! Zendesk counts the requests of the whole account, all integrations together (200 to 2,500 a minute by plan,
//! <https://developer.zendesk.com/api-reference/introduction/rate-limits/>); this app takes a fifth at most,
//! whoever uses it: those who send at the same time see each other's batches, and share.

use std::collections::VecDeque;

use crate::dispatch::Millis;

const MINUTE: Millis = 60_000;

/// How urgent a request is. What is less urgent leaves room for what is more so: a removal of a million messages must not keep
/// anybody from seeing what is being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody waits for it before they send.
    Sending,
    /// Somebody looks at it.
    Screen,
    /// It goes on by itself for a while: a file of all messages, a removal.
    Bulk,
}

/// Requests that were made in the last minute, and how many may be.
#[derive(Clone, Debug)]
pub struct Budget {
    /// All of it.
    whole: usize,
    /// What is left of it for this one.
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
        let per_minute = per_minute.max(Self::LEAST_PER_MINUTE);
        Self { whole: per_minute, per_minute, spent: VecDeque::new() }
    }

    /// Takes a part of it for this one, such as 3 of 4, since others make requests, too: of this page, or of other computers.
    /// Never fewer than ten.
    pub fn share(&mut self, part: usize, of: usize) {
        let part = self.whole.saturating_mul(part).checked_div(of).unwrap_or(self.whole);
        self.per_minute = part.clamp(Self::LEAST_PER_MINUTE, self.whole);
    }

    /// When `n` more may be made, leaving `spare` for what is more urgent: now, or later.
    pub fn room_at(&self, now: Millis, n: usize, spare: usize) -> Millis {
        let most = self.per_minute.saturating_sub(spare).max(n);
        // So many of the oldest have to be more than a minute ago.
        let too_many = (self.spent.len() + n).saturating_sub(most);
        let last_of_them = too_many.checked_sub(1).and_then(|place| self.spent.get(place));
        last_of_them.map_or(now, |at| now.max(at.saturating_add(MINUTE)))
    }

    /// When one more of this urgency may be made: now, or later.
    pub fn turn_at(&self, now: Millis, urgency: Urgency) -> Millis {
        let spare = match urgency {
            Urgency::Sending => 0,
            Urgency::Screen => self.per_minute / 8,
            Urgency::Bulk => self.per_minute / 4,
        };
        self.room_at(now, 1, spare)
    }

    /// So many requests were made now.
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
    fn those_who_send_at_once_share_it() {
        let mut budget = Budget::new(100);
        budget.share(3, 8);
        budget.spend(5, 37);
        assert_eq!(budget.turn_at(5, Urgency::Sending), 5 + MINUTE);
        // The other one is done.
        budget.share(3, 4);
        assert_eq!(budget.turn_at(5, Urgency::Sending), 5);
        // However many there are, each goes on.
        budget.share(1, 1_000);
        assert_eq!(budget.per_minute, Budget::LEAST_PER_MINUTE);
        budget.share(1, 0);
        assert_eq!(budget.per_minute, 100);
    }

    #[test]
    fn no_minute_sees_more_than_the_budget() {
        let mut budget = Budget::new(10);
        budget.spend(1_000, 9);
        assert_eq!(budget.room_at(2_000, 1, 0), 2_000);
        assert_eq!(budget.room_at(2_000, 2, 0), 61_000);
        budget.spend(2_000, 1);
        assert_eq!(budget.room_at(3_000, 1, 0), 61_000);
        budget.spend(61_000, 9);
        assert_eq!(budget.turn_at(61_999, Urgency::Sending), 62_000);
        assert_eq!(budget.turn_at(62_000, Urgency::Sending), 62_000);
    }

    #[test]
    fn what_is_less_urgent_leaves_some() {
        let mut budget = Budget::new(10);
        budget.spend(1_000, 6);
        assert_eq!([budget.room_at(2_000, 1, 4), budget.room_at(2_000, 1, 3)], [61_000, 2_000]);
    }

    #[test]
    fn bulk_leaves_room_for_a_screen_and_a_screen_for_a_sending() {
        let n_until_full = |per_minute, urgency| {
            let mut budget = Budget::new(per_minute);
            (0..1_000)
                .take_while(|_| {
                    let is_room = budget.turn_at(5, urgency) == 5;
                    budget.spend(5, 1);
                    is_room
                })
                .count()
        };
        let all = [Urgency::Bulk, Urgency::Screen, Urgency::Sending];
        assert_eq!(all.map(|urgency| n_until_full(80, urgency)), [60, 70, 80]);
        assert_eq!(all.map(|urgency| n_until_full(10, urgency)), [8, 9, 10]);
    }

    #[test]
    fn a_budget_is_never_too_small_to_go_on() {
        assert_eq!(Budget::new(0).room_at(5, 2, 100), 5);
    }
}
