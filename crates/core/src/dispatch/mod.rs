//! The send engine: events in, commands out. At most once, by construction.
//!
//! A deterministic state machine without clock or I/O: the shell performs the [`Command`]s it returns and answers with
//! [`Event`]s. A message is claimed before its call leaves, and a claimed message is never sent again unless the answer
//! proves that the call was turned away ([`Answer::Throttled`]). Everything that may have been accepted ends as
//! [`MessageState::Unknown`], for a person to decide.
//!
//! `WhatsApp` and Sunshine Conversations have no idempotency key, and through Zendesk's proxy the browser can't tell a
//! refused connection from a lost answer: that's why only a 429 is tried again.

mod answer;
mod pace;

use std::collections::VecDeque;

pub use answer::{Answer, Doubt, NotificationId, Refusal, StopCause, StopKind};
use pace::Pace;

/// A moment: milliseconds since any fixed point, as long as all events use the same one.
pub type Millis = u64;

/// A message's place in its batch.
pub type MessageIdx = usize;

/// How a batch is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// The most calls under way at once (at least 1).
    pub calls_in_flight: usize,
}

impl Config {
    /// Calls under way at once where the setting says nothing.
    pub const DEFAULT_CALLS_IN_FLIGHT: usize = 8;
    /// More calls than this never help at `WhatsApp`'s 80 messages a second.
    pub const MAX_CALLS_IN_FLIGHT: usize = 32;

    /// From the setting: values out of range are brought into it.
    pub fn new(calls_in_flight: usize) -> Self {
        Self { calls_in_flight: calls_in_flight.clamp(1, Self::MAX_CALLS_IN_FLIGHT) }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The agent pressed Continuar.
    Start,
    /// A call came back, or was given up on.
    Answered {
        /// The message.
        message: MessageIdx,
        /// The attempt that the command named: an answer to any other attempt is not for this claim.
        attempt: u32,
        /// What came back.
        answer: Answer,
    },
    /// The moment of a [`Command::WakeAt`] has come. Early and repeated ones do no harm.
    Woke,
    /// The agent wants no more calls for now.
    Pause,
    /// The agent goes on.
    Resume,
    /// The agent wants no more calls at all.
    Cancel,
}

/// What the shell must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Call the provider for this message. It is claimed already.
    Send {
        /// The message.
        message: MessageIdx,
        /// Which attempt this is, from 1; to be named in the answer.
        attempt: u32,
    },
    /// Answer with [`Event::Woke`] at this moment.
    WakeAt(Millis),
    /// The batch has ended: no call is under way, and none will be made.
    Finished(End),
}

/// Where one message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Not claimed: no call was ever made, or it was provably turned away.
    Waiting,
    /// A call is under way.
    Claimed,
    /// The provider took it, under this id.
    Accepted(NotificationId),
    /// The provider refused it.
    Refused(Refusal),
    /// It may have been accepted or not; never sent again by itself.
    Unknown(Doubt),
    /// The batch ended before it was claimed.
    NotSent,
}

/// How a batch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Every message was called for.
    Completed,
    /// The agent cancelled the rest.
    Cancelled,
    /// The provider's answer means that no other message would fare better.
    Stopped(StopCause),
}

/// What the batch as a whole is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Planned; nothing called yet.
    Ready,
    /// Sending.
    Running,
    /// No new calls until the agent resumes; calls under way are still waited for.
    Paused(PauseCause),
    /// No new calls; those under way are still waited for.
    Draining(End),
    /// Over.
    Ended(End),
}

/// Why a batch is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseCause {
    /// The agent wanted it.
    Agent,
    /// Several outcomes in a row are unknown: the connection or the provider is down, and going on would only make more of
    /// them.
    Doubts,
}

/// How many messages are in each state. They add up to `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// Not claimed yet.
    pub waiting: usize,
    /// Calls under way.
    pub claimed: usize,
    /// Taken by the provider.
    pub accepted: usize,
    /// Refused by the provider.
    pub refused: usize,
    /// Outcome unknown.
    pub unknown: usize,
    /// Never claimed when the batch ended.
    pub not_sent: usize,
}

/// The send engine of one batch.
#[derive(Clone, Debug)]
pub struct Dispatch {
    config: Config,
    phase: Phase,
    states: Vec<MessageState>,
    attempts: Vec<u32>,
    /// Messages to claim, in order.
    queue: VecDeque<MessageIdx>,
    counts: Counts,
    pace: Pace,
    /// Unknown outcomes since the last answer that made sense, or since the agent resumed.
    doubts_in_a_row: usize,
}

/// Fewer unknown outcomes in a row than this are taken for chance, however few calls are under way at once.
const MIN_DOUBTS_THAT_PAUSE: usize = 3;

impl Dispatch {
    /// A batch of `n_messages`, not started.
    pub fn new(n_messages: usize, config: Config) -> Self {
        Self {
            config,
            phase: Phase::Ready,
            states: vec![MessageState::Waiting; n_messages],
            attempts: vec![0; n_messages],
            queue: (0..n_messages).collect(),
            counts: Counts { total: n_messages, waiting: n_messages, ..Counts::default() },
            pace: Pace::new(config.calls_in_flight),
            doubts_in_a_row: 0,
        }
    }

