//! What is measured: how long calls and writes take, and how fast answers come.

use std::collections::VecDeque;

use super::Millis;

/// The rate is measured over this long.
const MEASURED_OVER: Millis = 10_000;
/// Less than this says nothing about the next minutes.
const MEASURED_AT_LEAST: Millis = 500;
/// No single call or write counts for more.
const LONGEST: Millis = 60_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    latency: Average<200_000>,
    write: Average<10_000>,
    started_at: Millis,
    /// When the last answers came, oldest first, within [`MEASURED_OVER`].
    answers: VecDeque<Millis>,
}

/// A moving average in microseconds, which begins at a guess.
#[derive(Clone, Copy, Debug, Default)]
struct Average<const GUESS: u64>(Option<u64>);

impl<const GUESS: u64> Average<GUESS> {
    fn take(&mut self, millis: Millis) {
        let sample = millis.min(LONGEST) * 1_000;
        self.0 = Some(self.0.map_or(sample, |average| (average * 7 + sample) / 8));
    }

    fn micros(self) -> u64 {
        self.0.unwrap_or(GUESS)
    }
}

impl Meter {
    pub(super) fn start(&mut self, now: Millis) {
        self.started_at = now;
        self.answers.clear();
    }

    pub(super) fn answered(&mut self, now: Millis, began_at: Millis) {
        self.latency.take(now.saturating_sub(began_at));
        self.answers.push_back(now);
        while self.answers.front().is_some_and(|&at| at.saturating_add(MEASURED_OVER) < now) {
            self.answers.pop_front();
        }
    }

    pub(super) fn written(&mut self, now: Millis, began_at: Millis) {
        self.write.take(now.saturating_sub(began_at));
    }

    /// A message is claimed so long before its call is due: its write may have to wait for one that is under way.
    pub(super) fn claim_ahead(&self) -> Millis {
        self.write.micros() / 500 + 20
    }

    /// How long a message counts as under way.
    pub(super) fn claim_to_answer_micros(&self) -> u64 {
        self.latency.micros() + 2 * self.write.micros()
    }

    pub(super) fn rate(&self, now: Millis) -> Option<f64> {
        let since = self.started_at.max(now.saturating_sub(MEASURED_OVER));
        let elapsed = now.saturating_sub(since);
        let n_answers = self.answers.len() - self.answers.partition_point(|&at| at < since);
        if elapsed < MEASURED_AT_LEAST || n_answers == 0 {
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
