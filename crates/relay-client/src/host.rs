//! Where the relay is.

use std::fmt;

/// The longest name that DNS knows (RFC 1035, 2.3.4).
const MAX_CHARS: usize = 253;

/// The relay's host, such as `relay.acme.mx`: a name and nothing else, since Zendesk's list of hosts that may get secure settings
/// takes names only (zaf.md §2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayHost(String);

/// That is no host's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a host's name is expected, such as relay.example.org, without https:// and without a path")]
pub struct WrongHost;

impl RelayHost {
    /// Reads a name, in lower or upper case.
    pub fn parse(text: &str) -> Result<Self, WrongHost> {
        let text = text.trim().to_ascii_lowercase();
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        let is_host = text.len() <= MAX_CHARS && text.contains('.') && text.split('.').all(is_label);
        is_host.then_some(Self(text)).ok_or(WrongHost)
    }

    /// Where its calls go: `https://relay.acme.mx`.
    pub fn origin(&self) -> String {
        ["https://", &self.0].concat()
    }
}

impl fmt::Display for RelayHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_and_nothing_else() {
        assert_eq!(RelayHost::parse(" Relay.Acme.mx ").unwrap().origin(), "https://relay.acme.mx");
        for wrong in [
            "",
            "relay",
            "https://relay.acme.mx",
            "relay.acme.mx/",
            "relay.acme.mx:8787",
            "a..b",
            "-a.b",
            "a b.c",
            "user@relay.acme.mx",
            "relay.acme.mx?x",
            "{{setting.x}}.mx",
        ] {
            assert_eq!(RelayHost::parse(wrong), Err(WrongHost), "{wrong}");
        }
        assert!(RelayHost::parse(&[&"a.".repeat(130), "mx"].concat()).is_err());
    }
}
