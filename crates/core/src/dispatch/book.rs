//! What the records say: the one place where a record changes anything, be it made just now or read from a journal.

use std::{
    collections::{BTreeSet, VecDeque},
    num::NonZeroU64,
};

use rustc_hash::FxHashSet;

use super::{
    Counts, Doubt, End, Entry, MessageIdx, MessageState, Milestone, PauseCause, Phase, Record, ReplayProblem,
    Times, Track, UnixMillis,
};

/// So many of the latest claims are remembered: more than can have left within the six seconds that a recipient rests.
const N_LATEST_CLAIMS: usize = 512;

#[derive(Clone, Debug)]
pub(super) struct Book {
    /// As far as the records tell: a write that failed or isn't kept yet is none.
    phase: Phase,
    states: Vec<MessageState>,
    attempts: Vec<u32>,
    times: Vec<PackedTimes>,
    retried: FxHashSet<MessageIdx>,
    counts: Counts,
    claimed: BTreeSet<MessageIdx>,
    latest_claims: VecDeque<MessageIdx>,
    track: Track,
    last_claim_at: UnixMillis,
}

/// [`Times`] in half the memory: 1970's first millisecond is none.
#[derive(Clone, Copy, Debug, Default)]
struct PackedTimes {
    claimed_at: Option<NonZeroU64>,
    ended_at: Option<NonZeroU64>,
}

impl Book {
    pub(super) fn new(n_messages: usize) -> Self {
        Self {
            phase: Phase::Ready,
            states: vec![MessageState::Waiting; n_messages],
            attempts: vec![0; n_messages],
            times: vec![PackedTimes::default(); n_messages],
            retried: FxHashSet::default(),
            counts: Counts { total: n_messages, waiting: n_messages, ..Counts::default() },
            claimed: BTreeSet::new(),
            latest_claims: VecDeque::new(),
            track: Track::default(),
            last_claim_at: 0,
        }
    }

    /// Takes in a record, or says why it can't follow those before; then nothing has changed.
    pub(super) fn apply(&mut self, entry: &Entry) -> Result<(), ReplayProblem> {
        let time = entry.time;
        match &entry.record {
            Record::Started => {
                self.allow(self.phase == Phase::Ready)?;
                self.phase = Phase::Running;
                self.track.push(time, Milestone::Started, None);
            }
            Record::Claimed { message, attempt } => self.claim(*message, *attempt, time)?,
            Record::Accepted { message, id } => {
                self.answer(*message, MessageState::Accepted(id.clone()), time)?;
            }
            Record::Refused { message, refusal } => {
                self.answer(*message, MessageState::Refused(refusal.clone()), time)?;
            }
            Record::InDoubt { message, doubt } => {
                self.answer(*message, MessageState::Unknown(*doubt), time)?;
            }
            Record::TurnedAway { message } => {
                self.allow(self.state(*message)? == &MessageState::Claimed)?;
                self.unclaim(*message);
            }
            Record::Paused(cause) => {
                self.allow(self.phase == Phase::Running)?;
                self.phase = Phase::Paused(cause.clone());
                self.track.push(time, Milestone::Paused, cause.key());
            }
            Record::Resumed => {
                self.allow(matches!(self.phase, Phase::Paused(_)))?;
                self.phase = Phase::Running;
                self.track.push(time, Milestone::Resumed, None);
            }
            Record::Cancelled => {
                self.allow(matches!(self.phase, Phase::Ready | Phase::Running | Phase::Paused(_)))?;
                self.phase = Phase::Draining;
                self.track.push(time, Milestone::Cancelled, None);
            }
            Record::Opened => self.open(time),
            Record::MarkedSent { message } => {
                self.allow(matches!(self.state(*message)?, MessageState::Unknown(_)))?;
                self.set(*message, MessageState::MarkedSent);
                self.ended_at(*message, time);
            }
            Record::SendAgain { message } => self.send_again(*message)?,
            Record::Retried { message, .. } => {
                // What is neither with the recipient nor will be: a message of an ended batch that never left stays so.
                let is_free =
                    matches!(self.state(*message)?, MessageState::Refused(_) | MessageState::NotSent);
                self.allow(is_free && !self.retried.contains(message))?;
                self.retried.insert(*message);
            }
            Record::Ended(end) => self.end(*end, time)?,
        }
        Ok(())
    }

    /// A claim that was never kept: as if it had not been made, but its attempt's number stays used.
    pub(super) fn unclaim(&mut self, message: MessageIdx) {
        if self.claimed.remove(&message) {
            self.set(message, MessageState::Waiting);
            if let Some(times) = self.times.get_mut(message) {
                *times = PackedTimes::default();
            }
        }
    }

