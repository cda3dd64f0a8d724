//! SunCo's refusals and the two envelopes they travel in.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

/// Which of the two APIs was called; it decides the shape of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiVersion {
    /// `/v1.1` and its alias `/v1`.
    V1,
    /// `/v2`.
    V2,
}

/// A refusal: status, SunCo's code and the text that explains it (sunco.md §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// SunCo's `code`.
    pub code: &'static str,
    /// `description` in v1.1, `title` in v2.
    pub text: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into() }
    }

    pub(crate) fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", text)
    }

    pub(crate) fn unauthorized(text: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", text)
    }

    pub(crate) fn route_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "route_not_found", "Route not found")
    }

    /// What SunCo says with a bare status, when a fault names only the status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (code, text) = match status.as_u16() {
            400 => ("bad_request", "Bad request"),
            401 => ("unauthorized", "Authorization is required"),
            402 => ("payment_required", "Payment required"),
            403 => ("forbidden", "Forbidden"),
            404 => ("not_found", "Resource not found"),
            409 => ("conflict", "Conflict"),
            413 => ("payload_too_large", "Request entity too large"),
            423 => ("locked", "Message limit of 30000 per conversation reached."),
            429 => ("too_many_requests", "Too Many Requests"),
            _ => ("internal_error", "Internal server error"),
        };
        Self::new(status, code, text)
    }

    /// The body, as the called version writes it.
    pub(crate) fn envelope(&self, version: ApiVersion) -> Value {
        match version {
            ApiVersion::V1 => json!({"error": {"code": self.code, "description": self.text}}),
            ApiVersion::V2 => json!({"errors": [{"code": self.code, "title": self.text}]}),
        }
    }

    pub(crate) fn into_response(self, version: ApiVersion) -> Response {
        json_response(self.status, self.envelope(version))
    }
}

/// A JSON answer with SunCo's content type; clients read JSON only if the type says so.
pub(crate) fn json_response(status: StatusCode, body: Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
