//! In no second do more calls arrive at the provider than the rate allows.
//!
//! Calls that begin evenly don't arrive evenly: the page, the browser and the network hold one of them up now and then. If a
//! second's first call arrives late and its last one doesn't, a provider that counts strictly sees one too many and answers
//! 429. When a call arrived isn't known, but it can't have been held up for longer than its answer was.

use std::collections::VecDeque;

use super::Millis;

/// A second as the provider may see it: calls travel for slightly different times.
const SECOND: Millis = 1_008;
/// No call is taken to have been held up for longer than this.
const HELD_UP_AT_MOST: Millis = 200;
/// No answer counts as longer than this.
const LONGEST: Millis = 60_000;
/// Where answers differ from their average by more than this on average, it's the provider who takes his time, and they say
/// nothing about the way.
const DIFFERENT_AT_MOST: Millis = 20;
/// Averages are taken over about so many answers, and the soonest is found among once to twice as many. No answer counts for
/// more than it would with four times that difference.
const AVERAGED_OVER: u64 = 64;

#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Calls a second at most.
    limit: usize,
    /// The `limit` calls that arrived last, in the order in which they did as far as is known.
    last: VecDeque<Begun>,
    n_begun: u64,
    usual: Usual,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    number: CallNumber,
    at: Millis,
    /// How long its answer took, once it came.
    took: Option<Millis>,
    held_up: Millis,
}

/// Which call of this engine it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallNumber(u64);

impl Guard {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, last: VecDeque::new(), n_begun: 0, usual: Usual::default() }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// The earliest moment for the call after `n` others.
    pub(super) fn nth_begin(&self, n: usize) -> Millis {
        let before = if self.last.len() == self.limit { self.last.get(n) } else { None };
        before.map_or(0, |begun| begun.arrived().saturating_add(SECOND))
    }

    pub(super) fn begin(&mut self, now: Millis) -> CallNumber {
        if self.last.len() == self.limit {
            self.last.pop_front();
        }
        self.n_begun += 1;
        let number = CallNumber(self.n_begun);
        self.insert(Begun { number, at: now, took: None, held_up: 0 });
        number
    }

    /// A call's answer came.
    pub(super) fn answered(&mut self, now: Millis, call: CallNumber) {
        // A call that is so long ago holds nothing up any more.
        let Some(place) = self.last.iter().position(|begun| begun.number == call) else { return };
        let Some(begun) = self.last.remove(place) else { return };
        let took = now.saturating_sub(begun.at);
        self.usual.take(took);
        self.insert(Begun { took: Some(took), held_up: self.held_up(took), ..begun });
        // The first answers say more about each other with each that comes.
        if self.usual.n < AVERAGED_OVER {
            self.judge_again();
        }
    }

    fn held_up(&self, took: Millis) -> Millis {
        self.usual.late(took).min(HELD_UP_AT_MOST)
    }

    fn judge_again(&mut self) {
        let mut last = std::mem::take(&mut self.last);
        for begun in &mut last {
            begun.held_up = begun.took.map_or(0, |took| self.held_up(took));
        }
        last.make_contiguous().sort_by_key(|begun| begun.arrived());
        self.last = last;
    }

    fn insert(&mut self, begun: Begun) {
        let place = self.last.partition_point(|other| other.arrived() <= begun.arrived());
        self.last.insert(place, begun);
    }
}

impl Begun {
    /// When it arrived, but for the time that a smooth way takes.
    fn arrived(self) -> Millis {
        self.at.saturating_add(self.held_up)
    }
}

/// How long answers usually take.
#[derive(Clone, Copy, Debug, Default)]
struct Usual {
    micros: u64,
    /// By how much they are sooner or later than that.
    difference_micros: u64,
    n: u64,
    /// The soonest of the last answers, and of those before.
    soonest: [Option<u64>; 2],
    n_last: u64,
}

impl Usual {
    fn take(&mut self, took: Millis) {
        let took = took.min(LONGEST) * 1_000;
        let most = self.micros.saturating_add(4 * DIFFERENT_AT_MOST * 1_000);
        let counted = if self.n == 0 { took } else { took.min(most) };
        let average = |before: u64, new: u64| (before * self.n + new) / (self.n + 1);
        let micros = average(self.micros, counted);
        self.difference_micros = average(self.difference_micros, counted.abs_diff(micros));
        self.micros = micros;
        self.n = (self.n + 1).min(AVERAGED_OVER);
        if self.n_last == AVERAGED_OVER {
            self.soonest = [None, self.soonest[0]];
            self.n_last = 0;
        }
        self.n_last += 1;
        self.soonest[0] = Some(self.soonest[0].map_or(took, |before| before.min(took)));
    }

    /// By how much an answer that took so long is later than the soonest, if that says anything.
    fn late(&self, took: Millis) -> Millis {
        let took = took.min(LONGEST) * 1_000;
        let is_telling = self.difference_micros <= DIFFERENT_AT_MOST * 1_000;
        let soon = self.soonest.into_iter().flatten().min().unwrap_or(took);
        if is_telling { took.saturating_sub(soon) / 1_000 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A guard whose answers have come after 100 ms so far.
    fn guard(limit: usize) -> Guard {
        let mut guard = Guard::new(limit);
        for _ in 0..AVERAGED_OVER {
            let call = guard.begin(0);
            guard.answered(100, call);
        }
        guard
    }

    #[test]
    fn who_comes_late_counts_from_then_on_and_the_others_as_they_came() {
        let mut guard = guard(3);
        let calls = [1_000, 1_010, 1_020].map(|now| guard.begin(now));
        guard.answered(1_110, calls[1]);
        guard.answered(1_116, calls[0]);
        guard.answered(1_120, calls[2]);
        assert_eq!([0, 1, 2].map(|n| guard.nth_begin(n)), [2_018, 2_024, 2_028]);
        guard.begin(2_018);
        assert_eq!([0, 1, 2].map(|n| guard.nth_begin(n)), [2_024, 2_028, 3_026]);
    }

    #[test]
    fn as_many_as_the_limit_may_begin_at_once() {
        let mut guard = Guard::new(2);
        guard.begin(1_000);
        assert_eq!(guard.nth_begin(0), 0);
        guard.begin(1_000);
        assert_eq!(guard.nth_begin(0), 2_008);
    }

    #[test]
    fn the_first_call_counts_as_late_once_the_others_have_shown_it() {
        let mut guard = Guard::new(4);
        let calls = [1_000, 1_010, 1_020, 1_030].map(|now| guard.begin(now));
        guard.answered(1_200, calls[0]);
        assert_eq!(guard.nth_begin(0), 2_008);
        guard.answered(1_160, calls[1]);
        guard.answered(1_170, calls[2]);
        // It is behind the second one now.
        assert_eq!(guard.nth_begin(0), 2_018);
    }

    #[test]
    fn one_slow_answer_costs_little_and_a_slow_provider_nothing() {
        let mut guard = guard(1);
        let mut after = |took: Millis| {
            let call = guard.begin(1_000);
            guard.answered(1_000 + took, call);
            guard.nth_begin(0) - 1_000 - SECOND
        };
        assert_eq!([after(100), after(30_000), after(100)], [0, HELD_UP_AT_MOST, 0]);
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
        let mut usual = Usual::default();
        let mut late = |took, n: u32| {
            let each = (0..n).map(|_| {
                usual.take(took);
                usual.late(took)
            });
            each.last()
        };
        assert_eq!(late(100, 100), Some(0));
        assert_eq!([late(160, 1), late(160, 600)], [Some(60), Some(0)]);
    }
}
