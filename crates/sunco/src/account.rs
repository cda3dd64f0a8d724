//! Which Sunshine Conversations account the calls go to.

use std::fmt;

use crate::AppId;

/// The host and the app: what every URL begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Where the API is.
    pub host: Host,
    /// Whose templates and numbers they are.
    pub app_id: AppId,
}

impl Account {
    /// `{host}/v1.1/apps/{app}{path}`: templates and notifications exist in this version only.
    pub(crate) fn v1_1(&self, path: &str) -> String {
        [self.host.as_str(), "/v1.1/apps/", self.app_id.as_str(), path].concat()
    }

    /// `{host}/v2/apps/{app}{path}`.
    pub(crate) fn v2(&self, path: &str) -> String {
        [self.host.as_str(), "/v2/apps/", self.app_id.as_str(), path].concat()
    }
}

/// Where the API is: `https://`, a host name, perhaps a port and a path; no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

/// Why a text is no address of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Another scheme: the secret would travel in the clear.
    #[error("the address must begin with https://")]
    NotHttps,
    /// Not a host name, or more than a host name, port and path.
    #[error("this is not the address of a host")]
    NotAHost,
}

impl Host {
    /// Reads a setting. Without scheme, `https` is meant.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let text = text.trim().trim_end_matches('/');
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
            Some(_) => return Err(HostError::NotHttps),
            None => text,
        };
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, Some(path)),
            None => (rest, None),
        };
        let (name, port) = match authority.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (authority, None),
        };
        let is_name = name.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port != 0));
        let is_path = path.is_none_or(|path| {
            path.split('/').all(|segment| {
                !segment.is_empty()
                    && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            })
        });
        if !(is_name && is_port && is_path) {
            return Err(HostError::NotAHost);
        }
        let mut host = String::from("https://");
        host.push_str(&authority.to_ascii_lowercase());
        if let Some(path) = path {
            host.push('/');
            host.push_str(path);
        }
        Ok(Self(host))
    }

    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it belongs to Zendesk itself. Zendesk doesn't proxy its own hosts, so secure settings can't be used there
    /// (Zendesk, "Making API requests from a Zendesk app").
    pub fn is_zendesk(&self) -> bool {
        let authority = self.0.trim_start_matches("https://").split(['/', ':']).next().unwrap_or_default();
        authority == "zendesk.com" || authority.ends_with(".zendesk.com")
    }
}

/// The address that Zendesk's own apps use; not a Zendesk host, so the proxy takes it.
impl Default for Host {
    fn default() -> Self {
        Self("https://api.smooch.io".to_owned())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, HostError> {
        Host::parse(text).map(|host| host.as_str().to_owned())
    }

    #[test]
    fn a_host_is_an_https_address() {
        for (text, expected) in [
            ("https://api.smooch.io", "https://api.smooch.io"),
            (" HTTPS://API.Smooch.io/ ", "https://api.smooch.io"),
            ("api.eu-1.smooch.io", "https://api.eu-1.smooch.io"),
            ("https://acme.zendesk.com/sc", "https://acme.zendesk.com/sc"),
            ("https://localhost:8443", "https://localhost:8443"),
        ] {
            assert_eq!(parsed(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        assert_eq!(parsed("http://api.smooch.io"), Err(HostError::NotHttps));
        for text in [
            "",
            "https://",
            "https://a..b",
            "https://user@host.example",
            "https://host.example?x=1",
            "https://host.example/a b",
            "https://host.example:0",
            "https://host.example:x",
            "https://{{setting.sunco_secret}}",
        ] {
            assert_eq!(parsed(text), Err(HostError::NotAHost), "{text}");
        }
    }

    #[test]
    fn zendesk_hosts_are_known_by_their_domain() {
        assert!(Host::parse("acme.zendesk.com/sc").unwrap().is_zendesk());
        assert!(!Host::parse("notzendesk.com").unwrap().is_zendesk());
        assert!(!Host::default().is_zendesk());
    }

    #[test]
    fn the_default_host_is_a_valid_one() {
        assert_eq!(Host::parse(Host::default().as_str()), Ok(Host::default()));
    }

    #[test]
    fn every_url_names_the_version_and_the_app() {
        let account =
            Account { host: Host::default(), app_id: AppId::parse("5fed024df3dd8b000cd7ee99").unwrap() };
        assert_eq!(
            account.v1_1("/notifications"),
            "https://api.smooch.io/v1.1/apps/5fed024df3dd8b000cd7ee99/notifications"
        );
    }
}
