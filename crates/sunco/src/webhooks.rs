//! The app's webhooks: where SunCo tells what became of a message. Those of v1.1, since only they have notifications'
//! events (API v1.1, "Webhooks": `notification:delivery:*`).

use serde::Deserialize;
use serde_json::{json, value::RawValue};

use crate::{ApiError, Response, error};

/// How many webhooks an app may have (API v1.1, "Webhooks": at most 10 per app).
pub const MAX_WEBHOOKS: usize = 10;

/// A webhook as SunCo has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where it posts to.
    pub target: String,
    /// The events that it tells of.
    pub triggers: Vec<String>,
    /// What it sends as `X-API-Key`.
    pub secret: String,
    /// Which form its bodies have: that of the API that made it.
    pub version: Option<String>,
}

/// Leaves the secret out, and the target, which is half of one.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .field("triggers", &self.triggers)
            .finish_non_exhaustive()
    }
}

/// What a webhook shall be. Without the people's profiles, which nobody here needs.
pub(crate) fn body(target: &str, triggers: &[&str]) -> String {
    json!({
        "target": target,
        "triggers": triggers,
        "includeClient": false,
        "includeFullAppUser": false,
    })
    .to_string()
}

/// Reads the list. An item that can't be read is somebody else's: it only counts.
pub(crate) fn parse_list(response: &Response) -> Result<(Vec<Webhook>, usize), ApiError> {
    #[derive(Deserialize)]
    struct List<'a> {
        #[serde(borrow)]
        webhooks: Vec<&'a RawValue>,
    }
    let list: List = error::parse(response)?;
    let n_all = list.webhooks.len();
    let read = |raw: &RawValue| serde_json::from_str::<Wire>(raw.get()).ok().map(Webhook::from);
    Ok((list.webhooks.into_iter().filter_map(read).collect(), n_all))
}

/// Reads the answer to a creation or a change.
pub(crate) fn parse_one(response: &Response) -> Result<Webhook, ApiError> {
    #[derive(Deserialize)]
    struct One {
        webhook: Wire,
    }
    error::parse::<One>(response).map(|one| one.webhook.into())
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "_id")]
    id: String,
    target: String,
    #[serde(default)]
    triggers: Vec<String>,
    secret: String,
    version: Option<String>,
}

impl From<Wire> for Webhook {
    fn from(Wire { id, target, triggers, secret, version }: Wire) -> Self {
        Self { id, target, triggers, secret, version }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: &str) -> Response {
        Response { status: 200, body: body.to_owned(), retry_after_s: None }
    }

    #[test]
    fn foreign_items_count_and_are_not_shown() {
        let body = r#"{"webhooks":[{"_id":"a","target":"https://x","triggers":["*"],"secret":"s","version":"v1.1"},
            {"id":"v2 shape"},7]}"#;
        let (webhooks, n_all) = parse_list(&response(body)).unwrap();
        assert_eq!((webhooks.len(), n_all), (1, 3));
        let shown = format!("{webhooks:?}");
        assert!(!shown.contains("\"s\"") && !shown.contains("https://x"), "{shown}");
    }

    #[test]
    fn one_is_read_from_its_envelope() {
        let body = r#"{"webhook":{"_id":"a","target":"https://x","triggers":[],"secret":"s"}}"#;
        assert_eq!(parse_one(&response(body)).unwrap().version, None);
        assert!(parse_one(&response("{}")).is_err());
    }
}
