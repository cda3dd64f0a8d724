//! Performs the send engine's commands and brings it the answers.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{Answer, Command, Dispatch, Doubt, Event, JournalFault, MessageIdx, Phase},
    journal,
};
use cxconnect_sunco::{Metadata, Notification};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    run::{Role, ledger, news, state::Run},
    shell::{clock, journal::KeepError},
};

/// How often the screen follows a running batch: often enough to look alive, seldom enough to leave time for sending.
const REFRESH_MS: u32 = 200;
/// How often a page looks how a batch goes on that another one sends.
pub(super) const FOLLOW_MS: u32 = 700;

/// Looks again and again how a batch goes on that another page may send, until this one does.
pub(super) fn follow(run: Rc<Run>) {
    spawn_local(async move {
        loop {
            clock::after(FOLLOW_MS).await;
            if run.role.get() == Role::Owner || run.is_closed.get() {
                return;
            }
            let before = run.glance();
            // What can't be read now may be read the next time.
            let _ = run.catch_up().await;
            run.look_who_owns_it().await;
            if run.glance() != before {
                refresh_soon(&run);
            }
        }
    });
}

/// Another page has written to this one's journal: it is that page's batch now. What this one knows of it is forgotten.
fn look_on(run: &Rc<Run>) {
    run.role.set(Role::Watcher);
    run.lock.replace(None);
    // The engine that asked to be woken is gone; whichever comes asks for itself.
    run.wakes_at.set(None);
    if let Ok(dispatch) = Dispatch::replay(run.frozen.recipients(), run.config, &[]) {
        run.dispatch.replace(dispatch);
        follow(Rc::clone(run));
    }
}

/// Tells a run's engine what has happened, and does what it says. Only the owner's engine does anything.
pub(super) fn handle(run: &Rc<Run>, event: Event) {
    if run.role.get() != Role::Owner {
        return;
    }
    let message = match &event {
        Event::Answered { message, .. } | Event::MarkSent { message } | Event::SendAgain { message } => {
            Some(*message)
        }
        _ => None,
    };
    let before = run.dispatch.borrow().phase().clone();
    let commands = run.dispatch.borrow_mut().handle(clock::moment(), event);
    if let Phase::Paused(cause) = run.dispatch.borrow().phase()
        && !matches!(before, Phase::Paused(_))
    {
        news::tell_pause(run, cause);
    }
    for command in commands {
        perform(run, command);
    }
    let has_other_phase = *run.dispatch.borrow().phase() != before;
    ledger::follow(run, message, has_other_phase);
    refresh_soon(run);
}

fn perform(run: &Rc<Run>, command: Command) {
    let it = Rc::clone(run);
    match command {
        Command::Write { write, entries } => {
            let is_counted = run.backend.usage.count(run.id(), write, &entries);
            spawn_local(async move {
                let kept = match &it.journal {
                    Some(journal) => journal.append(it.id(), write, &journal::encode(&entries)).await,
                    None => Ok(()),
                };
                match kept {
                    Ok(()) => handle(&it, Event::Written { write }),
                    Err(error) => {
                        if is_counted {
                            it.backend.usage.take_back(it.id(), write, &entries);
                        }
                        let is_taken = error == KeepError::Taken;
                        let cause = if is_taken { JournalFault::Taken } else { JournalFault::Failed };
                        handle(&it, Event::NotWritten { write, cause });
                        if is_taken {
                            look_on(&it);
                        }
                    }
                }
                note(&it);
            });
        }
        Command::Send { message, attempt } => spawn_local(async move {
            let answer = call(&it, message).await;
            handle(&it, Event::Answered { message, attempt, answer });
        }),
        Command::WakeAt(at) => {
            // The engine asks again at each event; one wake-up in time is enough.
            if run.wakes_at.get().is_some_and(|next| next <= at) {
                return;
            }
            run.wakes_at.set(Some(at));
            spawn_local(async move {
                clock::until(at).await;
                if it.wakes_at.get() == Some(at) {
                    it.wakes_at.set(None);
                    handle(&it, Event::Woke);
                }
            });
        }
        Command::Finished(end) => news::tell_end(run, end),
    }
}

async fn call(run: &Run, message_idx: MessageIdx) -> Answer {
    let Some(message) = run.frozen.message(message_idx) else {
        // The engine was made with this batch's recipients.
        return Answer::Unknown(Doubt::ConnectionLost);
    };
    let notification = Notification {
        integration: &run.sender,
        to: &message.to,
        template: run.frozen.template(),
        values: &message.values,
        namespace: run.backend.settings.namespace.as_deref(),
        metadata: Metadata { batch: run.frozen.id(), row: message.row },
    };
    run.backend.sunco.notify(&notification).await
}

/// Once a batch has ended, its figures are kept beside it: a list of batches need not read their journals.
pub(super) fn note(run: &Rc<Run>) {
    let summary = run.summary();
    if summary.end.is_none() || run.dispatch.borrow().has_unwritten() {
        return;
    }
    let run = Rc::clone(run);
    spawn_local(async move {
        if let Some(journal) = &run.journal {
            // Without figures the list reads the journal.
            let _ = journal.summarize(run.id(), &summary.to_text()).await;
        }
    });
}

/// Lets the screen look again, once for all that happens within a moment.
pub(super) fn refresh_soon(run: &Rc<Run>) {
    if run.is_refresh_due.replace(true) {
        return;
    }
    let run = Rc::clone(run);
    spawn_local(async move {
        clock::after(REFRESH_MS).await;
        run.is_refresh_due.replace(false);
        ledger::note(&run);
        run.version.update(|version| *version = version.wrapping_add(1));
        // While waiting nothing happens, but the remaining time changes.
        if run.role.get() == Role::Owner && run.dispatch.borrow().held_until(clock::now()).is_some() {
            refresh_soon(&run);
        }
    });
}
