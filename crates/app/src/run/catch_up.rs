//! Batches whose page was closed after their end, before the team's record had all of them: the record is completed by whoever
//! opens the app next in the same browser.

use std::{cell::Cell, rc::Rc};

use cxconnect_core::frozen::{Head, Kind};
use leptos::task::spawn_local;

use crate::{
    backend::Backend,
    run::{RunRef, Summary},
    shell::{clock, journal::KeepError},
};

/// The page has other things to do at first, and a batch that has just ended is still being recorded by itself.
const WAIT_MS: u32 = 20_000;
/// What is older was recorded by then, or can't be.
const OLDEST_MS: u64 = 7 * 24 * 60 * 60 * 1000;

thread_local! {
    static IS_AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Completes the record in a while, unless that is under way. What can't be done now is tried when the app is opened again.
pub(super) fn catch_up_later(backend: &Rc<Backend>) {
    if IS_AT_WORK.replace(true) {
        return;
    }
    let backend = Rc::clone(backend);
    spawn_local(async move {
        clock::after(WAIT_MS).await;
        // What stands in the way stands in the way of the next one too, which is told to whoever looks at the batches.
        let _ = catch_up(&backend).await;
        IS_AT_WORK.set(false);
    });
}

async fn catch_up(backend: &Rc<Backend>) -> Result<(), KeepError> {
    let journal = backend.journal().await?;
    for kept in journal.list().await? {
        let Ok(head) = Head::from_json(&kept.head) else { continue };
        let noted = kept.summary.as_deref().and_then(Summary::parse);
        let is_lacking = noted.is_some_and(|it| it.n_writes == kept.n_writes && !it.is_recorded);
        let is_old = head.about.created + OLDEST_MS < clock::time();
        if !is_lacking || is_old || head.about.kind == Kind::Test {
            continue;
        }
        let Ok(run) = RunRef::open(Rc::clone(backend), journal.clone(), &kept.id, &kept.head).await else {
            continue;
        };
        let is_recorded = run.record_the_rest().await;
        run.close();
        if !is_recorded {
            break;
        }
    }
    Ok(())
}
