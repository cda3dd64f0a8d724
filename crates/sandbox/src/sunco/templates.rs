//! Message templates of a WhatsApp integration (sunco.md §9 and §13.7).

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};

use crate::sunco::error::ApiError;
use crate::sunco::route::Query;
use crate::sunco::{Answer, Book, Sunco, object};

/// Page size without `limit`. Not documented; small, so that a client that does not page is found out.
const DEFAULT_LIMIT: usize = 25;
const MAX_LIMIT: usize = 1000;

impl Sunco {
    /// Changes the status of every translation of a template (`None` as integration: in all of them), or
    /// makes it vanish with the status `GONE`. Says how many it found.
    pub fn set_template_status(&self, integration_id: Option<&str>, name: &str, status: &str) -> usize {
        let mut book = self.book();
        let mut n_found = 0;
        for (id, templates) in &mut book.templates {
            if integration_id.is_some_and(|it| it != id) {
                continue;
            }
            for template in templates.iter_mut().filter(|it| it["name"] == name) {
                n_found += 1;
                template["status"] = Value::from(status);
            }
            templates.retain(|it| !(it["name"] == name && it["status"] == "GONE"));
        }
        n_found
    }

    /// In stale mode the list stays as it was when the mode was switched on (up to 2 h in reality).
    pub fn set_stale_templates(&self, is_stale: bool) {
        let mut book = self.book();
        book.stale_templates = is_stale.then(|| book.templates.clone());
    }

    pub(super) fn list_templates(&self, integration_id: &str, query: &Query) -> Answer {
        let book = self.book();
        book.check_whatsapp(integration_id)?;
        let source = book.stale_templates.as_ref().unwrap_or(&book.templates);
        let matches = |template: &&Value| {
            query.get("name").is_none_or(|name| template["name"] == name)
                && query.get("status").is_none_or(|status| {
                    template["status"].as_str().is_some_and(|it| it.eq_ignore_ascii_case(status))
                })
        };
        let found: Vec<&Value> = source.get(integration_id).into_iter().flatten().filter(matches).collect();
        let limit = match query.get("limit").map(str::parse::<usize>) {
            None => DEFAULT_LIMIT,
            Some(Ok(limit)) if 0 < limit => limit.min(MAX_LIMIT),
            Some(_) => return Err(invalid_query()),
        };
        let (start, end) = match (query.get("after"), query.get("before")) {
            (Some(cursor), _) => {
                let start = read_cursor(cursor)?;
                (start, start.saturating_add(limit))
            }
            (None, Some(cursor)) => {
                let end = read_cursor(cursor)?;
                (end.saturating_sub(limit), end)
            }
            (None, None) => (0, limit),
        };
        let (start, end) = (start.min(found.len()), end.min(found.len()));
        let mut page = json!({"messageTemplates": &found[start..end]});
        if 0 < start {
            page["before"] = Value::from(cursor(start));
        }
        if end < found.len() {
            page["after"] = Value::from(cursor(end));
        }
        Ok((StatusCode::OK, page))
    }

    pub(super) fn create_template(&self, integration_id: &str, body: &[u8]) -> Answer {
        let body = object(body)?;
        let mut book = self.book();
        book.check_whatsapp(integration_id)?;
        let is_name = |name: &str| {
            (1..=512).contains(&name.len())
                && name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
        };
        if !body["name"].as_str().is_some_and(is_name) {
            return Err(ApiError::bad_request(
                "name must only contain lowercase letters, digits and underscores",
            ));
        }
        for field in ["language", "category"] {
            if body[field].as_str().is_none_or(str::is_empty) {
                return Err(ApiError::bad_request(format!("{field} is required")));
            }
        }
        if body["components"].as_array().is_none_or(Vec::is_empty) {
            return Err(ApiError::bad_request("components is required"));
        }
        let templates = book.templates.entry(integration_id.to_owned()).or_default();
        if templates.iter().any(|it| it["name"] == body["name"] && it["language"] == body["language"]) {
            return Err(ApiError::bad_request("Message template already exists in this language"));
        }
        let id = u64::from_str_radix(&self.fresh.hex(12), 16).unwrap_or_default().to_string();
        let template = json!({
            "id": id, "name": body["name"], "language": body["language"], "category": body["category"],
            "status": "PENDING", "components": body["components"],
        });
        templates.push(template.clone());
        Ok((StatusCode::CREATED, json!({"messageTemplate": template})))
    }

    /// Removes every language of the template.
    pub(super) fn delete_template(&self, integration_id: &str, name: &str) -> Answer {
        let mut book = self.book();
        book.check_whatsapp(integration_id)?;
        let templates = book.templates.entry(integration_id.to_owned()).or_default();
        let n_before = templates.len();
        templates.retain(|it| it["name"] != name);
        if templates.len() == n_before {
            return Err(ApiError::of_status(StatusCode::NOT_FOUND));
        }
        Ok((StatusCode::OK, json!({})))
    }
}

impl Book {
    /// An unknown integration is a 400 here, unlike in v2 (sunco.md §5).
    fn check_whatsapp(&self, integration_id: &str) -> Result<(), ApiError> {
        let is_it = |it: &Value| it["id"] == integration_id && it["type"] == "whatsapp";
        if self.integrations.iter().any(is_it) {
            Ok(())
        } else {
            Err(ApiError::bad_request("Integration not found"))
        }
    }
}

/// Cursors are opaque to clients; this fake writes the position, in Meta's style.
fn cursor(position: usize) -> String {
    format!("{}ZD", STANDARD_NO_PAD.encode(position.to_string()))
}

fn read_cursor(cursor: &str) -> Result<usize, ApiError> {
    let decoded = cursor.strip_suffix("ZD").and_then(|it| STANDARD_NO_PAD.decode(it).ok());
    decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.parse().ok())
        .ok_or_else(invalid_query)
}

fn invalid_query() -> ApiError {
    ApiError::bad_request("Invalid query parameters")
}
