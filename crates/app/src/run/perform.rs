//! Performs the send engine's commands and brings it the answers.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{Answer, Command, Dispatch, Doubt, End, Event, JournalFault, MessageIdx},
    frozen::Kind,
    journal,
};
use cxconnect_sunco::{Metadata, Notification};
use cxconnect_zendesk::NoticeKind;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    run::{Role, state::Run, told},
    shell::{clock, journal::KeepError, texts::tr},
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
    let commands = run.dispatch.borrow_mut().handle(clock::moment(), event);
    for command in commands {
        perform(run, command);
    }
    refresh_soon(run);
}

fn perform(run: &Rc<Run>, command: Command) {
    let it = Rc::clone(run);
    match command {
        Command::Write { write, entries } => {
            run.backend.usage.count(run.id(), write, &entries);
            spawn_local(async move {
                let kept = match &it.journal {
                    Some(journal) => journal.append(it.id(), write, &journal::encode(&entries)).await,
                    None => Ok(()),
                };
                match kept {
                    Ok(()) => handle(&it, Event::Written { write }),
                    Err(error) => {
                        it.backend.usage.take_back(it.id(), write, &entries);
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
                clock::after(u32::try_from(at.saturating_sub(clock::now())).unwrap_or(u32::MAX)).await;
                if it.wakes_at.get() == Some(at) {
                    it.wakes_at.set(None);
                    handle(&it, Event::Woke);
                }
            });
        }
        Command::Finished(end) => tell_zendesk(run, end),
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
fn note(run: &Rc<Run>) {
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
fn refresh_soon(run: &Rc<Run>) {
    if run.is_refresh_due.replace(true) {
        return;
    }
    let run = Rc::clone(run);
    spawn_local(async move {
        clock::after(REFRESH_MS).await;
        run.is_refresh_due.replace(false);
        run.version.update(|version| *version = version.wrapping_add(1));
        // While waiting nothing happens, but the remaining time changes.
        if run.role.get() == Role::Owner && run.dispatch.borrow().held_until(clock::now()).is_some() {
            refresh_soon(&run);
        }
    });
}

/// Zendesk's own notification reaches the agent wherever they are.
fn tell_zendesk(run: &Rc<Run>, end: End) {
    // Whoever tries or writes one message is looking at it.
    if run.frozen.head().about.kind != Kind::Many {
        return;
    }
    let counts = run.dispatch.borrow().counts();
    let (key, kind) = match end {
        End::Completed => ("notify.completed", NoticeKind::Notice),
        End::Cancelled => ("notify.cancelled", NoticeKind::Alert),
    };
    let text = tr(key, &[("figures", &told(&counts))]);
    let zaf = run.backend.zaf.clone();
    spawn_local(async move {
        // The screen says the same; a notification that isn't shown loses nothing.
        let _ = zaf.notify(&text, kind).await;
    });
}
