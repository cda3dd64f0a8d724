//! Why a call to the relay came to nothing.

use cxconnect_sunco::{Response, TransportError};
use serde_json::Value;

use crate::read::text;

/// What the relay says when it refuses something; its words are for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// A stable code (`API.md`, "Refusals").
    pub code: String,
    /// What is wrong, in Spanish.
    pub message: String,
    /// What to do, in Spanish.
    pub fix: String,
    /// Of values: each thing that is wrong with them, as a sentence.
    pub details: Vec<String>,
}

/// Why a call to the relay came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// 401: the token is missing, wrong, or of an account that the relay doesn't know.
    #[error("the relay doesn't accept the token")]
    Unauthorized,
    /// Zendesk's proxy doesn't call that host: the app's list or a setting doesn't match it.
    #[error("Zendesk's proxy doesn't call the relay: {0}")]
    NotCalled(String),
    /// No answer, or one of something that stands before the relay. What was asked for may have been done.
    #[error("the relay doesn't answer: {0}")]
    Unavailable(String),
    /// The relay refuses it and says why.
    #[error("the relay refuses it: {} ({})", .0.message, .0.code)]
    Refused(Refusal),
    /// An answer that makes no sense: another version, or something else that lives there.
    #[error("the relay's answer makes no sense: {0}")]
    NotUnderstood(&'static str),
}

impl From<TransportError> for RelayError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::ProxyRefused { detail } => Self::NotCalled(detail),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl RelayError {
    /// Whether what was asked for may have been done all the same: there was no answer, or not the relay's own, or one of trouble
    /// on the way. Whoever asked for something that reaches people must not say that it wasn't done.
    pub fn leaves_in_doubt(&self) -> bool {
        match self {
            Self::Unauthorized | Self::NotCalled(_) => false,
            Self::Unavailable(_) | Self::NotUnderstood(_) => true,
            Self::Refused(refusal) => 500 <= refusal.status,
        }
    }

    /// Of an answer that isn't a success.
    pub(crate) fn of(response: &Response) -> Self {
        let json: Value = serde_json::from_str(&response.body).unwrap_or_default();
        let error = &json["error"];
        let code = text(error, "code");
        if response.status == 401 {
            return Self::Unauthorized;
        }
        let Some(code) = code else {
            // Not the relay's own words: a proxy's, or nobody's.
            return match response.status {
                404 | 405 => Self::NotUnderstood("no such call"),
                status => Self::Unavailable(format!("HTTP {status}")),
            };
        };
        let words = |value: &Value| {
            [text(value, "message"), text(value, "fix")].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let detail = |detail: &Value| match text(detail, "field") {
            Some(field) => format!("{field}: {}", words(detail)),
            None => words(detail),
        };
        Self::Refused(Refusal {
            status: response.status,
            code,
            message: text(error, "message").unwrap_or_default(),
            fix: text(error, "fix").unwrap_or_default(),
            details: error["details"].as_array().into_iter().flatten().map(detail).collect(),
        })
    }
}
