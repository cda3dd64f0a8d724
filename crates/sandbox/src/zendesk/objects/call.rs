//! A request, taken apart: which call it is, and what it brings.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::error::Refusal;
use super::faults::Operation;
use super::query::Query;

/// A request under `/api/v2/`.
#[derive(Debug)]
pub(crate) struct Call {
    pub method: Method,
    /// The path's parts after `/api/v2/`, without `.json`.
    pub words: Vec<String>,
    pub query: Query,
    body: Vec<u8>,
    is_json: bool,
}

impl Call {
    pub(crate) fn read(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Self {
        let path = uri.path().trim_start_matches("/api/v2/");
        let path = path.strip_suffix(".json").unwrap_or(path);
        let decode = |it: &str| percent_decode_str(it).decode_utf8_lossy().into_owned();
        let content_type = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        Self {
            method: method.clone(),
            words: path.trim_end_matches('/').split('/').map(decode).collect(),
            query: Query::read(uri.query().unwrap_or_default()),
            body: body.to_vec(),
            is_json: content_type.to_ascii_lowercase().contains("json"),
        }
    }

    /// Whether it is answered here.
    pub(crate) fn is_ours(&self) -> bool {
        let first = self.words.first().map_or("", String::as_str);
        let second = self.words.get(1).map_or("", String::as_str);
        matches!(
            (first, second),
            ("custom_objects" | "job_statuses" | "custom_roles", _) | ("incremental", "custom_objects")
        )
    }

    /// The object it is about.
    pub(crate) fn object(&self) -> Option<&str> {
        let mut words = self.words.iter().map(String::as_str);
        let key = match words.next()? {
            "custom_objects" => words.next(),
            "incremental" => words.nth(1),
            _ => None,
        };
        key.filter(|it| *it != "limits")
    }

    pub(crate) fn operation(&self) -> Operation {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["custom_objects", _, "records", "search" | "autocomplete"] => Operation::Search,
            ["custom_objects", _, "records", "count"] => Operation::Count,
            ["custom_objects", _, "records", ..] if self.method == Method::GET => Operation::Read,
            ["custom_objects", _, "records", ..] => Operation::Write,
            ["custom_objects", _, "jobs"] => Operation::Jobs,
            ["custom_objects", _, "permission_policies", ..] | ["custom_roles", ..] => Operation::Permissions,
            ["job_statuses", ..] => Operation::JobStatuses,
            ["incremental", ..] => Operation::Export,
            _ => Operation::Schema,
        }
    }

    /// The path as it appears in links.
    pub(crate) fn path(&self) -> String {
        self.words.join("/")
    }

    /// The body as JSON. Choice: without a JSON content type it is not read, as a form it means nothing here.
    pub(crate) fn json(&self) -> Result<Value, Refusal> {
        if !self.is_json {
            return Err(Refusal::Unreadable("The request needs Content-Type: application/json".into()));
        }
        serde_json::from_slice(&self.body)
            .map_err(|_| Refusal::Unreadable("There was a problem in the JSON you submitted".into()))
    }

    /// What the body holds under a name.
    pub(crate) fn json_of(&self, name: &str) -> Result<Value, Refusal> {
        match self.json()?.get_mut(name).map(Value::take) {
            Some(value @ Value::Object(_)) => Ok(value),
            _ => Err(Refusal::bad(format!("The body has to hold {name}"))),
        }
    }
}
