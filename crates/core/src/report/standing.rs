//! Where a row of the file stands.

use crate::{
    dispatch::{Dispatch, MessageState},
    frozen::Outcome,
};

/// Where a row of the file stands: each in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// It is no message: it had errors, or was left out for another reason.
    LeftOut,
    /// No call was made for it yet.
    Waiting,
    /// A call is under way.
    Claimed,
    /// The provider took it.
    Accepted,
    /// The provider refused it.
    Refused,
    /// It may have been sent or not.
    Unknown,
    /// It may have been sent or not, and a person has decided that it was.
    MarkedSent,
    /// The batch ended before its turn.
    NotSent,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::LeftOut,
        Self::Waiting,
        Self::Claimed,
        Self::Accepted,
        Self::Refused,
        Self::Unknown,
        Self::MarkedSent,
        Self::NotSent,
    ];

    /// That of a message.
    pub fn of(state: &MessageState) -> Self {
        match state {
            MessageState::Waiting => Self::Waiting,
            MessageState::Claimed => Self::Claimed,
            MessageState::Accepted(_) => Self::Accepted,
            MessageState::Refused(_) => Self::Refused,
            MessageState::Unknown(_) => Self::Unknown,
            MessageState::MarkedSent => Self::MarkedSent,
            MessageState::NotSent => Self::NotSent,
        }
    }

    /// That of a row, and its message's state if it is one.
    pub fn of_row<'d>(outcome: &Outcome<'_>, dispatch: &'d Dispatch) -> (Self, Option<&'d MessageState>) {
        match outcome {
            Outcome::LeftOut { .. } => (Self::LeftOut, None),
            Outcome::Message { idx, .. } => {
                let state = dispatch.states().get(*idx).unwrap_or(&MessageState::Waiting);
                (Self::of(state), Some(state))
            }
        }
    }

    /// Its stable name, which is part of its translations' keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::LeftOut => "left_out",
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::MarkedSent => "marked_sent",
            Self::NotSent => "not_sent",
        }
    }
}
