//! How the relay is.

use cxconnect_core::dispatch::UnixMillis;
use serde_json::Value;

use crate::read::{count, moment, text};

/// `GET /v1/status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The account that the token is of: the Zendesk subdomain.
    pub account: String,
    /// The relay's version.
    pub version: String,
    /// What waits.
    pub queue: Queue,
    /// What keeps messages waiting.
    pub holds: Vec<Hold>,
    /// How many webhooks can be called, and how many may be.
    pub n_active: u64,
    /// See above.
    pub limit: u64,
    /// The relay's part of the package.
    pub allotment: Allotment,
    /// The number of the feed's last event.
    pub last_event: u64,
    /// When the last receipt came.
    pub last_receipt: Option<UnixMillis>,
    /// SunCo's webhook, by which receipts come; none before it was registered.
    pub sunco_webhook: Option<SuncoWebhook>,
}

/// Messages on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Not called for yet, those on their way among them.
    pub waiting: u64,
    /// Since when the oldest waits.
    pub oldest: Option<UnixMillis>,
    /// The most that may wait.
    pub limit: u64,
}

/// What keeps messages waiting until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Empty: everything; otherwise "name language" of a template.
    pub scope: String,
    /// A stable word: see `API.md`.
    pub cause: String,
    /// The provider's words; may be empty.
    pub text: String,
    /// When it ends by itself.
    pub until: UnixMillis,
}

/// A part of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allotment {
    /// Messages a period.
    pub messages: u64,
    /// Of these, used in the present one.
    pub used: u64,
}

/// What SunCo tells receipts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuncoWebhook {
    /// Where SunCo calls.
    pub url: String,
    /// When it was last seen to be right.
    pub checked: Option<UnixMillis>,
    /// What is wrong with it, in the relay's words; none if nothing is.
    pub problem: Option<String>,
}

impl Status {
    pub(crate) fn read(json: &Value) -> Option<Self> {
        let hold = |hold: &Value| Hold {
            scope: text(hold, "scope").unwrap_or_default(),
            cause: text(hold, "cause").unwrap_or_default(),
            text: text(hold, "text").unwrap_or_default(),
            until: moment(hold, "until").unwrap_or_default(),
        };
        let queue = &json["queue"];
        let allotment = &json["allotment"];
        let webhook = &json["sunco_webhook"];
        Some(Self {
            account: text(json, "account")?,
            version: text(json, "version")?,
            queue: Queue {
                waiting: count(queue, "waiting"),
                oldest: moment(queue, "oldest_at"),
                limit: count(queue, "limit"),
            },
            holds: json["holds"].as_array().into_iter().flatten().map(hold).collect(),
            n_active: count(&json["webhooks"], "active"),
            limit: count(&json["webhooks"], "limit"),
            allotment: Allotment { messages: count(allotment, "messages"), used: count(allotment, "used") },
            last_event: count(&json["events"], "last"),
            last_receipt: moment(json, "last_receipt_at"),
            sunco_webhook: text(webhook, "url").map(|url| SuncoWebhook {
                url,
                checked: moment(webhook, "checked_at"),
                problem: text(webhook, "problem").filter(|problem| !problem.is_empty()),
            }),
        })
    }
}
