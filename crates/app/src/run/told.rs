//! How a batch stands, in words.

use cxconnect_core::dispatch::Counts;

use crate::shell::texts::tn;

/// "81 enviados, 2 con error, 917 no enviados": all of them, so that they add up, and none of which there is none.
pub fn told(counts: &Counts) -> String {
    let parts = [
        ("accepted", counts.accepted + counts.marked_sent),
        ("refused", counts.refused),
        ("unknown", counts.unknown),
        ("not_sent", counts.not_sent),
        ("waiting", counts.waiting + counts.claimed),
    ];
    let told = parts.into_iter().filter(|(_, n)| 0 < *n).map(|(key, n)| tn(&format!("told.{key}"), n, &[]));
    told.collect::<Vec<_>>().join(", ")
}
