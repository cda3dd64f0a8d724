//! Integrations, in v2's and in v1.1's way (sunco.md §10 and §13.8).

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::sunco::error::{ApiError, ApiVersion};
use crate::sunco::route::Query;
use crate::sunco::{Answer, Sunco};

const DEFAULT_SIZE: usize = 25;
const MAX_SIZE: usize = 100;

impl Sunco {
    pub(super) fn list_integrations(&self, version: ApiVersion, query: &Query) -> Answer {
        let types = match version {
            ApiVersion::V1 => query.get("types"),
            ApiVersion::V2 => query.get("filter[types]"),
        };
        let matches = |integration: &&Value| {
            types.is_none_or(|types| types.split(',').any(|it| integration["type"] == it.trim()))
        };
        let book = self.book();
        let found: Vec<&Value> = book.integrations.iter().filter(matches).collect();
        let page = match version {
            ApiVersion::V1 => by_offset(&found, query),
            ApiVersion::V2 => by_cursor(&found, query),
        }?;
        Ok((StatusCode::OK, page))
    }

    /// An unknown integration is a 404 here (sunco.md §5).
    pub(super) fn integration(&self, version: ApiVersion, id: &str) -> Answer {
        let book = self.book();
        let found = book.integrations.iter().find(|it| it["id"] == id);
        let integration = found.ok_or_else(|| {
            ApiError::new(StatusCode::NOT_FOUND, "integration_not_found", "Integration not found")
        })?;
        let integration = match version {
            ApiVersion::V1 => in_v1(integration),
            ApiVersion::V2 => integration.clone(),
        };
        Ok((StatusCode::OK, json!({"integration": integration})))
    }
}

/// v2: cursors are record ids, exclusive on both sides.
fn by_cursor(found: &[&Value], query: &Query) -> Result<Value, ApiError> {
    let size = page_size(query.get("page[size]"), MAX_SIZE).ok_or_else(invalid_page)?;
    let position = |name: &str| -> Result<Option<usize>, ApiError> {
        match query.get(name) {
            None => Ok(None),
            Some(id) => found.iter().position(|it| it["id"] == id).map(Some).ok_or_else(invalid_page),
        }
    };
    let (start, end) = match (position("page[after]")?, position("page[before]")?) {
        (Some(_), Some(_)) => return Err(invalid_page()),
        (Some(after), None) => (after + 1, after + 1 + size),
        (None, Some(before)) => (before.saturating_sub(size), before),
        (None, None) => (0, size),
    };
    let end = end.min(found.len());
    let page = &found[start.min(end)..end];
    let (mut meta, mut links) = (Map::new(), Map::new());
    meta.insert("hasMore".into(), Value::from(end < found.len()));
    if let (true, Some(last)) = (end < found.len(), page.last()) {
        meta.insert("afterCursor".into(), last["id"].clone());
        links.insert("next".into(), link("after", &last["id"], size));
    }
    if let (true, Some(first)) = (0 < start, page.first()) {
        meta.insert("beforeCursor".into(), first["id"].clone());
        links.insert("prev".into(), link("before", &first["id"], size));
    }
    Ok(json!({"integrations": page, "meta": meta, "links": links}))
}

fn link(direction: &str, id: &Value, size: usize) -> Value {
    let id = id.as_str().unwrap_or_default();
    Value::from(format!("?page[{direction}]={id}&page[size]={size}"))
}

/// v1.1: an offset, and `_id`.
fn by_offset(found: &[&Value], query: &Query) -> Result<Value, ApiError> {
    let invalid = || ApiError::bad_request("Invalid query parameters");
    let size = page_size(query.get("limit"), MAX_SIZE).ok_or_else(invalid)?;
    let offset: usize = query.get("offset").map_or(Ok(0), str::parse).map_err(|_| invalid())?;
    let page: Vec<Value> = found.iter().skip(offset).take(size).map(|it| in_v1(it)).collect();
    let has_more = offset.saturating_add(size) < found.len();
    Ok(json!({"integrations": page, "hasMore": has_more, "offset": offset}))
}

fn in_v1(integration: &Value) -> Value {
    let mut integration = integration.clone();
    if let Some(fields) = integration.as_object_mut()
        && let Some(id) = fields.remove("id")
    {
        fields.insert("_id".into(), id);
    }
    integration
}

fn page_size(text: Option<&str>, max: usize) -> Option<usize> {
    let size = text.map_or(Ok(DEFAULT_SIZE), str::parse).ok()?;
    (1..=max).contains(&size).then_some(size)
}

fn invalid_page() -> ApiError {
    ApiError::bad_request("Invalid page query parameters")
}

impl Sunco {
    /// The first WhatsApp number that works: what an admin would choose.
    pub(crate) fn first_integration(&self) -> String {
        let book = self.book();
        let works = |it: &&Value| it["type"] == "whatsapp" && it["status"] == "active";
        book.integrations.iter().find(works).and_then(|it| it["id"].as_str()).unwrap_or_default().to_owned()
    }
}
