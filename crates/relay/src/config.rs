//! An account's configuration: JSON in the environment or the platform's secret store.
//!
//! ```json
//! {"relay_token": "cxr_acme_…", "app_id": "5fed…", "key_id": "app_…", "secret": "…", "integration_id": "65a1…",
//!  "host": "https://api.smooch.io", "public_url": "https://relay.example.org"}
//! ```
//! `host` and `public_url` may be left out. It is kept under `ACCOUNT_ACME` (the name in capitals, `_` for `-`), or, for
//! all accounts of a relay at once, as a member of the object `ACCOUNTS`: `{"acme": {…}, "beta": {…}}`.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cxconnect_sunco::{Account as SuncoAccount, AppId, Host, IntegrationId};
use serde_json::Value;

use crate::secret::{self, Kind};

/// What one account is.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// Its name: Zendesk's subdomain.
    pub account: String,
    /// SHA-256 of its relay token.
    pub relay_token_hash: String,
    /// Its SunCo app.
    pub sunco: SuncoAccount,
    /// `Authorization` for SunCo.
    pub authorization: String,
    /// The WhatsApp number that webhooks send from, unless they name another.
    pub integration: IntegrationId,
    /// Where the relay can be reached, if it was said.
    pub public_url: Option<String>,
}

/// Without secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("account", &self.account).finish_non_exhaustive()
    }
}

/// What is wrong with a configuration. Names the field and never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No JSON object.
    #[error("the configuration of {0} is no JSON object")]
    NotAnObject(String),
    /// A field is missing or can't be what it says.
    #[error("the configuration of {account} has no usable {field}")]
    Field {
        /// The account.
        account: String,
        /// The field.
        field: &'static str,
    },
}

/// The name under which an account's configuration is kept on its own.
pub fn variable(account: &str) -> String {
    ["ACCOUNT_", &account.to_ascii_uppercase().replace('-', "_")].concat()
}

impl Config {
    /// Reads an account's own JSON.
    pub fn parse(account: &str, json: &str) -> Result<Self, ConfigError> {
        let value = serde_json::from_str(json).map_err(|_| ConfigError::NotAnObject(account.to_owned()))?;
        Self::read(account, &value)
    }

    /// Reads an account's member of all accounts' JSON; `None` if it has none.
    pub fn parse_among(account: &str, json: &str) -> Result<Option<Self>, ConfigError> {
        let all: Value =
            serde_json::from_str(json).map_err(|_| ConfigError::NotAnObject("ACCOUNTS".to_owned()))?;
        all.get(account).map(|own| Self::read(account, own)).transpose()
    }

    fn read(account: &str, json: &Value) -> Result<Self, ConfigError> {
        let wrong = |field| ConfigError::Field { account: account.to_owned(), field };
        let object = json.as_object().ok_or_else(|| ConfigError::NotAnObject(account.to_owned()))?;
        let text = |field: &'static str| {
            let text = object.get(field).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty())
        };
        let token = text("relay_token").ok_or_else(|| wrong("relay_token"))?;
        if secret::account_of(Kind::Relay, token) != Some(account) {
            return Err(wrong("relay_token"));
        }
        let key_id = text("key_id").filter(|id| !id.contains(':')).ok_or_else(|| wrong("key_id"))?;
        let key_secret = text("secret").ok_or_else(|| wrong("secret"))?;
        let host = match text("host") {
            Some(host) => Host::parse(host).map_err(|_| wrong("host"))?,
            None => Host::default(),
        };
        let app_id = text("app_id").and_then(|id| AppId::parse(id).ok()).ok_or_else(|| wrong("app_id"))?;
        let integration = text("integration_id").and_then(|id| IntegrationId::parse(id).ok());
        let public_url = match text("public_url") {
            Some(url) => Some(Host::parse(url).map_err(|_| wrong("public_url"))?.as_str().to_owned()),
            None => None,
        };
        Ok(Self {
            account: account.to_owned(),
            relay_token_hash: secret::digest(token),
            sunco: SuncoAccount { host, app_id },
            authorization: ["Basic ", &STANDARD.encode([key_id, ":", key_secret].concat())].concat(),
            integration: integration.ok_or_else(|| wrong("integration_id"))?,
            public_url,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const TOKEN: &str = "cxr_acme_0123456789abcdef0123456789abcdef";

    pub(crate) fn json(token: &str) -> String {
        serde_json::json!({
            "relay_token": token, "app_id": "5fed024df3dd8b000cd7ee99", "key_id": "app_1", "secret": "s3cret",
            "integration_id": "65a1f0c2e4b0a1d2c3e4f501", "public_url": "https://relay.example/"
        })
        .to_string()
    }

    pub(crate) fn config() -> Config {
        Config::parse("acme", &json(TOKEN)).unwrap()
    }

    #[test]
    fn a_configuration_is_read_alone_and_among_others() {
        let alone = config();
        assert_eq!(alone.authorization, "Basic YXBwXzE6czNjcmV0");
        assert_eq!(alone.public_url.as_deref(), Some("https://relay.example"));
        let all = format!(r#"{{"acme":{}}}"#, json(TOKEN));
        assert_eq!(Config::parse_among("acme", &all), Ok(Some(alone)));
        assert_eq!(Config::parse_among("other", &all), Ok(None));
        assert_eq!(variable("acme-mx"), "ACCOUNT_ACME_MX");
    }

    #[test]
    fn what_is_wrong_is_named_without_its_value() {
        let other = json("cxr_other_0123456789abcdef0123456789abcdef");
        let error = Config::parse("acme", &other).unwrap_err();
        assert_eq!(error.to_string(), "the configuration of acme has no usable relay_token");
        assert!(Config::parse("acme", "[]").is_err() && Config::parse("acme", "{").is_err());
        let shown = format!("{:?}", config());
        assert!(!shown.contains("s3cret") && !shown.contains("Basic"), "{shown}");
    }
}
