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

/// The page has other things to do at first, and a batch that has just ended is still being recorded by itself. What can't be
/// done then, since an earlier page hasn't let go of the batch or Zendesk doesn't answer, is tried again later.
const WAITS_MS: [u32; 4] = [20_000, 20_000, 60_000, 300_000];
/// What is older was recorded by then, or can't be.
const OLDEST_MS: u64 = 7 * 24 * 60 * 60 * 1000;

thread_local! {
    static IS_AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Completes the record in a while, unless that is under way. What can't be done then is tried when the app is opened again.
pub(super) fn catch_up_later(backend: &Rc<Backend>) {
    if IS_AT_WORK.replace(true) {
        return;
    }
    let backend = Rc::clone(backend);
    spawn_local(async move {
        for wait in WAITS_MS {
            clock::after(wait).await;
            // A journal that can't be read now may be later.
            if catch_up(&backend).await == Ok(true) {
                break;
            }
        }
        IS_AT_WORK.set(false);
    });
}

/// Whether nothing is left to be recorded.
async fn catch_up(backend: &Rc<Backend>) -> Result<bool, KeepError> {
    let journal = backend.journal().await?;
    for kept in journal.list().await? {
        let Ok(head) = Head::from_json(&kept.head) else { continue };
        let noted = kept.summary.as_deref().and_then(Summary::parse);
        let is_lacking = noted.is_some_and(|it| it.n_writes == kept.n_writes && !it.is_recorded);
        let is_old = head.about.created + OLDEST_MS < clock::time();
        if !is_lacking || is_old || head.about.kind == Kind::Test {
            continue;
        }
        let Ok(run) = RunRef::open(Rc::clone(backend), journal.clone(), &kept.id, &kept.head, false).await
        else {
            continue;
        };
        let is_recorded = run.record_the_rest().await;
        run.close();
        // What stands in the way of one stands in the way of the next one, too.
        if !is_recorded {
            return Ok(false);
        }
    }
    Ok(true)
}
