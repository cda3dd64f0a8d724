//! How a call gets to Sunshine Conversations: what the client needs from the world.

use std::{fmt, time::Duration};

/// Makes one call. Adds what authorises it, so that the client never sees a secret.
///
/// A transport must not repeat a call by itself: whether that is safe is for the send engine to decide.
pub trait Transport {
    /// Makes the call; any HTTP status is a [`Response`]. Not `Send`: in the browser there is one thread.
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>>;
}

/// The methods that the client uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes, or creates what isn't there.
    Patch,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The method's name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A call to make.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// The body: JSON.
    pub body: Option<String>,
    /// How long to wait for the answer.
    pub timeout: Duration,
}

/// Leaves the body out: it holds a phone number and a customer's data.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("body_bytes", &self.body.as_ref().map(String::len))
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// An answer, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body as text; empty if there is none.
    pub body: String,
    /// `Retry-After` in seconds. Through Zendesk's proxy it is never known.
    pub retry_after_s: Option<u32>,
}

/// Leaves the body out: a list of integrations may hold access tokens (Sunshine Conversations API, "Integrations").
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .field("retry_after_s", &self.retry_after_s)
            .finish()
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No answer in time. The call may have arrived.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke, or was never made; the call may have arrived.
    #[error("the connection was lost: {detail}")]
    Lost {
        /// What is known about it.
        detail: String,
    },
    /// The proxy refused to pass the call on, so it never left: "Proxy error: Invalid request" (Zendesk, "Making API
    /// requests from a Zendesk app": the URL isn't whitelisted, or a setting doesn't fit).
    #[error("the proxy refused the call: {detail}")]
    ProxyRefused {
        /// The proxy's words.
        detail: String,
    },
}
