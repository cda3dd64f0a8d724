//! Webhooks: at most ten an app, each with a secret of its own (sunco.md §7.1, §13.9).

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sunco::error::{ApiError, ApiVersion};
use crate::sunco::{Answer, Sunco, object};

/// The most an app may have.
const MOST: usize = 10;

/// v1.1's triggers; v2's are not told apart.
const TRIGGERS: &[&str] = &[
    "*",
    "appUser:delete",
    "client:add",
    "client:remove",
    "conversation:read",
    "conversation:referral",
    "conversation:start",
    "link:failure",
    "link:match",
    "link:success",
    "merge:appUser",
    "message:appMaker",
    "message:appUser",
    "message:delivery:channel",
    "message:delivery:failure",
    "message:delivery:user",
    "notification:delivery:channel",
    "notification:delivery:failure",
    "notification:delivery:user",
    "notification:match:failure",
    "payment:success",
    "postback",
    "typing:appUser",
];

/// A webhook.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub id: String,
    pub target: String,
    pub triggers: Vec<String>,
    pub secret: String,
    /// Which API made it: the form of its bodies.
    pub version: ApiVersion,
    include_client: bool,
    include_user: bool,
}

impl Webhook {
    /// Whether it is told of such an event.
    pub fn wants(&self, trigger: &str) -> bool {
        self.triggers.iter().any(|it| it == trigger || it == "*")
    }

    fn json(&self) -> Value {
        let (id, user) = match self.version {
            ApiVersion::V1 => ("_id", "includeFullAppUser"),
            ApiVersion::V2 => ("id", "includeFullUser"),
        };
        let version = match self.version {
            ApiVersion::V1 => "v1.1",
            ApiVersion::V2 => "v2",
        };
        json!({ id: self.id, "version": version, "target": self.target, "triggers": self.triggers, "secret": self.secret,
            "includeClient": self.include_client, user: self.include_user })
    }

    /// Takes over what a body says; what it leaves out stays.
    fn change(&mut self, body: &Value, is_old: bool) -> Result<(), ApiError> {
        if let Some(target) = body.get("target") {
            let target = target.as_str().unwrap_or_default();
            let has_host =
                ["http://", "https://"].iter().any(|it| target.len() > it.len() && target.starts_with(it));
            if !has_host {
                return Err(ApiError::bad_request("target must be a valid URL"));
            }
            target.clone_into(&mut self.target);
        }
        if let Some(triggers) = body.get("triggers") {
            let triggers =
                triggers.as_array().ok_or_else(|| ApiError::bad_request("triggers must be an array"))?;
            let known = |trigger: &str| {
                self.version == ApiVersion::V2
                    || (TRIGGERS.contains(&trigger) && !(is_old && trigger == "notification:match:failure"))
            };
            let names: Vec<String> = triggers.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            if names.is_empty() || names.len() != triggers.len() || !names.iter().all(|name| known(name)) {
                return Err(ApiError::bad_request("triggers has an unknown trigger"));
            }
            self.triggers = names;
        }
        if let Some(include) = body["includeClient"].as_bool() {
            self.include_client = include;
        }
        if let Some(include) = body["includeFullAppUser"].as_bool().or(body["includeFullUser"].as_bool()) {
            self.include_user = include;
        }
        Ok(())
    }
}

impl Sunco {
    #[allow(clippy::unnecessary_wraps)] // What every call answers.
    pub(super) fn list_webhooks(&self, version: ApiVersion) -> Answer {
        let book = self.book();
        let all = book.webhooks.iter().filter(|it| it.version == version).map(Webhook::json);
        Ok((StatusCode::OK, json!({ "webhooks": all.collect::<Value>() })))
    }

    pub(super) fn create_webhook(&self, version: ApiVersion, body: &[u8]) -> Answer {
        let body = object(body)?;
        for field in ["target", "triggers"] {
            if body.get(field).is_none() {
                return Err(ApiError::bad_request(format!("{field} is required")));
            }
        }
        let mut book = self.book();
        if MOST <= book.webhooks.len() {
            return Err(ApiError::bad_request("Maximum number of webhooks reached"));
        }
        let mut webhook = Webhook {
            id: self.fresh.hex(24),
            target: String::new(),
            triggers: Vec::new(),
            secret: self.fresh.hex(32),
            version,
            include_client: false,
            include_user: false,
        };
        webhook.change(&body, book.receipts.is_old)?;
        let json = webhook.json();
        book.webhooks.push(webhook);
        Ok((StatusCode::CREATED, json!({ "webhook": json })))
    }

    pub(super) fn webhook(&self, version: ApiVersion, id: &str) -> Answer {
        let book = self.book();
        let found =
            book.webhooks.iter().find(|it| it.version == version && it.id == id).ok_or_else(not_found)?;
        Ok((StatusCode::OK, json!({ "webhook": found.json() })))
    }

    pub(super) fn change_webhook(&self, version: ApiVersion, id: &str, body: &[u8]) -> Answer {
        let body = object(body)?;
        let mut book = self.book();
        let is_old = book.receipts.is_old;
        let found = book.webhooks.iter_mut().find(|it| it.version == version && it.id == id);
        let found = found.ok_or_else(not_found)?;
        let mut changed = found.clone();
        changed.change(&body, is_old)?;
        *found = changed;
        Ok((StatusCode::OK, json!({ "webhook": found.json() })))
    }

    pub(super) fn delete_webhook(&self, version: ApiVersion, id: &str) -> Answer {
        let mut book = self.book();
        let before = book.webhooks.len();
        book.webhooks.retain(|it| !(it.version == version && it.id == id));
        if book.webhooks.len() == before { Err(not_found()) } else { Ok((StatusCode::OK, json!({}))) }
    }
}

fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "webhook_not_found", "Webhook not found")
}

impl Sunco {
    /// Where webhooks post to, and the key that they bring.
    pub fn webhook_targets(&self) -> Vec<(String, String)> {
        self.book().webhooks.iter().map(|it| (it.target.clone(), it.secret.clone())).collect()
    }
}
