//! Messages from tickets of which nobody knows whether they left.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{Dispatch, MessageState},
    frozen::{Head, Kind},
    phone::E164,
};

use crate::{
    backend::Backend,
    run::{RunRef, Summary, was_recorded},
    shell::journal::{KeepError, Kept},
};

/// A person's messages in doubt that this browser keeps, watched, the newest first.
pub async fn in_doubt(backend: &Rc<Backend>, to: E164) -> Result<Vec<RunRef>, KeepError> {
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
        if run.look_once(|frozen, dispatch| frozen.recipient(0) == Some(to) && is_in_doubt(dispatch)) {
            found.push(run);
        } else {
            run.close();
        }
    }
    Ok(found)
}

/// Whether it isn't known, or not yet, if a batch's one message has left.
pub fn is_in_doubt(dispatch: &Dispatch) -> bool {
    matches!(dispatch.states().first(), Some(MessageState::Unknown(_) | MessageState::Claimed))
}

fn may_be_in_doubt(kept: &Kept) -> bool {
    let is_one = Head::from_json(&kept.head).is_ok_and(|head| head.about.kind == Kind::One);
    let noted = kept.summary.as_deref().and_then(Summary::parse);
    let noted = noted.filter(|summary| summary.n_writes == kept.n_writes);
    is_one && noted.is_none_or(|summary| summary.counts.unknown != 0)
}
