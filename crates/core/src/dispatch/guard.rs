//! In no second do more calls arrive at the provider than the rate allows.
//!
//! Calls that begin evenly don't arrive evenly: the page, the browser and the network hold one of them up now and then. If a
//! second's first call arrives late and its last one doesn't, a provider that counts strictly sees one too many and answers
//! 429. When a call arrived isn't known, but it can't have been held up for longer than its answer was.

use std::collections::VecDeque;

use super::Millis;

/// A second as the provider may see it: calls travel for slightly different times.
const SECOND: Millis = 1_006;
/// No call is taken to have been held up for longer. Where answers vary by more than this on average, it's the provider who
/// takes his time, and they say nothing about the way.
const HELD_UP_AT_MOST: Millis = 24;
/// The average is taken over about so many answers.
const AVERAGED_OVER: u64 = 64;
/// The shortest way there and back is looked for among at least as many answers.
const RECENT_ANSWERS: u32 = 512;

#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Calls a second at most.
    limit: usize,
    /// The last `limit` calls, oldest first.
    last: VecDeque<Begun>,
    n_begun: u64,
    shortest: Shortest,
    /// By how much answers are later than the soonest one, on average, in microseconds.
    usually_late_micros: u64,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    at: Millis,
    held_up: Millis,
}

/// Which call of this engine it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallNumber(u64);

impl Guard {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            last: VecDeque::new(),
            n_begun: 0,
            shortest: Shortest::default(),
            usually_late_micros: 0,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// The earliest moment for the call after `n` others.
    pub(super) fn nth_begin(&self, n: usize) -> Millis {
        let before = if self.last.len() == self.limit { self.last.get(n) } else { None };
        before.map_or(0, |begun| begun.at.saturating_add(begun.held_up).saturating_add(SECOND))
    }

    pub(super) fn begin(&mut self, now: Millis) -> CallNumber {
        if self.last.len() == self.limit {
            self.last.pop_front();
        }
        self.last.push_back(Begun { at: now, held_up: 0 });
        self.n_begun += 1;
        CallNumber(self.n_begun)
    }

    /// A call's answer came.
    pub(super) fn answered(&mut self, now: Millis, call: CallNumber) {
        let place = usize::try_from(self.n_begun - call.0).ok();
        let begun = place.and_then(|n_after| self.last.iter_mut().rev().nth(n_after));
        // A call that is so long ago holds nothing up any more.
        let Some(begun) = begun else { return };
        let took = now.saturating_sub(begun.at);
        let late = took.saturating_sub(self.shortest.with(took)).min(10 * HELD_UP_AT_MOST);
        self.usually_late_micros =
            (self.usually_late_micros * (AVERAGED_OVER - 1) + late * 1_000) / AVERAGED_OVER;
        let is_telling = self.usually_late_micros <= HELD_UP_AT_MOST * 1_000;
        begun.held_up = if is_telling { late.min(HELD_UP_AT_MOST) } else { 0 };
    }
}

/// The shortest of the recent times, from one to two times [`RECENT_ANSWERS`] of them.
#[derive(Clone, Copy, Debug)]
struct Shortest {
    present: Millis,
    past: Millis,
    n_present: u32,
}

impl Default for Shortest {
    fn default() -> Self {
        Self { present: Millis::MAX, past: Millis::MAX, n_present: 0 }
    }
}

impl Shortest {
    fn with(&mut self, took: Millis) -> Millis {
        if self.n_present == RECENT_ANSWERS {
            *self = Self { past: self.present, ..Self::default() };
        }
        self.n_present += 1;
        self.present = self.present.min(took);
        self.present.min(self.past)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_late_keeps_the_call_a_second_later_waiting() {
        let mut guard = Guard::new(2);
        let first = guard.begin(1_000);
        assert_eq!(guard.nth_begin(0), 0, "one more has room in this second");
        let second = guard.begin(1_100);
        assert_eq!([guard.nth_begin(0), guard.nth_begin(1)], [2_006, 2_106]);
        guard.answered(1_200, first);
        guard.answered(1_315, second);
        assert_eq!([guard.nth_begin(0), guard.nth_begin(1)], [2_006, 2_121]);
    }

    #[test]
    fn one_slow_answer_costs_little_and_a_slow_provider_nothing() {
        let mut guard = Guard::new(1);
        let mut after = |took: Millis| {
            let call = guard.begin(1_000);
            guard.answered(1_000 + took, call);
            guard.nth_begin(0) - 1_000 - SECOND
        };
        assert_eq!([after(100), after(30_000)], [0, HELD_UP_AT_MOST]);
        let waits = (0..200).map(|n| after(100 + n % 7 * 30));
        assert_eq!(waits.last(), Some(0));
    }

    #[test]
    fn an_answer_that_comes_when_its_second_is_over_changes_nothing() {
        let mut guard = Guard::new(1);
        let old = guard.begin(1_000);
        guard.begin(2_010);
        guard.answered(2_020, old);
        assert_eq!(guard.nth_begin(0), 2_010 + SECOND);
    }

    #[test]
    fn a_way_that_has_become_longer_is_the_new_measure() {
        let mut shortest = Shortest::default();
        shortest.with(100);
        let of_many = |shortest: &mut Shortest, n: u32| (0..n).map(|_| shortest.with(300)).last();
        assert_eq!(of_many(&mut shortest, RECENT_ANSWERS), Some(100));
        assert_eq!(of_many(&mut shortest, 2 * RECENT_ANSWERS), Some(300));
    }
}
