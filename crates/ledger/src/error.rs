//! Why a request to Zendesk came to nothing.

use cxconnect_core::ledger::Fault;
use cxconnect_sunco::{Response, TransportError};
use serde_json::Value;

/// The longest text that is kept of a body, in characters.
const MAX_TEXT_CHARS: usize = 300;

/// Why a request to Zendesk came to nothing. Decided by the HTTP status alone: bodies come in several shapes, and their
/// texts are for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// 403: this agent may not do that.
    #[error("Zendesk doesn't let this agent do that: {0}")]
    Forbidden(String),
    /// 404: no such object or record.
    #[error("Zendesk doesn't know that: {0}")]
    Missing(String),
    /// 401: the agent's session is over.
    #[error("the agent is signed out of Zendesk")]
    SignedOut,
    /// 429.
    #[error("Zendesk takes no more requests just now")]
    Throttled {
        /// How long it asks to wait, in seconds, where that is known.
        retry_after_s: Option<u32>,
    },
    /// Another 4xx.
    #[error("Zendesk refuses it ({status}): {text}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Zendesk's words.
        text: String,
    },
    /// No answer, or a 5xx: a write may have been done.
    #[error("Zendesk doesn't answer: {0}")]
    Unavailable(String),
    /// More at once than Zendesk takes: nothing was asked of it.
    #[error("{0} records are too many for one job")]
    TooMany(usize),
    /// A success whose body makes no sense: a write was done, or will be.
    #[error("Zendesk's answer makes no sense: {0}")]
    NotUnderstood(&'static str),
}

impl LedgerError {
    /// What it means for the writing of a batch.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Forbidden(_) => Fault::Forbidden,
            Self::Missing(_) => Fault::Missing,
            Self::SignedOut => Fault::SignedOut,
            Self::Throttled { retry_after_s } => {
                Fault::Throttled { retry_after: retry_after_s.map(|seconds| u64::from(seconds) * 1_000) }
            }
            // 408, 409, 423 and 425: somebody else was writing there, or Zendesk took too long to read it; it may go better the
            // next time.
            Self::Refused { status: 408 | 409 | 423 | 425, .. }
            | Self::Unavailable(_)
            | Self::NotUnderstood(_) => Fault::Unavailable,
            Self::Refused { .. } => Fault::Refused,
            Self::TooMany(_) => Fault::TooLarge,
        }
    }
}

impl From<TransportError> for LedgerError {
    fn from(error: TransportError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// A success's body.
pub(crate) fn body(response: &Response) -> Result<Value, LedgerError> {
    match response.status {
        200..300 if response.body.trim().is_empty() => Ok(Value::Null),
        200..300 => serde_json::from_str(&response.body).map_err(|_| LedgerError::NotUnderstood("no JSON")),
        401 => Err(LedgerError::SignedOut),
        403 => Err(LedgerError::Forbidden(words(&response.body))),
        404 => Err(LedgerError::Missing(words(&response.body))),
        429 => Err(LedgerError::Throttled { retry_after_s: response.retry_after_s }),
        status @ 400..500 => Err(LedgerError::Refused { status, text: words(&response.body) }),
        status => Err(LedgerError::Unavailable(status.to_string())),
    }
}

/// What a body says for people: `error` is a text, or an object with `title` and `message`.
fn words(body: &str) -> String {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let texts = [
        &json["description"],
        &json["error"]["message"],
        &json["error"]["title"],
        &json["error"],
        &json["message"],
    ];
    let text = texts.into_iter().find_map(Value::as_str).unwrap_or(if json.is_null() { body } else { "" });
    text.chars().take(MAX_TEXT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, text: &str) -> LedgerError {
        body(&Response { status, body: text.to_owned(), retry_after_s: Some(90) }).unwrap_err()
    }

    #[test]
    fn the_status_decides_and_both_envelopes_are_read() {
        let seen = r#"{"error":{"title":"Forbidden","message":"You do not have access"}}"#;
        assert_eq!(of(403, seen), LedgerError::Forbidden("You do not have access".to_owned()));
        let usual = r#"{"error":"RecordInvalid","description":"Record validation errors","details":{}}"#;
        assert_eq!(
            of(422, usual),
            LedgerError::Refused { status: 422, text: "Record validation errors".to_owned() }
        );
        assert_eq!(of(404, "plain"), LedgerError::Missing("plain".to_owned()));
        assert_eq!(of(429, "").fault(), Fault::Throttled { retry_after: Some(90_000) });
        assert_eq!(of(503, "<html>").fault(), Fault::Unavailable);
        assert_eq!(of(200, "<html>"), LedgerError::NotUnderstood("no JSON"));
    }
}
