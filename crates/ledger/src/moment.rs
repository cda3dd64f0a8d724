//! Moments: there is no field for them, so they are ISO texts, in UTC. Days are `date` fields, by which Zendesk can search.

use chrono::{DateTime, SecondsFormat};
use cxconnect_core::dispatch::UnixMillis;

/// `2026-11-27T01:02:03.456Z`; nothing for a moment beyond the calendar.
pub(crate) fn iso(at: UnixMillis) -> Option<String> {
    let at = DateTime::from_timestamp_millis(i64::try_from(at).ok()?)?;
    Some(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The moment of an ISO text.
pub(crate) fn parse(text: &str) -> Option<UnixMillis> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    UnixMillis::try_from(at.timestamp_millis()).ok()
}

/// `2026-11-27`, the day in UTC.
pub(crate) fn day(at: UnixMillis) -> Option<String> {
    let at = DateTime::from_timestamp_millis(i64::try_from(at).ok()?)?;
    Some(at.date_naive().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_back() {
        let at = 1_795_741_323_456;
        assert_eq!(iso(at).as_deref(), Some("2026-11-27T01:02:03.456Z"));
        assert_eq!(parse("2026-11-27T01:02:03.456Z"), Some(at));
        assert_eq!(parse("2026-11-26T19:02:03-06:00"), Some(1_795_741_323_000));
        assert_eq!(day(at).as_deref(), Some("2026-11-27"));
        assert_eq!((parse("ayer"), iso(u64::MAX)), (None, None));
    }
}
