//! Removing messages' records: what is old, or all that there is of one number. Batches keep their figures.

use chrono::NaiveDate;
use cxconnect_core::{ledger::JobId, phone::E164};
use cxconnect_sunco::Transport;
use serde_json::{Value, json};

use crate::{Ledger, LedgerError, schema::MESSAGE};

/// Which messages are to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outdated {
    /// Those of days before this one.
    Before(NaiveDate),
    /// Those to this number.
    To(E164),
}

impl Outdated {
    fn filter(&self) -> Value {
        match self {
            Self::Before(day) => json!({"custom_object_fields.sent_on": {"$lt": day.to_string()}}),
            Self::To(number) => json!({"custom_object_fields.phone": {"$eq": number.digits().with_plus()}}),
        }
    }
}

impl<T: Transport> Ledger<T> {
    /// The external ids of some of these messages, and where the next ones begin. Search lags by up to a minute.
    pub async fn outdated(
        &self,
        which: Outdated,
        after: Option<&str>,
    ) -> Result<(Vec<String>, Option<String>), LedgerError> {
        let page = self.objects().search(MESSAGE, which.filter(), "created_at", 100, after).await?;
        Ok((page.records.into_iter().map(|record| record.external_id).collect(), page.after))
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
    use super::*;

    #[test]
    fn filters_say_what_is_meant() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 29).unwrap();
        let filter = json!({"custom_object_fields.sent_on": {"$lt": "2026-08-29"}});
        assert_eq!(Outdated::Before(day).filter(), filter);
        let number = E164::parse_exact("+525512345678").unwrap();
        let filter = json!({"custom_object_fields.phone": {"$eq": "+525512345678"}});
        assert_eq!(Outdated::To(number).filter(), filter);
    }
}
