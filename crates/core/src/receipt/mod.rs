//! What became of a message, from whatever is known of it: several agents, the provider's receipts, in any order and any
//! number of times.
//!
//! Each kind of event has a moment of its own, the first at which anybody saw it; the status follows from which of them are
//! known. So merging is a minimum for each kind, and it doesn't matter who merges what when.

mod status;

pub use status::Status;

use crate::dispatch::{NotificationId, UnixMillis};

/// Something that happened to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    /// It became part of a batch.
    Planned,
    /// Its call was about to leave.
    Claimed,
    /// Nobody knows whether the provider took it.
    Unknown,
    /// The provider took it, or a person says that it arrived.
    Accepted,
    /// It was handed to WhatsApp.
    Sent,
    /// It reached the recipient's device.
    Delivered,
    /// The recipient opened it.
    Read,
    /// It was refused, or not delivered.
    Failed,
}

impl Event {
    /// All of them, in the order in which they happen as a rule.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Claimed,
        Self::Unknown,
        Self::Accepted,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
    ];

    fn place(self) -> usize {
        match self {
            Self::Planned => 0,
            Self::Claimed => 1,
            Self::Unknown => 2,
            Self::Accepted => 3,
            Self::Sent => 4,
            Self::Delivered => 5,
            Self::Read => 6,
            Self::Failed => 7,
        }
    }
}

/// All that is known of a message's fate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    moments: [Option<UnixMillis>; 8],
    /// The first failure whose words are known: when, and the provider's words.
    failure: Option<(UnixMillis, String)>,
    /// The provider's id; where a person had a message sent again there are several, and the smallest stands for them.
    notification: Option<NotificationId>,
}

impl Receipt {
    /// Of a message that nothing is known of.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, and this happened; where more than that is known there are [`Receipt::failed`] and [`Receipt::accepted`].
    #[must_use]
    pub fn with(mut self, event: Event, at: UnixMillis) -> Self {
        let moment = &mut self.moments[event.place()];
        *moment = least(*moment, Some(at));
        self
    }

    /// The same, and the provider took it under this id.
    #[must_use]
    pub fn accepted(self, at: UnixMillis, id: NotificationId) -> Self {
        self.with(Event::Accepted, at).merge(&Self { notification: Some(id), ..Self::default() })
    }

    /// The same, and it failed: the provider's words.
    #[must_use]
    pub fn failed(self, at: UnixMillis, text: &str) -> Self {
        self.with(Event::Failed, at).merge(&Self { failure: Some((at, text.to_owned())), ..Self::default() })
    }

    /// When it happened, if it did.
    pub fn at(&self, event: Event) -> Option<UnixMillis> {
        self.moments[event.place()]
    }

    /// The provider's words for its failure.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_ref().map(|(_, text)| text.as_str())
    }

    /// The provider's id.
    pub fn notification(&self) -> Option<&NotificationId> {
        self.notification.as_ref()
    }

    /// What is known when two have looked. The order doesn't matter, nor does merging the same again.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        self.failure = least(self.failure, other.failure.clone());
        self.notification = least(self.notification, other.notification.clone());
        for event in Event::ALL {
            let moment = &mut self.moments[event.place()];
            *moment = least(*moment, other.at(event));
        }
        self
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        // What is known for certain of the recipient's device outweighs a failure: a late or repeated error can't undo it.
        const BY_WEIGHT: [(Event, Status); 7] = [
            (Event::Read, Status::Read),
            (Event::Delivered, Status::Delivered),
            (Event::Failed, Status::Failed),
            (Event::Sent, Status::Sent),
            (Event::Accepted, Status::Accepted),
            (Event::Unknown, Status::Unknown),
            (Event::Claimed, Status::Claimed),
        ];
        BY_WEIGHT
            .iter()
            .find(|(event, _)| self.at(*event).is_some())
            .map_or(Status::Planned, |(_, status)| *status)
    }
}

/// The lesser of those that are known.
fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
