//! What the journal keeps: all that ever happened to a batch, in order.

use super::{Doubt, JournalFault, MessageIdx, NotificationId, Refusal, StopCause, UnixMillis};
use crate::{plan::BatchId, reasons::Reason};

/// A record and when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// By the computer's clock.
    pub time: UnixMillis,
    /// What happened.
    pub record: Record,
}

/// Something that happened to a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// The agent let it begin.
    Started,
    /// This message may leave as soon as this record is kept.
    Claimed {
        /// The message.
        message: MessageIdx,
        /// Grows with each claim of the same message.
        attempt: u32,
    },
    /// The provider took the message.
    Accepted {
        /// The message.
        message: MessageIdx,
        /// The provider's id.
        id: NotificationId,
    },
    /// The provider refused the message for good.
    Refused {
        /// The message.
        message: MessageIdx,
        /// Its words.
        refusal: Refusal,
    },
    /// The message may have been accepted or not.
    InDoubt {
        /// The message.
        message: MessageIdx,
        /// Why that isn't known.
        doubt: Doubt,
    },
    /// The claimed message was provably not sent (429, a stop, a pause before its call): it waits again.
    TurnedAway {
        /// The message.
        message: MessageIdx,
    },
    /// No more calls until somebody resumes.
    Paused(PauseCause),
    /// Somebody resumed.
    Resumed,
    /// The agent wants no more calls at all.
    Cancelled,
    /// Another browser, or the same one after a while, took the batch over: claims without an answer are in doubt, and a
    /// running batch is paused.
    Opened,
    /// A person knows that this message of unknown outcome arrived.
    MarkedSent {
        /// The message.
        message: MessageIdx,
    },
    /// A person wants this message of unknown outcome to be sent once more.
    SendAgain {
        /// The message.
        message: MessageIdx,
    },
    /// The message, refused or never sent when its batch ended, is part of another batch now.
    Retried {
        /// The message.
        message: MessageIdx,
        /// The other batch.
        batch: BatchId,
    },
    /// The batch has ended; messages that still waited won't be sent.
    Ended(End),
}

impl Record {
    /// Whether it is what came of a call.
    pub(super) fn is_outcome(&self) -> bool {
        matches!(
            self,
            Self::Accepted { .. } | Self::Refused { .. } | Self::InDoubt { .. } | Self::TurnedAway { .. }
        )
    }
}

/// How a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every message was called for.
    Completed,
    /// The agent cancelled the rest.
    Cancelled,
}

/// Why a batch is paused. Each pause can be resumed but that of a journal that somebody else writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PauseCause {
    /// The agent wanted it.
    Agent,
    /// Several outcomes in a row are unknown: the connection or the provider is down, and going on would only make more of
    /// them.
    Doubts,
    /// Too many refused or unknown messages in a row.
    Failures,
    /// The journal doesn't keep what is written. Known to this engine only, for obvious reasons.
    Journal(JournalFault),
    /// The provider's answer means that no other message would fare better.
    Stopped(StopCause),
    /// The template can't be sent any more.
    Template(Reason),
    /// The company's WhatsApp account or number can't send at present: no other message would fare better.
    Account(Reason),
    /// The batch was taken over while it was running.
    Reopened,
}
