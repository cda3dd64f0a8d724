//! Removing messages' records: what is old, or all that there is of one number. Batches keep their figures.

use chrono::NaiveDate;
use cxconnect_core::{ledger::JobId, phone::E164};
use cxconnect_sunco::Transport;

use crate::{Conditions, Ledger, LedgerError, Order, Search, schema::MESSAGE};

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

    /// Removes messages' records, at most a hundred, some time after this returns.
    pub async fn remove_messages(&self, external_ids: &[String]) -> Result<JobId, LedgerError> {
        self.objects().remove_all(MESSAGE, external_ids).await
    }

    /// Which of these messages' records are there at this very moment, at most a hundred.
    pub async fn messages_there(&self, external_ids: &[String]) -> Result<Vec<String>, LedgerError> {
        let records = self.objects().get(MESSAGE, external_ids).await?;
        Ok(records.into_iter().map(|record| record.external_id).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
