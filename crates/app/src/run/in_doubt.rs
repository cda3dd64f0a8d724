//! Messages to a person of which nobody knows whether they left: from tickets and from batches.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{Dispatch, MessageIdx, MessageState},
    frozen::{Frozen, Head, Kind},
    phone::E164,
};

use crate::{
    backend::Backend,
    run::{RunRef, Summary, was_recorded},
    shell::journal::{KeepError, Kept},
};

/// A message in doubt, and the batch that it is of, watched.
#[derive(Clone, Copy, PartialEq)]
pub struct InDoubt {
    pub run: RunRef,
    pub message: MessageIdx,
}

impl InDoubt {
    /// Nobody looks at it any more.
    pub fn close(self) {
        self.run.close();
    }

    /// Whether it is its batch's only message, so that it can be decided by itself.
    pub fn is_alone(self) -> bool {
        self.run.frozen(|frozen| frozen.head().about.kind == Kind::One)
    }
}

/// A person's messages in doubt that this browser keeps, the newest first; of each batch one.
pub async fn in_doubt(backend: &Rc<Backend>, to: E164) -> Result<Vec<InDoubt>, KeepError> {
    let journal = backend.journal().await?;
    let mut found = Vec::new();
    for kept in journal.list().await?.into_iter().filter(may_be_in_doubt) {
        // What can't be read is told with the batches.
        let Ok(run) =
            RunRef::open(Rc::clone(backend), journal.clone(), &kept.id, &kept.head, was_recorded(&kept))
                .await
        else {
            continue;
        };
        match run.look_once(|frozen, dispatch| to_person(frozen, dispatch, to)) {
            Some(message) => found.push(InDoubt { run, message }),
            None => run.close(),
        }
    }
    Ok(found)
}

fn to_person(frozen: &Frozen, dispatch: &Dispatch, to: E164) -> Option<MessageIdx> {
    (0..frozen.n_messages())
        .find(|message| frozen.recipient(*message) == Some(to) && is_in_doubt(dispatch, *message))
}

/// Whether it isn't known, or not yet, if a message has left.
pub fn is_in_doubt(dispatch: &Dispatch, message: MessageIdx) -> bool {
    matches!(dispatch.states().get(message), Some(MessageState::Unknown(_) | MessageState::Claimed))
}

fn may_be_in_doubt(kept: &Kept) -> bool {
    // A test goes to the agent's own number.
    let is_real = Head::from_json(&kept.head).is_ok_and(|head| head.about.kind != Kind::Test);
    let noted = kept.summary.as_deref().and_then(Summary::parse);
    let noted = noted.filter(|summary| summary.n_writes == kept.n_writes);
    is_real && noted.is_none_or(|summary| summary.counts.unknown != 0)
}
