//! What a call for one message can come back with.

use std::fmt;

use super::Millis;

/// The provider's id of an accepted notification: the only key by which receipts can be matched later
/// (<https://docs.smooch.io/rest/v1/#notifications>).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NotificationId(Box<str>);

impl NotificationId {
    /// Accepts any text that isn't empty.
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NotificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What came back for one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The provider took the message.
    Accepted(NotificationId),
    /// The provider refused this message for good: most 4xx.
    Refused(Refusal),
    /// 429: turned away without being processed, so it may be tried again.
    Throttled {
        /// How long the provider asks to wait, where it says so.
        retry_after_ms: Option<Millis>,
    },
    /// Turned away in a way that concerns every message: 401, 402, 403, or the proxy itself refused.
    Stop(StopCause),
    /// It may have been accepted or not: 5xx, no answer in time, connection lost, an answer that can't be understood.
    Unknown(Doubt),
}

/// A definite refusal of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The provider's stable code, such as `bad_request`.
    pub code: Option<String>,
    /// The provider's words.
    pub text: String,
}

/// Why the whole batch stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopCause {
    /// Which kind.
    pub kind: StopKind,
    /// The provider's words.
    pub text: String,
}

/// What kind of answer stops a batch; each points at another setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// 401: the key or its secret is wrong.
    Unauthorized,
    /// 402: the account lacks a plan for it.
    PaymentRequired,
    /// 403: the key may not do this in that app.
    Forbidden,
    /// Zendesk's proxy refused to pass the call on: host or settings of the app.
    ProxyRefused,
}

/// Why an outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No answer in time.
    Timeout,
    /// The connection broke; through the proxy that can't be told from a lost answer.
    ConnectionLost,
    /// The provider failed while it had the message.
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// The answer makes no sense, such as a success without an id.
    NotUnderstood {
        /// The HTTP status.
        status: u16,
    },
    /// The browser went away between the claim and the answer.
    Interrupted,
}
