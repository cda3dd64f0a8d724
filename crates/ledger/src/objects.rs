//! The calls, for any object.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use cxconnect_core::ledger::{ITEMS_PER_JOB, JobId, JobState};
use cxconnect_sunco::{Method, Request, Transport};
use serde_json::{Value, json};

use crate::{LedgerError, Record, error, job};

/// How long any call may take: Zendesk's page waits for a `Retry-After` itself.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The records.
    pub records: Vec<Record>,
    /// Where the next page begins, if there is one.
    pub after: Option<String>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Those first that were written last.
    NewestFirst,
    /// As they were made.
    Oldest,
    /// Those first that were written first.
    LongestUnchanged,
}

/// Custom objects, as the agent who uses the app may see them.
#[derive(Clone, Debug)]
pub struct Objects<T> {
    transport: T,
    /// Zendesk looks for a search's page and order in the body, as was found out; until then in the address.
    pub(crate) pages_in_body: Arc<AtomicBool>,
}

impl<T: Transport> Objects<T> {
    /// Over this transport.
    pub fn new(transport: T) -> Self {
        Self { transport, pages_in_body: Arc::default() }
    }

    /// Makes a record, or changes those of its fields that are given. May be repeated.
    pub async fn upsert(&self, object: &str, record: &Record) -> Result<Record, LedgerError> {
        let path = [&records(object), "?external_id=", &encoded(&record.external_id)].concat();
        let body = json!({"custom_object_record": record.to_json()});
        let json = self.call(Method::Patch, path, Some(body)).await?;
        Record::from_json(&json["custom_object_record"]).ok_or(LedgerError::NotUnderstood("no record"))
    }

    /// Makes a record; one that exists is left as it is, and this fails ([`LedgerError::Refused`]): an external id is unique.
    pub async fn create(&self, object: &str, record: &Record) -> Result<Record, LedgerError> {
        let body = json!({"custom_object_record": record.to_json()});
        let json = self.call(Method::Post, records(object), Some(body)).await?;
        Record::from_json(&json["custom_object_record"]).ok_or(LedgerError::NotUnderstood("no record"))
    }

    /// The records of these external ids, as they are now; those that don't exist are missing. At most a hundred.
    pub async fn get(&self, object: &str, external_ids: &[String]) -> Result<Vec<Record>, LedgerError> {
        let ids: Vec<String> = external_ids.iter().map(|id| encoded(id)).collect();
        let path =
            [&records(object), "?filter%5Bexternal_ids%5D=", &ids.join(","), "&page%5Bsize%5D=100"].concat();
        Ok(page(&self.call(Method::Get, path, None).await?)?.records)
    }

    /// A part of all records.
    pub async fn list(
        &self,
        object: &str,
        sort: Sort,
        size: u32,
        after: Option<&str>,
    ) -> Result<Page, LedgerError> {
        let sort = match sort {
            Sort::NewestFirst => "-updated_at",
            Sort::Oldest => "id",
            Sort::LongestUnchanged => "updated_at",
        };
        let mut path = records(object);
        // Writing to a String can't fail.
        let _ = write!(path, "?sort={sort}&page%5Bsize%5D={}", size.min(100));
        if let Some(after) = after {
            let _ = write!(path, "&page%5Bafter%5D={}", encoded(after));
        }
        page(&self.call(Method::Get, path, None).await?)
    }

    /// A part of what a filter finds.
    pub(crate) async fn search(
        &self,
        object: &str,
        filter: &Value,
        sort: &str,
        size: u32,
        after: Option<&str>,
    ) -> Result<Page, LedgerError> {
        let size = size.min(100);
        let mut path = [&records(object), "/search"].concat();
        let mut body = json!({ "filter": filter });
        if self.pages_in_body.load(Ordering::Relaxed) {
            body["sort"] = sort.into();
            body["page"] = json!({"size": size.to_string()});
            if let Some(after) = after {
                body["page"]["after"] = after.into();
            }
        } else {
            // Writing to a String can't fail.
            let _ = write!(path, "?sort={sort}&page%5Bsize%5D={size}");
            if let Some(after) = after {
                let _ = write!(path, "&page%5Bafter%5D={}", encoded(after));
            }
        }
        page(&self.call(Method::Post, path, Some(body)).await?)
    }

    /// Makes or changes records, at most [`ITEMS_PER_JOB`], some time after this returns.
    pub async fn upsert_all(&self, object: &str, records: &[Record]) -> Result<JobId, LedgerError> {
        let items = records.iter().map(Record::to_json).collect();
        self.job(object, "create_or_update_by_external_id", items).await
    }

    /// Removes records, some time after this returns.
    pub async fn remove_all(&self, object: &str, external_ids: &[String]) -> Result<JobId, LedgerError> {
        let items = external_ids.iter().map(|id| Value::from(id.as_str())).collect();
        self.job(object, "delete_by_external_id", items).await
    }

    /// How jobs stand. One that Zendesk has forgotten is gone.
    pub async fn jobs(&self, ids: &[JobId]) -> Result<Vec<(JobId, JobState)>, LedgerError> {
        let joined: Vec<String> = ids.iter().map(|id| encoded(id.as_str())).collect();
        let path = ["/api/v2/job_statuses/show_many?ids=", &joined.join(",")].concat();
        let found = match self.call(Method::Get, path, None).await {
            Ok(json) => {
                json["job_statuses"].as_array().into_iter().flatten().filter_map(job::state).collect()
            }
            Err(LedgerError::Missing(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let state = |id: &JobId| {
            let found = found.iter().find(|(other, _): &&(JobId, JobState)| other == id);
            (id.clone(), found.map_or(JobState::Gone, |(_, state)| state.clone()))
        };
        Ok(ids.iter().map(state).collect())
    }

    async fn job(&self, object: &str, action: &str, items: Vec<Value>) -> Result<JobId, LedgerError> {
        if ITEMS_PER_JOB < items.len() {
            return Err(LedgerError::TooMany(items.len()));
        }
        let path = ["/api/v2/custom_objects/", object, "/jobs"].concat();
        let body = json!({"job": {"action": action, "items": items}});
        let json = self.call(Method::Post, path, Some(body)).await?;
        job::id(&json).ok_or(LedgerError::NotUnderstood("no job"))
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        url: String,
        body: Option<Value>,
    ) -> Result<Value, LedgerError> {
        let body = body.map(|body| body.to_string());
        let response = self.transport.call(Request { method, url, body, timeout: TIMEOUT }).await?;
        error::body(&response)
    }
}

fn records(object: &str) -> String {
    ["/api/v2/custom_objects/", object, "/records"].concat()
}

pub(crate) fn page(json: &Value) -> Result<Page, LedgerError> {
    let items = json["custom_object_records"].as_array().ok_or(LedgerError::NotUnderstood("no records"))?;
    let has_more = json["meta"]["has_more"] == true;
    let after = json["meta"]["after_cursor"].as_str().filter(|_| has_more).map(ToOwned::to_owned);
    Ok(Page { records: items.iter().filter_map(Record::from_json).collect(), after })
}

/// As a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_nothing_that_means_something() {
        assert_eq!(encoded("b-1.2_x~"), "b-1.2_x~");
        assert_eq!(encoded("tpl:a&b, ñ"), "tpl%3Aa%26b%2C%20%C3%B1");
    }

    #[test]
    fn a_list_ends_where_it_says_so() {
        let json = json!({"custom_object_records": [{"external_id": "a", "id": "1"}],
            "meta": {"has_more": false, "after_cursor": "x"}});
        let page = page(&json).unwrap();
        assert_eq!((page.records.len(), page.after), (1, None));
    }
}
