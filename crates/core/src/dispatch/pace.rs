//! When calls may begin: the schedule, the limit of any sliding second, and waits that the provider asked for.
//!
//! Calls follow a schedule a little slower than the rate; one that begins late is caught up with, as far as the [`Guard`] lets
//! it. Sunshine Conversations publishes no limit; its advice is "exponential backoff and jitter". So on a 429 everything waits
//! and the rate is halved; then it grows back, slowly near the rate that was turned away, as a TCP connection's does (RFC 9438).

use super::{
    Config, Millis,
    guard::{CallNumber, Guard},
    meter::Meter,
};
use crate::random::SplitMix64;

/// What a second of the schedule lasts. What it has more than a second is what late calls are caught up with.
const SCHEDULED_SECOND: Millis = 1_018;
/// Calls that are later than this are not caught up with.
const CATCH_UP_MICROS: u64 = 200_000;
/// Calls under way at once are within these.
const WINDOW: std::ops::RangeInclusive<u64> = 4..=32;
/// The first wait after a 429 that names none.
const FIRST_HOLD: Millis = 1_000;
/// The longest wait that isn't named by the provider, but for the jitter.
const LONGEST_HOLD: Millis = 60_000;
/// The rate never falls below one message a second; waits do the rest.
const LOWEST_RATE_MILLI: u64 = 1_000;
/// In so many seconds the rate would grow from nothing to the full rate, while it is well below the one that was turned away;
const SECONDS_TO_GROW_BACK: u64 = 8;
/// and in so many where it is tried out how much is allowed.
const SECONDS_TO_TRY_OUT: u64 = 64;

#[derive(Clone, Debug)]
pub(super) struct Pace {
    guard: Guard,
    /// The present rate, in thousandths of a call a second.
    rate_milli: u64,
    /// The rate that was turned away last.
    refused_milli: u64,
    /// When the schedule's next call is due, in microseconds.
    due_micros: u64,
    held_until: Millis,
    holds_in_a_row: u32,
    /// Grows with each hold: calls that were under way together are turned away together.
    epoch: Epoch,
    random: SplitMix64,
    pub(super) meter: Meter,
}

/// Which holds a call has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Epoch(u32);

/// A call that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    at: Millis,
    epoch: Epoch,
    number: CallNumber,
}

impl Pace {
    pub(super) fn new(config: Config) -> Self {
        let per_second = config.rate.per_second();
        Self {
            guard: Guard::new(usize::try_from(per_second).unwrap_or(1)),
            rate_milli: u64::from(per_second) * 1_000,
            refused_milli: u64::from(per_second) * 1_000,
            due_micros: 0,
            held_until: 0,
            holds_in_a_row: 0,
            epoch: Epoch::default(),
            random: SplitMix64::new(config.seed),
            meter: Meter::default(),
        }
    }

    /// Calls are wanted from now on, after none were: nothing is to be caught up with.
    pub(super) fn start(&mut self, now: Millis) {
        self.due_micros = self.due_micros.max(micros(now));
        self.meter.start(now);
    }

    /// When the call after `n` others may begin, as things are now. A moment that is past means at once.
    pub(super) fn nth_begin(&self, now: Millis, n: usize) -> Millis {
        let first = self.due_micros.max(micros(now).saturating_sub(CATCH_UP_MICROS));
        let n_intervals = u64::try_from(n).unwrap_or(u64::MAX);
        let scheduled =
            first.saturating_add(self.interval_micros().saturating_mul(n_intervals)).div_ceil(1_000);
        scheduled.max(self.guard.nth_begin(n)).max(self.held_until)
    }

    pub(super) fn may_begin(&self, now: Millis) -> bool {
        self.nth_begin(now, 0) <= now
    }

    /// How many calls may begin until `until`; no more than `most` are counted.
    pub(super) fn n_begins(&self, now: Millis, until: Millis, most: usize) -> usize {
        (0..most).take_while(|&n| self.nth_begin(now, n) <= until).count()
    }

    /// A call begins.
    pub(super) fn begin(&mut self, now: Millis) -> Begun {
        let due = self.due_micros.max(micros(now).saturating_sub(CATCH_UP_MICROS));
        self.due_micros = due.saturating_add(self.interval_micros());
        Begun { at: now, epoch: self.epoch, number: self.guard.begin(now) }
    }

    /// How many calls may be under way at once: what the present rate needs at the measured latency, and half as many again.
    pub(super) fn window(&self) -> usize {
        let needed = self.rate_milli.saturating_mul(self.meter.claim_to_answer_micros()) / 1_000_000_000;
        let window = (needed * 3 / 2 + 2).clamp(*WINDOW.start(), *WINDOW.end());
        usize::try_from(window).unwrap_or(usize::MAX)
    }

    pub(super) fn held_until(&self, now: Millis) -> Option<Millis> {
        (now < self.held_until).then_some(self.held_until)
    }

    /// A call was answered, or will never be.
    pub(super) fn answered(&mut self, now: Millis, call: Begun) {
        self.meter.answered(now, call.at);
        self.guard.answered(now, call.number);
    }

    /// The provider dealt with a call. One that left before the last hold says nothing about the pace after it.
    pub(super) fn processed(&mut self, now: Millis, call: Begun) {
        self.answered(now, call);
        if call.epoch != self.epoch {
            return;
        }
        self.holds_in_a_row = 0;
        let full = u64::try_from(self.guard.limit()).unwrap_or(u64::MAX).saturating_mul(1_000);
        let is_well_below = self.rate_milli < self.refused_milli / 10 * 9;
        let seconds = if is_well_below { SECONDS_TO_GROW_BACK } else { SECONDS_TO_TRY_OUT };
        let growth = full.saturating_mul(1_000) / (seconds * self.rate_milli.max(1));
        self.rate_milli = (self.rate_milli + growth.max(1)).min(full);
    }

    /// A call was turned away with a 429. Those that left before the last hold belong to the same refusal, and make the wait
    /// longer only if they name a longer one.
    pub(super) fn throttled(&mut self, now: Millis, call: Begun, retry_after: Option<Millis>) {
        let hold = if call.epoch == self.epoch {
            self.epoch = Epoch(self.epoch.0.wrapping_add(1));
            let doublings = self.holds_in_a_row.min(6);
            self.holds_in_a_row = self.holds_in_a_row.saturating_add(1);
            self.refused_milli = self.rate_milli;
            self.rate_milli = (self.rate_milli / 2).max(LOWEST_RATE_MILLI);
            let hold = retry_after.unwrap_or_else(|| (FIRST_HOLD << doublings).min(LONGEST_HOLD));
            hold.saturating_add(self.random.next() % (hold / 4).max(1))
        } else {
            retry_after.unwrap_or_default()
        };
        self.held_until = self.held_until.max(now.saturating_add(hold));
        self.due_micros = self.due_micros.max(micros(self.held_until));
    }

    fn interval_micros(&self) -> u64 {
        SCHEDULED_SECOND * 1_000_000 / self.rate_milli.max(1)
    }
}

fn micros(millis: Millis) -> u64 {
    millis.saturating_mul(1_000)
}
