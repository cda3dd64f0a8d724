//! Runs a batch: performs the send engine's commands and brings it the answers.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use cxconnect_core::dispatch::{
    Answer, Command, Counts, Dispatch, End, Event, MessageIdx, MessageState, Millis, Phase,
};
use cxconnect_sunco::{Metadata, Notification};
use cxconnect_zendesk::NoticeKind;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::{Backend, BackendRef},
    screens::send::state::Plan,
    shell::{clock, texts::tr},
};

/// How often the screen follows a running batch: often enough to look alive, seldom enough to leave time for sending.
const REFRESH_MS: u32 = 100;

/// A batch that is being sent, or was.
struct Run {
    backend: Rc<Backend>,
    plan: Arc<Plan>,
    dispatch: RefCell<Dispatch>,
    /// Grows whenever the screen should look again.
    version: RwSignal<u32>,
    is_refresh_due: Cell<bool>,
    /// The agent has the results as a file.
    is_saved: Cell<bool>,
}

/// What the screen shows of a run at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    pub phase: Phase,
    pub counts: Counts,
    /// Messages a second.
    pub rate: Option<f64>,
    pub time_left: Option<Millis>,
    /// How long the provider still asks to wait.
    pub held_for: Option<Millis>,
}

/// A handle that the screen can copy.
#[derive(Clone, Copy)]
pub struct RunRef(StoredValue<Rc<Run>, LocalStorage>, RwSignal<u32>);

impl RunRef {
    /// A batch that isn't started yet.
    pub fn new(backend: BackendRef, plan: Arc<Plan>) -> Self {
        let backend = backend.get();
        let dispatch = Dispatch::new(plan.batch.n_messages(), backend.settings.dispatch);
        let version = RwSignal::new(0);
        let run = Run {
            backend,
            plan,
            dispatch: RefCell::new(dispatch),
            version,
            is_refresh_due: Cell::new(false),
            is_saved: Cell::new(false),
        };
        Self(StoredValue::new_local(Rc::new(run)), version)
    }

    /// Sends the first messages.
    pub fn start(self) {
        handle(&self.0.get_value(), Event::Start);
    }

    /// The agent's pause, resume or cancel.
    pub fn tell(self, event: Event) {
        handle(&self.0.get_value(), event);
    }

    /// What is being sent.
    pub fn plan(self) -> Arc<Plan> {
        self.0.get_value().plan.clone()
    }

    /// How it stands; follows the run.
    pub fn glance(self) -> Glance {
        self.1.track();
        let run = self.0.get_value();
        let dispatch = run.dispatch.borrow();
        let now = clock::now();
        Glance {
            phase: dispatch.phase().clone(),
            counts: dispatch.counts(),
            rate: dispatch.rate(now),
            time_left: dispatch.time_left(now),
            held_for: dispatch.held_until(now).map(|until| until.saturating_sub(now)),
        }
    }

    /// Every message's state; follows the run.
    pub fn states<T>(self, read: impl FnOnce(&[MessageState]) -> T) -> T {
        self.1.track();
        let run = self.0.get_value();
        let dispatch = run.dispatch.borrow();
        read(dispatch.states())
    }

    /// The agent has the results as a file.
    pub fn results_were_saved(self) {
        self.0.get_value().is_saved.set(true);
    }

    /// Whether the results would be lost with this page: some message isn't plainly accepted, and there is no file.
    pub fn has_unsaved_results(self) -> bool {
        let run = self.0.get_value();
        let counts = run.dispatch.borrow().counts();
        counts.accepted < counts.total && !run.is_saved.get()
    }

    /// Whether messages may still leave or answers come.
    pub fn is_under_way(self) -> bool {
        let run = self.0.get_value();
        let dispatch = run.dispatch.borrow();
        !matches!(dispatch.phase(), Phase::Ended(_))
    }
}

fn handle(run: &Rc<Run>, event: Event) {
    let commands = run.dispatch.borrow_mut().handle(clock::now(), event);
    for command in commands {
        match command {
            Command::Send { message, attempt } => {
                // Counted before the call: whatever happens to this page, the message counts as used.
                run.backend.usage.claimed();
                let run = Rc::clone(run);
                spawn_local(async move {
                    let answer = call(&run, message).await;
                    run.backend.usage.answered(&answer);
                    handle(&run, Event::Answered { message, attempt, answer });
                });
            }
            Command::WakeAt(at) => {
                let wait = u32::try_from(at.saturating_sub(clock::now())).unwrap_or(u32::MAX);
                let run = Rc::clone(run);
                spawn_local(async move {
                    TimeoutFuture::new(wait).await;
                    handle(&run, Event::Woke);
                });
            }
            Command::Finished(end) => tell_zendesk(run, &end),
        }
    }
    refresh_soon(run);
}

async fn call(run: &Run, message_idx: MessageIdx) -> Answer {
    let batch = &run.plan.batch;
    let Some(message) = batch.message(message_idx) else {
        // The engine was made with this batch's length.
        return Answer::Unknown(cxconnect_core::dispatch::Doubt::ConnectionLost);
    };
    let notification = Notification {
        integration: &run.plan.sender.id,
        to: &message.to,
        template: batch.template(),
        values: &message.values,
        namespace: run.backend.settings.namespace.as_deref(),
        metadata: Metadata { batch: batch.id(), row: message.row },
    };
    run.backend.sunco.notify(&notification).await
}

/// Lets the screen look again, once for all that happens within a moment.
fn refresh_soon(run: &Rc<Run>) {
    if run.is_refresh_due.replace(true) {
        return;
    }
    let run = Rc::clone(run);
    spawn_local(async move {
        TimeoutFuture::new(REFRESH_MS).await;
        run.is_refresh_due.replace(false);
        run.version.update(|version| *version = version.wrapping_add(1));
        // While waiting nothing happens, but the remaining time changes.
        if run.dispatch.borrow().held_until(clock::now()).is_some() {
            refresh_soon(&run);
        }
    });
}

/// Zendesk's own notification reaches the agent wherever they are.
fn tell_zendesk(run: &Rc<Run>, end: &End) {
    let counts = run.dispatch.borrow().counts();
    let (key, kind) = match end {
        End::Completed => ("notify.completed", NoticeKind::Notice),
        End::Cancelled => ("notify.cancelled", NoticeKind::Alert),
        End::Stopped(_) => ("notify.stopped", NoticeKind::Error),
    };
    let text = tr(
        key,
        &[
            ("accepted", &counts.accepted.to_string()),
            ("refused", &counts.refused.to_string()),
            ("unknown", &counts.unknown.to_string()),
            ("not_sent", &counts.not_sent.to_string()),
        ],
    );
    let zaf = run.backend.zaf.clone();
    spawn_local(async move {
        // The screen says the same; a notification that isn't shown loses nothing.
        let _ = zaf.notify(&text, kind).await;
    });
}
