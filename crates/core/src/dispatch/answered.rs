//! What an answer means for its message, and for all the others.

use super::{Answer, Dispatch, MessageIdx, Moment, PauseCause, Record};
use crate::reasons::{Concern, Reason};

/// Fewer unknown outcomes in a row than this are taken for chance, however few calls are under way at once.
const MIN_DOUBTS_THAT_PAUSE: usize = 3;

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
                let template_reason =
                    Reason::find(&refusal.text).filter(|reason| reason.concern() == Concern::Template);
                self.record(now, Record::Refused { message, refusal });
                if let Some(reason) = template_reason {
                    self.record(now, Record::Paused(PauseCause::Template(reason)));
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
                self.turned_away(now, message);
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

    /// The message provably wasn't sent: it waits again.
    pub(super) fn turned_away(&mut self, now: Moment, message: MessageIdx) {
        self.record(now, Record::TurnedAway { message });
        if let Some(recipient) = self.to.get(message) {
            self.queue.turned_away(message, *recipient);
        }
    }
}