    /// Takes in what happened at `now` and says what to do. Events that make no sense in the present phase do nothing.
    pub fn handle(&mut self, now: Millis, event: Event) -> Vec<Command> {
        match event {
            Event::Start if self.phase == Phase::Ready => self.phase = Phase::Running,
            Event::Resume if matches!(self.phase, Phase::Paused(_)) => {
                self.doubts_in_a_row = 0;
                self.phase = Phase::Running;
            }
            Event::Pause if self.phase == Phase::Running => self.phase = Phase::Paused(PauseCause::Agent),
            Event::Cancel => self.drain(End::Cancelled),
            Event::Answered { message, attempt, answer } => self.answered(now, message, attempt, answer),
            Event::Start | Event::Resume | Event::Pause | Event::Woke => (),
        }
        self.next_commands(now)
    }

    /// What the batch is doing.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// How many messages are in each state.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Every message's state, by index.
    pub fn states(&self) -> &[MessageState] {
        &self.states
    }

    /// Answers per second over the last ten seconds, as measured; `None` before there is something to measure.
    pub fn rate(&self, now: Millis) -> Option<f64> {
        self.pace.rate(now)
    }

    /// Milliseconds until all waiting and claimed messages are answered, at the measured rate.
    pub fn time_left(&self, now: Millis) -> Option<Millis> {
        self.pace.time_left(now, self.counts.waiting + self.counts.claimed)
    }

    /// When the provider asked for a pause that isn't over: the moment it ends.
    pub fn held_until(&self, now: Millis) -> Option<Millis> {
        self.pace.held_until(now)
    }

    fn answered(&mut self, now: Millis, message: MessageIdx, attempt: u32, answer: Answer) {
        let is_claimed = self.states.get(message) == Some(&MessageState::Claimed);
        let is_current = self.attempts.get(message) == Some(&attempt);
        if !is_claimed || !is_current {
            return;
        }
        self.doubts_in_a_row = match answer {
            Answer::Unknown(_) => self.doubts_in_a_row + 1,
            Answer::Accepted(_) | Answer::Refused(_) | Answer::Throttled { .. } | Answer::Stop(_) => 0,
        };
        match answer {
            Answer::Accepted(id) => {
                self.pace.answered(now);
                self.pace.accepted(now);
                self.set(message, MessageState::Accepted(id));
            }
            Answer::Refused(refusal) => {
                self.pace.answered(now);
                self.set(message, MessageState::Refused(refusal));
            }
            Answer::Unknown(doubt) => {
                self.pace.answered(now);
                self.set(message, MessageState::Unknown(doubt));
                let enough = self.config.calls_in_flight.max(MIN_DOUBTS_THAT_PAUSE);
                if enough <= self.doubts_in_a_row && self.phase == Phase::Running {
                    self.phase = Phase::Paused(PauseCause::Doubts);
                }
            }
            Answer::Throttled { retry_after_ms } => {
                self.pace.throttled(now, retry_after_ms);
                self.wait_again(message);
            }
            // Provably not sent, and neither would the rest be: it goes back with them.
            Answer::Stop(cause) => {
                self.wait_again(message);
                self.drain(End::Stopped(cause));
            }
        }
    }

    fn wait_again(&mut self, message: MessageIdx) {
        self.set(message, MessageState::Waiting);
        self.queue.push_front(message);
    }

    /// No new calls from here on. The first reason stands.
    fn drain(&mut self, end: End) {
        if !matches!(self.phase, Phase::Draining(_) | Phase::Ended(_)) {
            self.phase = Phase::Draining(end);
        }
    }

    fn next_commands(&mut self, now: Millis) -> Vec<Command> {
        let is_under_way = matches!(self.phase, Phase::Running | Phase::Paused(_));
        if is_under_way && self.queue.is_empty() && self.counts.claimed == 0 {
            self.phase = Phase::Draining(End::Completed);
        }
        match &self.phase {
            Phase::Running => self.claim_next(now),
            Phase::Draining(end) if self.counts.claimed == 0 => {
                let end = end.clone();
                self.phase = Phase::Ended(end.clone());
                while let Some(message) = self.queue.pop_front() {
                    self.set(message, MessageState::NotSent);
                }
                vec![Command::Finished(end)]
            }
            Phase::Ready | Phase::Paused(_) | Phase::Draining(_) | Phase::Ended(_) => Vec::new(),
        }
    }

    fn claim_next(&mut self, now: Millis) -> Vec<Command> {
        if self.queue.is_empty() {
            return Vec::new();
        }
        if let Some(until) = self.pace.held_until(now) {
            return vec![Command::WakeAt(until)];
        }
        let mut commands = Vec::new();
        while self.counts.claimed < self.pace.window() {
            let Some(message) = self.queue.pop_front() else { break };
            let Some(attempt) = self.attempts.get_mut(message) else { break };
            *attempt += 1;
            let attempt = *attempt;
            self.set(message, MessageState::Claimed);
            commands.push(Command::Send { message, attempt });
        }
        commands
    }

    fn set(&mut self, message: MessageIdx, state: MessageState) {
        let Some(place) = self.states.get_mut(message) else { return };
        *self.counts.of(place) -= 1;
        *self.counts.of(&state) += 1;
        *place = state;
    }
}

impl Counts {
    fn of(&mut self, state: &MessageState) -> &mut usize {
        match state {
            MessageState::Waiting => &mut self.waiting,
            MessageState::Claimed => &mut self.claimed,
            MessageState::Accepted(_) => &mut self.accepted,
            MessageState::Refused(_) => &mut self.refused,
            MessageState::Unknown(_) => &mut self.unknown,
            MessageState::NotSent => &mut self.not_sent,
        }
    }

    /// Messages whose call has been answered or given up on, and those that will have none.
    pub fn done(&self) -> usize {
        self.total - self.waiting - self.claimed
    }
}

#[cfg(test)]
mod tests;
