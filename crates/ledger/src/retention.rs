//! Removing records of messages and plans: what is old, or all that there is of one number. Batches keep their figures.

use chrono::NaiveDate;
use cxconnect_core::{
    ledger::{BatchRecord, ITEMS_PER_JOB, JobId},
    phone::E164,
    plan::BatchId,
    retention::PlanRecord,
};
use cxconnect_sunco::Transport;

use crate::{
    Conditions, Ledger, LedgerError, Order, Record, Search, Sort, batch, plan,
    schema::{BATCH, MESSAGE, PLAN},
};

/// Which kind of records is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removable {
    /// Messages.
    Messages,
    /// Parts of plans, and claims.
    Plans,
}

impl Removable {
    fn object(self) -> &'static str {
        match self {
            Self::Messages => MESSAGE,
            Self::Plans => PLAN,
        }
    }
}

/// A part of the list of plans' records, those first that were written first.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanPage {
    /// The records.
    pub records: Vec<PlanRecord>,
    /// Where the next part begins, if there is one.
    pub after: Option<String>,
}

/// The record, unless nobody can say to what it belongs.
fn read_plan(record: &Record) -> Option<PlanRecord> {
    Some(PlanRecord {
        id: record.external_id.clone(),
        batch: BatchId::new(record.get("batch_id")?.to_owned()),
        is_claim: plan::read_claim(record).is_some(),
        written: record.written()?,
    })
}

/// Which messages are to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outdated {
    /// Those of days before this one.
    Before(NaiveDate),
    /// Those to this number.
    To(E164),
}

impl Outdated {
    fn conditions(self) -> Conditions {
        match self {
            Self::Before(day) => Conditions::new().before("sent_on", day),
            Self::To(number) => Conditions::new().is("phone", number.digits().with_plus()),
        }
    }
}

/// A walk through messages that are to be removed.
#[derive(Clone, Debug)]
pub struct OutdatedSearch(Search);

impl OutdatedSearch {
    /// Begins one.
    pub fn new(which: Outdated) -> Self {
        Self(Search::new(MESSAGE, &which.conditions(), Order::OldestFirst, 100))
    }

    /// Whether all were found.
    pub fn is_over(&self) -> bool {
        self.0.is_over()
    }
}

impl<T: Transport> Ledger<T> {
    /// The external ids of the next of these messages. Search lags by up to a minute.
    pub async fn next_outdated(&self, search: &mut OutdatedSearch) -> Result<Vec<String>, LedgerError> {
        let records = search.0.next(self.objects()).await?;
        Ok(records.into_iter().map(|record| record.external_id).collect())
    }

    /// Removes records, at most a hundred, some time after this returns.
    pub async fn remove(&self, kind: Removable, external_ids: &[String]) -> Result<JobId, LedgerError> {
        self.objects().remove_all(kind.object(), external_ids).await
    }

    /// Which of these records are there at this very moment, at most a hundred.
    pub async fn there(&self, kind: Removable, external_ids: &[String]) -> Result<Vec<String>, LedgerError> {
        let records = self.objects().get(kind.object(), external_ids).await?;
        Ok(records.into_iter().map(|record| record.external_id).collect())
    }

    /// Plans' records, by when they were written: a list and no search, so it is immediate.
    pub async fn plan_records(&self, after: Option<&str>) -> Result<PlanPage, LedgerError> {
        let page = self.objects().list(PLAN, Sort::LongestUnchanged, 100, after).await?;
        Ok(PlanPage { records: page.records.iter().filter_map(read_plan).collect(), after: page.after })
    }

    /// These batches as they are at this very moment, at most [`ITEMS_PER_JOB`]: those that have no record are missing.
    pub async fn batches_now(&self, ids: &[BatchId]) -> Result<Vec<BatchRecord>, LedgerError> {
        debug_assert!(ids.len() <= ITEMS_PER_JOB);
        let ids: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
        Ok(self.objects().get(BATCH, &ids).await?.iter().filter_map(batch::read).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plans_records_say_whose_they_are_and_which_are_claims() {
        let id = BatchId::new("b-42".to_owned());
        let part = crate::PlanPart { chunk: Some(0), body: "x".repeat(40_000) };
        let claim = crate::Claim { by: "page".to_owned(), at: 5 };
        let mut records = plan::write(&id, &part);
        records.push(plan::write_claim(&id, 0, &claim));
        let read: Vec<_> = records
            .into_iter()
            .filter_map(|mut record| {
                record.updated_at = Some("1970-01-01T00:00:01Z".into());
                read_plan(&record)
            })
            .collect();
        let of = |id: &str, is_claim| PlanRecord {
            id: id.to_owned(),
            batch: BatchId::new("b-42".to_owned()),
            is_claim,
            written: 1_000,
        };
        assert_eq!(read, [of("b-42-0", false), of("b-42-0.1", false), of("b-42-0-claim", true)]);
    }

    #[test]
    fn filters_say_what_is_meant() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 29).unwrap();
        let filter = json!({"custom_object_fields.sent_on": {"$lt": "2026-08-29"}});
        assert_eq!(Outdated::Before(day).conditions().to_json(), filter);
        let number = E164::parse_exact("+525512345678").unwrap();
        let filter = json!({"custom_object_fields.phone": {"$eq": "+525512345678"}});
        assert_eq!(Outdated::To(number).conditions().to_json(), filter);
    }
}
