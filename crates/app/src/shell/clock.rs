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
    let date = js_sys::Date::new_0();
    let year = i32::try_from(date.get_full_year()).unwrap_or_default();
    // A browser's date is always a date; its months begin at 0.
    NaiveDate::from_ymd_opt(year, date.get_month() + 1, date.get_date()).unwrap_or_default()
}

/// A name part for files that are made now: `2026-11-22_1530`, in the agent's own time zone.
pub fn file_stamp() -> String {
    let date = js_sys::Date::new_0();
    format!(
        "{:04}-{:02}-{:02}_{:02}{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}
