//! The app's settings as the admin entered them in Zendesk, parsed.

use cxconnect_core::{
    dispatch,
    ledger::Budget,
    phone::Country,
    quota::{MessagingLimit, Package, RenewalDay},
};
use cxconnect_relay_client::RelayHost;
use cxconnect_sunco::{Account, AppId, Host, IntegrationId};
use cxconnect_zendesk::SunCoAuth;

/// What the settings say.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where Sunshine Conversations is, and which app.
    pub account: Account,
    /// How the proxy authorises calls. The secret itself never comes here.
    pub auth: SunCoAuth,
    /// The number to send from where the agent chooses none.
    pub default_integration: Option<IntegrationId>,
    /// The templates' namespace, for accounts that need it.
    pub namespace: Option<String>,
    /// The messages that may be sent.
    pub package: Package,
    /// Where numbers without country code may belong.
    pub default_country: Option<Country>,
    /// To whom nothing may be sent, as the admin wrote it.
    pub opt_outs: String,
    /// Never more messages than this leave in a second.
    pub rate: dispatch::Rate,
    /// So many messages in a row that are refused or in doubt pause a batch.
    pub failures_that_pause: u32,
    /// Requests a minute to Zendesk's own API for the shared record.
    pub ledger_budget: usize,
    /// How many people Meta lets the number write to in 24 hours.
    pub messaging_limit: MessagingLimit,
    /// The relay, where there is one. Its token never comes here.
    pub relay: Option<RelayHost>,
}

/// A setting that can't be used: which, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A required one is empty.
    #[error("the setting {name} is empty")]
    Missing {
        /// Its name in the manifest.
        name: &'static str,
    },
    /// It isn't what it should be.
    #[error("the setting {name} is {value:?}")]
    Invalid {
        /// Its name in the manifest.
        name: &'static str,
        /// What it says.
        value: String,
    },
}

impl Settings {
    /// Parses the settings; `get` gives one's text by its name in the manifest.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let source = Source { get };
        let host = source.optional("sunco_host", |text| Host::parse(text).ok())?.unwrap_or_default();
        if host.is_zendesk() {
            // Zendesk doesn't proxy its own hosts: the secret could not be inserted, so nothing would work.
            return Err(SettingsError::Invalid { name: "sunco_host", value: host.to_string() });
        }
        let key_id = source.required("sunco_key_id", key_id)?;
        let auth = source.optional("sunco_auth", |text| match text {
            "basic_auth" => Some(SunCoAuth::BasicAuth { key_id: key_id.clone() }),
            "token" => Some(SunCoAuth::Token),
            _ => None,
        })?;
        Ok(Self {
            account: Account {
                host,
                app_id: source.required("sunco_app_id", |text| AppId::parse(text).ok())?,
            },
            auth: auth.unwrap_or(SunCoAuth::BasicAuth { key_id }),
            default_integration: source
                .optional("default_integration_id", |text| IntegrationId::parse(text).ok())?,
            namespace: source.optional("template_namespace", |text| Some(text.to_owned()))?,
            package: Package {
                plan: source.required("plan_name", |text| Some(text.to_owned()))?,
                size: source.required("package_size", |text| text.parse().ok())?,
                renewal: source
                    .required("renewal_day", |text| text.parse().ok().and_then(RenewalDay::new))?,
            },
            default_country: source.optional("default_country", Country::parse)?,
            opt_outs: (source.get)("opt_outs").unwrap_or_default(),
            rate: source
                .optional("messages_per_second", |text| {
                    let rate = text.parse().ok().filter(|rate| (1..=80).contains(rate))?;
                    Some(dispatch::Rate::new(rate))
                })?
                .unwrap_or(dispatch::Rate::DEFAULT),
            failures_that_pause: source
                .optional("failures_in_a_row", |text| text.parse().ok())?
                .unwrap_or(dispatch::Config::DEFAULT_FAILURES_THAT_PAUSE),
            ledger_budget: source
                .optional("zendesk_requests_per_minute", |text| text.parse().ok())?
                .unwrap_or(Budget::DEFAULT_PER_MINUTE),
            messaging_limit: source.optional("meta_limit", messaging_limit)?.unwrap_or_default(),
            relay: source.optional("relay_host", |text| RelayHost::parse(text).ok())?,
        })
    }
}

/// `app_` (or another kind of key) and 24 hexadecimal digits.
fn key_id(text: &str) -> Option<String> {
    let (kind, digits) = text.split_once('_')?;
    let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_id = digits.len() == 24 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_kind && is_id).then(|| text.to_owned())
}

/// A number of people, or `none`: anything else is a mistake, and no limit at all would be the wrong reading of it.
fn messaging_limit(text: &str) -> Option<MessagingLimit> {
    let limit = MessagingLimit::parse(text);
    (limit != MessagingLimit::Unlimited || text.eq_ignore_ascii_case("none")).then_some(limit)
}

struct Source<G> {
    get: G,
}

impl<G: Fn(&str) -> Option<String>> Source<G> {
    fn optional<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, SettingsError> {
        let text = (self.get)(name).unwrap_or_default();
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let parsed = parse(text).ok_or_else(|| SettingsError::Invalid { name, value: text.to_owned() })?;
        Ok(Some(parsed))
    }

    fn required<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, SettingsError> {
        self.optional(name, parse)?.ok_or(SettingsError::Missing { name })
    }
}
