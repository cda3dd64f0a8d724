//! Integration webhooks.

use cxconnect_core::dispatch::UnixMillis;
use serde_json::Value;

use crate::read::{count, moment, text};

/// A webhook by which a customer's system sends one template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id: `w_…`.
    pub id: String,
    /// The template's name.
    pub template: String,
    /// Its language.
    pub language: String,
    /// The integration that it sends from.
    pub sender: String,
    /// Whether it can be called.
    pub is_active: bool,
    /// Whether the template can be sent: approved, and of parts that can be.
    pub is_sendable: bool,
    /// Whether the template's position lets webhooks send it.
    pub is_offered: bool,
    /// When it was made.
    pub created: UnixMillis,
    /// The last characters of its secret.
    pub secret_hint: String,
    /// Where it is called.
    pub url: String,
    /// The payload as an example, as JSON of several lines; empty where the template isn't known.
    pub payload: String,
    /// Its secret: only in the answer to making it or to a new one.
    pub secret: Option<String>,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhooks {
    /// The oldest first.
    pub list: Vec<Webhook>,
    /// How many can be called.
    pub n_active: u64,
    /// How many may be.
    pub limit: u64,
}

impl Webhook {
    pub(crate) fn read(json: &Value) -> Option<Self> {
        let payload = &json["payload"];
        Some(Self {
            id: text(json, "id")?,
            template: text(json, "template")?,
            language: text(json, "language")?,
            sender: text(json, "sender")?,
            is_active: json["active"].as_bool()?,
            is_sendable: json["sendable"].as_bool().unwrap_or_default(),
            is_offered: json["offered"].as_bool().unwrap_or_default(),
            created: moment(json, "created_at")?,
            secret_hint: text(json, "secret_hint").unwrap_or_default(),
            url: text(json, "url")?,
            payload: if payload.is_object() { format!("{payload:#}") } else { String::new() },
            secret: text(json, "secret"),
        })
    }
}

impl Webhooks {
    pub(crate) fn read(json: &Value) -> Option<Self> {
        let list = json["webhooks"].as_array()?.iter().map(Webhook::read).collect::<Option<_>>()?;
        Some(Self { list, n_active: count(json, "active"), limit: count(json, "limit") })
    }
}