    pub(super) fn phase(&self) -> &Phase {
        &self.phase
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn states(&self) -> &[MessageState] {
        &self.states
    }

    pub(super) fn next_attempt(&self, message: MessageIdx) -> u32 {
        self.attempts.get(message).map_or(1, |attempt| attempt.saturating_add(1))
    }

    pub(super) fn times(&self, message: MessageIdx) -> Times {
        let packed = self.times.get(message).copied().unwrap_or_default();
        Times {
            claimed_at: packed.claimed_at.map(NonZeroU64::get),
            ended_at: packed.ended_at.map(NonZeroU64::get),
        }
    }

    pub(super) fn track(&self) -> &Track {
        &self.track
    }

    pub(super) fn is_retried(&self, message: MessageIdx) -> bool {
        self.retried.contains(&message)
    }

    pub(super) fn latest_claims(&self) -> impl Iterator<Item = MessageIdx> + '_ {
        self.latest_claims.iter().copied()
    }

    fn state(&self, message: MessageIdx) -> Result<&MessageState, ReplayProblem> {
        self.states.get(message).ok_or(ReplayProblem::NoSuchMessage)
    }

    #[expect(clippy::unused_self, reason = "reads as what it is: the book's rule")]
    fn allow(&self, is_possible: bool) -> Result<(), ReplayProblem> {
        is_possible.then_some(()).ok_or(ReplayProblem::OutOfOrder)
    }

    fn claim(&mut self, message: MessageIdx, attempt: u32, time: UnixMillis) -> Result<(), ReplayProblem> {
        let is_waiting = self.state(message)? == &MessageState::Waiting;
        let last_attempt = self.attempts.get(message).copied().unwrap_or_default();
        self.allow(is_waiting && last_attempt < attempt && self.phase == Phase::Running)?;
        if let Some(last_attempt) = self.attempts.get_mut(message) {
            *last_attempt = attempt;
        }
        self.set(message, MessageState::Claimed);
        self.claimed.insert(message);
        self.last_claim_at = time;
        if let Some(times) = self.times.get_mut(message) {
            *times = PackedTimes { claimed_at: NonZeroU64::new(time), ended_at: None };
        }
        if self.latest_claims.len() == N_LATEST_CLAIMS {
            self.latest_claims.pop_front();
        }
        self.latest_claims.push_back(message);
        Ok(())
    }

    fn answer(
        &mut self,
        message: MessageIdx,
        state: MessageState,
        time: UnixMillis,
    ) -> Result<(), ReplayProblem> {
        self.allow(self.state(message)? == &MessageState::Claimed)?;
        self.claimed.remove(&message);
        self.set(message, state);
        self.ended_at(message, time);
        Ok(())
    }

    fn open(&mut self, time: UnixMillis) {
        while let Some(message) = self.claimed.pop_first() {
            self.set(message, MessageState::Unknown(Doubt::Interrupted));
            self.ended_at(message, time);
        }
        if self.phase == Phase::Running {
            self.phase = Phase::Paused(PauseCause::Reopened);
        }
        // A look at what has ended, or never began, is no event.
        if matches!(self.phase, Phase::Paused(_) | Phase::Draining) {
            self.track.push(time, Milestone::TakenOver, None);
        }
    }

    /// An ended batch runs again for this message; what was cancelled stays so.
    fn send_again(&mut self, message: MessageIdx) -> Result<(), ReplayProblem> {
        let is_unknown = matches!(self.state(message)?, MessageState::Unknown(_));
        self.allow(is_unknown && self.phase != Phase::Draining)?;
        self.set(message, MessageState::Waiting);
        if let Some(times) = self.times.get_mut(message) {
            *times = PackedTimes::default();
        }
        if matches!(self.phase, Phase::Ended(_)) {
            self.phase = Phase::Running;
        }
        Ok(())
    }

    fn end(&mut self, end: End, time: UnixMillis) -> Result<(), ReplayProblem> {
        let is_over = match end {
            End::Completed => {
                self.counts.waiting == 0 && matches!(self.phase, Phase::Running | Phase::Paused(_))
            }
            End::Cancelled => !matches!(self.phase, Phase::Ready | Phase::Ended(_)),
        };
        self.allow(is_over && self.counts.claimed == 0)?;
        if 0 < self.counts.waiting {
            for state in &mut self.states {
                if *state == MessageState::Waiting {
                    *state = MessageState::NotSent;
                }
            }
            self.counts.not_sent += self.counts.waiting;
            self.counts.waiting = 0;
        }
        self.phase = Phase::Ended(end);
        if end == End::Completed {
            self.track.push(self.last_claim_at, Milestone::Called, None);
            self.track.push(time, Milestone::Completed, None);
        } else {
            self.track.push(time, Milestone::Called, None);
        }
        Ok(())
    }

    fn ended_at(&mut self, message: MessageIdx, time: UnixMillis) {
        if let Some(times) = self.times.get_mut(message) {
            times.ended_at = NonZeroU64::new(time);
        }
    }

    fn set(&mut self, message: MessageIdx, state: MessageState) {
        let Some(place) = self.states.get_mut(message) else { return };
        *self.counts.of(place) -= 1;
        *self.counts.of(&state) += 1;
        *place = state;
    }
}
