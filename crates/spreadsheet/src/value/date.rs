//! Dates and times as spreadsheets store them, days and their fractions, in the region's form: `dd/mm/yyyy HH:MM`.

use std::fmt::Write as _;

use super::{Epoch, number};

const DAY_SECONDS: f64 = 86_400.0;
/// 31/12/9999, the last day that Excel shows, as days since 1900's epoch.
const LAST_DAY: i64 = 2_958_465;
/// 01/01/1970 as days since 1900's epoch.
const UNIX_DAY: i64 = 25_569;
/// What a day has more in 1900's count than in 1904's.
const DAYS_BETWEEN_EPOCHS: i64 = 1_462;

/// Writes a moment: a date, with its time unless that is midnight; or only a time on day 0.
pub(super) fn write_moment(text: &mut String, days: f64, epoch: Epoch) {
    let Some((day, minute)) = parts(days) else {
        // Excel shows only ### here; the number says more.
        return number::write(text, days);
    };
    if day == 0 {
        return write_time(text, minute);
    }
    let day = match epoch {
        Epoch::Y1900 => day,
        Epoch::Y1904 => day + DAYS_BETWEEN_EPOCHS,
    };
    if LAST_DAY < day {
        return number::write(text, days);
    }
    let (year, month, day) = match day {
        // Lotus 1-2-3 took 1900 for a leap year, and everybody after it has to.
        60 => (1900, 2, 29),
        ..60 => civil(day + 1 - UNIX_DAY),
        _ => civil(day - UNIX_DAY),
    };
    write_date(text, year, month, day);
    if minute != 0 {
        text.push(' ');
        write_time(text, minute);
    }
}

/// Writes a span of time in hours and minutes, however many hours it has.
pub(super) fn write_span(text: &mut String, days: f64) {
    match parts(days) {
        Some((day, minute)) => write_time(text, day * 24 * 60 + minute),
        None => number::write(text, days),
    }
}

/// Writes `dd/mm/yyyy`.
pub(super) fn write_date(text: &mut String, year: i64, month: i64, day: i64) {
    // Writing to a String can't fail.
    let _ = write!(text, "{day:02}/{month:02}/{year:04}");
}

/// Writes `HH:MM` from minutes.
pub(super) fn write_time(text: &mut String, minutes: i64) {
    let _ = write!(text, "{:02}:{:02}", minutes / 60, minutes % 60);
}

/// Whole days and the minute of the day. Fractions of days are never exact, so seconds are rounded first: 10:30 may be
/// stored as 10:29:59.9999999. `None` for what no spreadsheet shows as a date.
fn parts(days: f64) -> Option<(i64, i64)> {
    // Twice the years that can be shown, so that the arithmetic below can't overflow.
    if !(0.0..6_000_000.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within a range that has been checked")]
    let seconds = (days * DAY_SECONDS).round() as i64;
    Some((seconds / 86_400, seconds % 86_400 / 60))
}

/// Year, month and day of a day that is counted from 01/01/1970 (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`; for years from 1 on).
fn civil(unix_day: i64) -> (i64, i64, i64) {
    // Days since 01/03/0000: years that begin in March have their leap day last.
    let day = unix_day + 719_468;
    let era = day / 146_097;
    let day_of_era = day % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    use super::*;

    fn moment(days: f64, epoch: Epoch) -> String {
        let mut text = String::new();
        write_moment(&mut text, days, epoch);
        text
    }

    fn span(days: f64) -> String {
        let mut text = String::new();
        write_span(&mut text, days);
        text
    }

    #[test]
    fn dates_and_times() {
        assert_eq!(moment(45_966.0, Epoch::Y1900), "05/11/2025");
        assert_eq!(moment(45_966.437_5, Epoch::Y1900), "05/11/2025 10:30");
        assert_eq!(moment(45_966.437_499_999_9, Epoch::Y1900), "05/11/2025 10:30");
        assert_eq!(moment(45_966.999_999_999, Epoch::Y1900), "06/11/2025");
        assert_eq!(moment(0.4375, Epoch::Y1900), "10:30");
        assert_eq!(moment(0.0, Epoch::Y1900), "00:00");
        assert_eq!(moment(45_966.0 - 1_462.0, Epoch::Y1904), "05/11/2025");
        assert_eq!(moment(0.5, Epoch::Y1904), "12:00");
        assert_eq!(moment(1.0, Epoch::Y1900), "01/01/1900");
        assert_eq!(moment(60.0, Epoch::Y1900), "29/02/1900");
        assert_eq!(moment(61.0, Epoch::Y1900), "01/03/1900");
        assert_eq!(moment(2_958_465.0, Epoch::Y1900), "31/12/9999");
    }

    #[test]
    fn what_is_no_date_stays_a_number() {
        assert_eq!(moment(-1.0, Epoch::Y1900), "-1");
        assert_eq!(moment(2_958_466.0, Epoch::Y1900), "2958466");
        assert_eq!(moment(525_512_345_678.0, Epoch::Y1900), "525512345678");
        assert_eq!(moment(f64::NAN, Epoch::Y1900), "#NUM!");
        assert_eq!(span(-0.5), "-0.5");
    }

    #[test]
    fn spans_count_all_their_hours() {
        assert_eq!(span(0.0625), "01:30");
        assert_eq!(span(1.104_166_666_666_7), "26:30");
        assert_eq!(span(10.0), "240:00");
    }

    #[test]
    fn every_day_is_the_one_that_excel_shows() {
        for (is_1904, epoch, last) in [(false, Epoch::Y1900, LAST_DAY), (true, Epoch::Y1904, 2_957_003)] {
            // All up to the year 2174, then one in each month.
            for day in (1..100_000).chain((100_000..=last).step_by(29)).chain([last]) {
                #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
                let days = day as f64;
                let excel = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904);
                let (year, month, day, ..) = excel.to_ymd_hms_milli();
                assert_eq!(moment(days, epoch), format!("{day:02}/{month:02}/{year:04}"));
            }
        }
    }
}
