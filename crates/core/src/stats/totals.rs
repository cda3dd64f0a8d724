//! Batches, counted together.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    dispatch::UnixMillis,
    ledger::{BatchRecord, Failures, Figures},
    quota::{Period, RenewalDay},
};

/// Several batches together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many there are.
    pub n_batches: u64,
    /// Their messages.
    pub figures: Figures,
    /// Those that failed, by reason.
    pub failures: Failures,
}

impl Totals {
    /// Adds one, with figures that may be newer than its record's.
    pub fn add(&mut self, batch: &BatchRecord, figures: Figures) {
        self.n_batches += 1;
        self.figures += figures;
        for (reason, n) in &batch.failures {
            *self.failures.entry(reason.clone()).or_default() += n;
        }
    }
}

impl<'b> FromIterator<&'b BatchRecord> for Totals {
    fn from_iter<I: IntoIterator<Item = &'b BatchRecord>>(batches: I) -> Self {
        let mut totals = Self::default();
        for batch in batches {
            totals.add(batch, batch.figures);
        }
        totals
    }
}

/// A part of a whole: each message is in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Share {
    /// Opened.
    Read,
    /// On the device, not opened.
    Delivered,
    /// Handed on to WhatsApp; nothing else is known.
    Sent,
    /// Taken by the provider; nothing else is known.
    Placed,
    /// Sent or not, nobody knows.
    Unknown,
    /// Refused or not delivered.
    Failed,
}

impl Share {
    /// All of them, from the best to the worst.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Delivered, Self::Sent, Self::Placed, Self::Unknown, Self::Failed];

    /// Its stable name: a part of its translations' keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Delivered => "delivered",
            Self::Sent => "sent",
            Self::Placed => "placed",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }

    /// How many messages are in it.
    pub fn of(self, figures: &Figures) -> u64 {
        match self {
            Self::Read => figures.n_read,
            Self::Delivered => figures.n_delivered.saturating_sub(figures.n_read),
            Self::Sent => figures.n_forwarded.saturating_sub(figures.n_delivered),
            Self::Placed => figures.n_sent.saturating_sub(figures.n_forwarded.max(figures.n_delivered)),
            Self::Unknown => figures.n_unknown,
            Self::Failed => figures.n_failed,
        }
    }
}

/// Batches by something that they have in common, such as their template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups(Vec<(String, Figures)>);

impl Groups {
    /// Parts batches by a name; those with the most messages come first.
    pub fn by(batches: &[BatchRecord], name: fn(&BatchRecord) -> &str) -> Self {
        let mut groups: BTreeMap<&str, Figures> = BTreeMap::new();
        for batch in batches {
            *groups.entry(name(batch)).or_default() += batch.figures;
        }
        let mut groups: Vec<_> = groups.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        groups.sort_by(|a, b| b.1.n_messages.cmp(&a.1.n_messages).then_with(|| a.0.cmp(&b.0)));
        Self(groups)
    }

    /// Each name with its messages.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Figures)> {
        self.0.iter().map(|(name, figures)| (name.as_str(), figures))
    }
}

/// Batches by the day on which they began; `day` says which one, since that depends on where somebody is. Days between the first
/// and the last are there though nothing was sent, unless there were hundreds of them.
pub fn days(batches: &[BatchRecord], day: impl Fn(UnixMillis) -> NaiveDate) -> Vec<(NaiveDate, Figures)> {
    const MOST_EMPTY: usize = 400;
    let mut days: BTreeMap<NaiveDate, Figures> = BTreeMap::new();
    for batch in batches {
        *days.entry(day(batch.created)).or_default() += batch.figures;
    }
    let ends = days.first_key_value().zip(days.last_key_value());
    let Some(((first, _), (last, _))) = ends else { return Vec::new() };
    let (first, last) = (*first, *last);
    for day in first.iter_days().take(MOST_EMPTY).take_while(|day| *day < last) {
        days.entry(day).or_default();
    }
    days.into_iter().collect()
}

/// Batches by the package's period in which they began, the latest first, the present one first of all though it be empty.
pub fn months(batches: &[BatchRecord], now: UnixMillis, renewal: RenewalDay) -> Vec<(Period, Totals)> {
    let now = Period::at(now, renewal);
    let mut months: BTreeMap<NaiveDate, (Period, Totals)> = BTreeMap::new();
    months.insert(now.from, (now, Totals::default()));
    for batch in batches {
        let period = Period::at(batch.created, renewal);
        months.entry(period.from).or_insert_with(|| (period, Totals::default())).1.add(batch, batch.figures);
    }
    months.into_values().rev().collect()
}
