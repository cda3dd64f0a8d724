//! What is told by Zendesk's own notification, which reaches the agent wherever they are.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{End, JournalFault, PauseCause},
    frozen::Kind,
};
use cxconnect_zendesk::NoticeKind;
use leptos::task::spawn_local;

use crate::{
    run::{state::Run, told},
    shell::texts::{t, tr},
};

/// The last part of the keys of a pause's texts; none if the agent has paused.
pub fn pause_key(cause: &PauseCause) -> Option<&'static str> {
    cause.key()
}

/// A batch has ended.
pub(super) fn tell_end(run: &Rc<Run>, end: End) {
    let counts = run.dispatch.borrow().counts();
    let (key, kind) = match end {
        End::Completed => ("notify.completed", NoticeKind::Notice),
        End::Cancelled => ("notify.cancelled", NoticeKind::Alert),
    };
    tell(run, tr(key, &[("figures", &told(&counts))]), kind);
}

/// A batch has stopped by itself, and waits for the agent.
pub(super) fn tell_pause(run: &Rc<Run>, cause: &PauseCause) {
    // Whoever has just opened it knows, here or in another tab.
    if matches!(cause, PauseCause::Reopened | PauseCause::Journal(JournalFault::Taken)) {
        return;
    }
    let Some(key) = pause_key(cause) else { return };
    let figures = told(&run.dispatch.borrow().counts());
    let why = t(&format!("pause.{key}.title"));
    tell(run, tr("notify.paused", &[("why", &why), ("figures", &figures)]), NoticeKind::Alert);
}

fn tell(run: &Rc<Run>, text: String, kind: NoticeKind) {
    // Whoever tries or writes one message is looking at it.
    if run.frozen.head().about.kind != Kind::Many {
        return;
    }
    let zaf = run.backend.zaf.clone();
    spawn_local(async move {
        // The screen says the same; a notification that isn't shown loses nothing.
        let _ = zaf.notify(&text, kind).await;
    });
}
