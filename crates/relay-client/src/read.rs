//! Members of the relay's answers.

use cxconnect_core::dispatch::UnixMillis;
use serde_json::Value;

/// A text, if it is there.
pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(ToOwned::to_owned)
}

/// A number of things; none if it isn't there.
pub(crate) fn count(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_default()
}

/// A moment, if it is there.
pub(crate) fn moment(value: &Value, key: &str) -> Option<UnixMillis> {
    value[key].as_u64()
}
