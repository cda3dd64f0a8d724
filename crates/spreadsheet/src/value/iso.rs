//! Dates and times as ISO 8601 writes them: in ODS, and in XLSX of the "strict" kind.

use super::date;

/// Writes `2025-11-05`, `2025-11-05T10:30:00` or `10:30:00` in the region's form, and anything else as it is.
pub(super) fn write_moment(text: &mut String, value: &str) {
    let (day, time) = match value.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None if value.contains(':') => ("", Some(value)),
        None => (value, None),
    };
    let minutes = time.map(minutes);
    let date = civil(day);
    match (date, minutes) {
        (Some((year, month, day)), None | Some(Some(0))) => date::write_date(text, year, month, day),
        (Some((year, month, day)), Some(Some(minutes))) => {
            date::write_date(text, year, month, day);
            text.push(' ');
            date::write_time(text, minutes);
        }
        (None, Some(Some(minutes))) if day.is_empty() => date::write_time(text, minutes),
        (_, _) => text.push_str(value),
    }
}

/// Writes `PT10H30M00S` as hours and minutes, and anything else as it is.
pub(super) fn write_span(text: &mut String, value: &str) {
    match span_minutes(value) {
        Some(minutes) => date::write_time(text, minutes),
        None => text.push_str(value),
    }
}

fn civil(day: &str) -> Option<(i64, i64, i64)> {
    let mut parts = day.split('-').map(digits);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
    is_date.then_some((year, month, day))
}

/// `10:30:00.000Z` as minutes: a spreadsheet's times have no zone, whatever the Z says.
fn minutes(time: &str) -> Option<i64> {
    let mut parts = time.trim_end_matches('Z').split(':');
    let hours = digits(parts.next()?).filter(|hours| *hours < 24)?;
    let minutes = digits(parts.next()?).filter(|minutes| *minutes < 60)?;
    let seconds =
        parts.next().is_none_or(|seconds| digits(seconds.split('.').next().unwrap_or_default()).is_some());
    (seconds && parts.next().is_none()).then_some(hours * 60 + minutes)
}

/// `P1DT2H30M00.5S` as minutes.
fn span_minutes(value: &str) -> Option<i64> {
    let mut rest = value.strip_prefix('P')?;
    let mut minutes = 0;
    let mut seconds = 0;
    let mut in_time = false;
    let mut has_part = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            (rest, in_time) = (after, true);
            continue;
        }
        let (count, after) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?)?;
        let whole = digits(count.split('.').next().unwrap_or_default())?;
        let mut units = after.chars();
        match (units.next()?, in_time) {
            ('D', false) => minutes += whole * 24 * 60,
            ('H', true) => minutes += whole * 60,
            ('M', true) => minutes += whole,
            ('S', true) => seconds += whole,
            // Years and months have no length.
            _ => return None,
        }
        (rest, has_part) = (units.as_str(), true);
    }
    has_part.then_some(minutes + seconds / 60)
}

/// A count. Nine digits at most, so that sums of a few of them can't overflow.
fn digits(text: &str) -> Option<i64> {
    let is_count = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_count { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(value: &str) -> String {
        let mut text = String::new();
        write_moment(&mut text, value);
        text
    }

    fn span(value: &str) -> String {
        let mut text = String::new();
        write_span(&mut text, value);
        text
    }

    #[test]
    fn moments() {
        assert_eq!(moment("2025-11-05"), "05/11/2025");
        assert_eq!(moment("2025-11-05T00:00:00"), "05/11/2025");
        assert_eq!(moment("2025-11-05T10:30:59"), "05/11/2025 10:30");
        assert_eq!(moment("2025-11-05T10:30:59.999Z"), "05/11/2025 10:30");
        assert_eq!(moment("10:30:00"), "10:30");
        assert_eq!(moment("T10:30"), "10:30");
    }

    #[test]
    fn spans() {
        assert_eq!(span("PT10H30M00S"), "10:30");
        assert_eq!(span("PT26H30M00.000000000S"), "26:30");
        assert_eq!(span("P1DT2H30M"), "26:30");
        assert_eq!(span("PT90S"), "00:01");
    }

    #[test]
    fn what_is_neither_stays_as_it_is() {
        for value in ["", "P", "PT", "P1Y", "P1M", "PTH", "mañana", "-PT1H", "P999999999999D", "PTé"] {
            assert_eq!(span(value), value);
        }
        for value in ["", "T", "2025", "2025-13-01", "2025-11-05T25:00", "a:b", "2025-11-05T", "é-é-é"] {
            assert_eq!(moment(value), value);
        }
    }
}
