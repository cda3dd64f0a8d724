//! The browser's clocks.

use chrono::NaiveDate;
use cxconnect_core::dispatch::{Millis, Moment, UnixMillis};
pub use cxconnect_zendesk::after;

/// Milliseconds since the page began: never jumps, so waits and rates are measured with it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds of a page's life")]
pub fn now() -> Millis {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0, |performance| performance.now() as Millis)
}

/// Waits until [`now`] has reached a moment. A timer may end before it by a clock that is as coarse as some browsers make it
/// (Firefox, when it resists fingerprinting, counts in steps of 100 ms): then it is waited for once more.
pub async fn until(moment: Millis) {
    loop {
        after(u32::try_from(moment.saturating_sub(now())).unwrap_or(u32::MAX)).await;
        if moment <= now() {
            return;
        }
    }
}

/// What a person's clock says now, in milliseconds since 1970.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970")]
pub fn time() -> UnixMillis {
    js_sys::Date::now() as UnixMillis
}

/// Now, on both clocks.
pub fn moment() -> Moment {
    Moment { clock: now(), time: time() }
}

/// Today in the agent's own time zone.
pub fn today() -> NaiveDate {
    day_of(&js_sys::Date::new_0())
}

/// A moment's day in the agent's own time zone.
pub fn day(time: UnixMillis) -> NaiveDate {
    day_of(&date(time))
}

/// A day's first moment in the agent's own time zone.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970")]
pub fn midnight(day: NaiveDate) -> UnixMillis {
    use chrono::Datelike as _;
    let year = u32::try_from(day.year()).unwrap_or_default();
    let date =
        js_sys::Date::new_with_year_month_day(year, day.month0().cast_signed(), day.day().cast_signed());
    date.get_time().max(0.0) as UnixMillis
}

/// A day's first moment in UTC.
pub fn midnight_utc(day: NaiveDate) -> UnixMillis {
    UnixMillis::try_from(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis())
        .unwrap_or_default()
}

/// A moment as the browser has it.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
pub fn date(time: UnixMillis) -> js_sys::Date {
    js_sys::Date::new(&(time as f64).into())
}

fn day_of(date: &js_sys::Date) -> NaiveDate {
    let year = i32::try_from(date.get_full_year()).unwrap_or_default();
    // A browser's date is always a date; its months begin at 0.
    NaiveDate::from_ymd_opt(year, date.get_month() + 1, date.get_date()).unwrap_or_default()
}

/// A name part for files that are made now: `2026-11-22_1530`, in the agent's own time zone.
pub fn file_stamp() -> String {
    let [year, month, day, hours, minutes, _] = parts(&js_sys::Date::new_0());
    format!("{year}-{month}-{day}_{hours}{minutes}")
}

/// A moment as spreadsheets read it: `2026-11-22 15:30:05`, in the agent's own time zone.
pub fn written(time: UnixMillis) -> String {
    let [year, month, day, hours, minutes, seconds] = parts(&date(time));
    format!("{year}-{month}-{day} {hours}:{minutes}:{seconds}")
}

fn parts(date: &js_sys::Date) -> [String; 6] {
    let day = [date.get_full_year(), date.get_month() + 1, date.get_date()];
    let time = [date.get_hours(), date.get_minutes(), date.get_seconds()];
    let [[year, month, day], [hours, minutes, seconds]] = [day, time];
    [year, month, day, hours, minutes, seconds].map(|part| format!("{part:02}"))
}
