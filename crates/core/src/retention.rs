//! Removing messages and plans from the team's record: which ones, and how far it is. Phones are personal data, so an admin removes what
//! is old, or all that there is of one number.

mod plans;

pub use plans::{Needless, PlanRecord, Sweep, sweep};

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::{Days, NaiveDate};

use crate::ledger::ITEMS_PER_JOB;

/// How old messages are that are to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(u32);

/// Why a text is no age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgeError {
    /// It is no whole number.
    #[error("not a whole number of days")]
    NotANumber,
    /// Fewer days than [`Age::LEAST`].
    #[error("fewer than {} days", Age::LEAST)]
    TooFew,
    /// More days than [`Age::MOST`].
    #[error("more than {} days", Age::MOST)]
    TooMany,
}

impl Age {
    /// A sending may go on for a week, and until it has ended its messages tell another computer where it stands.
    pub const LEAST: u32 = 7;
    /// Ten years.
    pub const MOST: u32 = 3_650;
    /// What is proposed.
    pub const PROPOSED: u32 = 90;

    /// Reads a number of days.
    pub fn parse(text: &str) -> Result<Self, AgeError> {
        let text = text.trim();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            _ if !is_number => Err(AgeError::NotANumber),
            Ok(days) if days < Self::LEAST => Err(AgeError::TooFew),
            Ok(days) if days <= Self::MOST => Ok(Self(days)),
            _ => Err(AgeError::TooMany),
        }
    }

    /// In days.
    pub fn days(self) -> u32 {
        self.0
    }

    /// Messages of days before this one are older; none where the calendar doesn't go back so far.
    pub fn first_day_kept(self, today: NaiveDate) -> Option<NaiveDate> {
        today.checked_sub_days(Days::new(self.0.into()))
    }
}

/// A removal: what was found, what is gone, what refuses to go. Each record is counted once, however often a search that lags
/// behind shows it again.
#[derive(Clone, Debug, Default)]
pub struct Purge {
    known: HashSet<String>,
    to_do: VecDeque<String>,
    tries: HashMap<String, u32>,
    n_removed: usize,
    n_kept: usize,
}

impl Purge {
    /// So often one record is tried.
    const TRIES: u32 = 3;

    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what a search has found; says how many of them are new.
    pub fn found(&mut self, ids: impl IntoIterator<Item = String>) -> usize {
        let before = self.known.len();
        for id in ids {
            if self.known.insert(id.clone()) {
                self.to_do.push_back(id);
            }
        }
        self.known.len() - before
    }

    /// The next records to remove, as many as a job takes; none when there is nothing left to do.
    pub fn next_job(&mut self) -> Option<Vec<String>> {
        let n = ITEMS_PER_JOB.min(self.to_do.len());
        let job: Vec<String> = self.to_do.drain(..n).collect();
        (!job.is_empty()).then_some(job)
    }

    /// A job is over, and these of its records are still there: they are tried again, but not for ever.
    pub fn ended(&mut self, job: Vec<String>, still_there: &[String]) {
        for id in job {
            if !still_there.contains(&id) {
                self.n_removed += 1;
                continue;
            }
            let tries = self.tries.entry(id.clone()).or_default();
            *tries += 1;
            if *tries < Self::TRIES {
                self.to_do.push_back(id);
            } else {
                self.n_kept += 1;
            }
        }
    }

    /// A job was not even begun: its records are next.
    pub fn put_back(&mut self, job: Vec<String>) {
        for id in job.into_iter().rev() {
            self.to_do.push_front(id);
        }
    }

    /// All that was found.
    pub fn n_found(&self) -> usize {
        self.known.len()
    }

    /// What is gone.
    pub fn n_removed(&self) -> usize {
        self.n_removed
    }

    /// What is still there after all tries.
    pub fn n_kept(&self) -> usize {
        self.n_kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(range: std::ops::Range<u32>) -> Vec<String> {
        range.map(|n| n.to_string()).collect()
    }

    #[test]
    fn an_age_is_a_number_of_days_within_reason() {
        assert_eq!(Age::parse(" 90 ").map(Age::days), Ok(90));
        assert_eq!(Age::parse("7").map(Age::days), Ok(7));
        assert_eq!(Age::parse("6"), Err(AgeError::TooFew));
        assert_eq!(Age::parse("3651"), Err(AgeError::TooMany));
        assert_eq!(Age::parse("99999999999999999999"), Err(AgeError::TooMany));
        for text in ["", "-9", "9.5", "noventa", "+9"] {
            assert_eq!(Age::parse(text), Err(AgeError::NotANumber), "{text}");
        }
        let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        assert_eq!(Age::parse("30").unwrap().first_day_kept(today), NaiveDate::from_ymd_opt(2026, 10, 28));
    }

    #[test]
    fn what_a_late_search_shows_again_is_counted_once() {
        let mut purge = Purge::new();
        assert_eq!(purge.found(ids(0..150)), 150);
        let first = purge.next_job().unwrap();
        assert_eq!(first.len(), 100);
        purge.ended(first, &[]);
        assert_eq!(purge.found(ids(0..160)), 10);
        let second = purge.next_job().unwrap();
        assert_eq!(second.len(), 60);
        purge.ended(second, &[]);
        assert_eq!((purge.next_job(), purge.n_removed(), purge.n_kept()), (None, 160, 0));
    }

    #[test]
    fn what_does_not_go_is_tried_three_times_and_named() {
        let mut purge = Purge::new();
        purge.found(ids(0..2));
        let mut n_jobs = 0;
        while let Some(job) = purge.next_job() {
            n_jobs += 1;
            purge.ended(job, &["1".to_owned()]);
        }
        assert_eq!((n_jobs, purge.n_removed(), purge.n_kept()), (3, 1, 1));
    }

    #[test]
    fn a_job_that_did_not_begin_is_the_next() {
        let mut purge = Purge::new();
        purge.found(ids(0..150));
        let job = purge.next_job().unwrap();
        purge.put_back(job.clone());
        assert_eq!(purge.next_job(), Some(job));
    }
}
