//! Who is calling: Basic with an API key, or an HS256 token signed with its secret.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::sunco::error::ApiError;

/// An API key of the fake SunCo, as Admin Center shows it once.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The app the key belongs to (24 hex digits).
    pub app_id: String,
    /// The key's id (`app_` and 24 hex digits), the user name of Basic.
    pub key_id: String,
    /// The secret, the password of Basic.
    pub secret: String,
}

impl Credentials {
    /// base64(keyId:secret): what a pre-encoded token setting holds.
    pub fn basic_token(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.key_id, self.secret))
    }

    /// Checks the `Authorization` header (sunco.md §13.3).
    ///
    /// A header that cannot be read, or in which a placeholder was left, is "Invalid authorization header
    /// format": that is what an app sees when Zendesk's proxy did not substitute its settings.
    pub(crate) fn check(&self, header: Option<&str>) -> Result<(), ApiError> {
        let required = || ApiError::unauthorized("Authorization is required");
        let malformed = || ApiError::unauthorized("Invalid authorization header format");
        let header = header.ok_or_else(required)?;
        if header.contains("{{") {
            return Err(malformed());
        }
        let (scheme, token) = header.split_once(' ').ok_or_else(malformed)?;
        let is_valid = match scheme.to_ascii_lowercase().as_str() {
            "basic" => self.is_own_pair(token).ok_or_else(malformed)?,
            "bearer" => self.is_own_token(token).ok_or_else(malformed)?,
            _ => return Err(malformed()),
        };
        if is_valid { Ok(()) } else { Err(required()) }
    }

    /// Only the key's own app may be addressed. The answer to a foreign app id is not documented; 403 is
    /// what a key without rights gets.
    pub(crate) fn check_app(&self, app_id: Option<&str>) -> Result<(), ApiError> {
        match app_id {
            Some(id) if id != self.app_id => {
                Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", "Forbidden"))
            }
            _ => Ok(()),
        }
    }

    fn is_own_pair(&self, token: &str) -> Option<bool> {
        let pair = String::from_utf8(STANDARD.decode(token.trim()).ok()?).ok()?;
        let (user, password) = pair.split_once(':')?;
        Some(user == self.key_id && password == self.secret)
    }

    fn is_own_token(&self, token: &str) -> Option<bool> {
        let (signed, signature) = token.trim().rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        let part = |text: &str| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
        };
        let (head, claims) = (part(head)?, part(claims)?);
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).ok()?;
        mac.update(signed.as_bytes());
        Some(
            head["alg"] == "HS256"
                && head["kid"] == self.key_id.as_str()
                && (claims["scope"] == "app" || claims["scope"] == "account")
                && mac.verify_slice(&signature).is_ok(),
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key() -> Credentials {
        Credentials { app_id: "a1".into(), key_id: "app_k".into(), secret: "s3cret".into() }
    }

    fn token(head: &Value, claims: &Value, secret: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(head), part(claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(signed.as_bytes());
        format!("Bearer {signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    fn refusal(header: Option<&str>) -> String {
        key().check(header).unwrap_err().text
    }

    #[test]
    fn basic_and_signed_tokens_are_accepted() {
        let key = key();
        assert_eq!(key.check(Some(&format!("Basic {}", key.basic_token()))), Ok(()));
        let head = json!({"alg": "HS256", "typ": "JWT", "kid": "app_k"});
        assert_eq!(key.check(Some(&token(&head, &json!({"scope": "app"}), "s3cret"))), Ok(()));
    }

    #[test]
    fn what_is_missing_wrong_or_unreadable_is_told_apart() {
        assert_eq!(refusal(None), "Authorization is required");
        assert_eq!(
            refusal(Some(&format!("Basic {}", STANDARD.encode("app_k:other")))),
            "Authorization is required"
        );
        assert_eq!(refusal(Some("Basic {{basic_auth.token}}")), "Invalid authorization header format");
        assert_eq!(refusal(Some("Basic ***")), "Invalid authorization header format");
        let no_kid = token(&json!({"alg": "HS256"}), &json!({"scope": "app"}), "s3cret");
        assert_eq!(refusal(Some(&no_kid)), "Authorization is required");
        let forged = token(&json!({"alg": "HS256", "kid": "app_k"}), &json!({"scope": "app"}), "guess");
        assert_eq!(refusal(Some(&forged)), "Authorization is required");
    }
}
