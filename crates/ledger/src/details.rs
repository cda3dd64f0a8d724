//! What of a batch nobody filters by: one long text instead of many fields, of which an object has few.
//!
//! A version says which form it is. Whatever isn't understood is left out: a batch without its events is still that batch.

use cxconnect_core::{
    dispatch::{Milestone, Track, TrackEvent},
    ledger::{BatchRecord, Failures},
};
use serde_json::{Value, json};

const VERSION: u64 = 1;
/// The longest names that are kept, in characters: a record has 32 KB.
const MAX_NAME_CHARS: usize = 500;

/// The text.
pub(crate) fn write(batch: &BatchRecord) -> String {
    let short = |text: &str| text.chars().take(MAX_NAME_CHARS).collect::<String>();
    let event = |event: &TrackEvent| {
        let TrackEvent { at, what, why } = event;
        match why {
            Some(why) => json!([at, what.key(), why]),
            None => json!([at, what.key()]),
        }
    };
    json!({
        "version": VERSION,
        "sender_name": short(&batch.sender_name),
        "file_name": short(&batch.file_name),
        "failures": batch.failures,
        "track": batch.track.events().iter().map(event).collect::<Vec<_>>(),
    })
    .to_string()
}

/// What a text says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Details {
    pub sender_name: String,
    pub file_name: String,
    pub failures: Failures,
    pub track: Track,
}

/// Reads it.
pub(crate) fn read(text: &str) -> Details {
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    let name = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    let failures = json["failures"].as_object().into_iter().flatten();
    let event = |event: &Value| {
        let what = event[1].as_str().and_then(Milestone::by_key)?;
        Some(TrackEvent { at: event[0].as_u64()?, what, why: event[2].as_str().map(ToOwned::to_owned) })
    };
    Details {
        sender_name: name("sender_name"),
        file_name: name("file_name"),
        failures: failures.filter_map(|(reason, n)| Some((reason.clone(), n.as_u64()?))).collect(),
        track: Track::of(json["track"].as_array().into_iter().flatten().filter_map(event)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for text in ["", "{", "7", "[]", r#"{"version":9,"track":7,"failures":[1]}"#] {
            assert_eq!(read(text), Details::default(), "{text}");
        }
        let some = r#"{"file_name":"a.csv","failures":{"generic":2,"x":"?"},
            "track":[[5,"started"],["x","paused"],[7,"from the future"],[9,"paused","doubts",1]]}"#;
        let details = read(some);
        assert_eq!((details.file_name.as_str(), details.failures.len()), ("a.csv", 1));
        assert_eq!(details.track.events().len(), 2);
        assert_eq!(details.track.events()[1].why.as_deref(), Some("doubts"));
    }
}
