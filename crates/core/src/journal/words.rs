//! The words for things that are one of a few.

use crate::dispatch::{End, StopKind};

/// Ends of a batch.
pub(super) const ENDS: [(End, &str); 2] = [(End::Completed, "completed"), (End::Cancelled, "cancelled")];

/// Answers that stop a batch.
pub(super) const STOPS: [(StopKind, &str); 4] = [
    (StopKind::Unauthorized, "unauthorized"),
    (StopKind::PaymentRequired, "payment"),
    (StopKind::Forbidden, "forbidden"),
    (StopKind::ProxyRefused, "proxy"),
];

/// The word for a value; the tables name every value.
pub(super) fn word<T: PartialEq>(table: &[(T, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(it, _)| it == value).map_or("", |(_, word)| word)
}

/// The value of a word.
pub(super) fn value<T: Copy>(table: &[(T, &str)], word: &str) -> Option<T> {
    table.iter().find(|(_, it)| *it == word).map(|(value, _)| *value)
}
