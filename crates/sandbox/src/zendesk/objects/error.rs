//! Refusals, in the envelopes that the API uses.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::store::StoreError;

/// What Zendesk tells those who may not.
const NO_ACCESS: &str = "You do not have access to this page. Please contact the account owner of this help desk \
                         for further help.";

/// One thing that is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub field: String,
    /// Zendesk's code, e.g. `BlankValue`.
    pub error: &'static str,
    pub description: String,
}

impl Problem {
    pub(crate) fn new(field: &str, error: &'static str, description: impl Into<String>) -> Self {
        Self { field: field.to_owned(), error, description: description.into() }
    }
}

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0}")]
    BadRequest(String),
    /// The body is no JSON: answered in plain text.
    #[error("{0}")]
    Unreadable(String),
    #[error("Forbidden")]
    Forbidden,
    #[error("Not found")]
    NotFound,
    #[error("Record validation errors")]
    Invalid(Vec<Problem>),
    #[error("{text}")]
    Limit { status: StatusCode, error: &'static str, text: String },
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Refusal {
    /// A refusal for one reason.
    pub(crate) fn invalid(field: &str, error: &'static str, description: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(field, error, description)])
    }

    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self::BadRequest(text.into())
    }

    /// Zendesk's code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) | Self::Unreadable(_) => "InvalidRequest",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "RecordNotFound",
            Self::Invalid(_) => "RecordInvalid",
            Self::Limit { error, .. } => error,
            Self::Store(_) => "InternalError",
        }
    }

    /// What is wrong, in one line.
    pub(crate) fn details(&self) -> String {
        match self {
            Self::Invalid(problems) => {
                let lines: Vec<&str> = problems.iter().map(|it| it.description.as_str()).collect();
                lines.join("; ")
            }
            other => other.to_string(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Limit { status, .. } => *status,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn into_response(self) -> Response {
        let status = self.status();
        match self {
            Self::Unreadable(text) => (status, text).into_response(),
            // Here `error` is an object and not a text.
            Self::Forbidden => {
                answer(status, &json!({"error": {"title": "Forbidden", "message": NO_ACCESS}}))
            }
            Self::Invalid(ref problems) => {
                let mut details = Map::new();
                for it in problems {
                    let problem = json!({"description": it.description, "error": it.error});
                    match details.get_mut(&it.field) {
                        Some(Value::Array(list)) => list.push(problem),
                        _ => drop(details.insert(it.field.clone(), json!([problem]))),
                    }
                }
                let description = "Record validation errors";
                answer(status, &json!({"error": self.code(), "description": description, "details": details}))
            }
            other => answer(status, &json!({"error": other.code(), "description": other.to_string()})),
        }
    }

    /// What Zendesk says with a bare status, when a fault names only the status.
    pub(crate) fn of_status(status: StatusCode) -> Response {
        match status.as_u16() {
            400 => Self::Unreadable("Bad request".into()).into_response(),
            401 => answer(status, &json!({"error": "Couldn't authenticate you"})),
            403 => Self::Forbidden.into_response(),
            404 => Self::NotFound.into_response(),
            429 => answer(
                status,
                &json!({"error": "APIRateLimitExceeded",
                        "description": "Number of allowed API requests per minute exceeded"}),
            ),
            500.. => {
                let page = format!(
                    "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
                     <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
                );
                (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
            }
            _ => answer(status, &json!({"error": "Unknown", "description": status.to_string()})),
        }
    }
}

/// A JSON answer with Zendesk's content type.
pub(crate) fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
