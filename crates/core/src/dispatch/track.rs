//! The few moments of a batch's life that people want to look back on.

use super::{JournalFault, PauseCause, StopKind, UnixMillis};
use crate::reasons::{Concern, Reason};

/// So many events are remembered at most: the first half and the last ones. A connection that comes and goes can pause a batch
/// more often than anybody wants to read.
pub const MAX_EVENTS: usize = 100;

/// What happened to a batch as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Milestone {
    /// The first calls could leave (Inicia envío).
    Started,
    /// It was paused.
    Paused,
    /// It went on.
    Resumed,
    /// Another page or browser has it since then.
    TakenOver,
    /// The agent wanted no more calls.
    Cancelled,
    /// All calls were made (Finaliza envío).
    Called,
    /// All of them were answered (Completado).
    Completed,
}

impl Milestone {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Started,
        Self::Paused,
        Self::Resumed,
        Self::TakenOver,
        Self::Cancelled,
        Self::Called,
        Self::Completed,
    ];

    /// Its stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::TakenOver => "taken_over",
            Self::Cancelled => "cancelled",
            Self::Called => "called",
            Self::Completed => "completed",
        }
    }

    /// The one of this name.
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|milestone| milestone.key() == key)
    }
}

/// One of them, as it happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrackEvent {
    /// When.
    pub at: UnixMillis,
    /// What.
    pub what: Milestone,
    /// Why, as the last part of a text's key; only pauses that nobody wanted have a reason.
    pub why: Option<String>,
}

/// All of them, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Track(Vec<TrackEvent>);

impl Track {
    /// From events in any order, each once.
    pub fn of(events: impl IntoIterator<Item = TrackEvent>) -> Self {
        let mut events: Vec<TrackEvent> = events.into_iter().collect();
        // What happens within one millisecond stays in the order of the milestones.
        events.sort();
        events.dedup();
        let mut track = Self(events);
        track.forget_some();
        track
    }

    /// The events.
    pub fn events(&self) -> &[TrackEvent] {
        &self.0
    }

    /// What two know of the same batch.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self::of(self.0.into_iter().chain(other.0))
    }

    pub(super) fn push(&mut self, at: UnixMillis, what: Milestone, why: Option<&str>) {
        self.0.push(TrackEvent { at, what, why: why.map(ToOwned::to_owned) });
        self.forget_some();
    }

    fn forget_some(&mut self) {
        let n_too_many = self.0.len().saturating_sub(MAX_EVENTS);
        if 0 < n_too_many {
            let middle = MAX_EVENTS / 2;
            self.0.drain(middle..middle + n_too_many);
        }
    }
}

impl PauseCause {
    /// The pause that a message's reason calls for; none where it is about that message alone.
    pub fn of_reason(reason: Reason) -> Option<Self> {
        match reason.concern() {
            Concern::Message => None,
            Concern::Template => Some(Self::Template(reason)),
            Concern::Account => Some(Self::Account(reason)),
        }
    }

    /// Its stable name: the last part of its texts' keys. None if the agent wanted the pause.
    pub fn key(&self) -> Option<&'static str> {
        let key = match self {
            Self::Agent => return None,
            Self::Doubts => "doubts",
            Self::Failures => "failures",
            Self::Journal(JournalFault::Taken | JournalFault::Failed) => "journal",
            Self::Reopened => "reopened",
            Self::Template(_) => "template",
            Self::Account(_) => "account",
            Self::Stopped(cause) => match cause.kind {
                StopKind::Unauthorized => "unauthorized",
                StopKind::PaymentRequired => "payment_required",
                StopKind::Forbidden => "forbidden",
                StopKind::ProxyRefused => "proxy_refused",
            },
        };
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: UnixMillis, what: Milestone) -> TrackEvent {
        TrackEvent { at, what, why: None }
    }

    #[test]
    fn merging_knows_no_order_and_no_repetition() {
        let one = Track::of([event(1, Milestone::Started), event(5, Milestone::Paused)]);
        let other = Track::of([event(9, Milestone::Resumed), event(1, Milestone::Started)]);
        let both = one.clone().merge(other.clone());
        assert_eq!(both, other.clone().merge(one.clone()));
        assert_eq!(both, both.clone().merge(one));
        let whats: Vec<_> = both.events().iter().map(|event| event.what).collect();
        assert_eq!(whats, [Milestone::Started, Milestone::Paused, Milestone::Resumed]);
    }

    #[test]
    fn the_beginning_and_the_end_are_remembered() {
        let mut track = Track::default();
        for at in 0..500 {
            track.push(at, Milestone::Paused, Some("doubts"));
        }
        let ats: Vec<_> = track.events().iter().map(|event| event.at).collect();
        assert_eq!((ats.len(), ats[0], ats[49], ats[50], ats[99]), (MAX_EVENTS, 0, 49, 450, 499));
    }
}
