//! Where a batch and its messages stand.

use super::{Doubt, End, NotificationId, PauseCause, Refusal, UnixMillis};

/// Where one message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Not claimed: no call was ever made, or it was provably turned away.
    Waiting,
    /// A call is under way, or about to be.
    Claimed,
    /// The provider took it, under this id.
    Accepted(NotificationId),
    /// The provider refused it.
    Refused(Refusal),
    /// It may have been accepted or not; never sent again by itself.
    Unknown(Doubt),
    /// Its outcome was unknown; a person says that it arrived.
    MarkedSent,
    /// The batch ended before it was claimed.
    NotSent,
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
    /// No new calls; those under way, and the journal, are still waited for.
    Draining,
    /// Over.
    Ended(End),
}

/// When a message left and when its outcome came, by the computer's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When it was last claimed, unless it was turned away.
    pub claimed_at: Option<UnixMillis>,
    /// When its outcome became known, or known to be unknown.
    pub ended_at: Option<UnixMillis>,
}

/// How many messages are in each state. They add up to `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// Not claimed yet.
    pub waiting: usize,
    /// Calls under way or about to be.
    pub claimed: usize,
    /// Taken by the provider.
    pub accepted: usize,
    /// Refused by the provider.
    pub refused: usize,
    /// Outcome unknown.
    pub unknown: usize,
    /// Outcome unknown, but a person says that they arrived.
    pub marked_sent: usize,
    /// Never claimed when the batch ended.
    pub not_sent: usize,
}

impl Counts {
    /// Messages whose call has been answered or given up on, and those that will have none.
    pub fn done(&self) -> usize {
        self.total - self.waiting - self.claimed
    }

    pub(super) fn of(&mut self, state: &MessageState) -> &mut usize {
        match state {
            MessageState::Waiting => &mut self.waiting,
            MessageState::Claimed => &mut self.claimed,
            MessageState::Accepted(_) => &mut self.accepted,
            MessageState::Refused(_) => &mut self.refused,
            MessageState::Unknown(_) => &mut self.unknown,
            MessageState::MarkedSent => &mut self.marked_sent,
            MessageState::NotSent => &mut self.not_sent,
        }
    }
}
