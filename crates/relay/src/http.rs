//! A request and an answer, as far as the relay looks at them.

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes or triggers.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
    /// Any other, `OPTIONS` included: the relay has no CORS, since nothing of it is for other sites' pages.
    Other,
}

impl Method {
    /// Reads its name.
    pub fn parse(name: &str) -> Self {
        match name {
            "GET" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            _ => Self::Other,
        }
    }
}

/// What a request brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Body {
    /// Nothing, or nothing that is looked at.
    #[default]
    Empty,
    /// Its bytes.
    Bytes(Vec<u8>),
    /// More than the route takes; it was not read to its end.
    TooLarge,
}

/// A request without its body: enough to know where it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Head {
    /// Its method.
    pub method: Method,
    /// Scheme and host: `https://relay.example`.
    pub origin: String,
    /// Its path, as it came.
    pub path: String,
    /// What follows the question mark.
    pub query: String,
    /// `Authorization`.
    pub authorization: Option<String>,
    /// `X-Webhook-Secret`: what systems use that can't set `Authorization`.
    pub webhook_secret: Option<String>,
    /// `X-API-Key`: SunCo's.
    pub api_key: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<String>,
}

impl Head {
    /// The token after `Bearer`, or in `X-Webhook-Secret`.
    pub fn token(&self) -> Option<&str> {
        let bearer = self.authorization.as_deref().and_then(|header| {
            let (scheme, token) = header.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        bearer.or(self.webhook_secret.as_deref())
    }

    /// A parameter of the query, as it came: those of the relay are numbers.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Whether the body says that it is JSON.
    pub fn is_json(&self) -> bool {
        let kind = self.content_type.as_deref().and_then(|it| it.split(';').next()).unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/json")
    }
}

/// An answer. All bodies are JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// JSON; empty for 204.
    pub body: String,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<i64>,
    /// `Allow`, of a 405.
    pub allow: Option<&'static str>,
}

impl Response {
    /// An answer without anything special.
    pub fn json(status: u16, body: String) -> Self {
        Self { status, body, retry_after_s: None, allow: None }
    }
}
