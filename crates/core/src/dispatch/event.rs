//! What the shell tells the engine, and what the engine tells the shell.

use super::{Answer, End, Entry};
use crate::plan::BatchId;

/// Milliseconds since any fixed point on a clock that only goes forward, as long as all events use the same one.
pub type Millis = u64;

/// Milliseconds since 1970 on the computer's clock, which may jump: recorded for people, never reckoned with.
pub type UnixMillis = u64;

/// A message's place in its batch.
pub type MessageIdx = usize;

/// When something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// On the clock that the engine reckons with.
    pub clock: Millis,
    /// As a person would say it.
    pub time: UnixMillis,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The agent pressed Continuar.
    Start,
    /// Only so many of the batch's first messages may be called for, until more are allowed. Without this event all may.
    Allow {
        /// How many.
        n_messages: usize,
    },
    /// The agent wants no more calls for now.
    Pause,
    /// The agent goes on: ends the pause that is shown.
    Resume,
    /// The agent wants no more calls at all.
    Cancel,
    /// This browser owns the batch from now on, and nobody else does: claims without an answer are in doubt.
    Reopen,
    /// A [`Command::Write`] is kept durably.
    Written {
        /// Its place.
        write: u64,
    },
    /// A [`Command::Write`] failed.
    NotWritten {
        /// Its place.
        write: u64,
        /// Why.
        cause: JournalFault,
    },
    /// A call came back, or was given up on.
    Answered {
        /// The message.
        message: MessageIdx,
        /// The attempt that the command named: an answer to any other attempt is not for this claim.
        attempt: u32,
        /// What came back.
        answer: Answer,
    },
    /// The moment of the last [`Command::WakeAt`] has come. One that is early does no harm: it is asked for again.
    Woke,
    /// A person knows that this message of unknown outcome arrived.
    MarkSent {
        /// The message.
        message: MessageIdx,
    },
    /// A person wants this message of unknown outcome to be sent once more, though it may have arrived.
    SendAgain {
        /// The message.
        message: MessageIdx,
    },
    /// These messages, refused or never sent when the batch ended, go into a new batch, and never into another one.
    Retried {
        /// The messages; those that are neither or were retried before are passed over.
        messages: Vec<MessageIdx>,
        /// The new batch.
        batch: BatchId,
    },
}

/// Why the journal didn't keep something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalFault {
    /// The write failed, for whatever reason.
    Failed,
    /// There is another write at this place: somebody else owns the batch.
    Taken,
}

/// What the shell must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Keep these durably, all or none, at this place of the journal, but only if nothing stands there yet. Answer with
    /// [`Event::Written`] or [`Event::NotWritten`]. There is never more than one under way.
    Write {
        /// The place: 0, 1, 2, …
        write: u64,
        /// What is to be kept there.
        entries: Vec<Entry>,
    },
    /// Call the provider for this message. Its claim is in the journal.
    Send {
        /// The message.
        message: MessageIdx,
        /// Which attempt this is; to be named in the answer.
        attempt: u32,
    },
    /// Answer with [`Event::Woke`] at this moment. It takes the place of the one that was asked for before.
    WakeAt(Millis),
    /// The batch has ended, and the journal says so: no call is under way, and none will be made.
    Finished(End),
}
