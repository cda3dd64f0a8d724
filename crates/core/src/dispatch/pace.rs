//! How fast calls may leave: the window of calls under way, pauses that the provider asked for, and the measured rate.
//!
//! Sunshine Conversations publishes no limit; its advice is "exponential backoff and jitter". On a 429 everything waits,
//! the window is halved, and it grows again by one for each full window of acceptances.

use std::collections::VecDeque;

use super::Millis;

/// The first pause after a 429 that names none.
const FIRST_PAUSE: Millis = 1_000;
/// The longest pause between tries.
const LONGEST_PAUSE: Millis = 60_000;
/// The rate is measured over this long.
const MEASURED_OVER: Millis = 10_000;

#[derive(Clone, Debug)]
pub(super) struct Pace {
    max_window: usize,
    window: usize,
    accepted_in_window: usize,
    held_until: Millis,
    pauses_in_a_row: u32,
    /// When the last answers came, oldest first, within [`MEASURED_OVER`].
    answers: VecDeque<Millis>,
    started_at: Option<Millis>,
}

impl Pace {
    pub(super) fn new(max_window: usize) -> Self {
        Self {
            max_window,
            window: max_window,
            accepted_in_window: 0,
            held_until: 0,
            pauses_in_a_row: 0,
            answers: VecDeque::new(),
            started_at: None,
        }
    }

    pub(super) fn window(&self) -> usize {
        self.window
    }

    pub(super) fn held_until(&self, now: Millis) -> Option<Millis> {
        (now < self.held_until).then_some(self.held_until)
    }

    pub(super) fn answered(&mut self, now: Millis) {
        self.started_at.get_or_insert(now);
        self.answers.push_back(now);
        while self.answers.front().is_some_and(|&at| at + MEASURED_OVER < now) {
            self.answers.pop_front();
        }
    }

    /// An acceptance of a call that left before the present pause says nothing about the pace after it.
    pub(super) fn accepted(&mut self, now: Millis) {
        if self.held_until(now).is_some() {
            return;
        }
        self.pauses_in_a_row = 0;
        self.accepted_in_window += 1;
        if self.window <= self.accepted_in_window {
            self.accepted_in_window = 0;
            self.window = (self.window + 1).min(self.max_window);
        }
    }

    /// Calls that were under way together are often turned away together: those that come back while everything waits
    /// already belong to the same refusal and make the pause longer only if they name a longer one.
    pub(super) fn throttled(&mut self, now: Millis, retry_after: Option<Millis>) {
        let is_first_of_its_kind = self.held_until(now).is_none();
        if is_first_of_its_kind {
            self.pauses_in_a_row += 1;
            self.window = (self.window / 2).max(1);
            self.accepted_in_window = 0;
        }
        let doublings = self.pauses_in_a_row.saturating_sub(1).min(6);
        let pause = retry_after.unwrap_or_else(|| (FIRST_PAUSE << doublings).min(LONGEST_PAUSE));
        self.held_until = self.held_until.max(now + pause.max(1));
    }

    pub(super) fn rate(&self, now: Millis) -> Option<f64> {
        let started_at = self.started_at?;
        let since = started_at.max(now.saturating_sub(MEASURED_OVER));
        let elapsed = now.saturating_sub(since);
        let n_answers = self.answers.iter().filter(|&&at| since <= at).count();
        // Under half a second says nothing about the next minutes.
        if elapsed < 500 || n_answers == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most a few thousand answers in ten seconds")]
        Some(n_answers as f64 * 1000.0 / elapsed as f64)
    }

    pub(super) fn time_left(&self, now: Millis, n_left: usize) -> Option<Millis> {
        let rate = self.rate(now)?;
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive estimate that is shown in seconds"
        )]
        Some((n_left as f64 * 1000.0 / rate) as Millis)
    }
}
