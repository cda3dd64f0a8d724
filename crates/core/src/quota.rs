//! The package: how many messages a period has, what was used of it, and when it renews. And Meta's own limit on how many
//! people a business may write to in a day.
//!
//! Enviados are messages accepted and not failed; No enviados consume nothing; a message whose outcome is unknown counts
//! as used. At zero left, sending is blocked.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime};
use rustc_hash::FxHashSet;

use crate::{dispatch::UnixMillis, phone::E164};

/// The day of the month on which the package renews, 1 to 31; in shorter months, their last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewalDay(u8);

impl RenewalDay {
    /// `None` outside 1 to 31.
    pub fn new(day: u8) -> Option<Self> {
        (1..=31).contains(&day).then_some(Self(day))
    }

    /// The day of the month, 1 to 31.
    pub fn get(self) -> u8 {
        self.0
    }

    fn in_month_of(self, date: NaiveDate) -> NaiveDate {
        let day = u32::from(self.0);
        (28..=day).rev().find_map(|day| date.with_day(day)).or_else(|| date.with_day(day)).unwrap_or(date)
    }
}

/// One period of the package, in days of UTC. It begins and ends at midnight there and at no agent's own midnight, so that it is
/// the same period, and the same count, for all of a team, wherever each of them is: in Mexico the package of the 10th is there
/// from 18:00 on the 9th.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first day.
    pub from: NaiveDate,
    /// The first day of the next one.
    pub renews: NaiveDate,
}

impl Period {
    /// The period of a moment.
    pub fn at(time: UnixMillis, renewal: RenewalDay) -> Self {
        let moment = i64::try_from(time).ok().and_then(DateTime::from_timestamp_millis);
        Self::containing(moment.unwrap_or_default().date_naive(), renewal)
    }

    /// Its first moment.
    pub fn begin(self) -> UnixMillis {
        midnight(self.from)
    }

    /// The first moment of the next one.
    pub fn end(self) -> UnixMillis {
        midnight(self.renews)
    }

    /// The period that `today` is in, which is a day of UTC.
    fn containing(today: NaiveDate, renewal: RenewalDay) -> Self {
        let this_month = renewal.in_month_of(today);
        if this_month <= today {
            Self { from: this_month, renews: shifted(this_month, 1, renewal) }
        } else {
            Self { from: shifted(this_month, -1, renewal), renews: this_month }
        }
    }
}

/// A day's first moment in UTC. There was no package before 1970.
fn midnight(day: NaiveDate) -> UnixMillis {
    UnixMillis::try_from(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis()).unwrap_or_default()
}

/// The renewal `months` later or earlier. Years beyond chrono's range don't occur; the date is then left as it is.
fn shifted(date: NaiveDate, months: i32, renewal: RenewalDay) -> NaiveDate {
    let by = Months::new(months.unsigned_abs());
    let moved = if months < 0 { date.checked_sub_months(by) } else { date.checked_add_months(by) };
    renewal.in_month_of(moved.unwrap_or(date))
}

/// What was sent in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Enviados: accepted and not failed.
    pub accepted: u64,
    /// No enviados: refused.
    pub refused: u64,
    /// Outcome unknown; counts as used.
    pub unknown: u64,
}

/// A package of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name, such as "Paquete" or "trial".
    pub plan: String,
    /// Messages per period.
    pub size: u64,
    /// When it renews.
    pub renewal: RenewalDay,
}

/// There aren't enough messages left for a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} messages are wanted and {left} are left")]
pub struct NotEnough {
    /// Messages of the batch.
    pub wanted: u64,
    /// Messages left in this period.
    pub left: u64,
}

impl Package {
    /// Messages that may still be sent in this period.
    pub fn left(&self, usage: Usage) -> u64 {
        self.size.saturating_sub(usage.accepted.saturating_add(usage.unknown))
    }

    /// Whether a batch of this many messages fits.
    pub fn allows(&self, wanted: u64, usage: Usage) -> Result<(), NotEnough> {
        let left = self.left(usage);
        if wanted <= left { Ok(()) } else { Err(NotEnough { wanted, left }) }
    }
}

/// Meta's messaging limit: how many different people a business may write to first in 24 hours
/// (<https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessagingLimit {
    /// There is none, or nobody has said.
    #[default]
    Unlimited,
    /// So many people.
    People(usize),
}

/// A batch goes over Meta's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{used} + {wanted} people are {over} over the limit of {limit}")]
pub struct OverLimit {
    /// The most people there may be.
    pub limit: usize,
    /// People who were written to already.
    pub used: usize,
    /// The batch's people who aren't among them.
    pub wanted: usize,
    /// How many of these are too many.
    pub over: usize,
}

impl MessagingLimit {
    /// Meta's steps.
    pub const STEPS: [usize; 4] = [250, 2_000, 10_000, 100_000];

    /// From the setting: a number, with or without signs between its digits, or anything else for none.
    pub fn parse(text: &str) -> Self {
        let is_sign = |c: char| c.is_whitespace() || matches!(c, '.' | ',');
        let digits: String = text.chars().filter(|c| !is_sign(*c)).collect();
        digits.parse().ok().filter(|people| 0 < *people).map_or(Self::Unlimited, Self::People)
    }

