//! Faults on demand: by phone number, by the call's place, or standing until removed.
//!
//! Where to start: [`FaultRule`], one fault; `book`, which decides what a call runs into; `magic`, the numbers that
//! fail whatever else is set.

mod book;
mod magic;

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sunco::error::{ApiError, ApiVersion, json_response};

pub(crate) use book::FaultBook;
pub use magic::{MAGIC_NUMBERS, MAGIC_PREFIX};
pub(crate) use magic::{digits_of, magic_ending};

/// The calls a fault may strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Every call.
    Any,
    /// Sending a notification.
    #[default]
    Notifications,
    /// Listing, creating and deleting message templates.
    Templates,
    /// Listing integrations.
    Integrations,
    /// Listing, making and changing webhooks.
    Webhooks,
}

/// Where in the call the connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// Before anything happened: the message is not sent.
    Before,
    /// After the message was accepted: it is delivered, but the caller never learns.
    After,
}

/// One fault. Fields left out do not restrict, and do nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRule {
    /// Which calls it strikes.
    pub operation: Operation,
    /// Only sends to this number (compared by digits).
    pub phone: Option<String>,
    /// Only the n-th matching call, counted from 1 since the rule was set.
    pub nth: Option<u32>,
    /// Only the n-th matching call and those after it.
    pub from: Option<u32>,
    /// Only every n-th of the calls from there on, beginning with the first.
    pub every: Option<u32>,
    /// At most so many times.
    pub times: Option<u32>,
    /// Only for so long after the first call that it struck.
    pub for_ms: Option<u64>,
    /// Only calls that come when so many were let through within the last second: a ceiling.
    pub limit_per_second: Option<u32>,
    /// Answer with this status instead of doing the work.
    pub status: Option<u16>,
    /// Do the work all the same: what is answered then is not what happened.
    pub is_accepted: bool,
    /// The answer's body: a string goes out as it is, anything else as JSON. Without it, what SunCo says.
    pub body: Option<Value>,
    /// The answer's content type.
    pub content_type: Option<String>,
    /// The answer's `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
    /// Wait before going on: nothing is accepted yet. Calls wait side by side.
    pub delay_ms: u64,
    /// Wait before the answer leaves: what it tells of has happened already.
    pub answer_delay_ms: u64,
    /// Never answer, nor do the work.
    pub hang: bool,
    /// Break the connection.
    pub reset: Option<Reset>,
}

impl FaultRule {
    fn is_only_a_delay(&self) -> bool {
        self.status.is_none() && self.reset.is_none() && !self.hang
    }

    /// The same fault for a call that other rules delay as well.
    fn delayed_by(&self, other: &Self) -> Self {
        Self {
            delay_ms: self.delay_ms + other.delay_ms,
            answer_delay_ms: self.answer_delay_ms + other.answer_delay_ms,
            ..self.clone()
        }
    }

    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms)
    }

    pub(crate) fn answer_delay(&self) -> Duration {
        Duration::from_millis(self.answer_delay_ms)
    }

    /// The answer that replaces the real one, if the fault has one.
    pub(crate) fn response(&self, version: ApiVersion) -> Option<Response> {
        let status = StatusCode::from_u16(self.status?).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match &self.body {
            Some(Value::String(text)) => raw(status, "text/html; charset=utf-8", text.clone()),
            Some(json) => json_response(status, json.clone()),
            None if status.is_server_error() => {
                raw(status, "text/html; charset=utf-8", html_error_page(status))
            }
            None => ApiError::of_status(status).into_response(version),
        };
        if let Some(value) = self.content_type.as_deref().and_then(|it| HeaderValue::from_str(it).ok()) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Some(response)
    }
}

fn raw(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// What a load balancer in front of an API says when the API is gone.
fn html_error_page(status: StatusCode) -> String {
    format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}
