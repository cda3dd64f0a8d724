//! Whether messages may be sent now: the package has room for them, and Meta's limit on people in a day isn't passed.
//!
//! Whatever sends asks here, right before it does: a file's batch, a retry, a test, a ticket's message.

use cxconnect_core::{
    phone::E164,
    quota::{MessagingLimit, NotEnough, OverLimit},
};
use leptos::prelude::*;

use crate::{
    backend::Backend,
    run,
    shell::texts::{number, tr},
};

/// Why messages may not be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    /// The package has no room.
    Package(NotEnough),
    /// Too many people in a day for Meta.
    Limit(OverLimit),
}

/// One message to each of these may be sent, or why not.
pub async fn check(backend: &Backend, people: Vec<E164>) -> Result<(), NotAllowed> {
    let wanted = people.len() as u64;
    within_limit(backend, people).await.map_err(NotAllowed::Limit)?;
    // Last, so that what others and other tabs have sent until now counts, too.
    backend.usage.team().make_sure().await;
    backend.usage.refresh();
    let usage = untrack(|| backend.usage.get());
    backend.settings.package.allows(wanted, usage).map_err(NotAllowed::Package)
}

/// Whether these people may be written to, by what this browser has sent in the last 24 hours.
pub async fn within_limit(backend: &Backend, people: Vec<E164>) -> Result<(), OverLimit> {
    let limit = backend.settings.messaging_limit;
    if limit == MessagingLimit::Unlimited {
        return Ok(());
    }
    let written_to = match backend.journal().await {
        // What can't be read is unknown, and is no reason to refuse.
        Ok(journal) => run::written_to(&journal).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    limit.allows(written_to, people)
}

/// By how much Meta's limit would be passed, and what to do.
pub fn over_limit(over: OverLimit) -> String {
    let OverLimit { limit, used, wanted, over } = over;
    let [limit, used, wanted, over] = [limit, used, wanted, over].map(number);
    let figures = [("limit", &*limit), ("used", &*used), ("wanted", &*wanted), ("over", &*over)];
    tr("confirm.limit.text", &figures)
}