    /// Whether a batch fits, given who was written to in the last 24 hours. Whoever was is not counted again.
    pub fn allows(
        self,
        written_to: impl IntoIterator<Item = E164>,
        batch: impl IntoIterator<Item = E164>,
    ) -> Result<(), OverLimit> {
        let Self::People(limit) = self else { return Ok(()) };
        let mut people: FxHashSet<E164> = written_to.into_iter().collect();
        let used = people.len();
        people.extend(batch);
        let wanted = people.len() - used;
        let over = people.len().saturating_sub(limit).min(wanted);
        if over == 0 { Ok(()) } else { Err(OverLimit { limit, used, wanted, over }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(today: &str, renewal: u8) -> (String, String) {
        let period = Period::containing(day(today), RenewalDay::new(renewal).unwrap());
        (period.from.to_string(), period.renews.to_string())
    }

    #[test]
    fn a_period_runs_from_renewal_to_renewal() {
        assert_eq!(period("2026-11-22", 10), ("2026-11-10".into(), "2026-12-10".into()));
        assert_eq!(period("2026-11-10", 10), ("2026-11-10".into(), "2026-12-10".into()));
        assert_eq!(period("2026-11-09", 10), ("2026-10-10".into(), "2026-11-10".into()));
        assert_eq!(period("2026-12-31", 10), ("2026-12-10".into(), "2027-01-10".into()));
    }

    #[test]
    fn a_period_begins_at_the_same_moment_for_everybody() {
        let renewal = RenewalDay::new(10).unwrap();
        let at = |text: &str| {
            text.parse::<DateTime<chrono::FixedOffset>>().unwrap().timestamp_millis().cast_unsigned()
        };
        let from = |text| Period::at(at(text), renewal).from.to_string();
        // The same moment, by the clocks of Mexico and of Madrid.
        assert_eq!(from("2026-11-09T19:00:00-06:00"), "2026-11-10");
        assert_eq!(from("2026-11-10T02:00:00+01:00"), "2026-11-10");
        assert_eq!(from("2026-11-10T00:30:00+01:00"), "2026-10-10");
        let period = Period::at(at("2026-11-09T18:00:00-06:00"), renewal);
        assert_eq!(period.begin(), at("2026-11-10T00:00:00Z"));
        assert_eq!(period.end(), at("2026-12-10T00:00:00Z"));
        assert_eq!(Period::at(period.begin() - 1, renewal).end(), period.begin());
    }

    #[test]
    fn in_short_months_it_renews_on_the_last_day() {
        assert_eq!(period("2026-02-27", 31), ("2026-01-31".into(), "2026-02-28".into()));
        assert_eq!(period("2026-02-28", 31), ("2026-02-28".into(), "2026-03-31".into()));
        assert_eq!(period("2028-02-29", 30), ("2028-02-29".into(), "2028-03-30".into()));
    }

    #[test]
    fn a_renewal_day_is_a_day_of_a_month() {
        assert_eq!(RenewalDay::new(0), None);
        assert_eq!(RenewalDay::new(32), None);
    }

    #[test]
    fn refused_messages_consume_nothing_and_unknown_ones_do() {
        let package = Package { plan: "Paquete".into(), size: 1000, renewal: RenewalDay::new(10).unwrap() };
        let usage = Usage { accepted: 7, refused: 300, unknown: 2 };
        assert_eq!(package.left(usage), 991);
        assert_eq!(package.allows(991, usage), Ok(()));
        assert_eq!(package.allows(992, usage), Err(NotEnough { wanted: 992, left: 991 }));
        assert_eq!(package.left(Usage { accepted: 2000, ..usage }), 0);
    }

    fn people(range: std::ops::Range<u64>) -> impl Iterator<Item = E164> {
        range.filter_map(|n| E164::from_value(525_500_000_000 + n))
    }

    #[test]
    fn each_person_counts_once_for_metas_limit() {
        let limit = MessagingLimit::People(250);
        assert_eq!(limit.allows(people(0..100), people(100..250)), Ok(()));
        assert_eq!(limit.allows(people(0..100), people(50..250).chain(people(0..250))), Ok(()));
        assert_eq!(
            limit.allows(people(0..100), people(90..253)),
            Err(OverLimit { limit: 250, used: 100, wanted: 153, over: 3 })
        );
        // Over it already: whoever was written to may be again.
        assert_eq!(limit.allows(people(0..300), people(0..10)), Ok(()));
        assert_eq!(
            limit.allows(people(0..300), people(295..302)),
            Err(OverLimit { limit: 250, used: 300, wanted: 2, over: 2 })
        );
        assert_eq!(MessagingLimit::Unlimited.allows(people(0..10), people(0..1000)), Ok(()));
    }

    #[test]
    fn a_limit_is_read_as_people_write_it() {
        for text in ["2000", "2,000", "2.000", " 2 000 "] {
            assert_eq!(MessagingLimit::parse(text), MessagingLimit::People(2000), "{text}");
        }
        for text in ["", "none", "sin límite", "0", "-1", "99999999999999999999999"] {
            assert_eq!(MessagingLimit::parse(text), MessagingLimit::Unlimited, "{text}");
        }
    }
}
