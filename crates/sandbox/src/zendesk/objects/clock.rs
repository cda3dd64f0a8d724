//! Times: milliseconds inside, whole seconds of UTC outside, as the API writes them.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate};

/// Milliseconds since 1970.
pub(crate) type Millis = i64;

/// Now.
pub(crate) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// A setting's milliseconds.
pub(crate) fn millis(ms: u64) -> Millis {
    Millis::try_from(ms).unwrap_or(Millis::MAX / 4)
}

/// As the API writes it: `2026-11-22T09:00:00Z`.
pub(crate) fn iso(at: Millis) -> String {
    let at = DateTime::from_timestamp_millis(at);
    at.map(|it| it.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// A date-time or a date (then its midnight in UTC) in seconds since 1970.
pub(crate) fn seconds_of(text: &str) -> Option<i64> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp());
    }
    let midnight = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0)?;
    Some(midnight.and_utc().timestamp())
}

/// Whether a `date` field takes it: `YYYY-MM-DD` and nothing more.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_whole_seconds_and_read_from_two_forms() {
        assert_eq!(iso(1_795_338_000_999), "2026-11-22T09:00:00Z");
        assert_eq!(seconds_of("2026-11-22T09:00:00Z"), Some(1_795_338_000));
        assert_eq!(seconds_of("2026-11-22T10:00:00+01:00"), Some(1_795_338_000));
        assert_eq!(seconds_of("2026-11-22"), Some(1_795_305_600));
        assert_eq!(seconds_of("yesterday"), None);
        assert!(is_date("2026-02-28"));
        assert!(!is_date("2026-02-30") && !is_date("2026-2-3") && !is_date("2026-11-22T09:00:00Z"));
    }
}
