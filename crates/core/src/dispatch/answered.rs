//! What an answer means for its message, and for all the others.

use super::{Answer, Dispatch, MessageIdx, Moment, PauseCause, Record, Refusal};
use crate::reasons::Reason;

/// Fewer unknown outcomes in a row than this are taken for chance, however few calls are under way at once.
const MIN_DOUBTS_THAT_PAUSE: usize = 3;

/// A message that was turned away so often comes after all others.
const IN_A_ROW_AT_MOST: u32 = 2;
/// A message that was turned away so often while others went through is given up.
const ALONE_AT_MOST: u32 = 5;
/// The last message of a batch is given up after so many, which takes some seven minutes.
const LAST_AT_MOST: u32 = 12;

/// How often a message was turned away with a 429.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TurnedAway {
    n: u32,
    /// Of these, how often others had gone through since the last time.
    n_alone: u32,
    /// How many had by then.
    n_accepted: usize,
}

/// What went wrong since the last acceptance, or since somebody resumed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Streak {
    failures: u32,
    doubts: usize,
}

impl Dispatch {
    pub(super) fn answered(&mut self, now: Moment, message: MessageIdx, attempt: u32, answer: Answer) {
        let Some(call) = self.calls.answered(message, attempt) else { return };
        match answer {
            Answer::Accepted(id) => {
                self.pace.processed(now.clock, call);
                self.streak = Streak::default();
                self.record(now, Record::Accepted { message, id });
            }
            Answer::Refused(refusal) => {
                self.pace.processed(now.clock, call);
                self.streak = Streak { failures: self.streak.failures.saturating_add(1), doubts: 0 };
                let cause = Reason::find(&refusal.text).and_then(PauseCause::of_reason);
                self.record(now, Record::Refused { message, refusal });
                if let Some(cause) = cause {
                    self.record(now, Record::Paused(cause));
                }
            }
            Answer::Unknown(doubt) => {
                // Before it is measured: a minute's silence would widen the window at once.
                let enough = self.pace.window().max(MIN_DOUBTS_THAT_PAUSE);
                self.pace.answered(now.clock, call);
                self.streak.failures = self.streak.failures.saturating_add(1);
                self.streak.doubts = self.streak.doubts.saturating_add(1);
                self.record(now, Record::InDoubt { message, doubt });
                if enough <= self.streak.doubts {
                    self.record(now, Record::Paused(PauseCause::Doubts));
                }
            }
            Answer::Throttled { retry_after_ms } => {
                self.pace.throttled(now.clock, call, retry_after_ms);
                self.throttled(now, message);
            }
            // Provably not sent, and neither would the rest be: it waits with them.
            Answer::Stop(cause) => {
                self.turned_away(now, message);
                self.record(now, Record::Paused(PauseCause::Stopped(cause)));
            }
        }
        let enough = self.config.failures_that_pause;
        if 0 < enough && enough <= self.streak.failures {
            self.record(now, Record::Paused(PauseCause::Failures));
        }
    }

    /// A 429 as a rule says that all are too fast. Where others go through meanwhile it is about this message, which must not
    /// keep them waiting: it comes last, and after some more of them it is given up.
    fn throttled(&mut self, now: Moment, message: MessageIdx) {
        let counts = self.book.counts();
        let (n_accepted, is_last) = (counts.accepted, counts.waiting == 0 && counts.claimed == 1);
        let turned_away = self.turned_away.entry(message).or_default();
        let went_on = 0 < turned_away.n && turned_away.n_accepted < n_accepted;
        turned_away.n += 1;
        turned_away.n_alone += u32::from(went_on);
        turned_away.n_accepted = n_accepted;
        let is_given_up = ALONE_AT_MOST <= turned_away.n_alone || (is_last && LAST_AT_MOST <= turned_away.n);
        let is_postponed = IN_A_ROW_AT_MOST <= turned_away.n;
        if is_given_up {
            let refusal = Refusal { status: 429, code: None, text: "Too Many Requests".to_owned() };
            self.record(now, Record::Refused { message, refusal });
            return;
        }
        self.turned_away(now, message);
        if is_postponed {
            self.queue.postpone(message);
        }
    }

    /// The message provably wasn't sent: it waits again.
    pub(super) fn turned_away(&mut self, now: Moment, message: MessageIdx) {
        self.record(now, Record::TurnedAway { message });
        if let Some(recipient) = self.to.get(message) {
            self.queue.turned_away(message, *recipient);
        }
    }
}
