//! Why a reading call failed. Sending has its own answer: see `notify`.

use std::time::Duration;

use serde::de::Deserialize;

use crate::{
    Response, TransportError,
    fault::{Fault, visible_text},
};

/// Why a reading call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// 401: the key or its secret is wrong.
    #[error("401: {text}")]
    Unauthorized {
        /// The provider's code.
        code: Option<String>,
        /// The provider's words.
        text: String,
    },
    /// 402: the account lacks a plan for it.
    #[error("402: {text}")]
    PaymentRequired {
        /// The provider's code.
        code: Option<String>,
        /// The provider's words.
        text: String,
    },
    /// 403: the key may not do this in that app.
    #[error("403: {text}")]
    Forbidden {
        /// The provider's code.
        code: Option<String>,
        /// The provider's words.
        text: String,
    },
    /// 404: no such app or integration. On templates an unknown integration is a 400 ([`ApiError::Refused`]).
    #[error("404: {text}")]
    NotFound {
        /// The provider's code.
        code: Option<String>,
        /// The provider's words.
        text: String,
    },
    /// 429: too many calls.
    #[error("429: too many calls")]
    RateLimited {
        /// How long the provider asks to wait, where it says so.
        retry_after: Option<Duration>,
    },
    /// Any other status that means that the call was wrong.
    #[error("{status}: {text}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The provider's code.
        code: Option<String>,
        /// The provider's words.
        text: String,
    },
    /// 5xx: the provider failed.
    #[error("{status}: the server failed")]
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// A success whose body isn't JSON, such as a sign-in page.
    #[error("{status}: the answer isn't JSON: {snippet:?}")]
    NotJson {
        /// The HTTP status.
        status: u16,
        /// The start of its visible text, on one line.
        snippet: String,
    },
    /// A success whose JSON isn't what was asked for.
    #[error("the answer has another form than expected: {detail}")]
    NotUnderstood {
        /// Where it differs.
        detail: String,
    },
    /// The list didn't come to its end.
    #[error("the list goes on after {pages} pages")]
    TooManyPages {
        /// How many pages were read.
        pages: usize,
    },
    /// There is no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// The body of a success, or what went wrong.
pub(crate) fn success(response: Response) -> Result<Response, ApiError> {
    let status = response.status;
    if (200..300).contains(&status) {
        return Ok(response);
    }
    if status == 429 {
        let retry_after = response.retry_after_s.map(|seconds| Duration::from_secs(seconds.into()));
        return Err(ApiError::RateLimited { retry_after });
    }
    if 500 <= status {
        return Err(ApiError::Server { status });
    }
    let Fault { code, text } = Fault::read(&response.body);
    Err(match status {
        401 => ApiError::Unauthorized { code, text },
        402 => ApiError::PaymentRequired { code, text },
        403 => ApiError::Forbidden { code, text },
        404 => ApiError::NotFound { code, text },
        _ => ApiError::Refused { status, code, text },
    })
}

/// Reads a success's JSON. The snippet of a body that is no JSON is safe to show: text that begins like JSON is left out,
/// because a truncated list of integrations may hold an access token.
pub(crate) fn parse<'a, T: Deserialize<'a>>(response: &'a Response) -> Result<T, ApiError> {
    serde_json::from_str(&response.body).map_err(|error| {
        if response.body.trim_start().starts_with(['{', '[']) {
            ApiError::NotUnderstood { detail: error.to_string() }
        } else {
            ApiError::NotJson { status: response.status, snippet: visible_text(&response.body) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> ApiError {
        success(Response { status, body: body.to_owned(), retry_after_s: Some(7) }).unwrap_err()
    }

    #[test]
    fn each_status_has_its_own_error() {
        let body = r#"{"error":{"code":"c","description":"t"}}"#;
        let (code, text) = (Some("c".to_owned()), "t".to_owned());
        assert_eq!(error(401, body), ApiError::Unauthorized { code: code.clone(), text: text.clone() });
        assert_eq!(error(402, body), ApiError::PaymentRequired { code: code.clone(), text: text.clone() });
        assert_eq!(error(403, body), ApiError::Forbidden { code: code.clone(), text: text.clone() });
        assert_eq!(error(404, body), ApiError::NotFound { code: code.clone(), text: text.clone() });
        assert_eq!(error(400, body), ApiError::Refused { status: 400, code, text });
        assert_eq!(error(429, ""), ApiError::RateLimited { retry_after: Some(Duration::from_secs(7)) });
        assert_eq!(error(502, "<html>"), ApiError::Server { status: 502 });
        assert_eq!(error(302, ""), ApiError::Refused { status: 302, code: None, text: String::new() });
    }

    #[test]
    fn html_instead_of_json_is_told_by_its_visible_text() {
        let body = "<html><title>Sign in</title></html>".to_owned();
        let response = Response { status: 200, body, retry_after_s: None };
        assert_eq!(
            parse::<u8>(&response),
            Err(ApiError::NotJson { status: 200, snippet: "Sign in".to_owned() })
        );
    }

    #[test]
    fn a_truncated_answer_is_never_quoted() {
        let body = r#"{"integrations":[{"accountManagementAccessToken":"SECRET"#.to_owned();
        let error =
            parse::<serde_json::Value>(&Response { status: 200, body, retry_after_s: None }).unwrap_err();
        assert!(matches!(error, ApiError::NotUnderstood { .. }));
        assert!(!error.to_string().contains("SECRET"), "{error}");
    }
}
