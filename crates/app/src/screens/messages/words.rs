//! The words for messages of the shared record.

use cxconnect_core::{
    dispatch::UnixMillis,
    ledger::{Fault, MessageRecord, OTHER_REASON, Origin, lot},
    reasons::Reason,
    receipt::Status,
};

use leptos::prelude::*;

use crate::shell::texts::t;

/// A state: "Entregado".
pub fn status(status: Status) -> String {
    t(&format!("stats.status.{}", status.key()))
}

/// Where messages come from: "Zendesk 1:N".
pub fn origin(origin: Origin) -> String {
    t(&format!("stats.origin.{}", origin.key()))
}

/// Where a message comes from, and who sent it: "Zendesk 1:N - ana@acme.mx".
pub fn origin_of(message: &MessageRecord) -> String {
    let origin = origin(message.origin);
    if message.agent.is_empty() { origin } else { format!("{origin} - {}", message.agent) }
}

/// The number by which people know a batch.
pub fn lot_of(created: UnixMillis) -> String {
    lot(created).to_string()
}

/// Why a message failed, or what else is to be said of its state: the cause if the catalogue knows it, and always the provider's
/// own words.
pub fn description(message: &MessageRecord) -> String {
    let state = message.status();
    match (state, message.receipt.failure()) {
        (Status::Failed, Some(said)) => match Reason::find(said) {
            Some(reason) => format!("{} ({said})", cause(reason)),
            None => said.to_owned(),
        },
        (Status::Unknown, _) => t("stats.unknown"),
        _ => status(state),
    }
}

/// What a known reason means.
fn cause(reason: Reason) -> String {
    let key = reason.key();
    t(&format!("reason.{key}.cause"))
}

/// A reason by its key, as the batches' counters have it.
pub fn reason(key: &str) -> String {
    match Reason::by_key(key) {
        Some(reason) if key != OTHER_REASON => cause(reason),
        _ => t("stats.reason_other"),
    }
}

/// Why the shared record can't be read.
pub fn fault(fault: Fault) -> String {
    let key = match fault {
        Fault::Forbidden => "forbidden",
        Fault::Missing => "missing",
        Fault::SignedOut => "signed_out",
        Fault::Throttled { .. } => "throttled",
        Fault::Refused | Fault::TooLarge => "refused",
        Fault::Unavailable => "unavailable",
    };
    t(&format!("stats.fault.{key}"))
}

/// What comes of it: where waiting helps it is asked again by itself.
pub fn remedy(fault: Fault) -> Option<AnyView> {
    let key = match fault {
        Fault::Forbidden | Fault::Missing | Fault::Refused | Fault::TooLarge => return None,
        Fault::SignedOut | Fault::Throttled { .. } | Fault::Unavailable => "stats.not_whole",
    };
    Some(view! { <p>{t(key)}</p> }.into_any())
}

/// The colours of a state's tag.
pub fn tag(status: Status) -> &'static str {
    match status {
        Status::Read | Status::Delivered => "tag tag-success",
        Status::Accepted | Status::Sent | Status::Claimed => "tag tag-info",
        Status::Failed => "tag tag-danger",
        Status::Unknown => "tag tag-warning",
        Status::Planned => "tag",
    }
}
