//! Takes a batch back that this browser has, and another computer had in the meantime or has a part of.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{Dispatch, Event, MessageIdx, MessageState, Phase, Record},
    frozen::Frozen,
    journal::encode,
    ledger::{self, Claims},
};

use crate::{
    run::{
        InheritError, OpenError, Progress, Role,
        fetch::Fetch,
        perform::{follow, handle},
        state::Run,
    },
    shell::clock,
};

/// How often is looked whether everything is answered and written.
const LOOK_MS: u32 = 100;
/// A call is answered, or given up, within this time and some more.
const PATIENCE_MS: u64 = 120_000;

/// From now on the batch is this browser's again. What others have claimed of it is known or in doubt, and never leaves from
/// here; what nobody has claimed can go on. Nothing changes when this fails but that the record may name this browser.
pub(super) async fn retake(run: &Rc<Run>, proceed: impl FnMut(Progress)) -> Result<(), InheritError> {
    let Some(journal) = run.journal.clone().filter(|_| run.role.get() == Role::Owner) else {
        return Err(InheritError::Here);
    };
    let patience = clock::now().saturating_add(PATIENCE_MS);
    while !is_at_rest(&run.dispatch.borrow()) {
        if run.is_closed.get() || patience < clock::now() {
            return Err(InheritError::Here);
        }
        clock::after(LOOK_MS).await;
    }
    let backend = Rc::clone(&run.backend);
    let ours = journal.browser().await?;
    let mut fetch = Fetch::new(&backend, run.frozen.id(), ours.clone(), proceed);
    let heard = fetch.listen().await?;
    let before = fetch.take(heard).await?;
    let was_ours = before.holder.is_some_and(|holder| holder.name == ours);
    let claims: Claims = fetch
        .claims(&run.frozen)
        .await?
        .into_iter()
        // What this browser has claimed, another one that had the batch since has taken for in doubt: it may have sent it.
        .filter(|(_, claim)| !was_ours || claim.by != ours)
        .filter(|(chunk, _)| waits(run, *chunk))
        .map(|(chunk, claim)| (chunk, claim.at))
        .collect();
    let records = fetch.messages(&run.frozen, &claims).await?;
    let entries: Vec<_> = {
        let dispatch = run.dispatch.borrow();
        let is_new = *dispatch.phase() == Phase::Ready;
        let is_news = |record: &Record| match message_of(record) {
            Some(message) => is_waiting(&dispatch, message),
            None => is_new && *record == Record::Started,
        };
        let entries = ledger::inherited(&run.frozen, &claims, &records);
        entries.into_iter().filter(|entry| is_news(&entry.record)).collect()
    };
    if run.is_closed.get() || run.role.get() != Role::Owner {
        return Err(InheritError::Here);
    }
    // What is added to the journal by another hand than the engine's, the engine has to be told anew.
    run.role.set(Role::Heir);
    let added = async {
        if !entries.is_empty() {
            let write = run.dispatch.borrow().n_writes();
            journal.append(run.id(), write, &encode(&entries)).await?;
        }
        let fresh = Dispatch::replay(run.frozen.recipients(), run.config, &[]);
        run.dispatch.replace(fresh.map_err(|_| OpenError::Damaged)?);
        run.catch_up().await
    };
    let added = added.await;
    run.wakes_at.set(None);
    run.ledger.replace(None);
    // Others had it: whether they have it again is asked before anything of it leaves.
    run.is_opened.set(true);
    if let Err(error) = added {
        // Of what it doesn't know as a whole it is no owner.
        run.lock.replace(None);
        follow(Rc::clone(run));
        return Err(error.into());
    }
    run.role.set(Role::Owner);
    handle(run, Event::Reopen);
    Ok(())
}

fn is_at_rest(dispatch: &Dispatch) -> bool {
    dispatch.counts().claimed == 0 && !dispatch.has_unwritten()
}

fn is_waiting(dispatch: &Dispatch, message: MessageIdx) -> bool {
    matches!(dispatch.states().get(message), Some(MessageState::Waiting))
}

/// Whether something of a chunk waits here.
fn waits(run: &Run, chunk: usize) -> bool {
    let starts = Frozen::message_starts(&run.frozen);
    let messages = starts.get(chunk).copied().zip(starts.get(chunk + 1).copied());
    let dispatch = run.dispatch.borrow();
    messages.is_some_and(|(from, to)| (from..to).any(|message| is_waiting(&dispatch, message)))
}

/// The message that an entry is about.
fn message_of(record: &Record) -> Option<MessageIdx> {
    match record {
        Record::Claimed { message, .. }
        | Record::Accepted { message, .. }
        | Record::Refused { message, .. }
        | Record::InDoubt { message, .. }
        | Record::MarkedSent { message } => Some(*message),
        _ => None,
    }
}
