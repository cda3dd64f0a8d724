//! Tokens and secrets: their form, how they are kept and compared.
//!
//! Both tokens name their account, so a request finds its account before anything is looked up: `cxr_ACCOUNT_…` is the
//! account's relay token (its operator makes it), `cxw_ACCOUNT_…` a webhook's secret (the relay makes it). What follows the
//! account's name is what is secret: at least 32 characters; the relay's own have 64 hexadecimal digits from 256 random bits.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The fewest characters of the secret part: 32 hexadecimal digits are 128 bits.
const MIN_SECRET_CHARS: usize = 32;
/// No token is longer, whatever is sent.
const MAX_TOKEN_CHARS: usize = 256;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The admin API of one account.
    Relay,
    /// One webhook.
    Webhook,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Relay => "cxr_",
            Self::Webhook => "cxw_",
        }
    }
}

/// The account that a token of this kind names; `None` if it has another form.
pub fn account_of(kind: Kind, token: &str) -> Option<&str> {
    if MAX_TOKEN_CHARS < token.len() {
        return None;
    }
    let (account, secret) = token.strip_prefix(kind.prefix())?.rsplit_once('_')?;
    let is_secret =
        MIN_SECRET_CHARS <= secret.len() && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_secret && is_account(account)).then_some(account)
}

/// Whether a text can be an account's name: a Zendesk subdomain (letters, digits and hyphens; RFC 1035's 63 characters).
pub fn is_account(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A new webhook's secret.
pub fn mint(account: &str, random: &[u8; 32]) -> String {
    [Kind::Webhook.prefix(), account, "_", &hex(random)].concat()
}

/// What is kept of a secret: SHA-256 in hexadecimal digits. Secrets are random, so nothing slower is needed.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Compares without telling by its duration where the two differ.
pub fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        // Writing to a text never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_account() {
        let secret = mint("acme-mx", &[7; 32]);
        assert_eq!(account_of(Kind::Webhook, &secret), Some("acme-mx"));
        assert_eq!(account_of(Kind::Relay, &secret), None);
        for wrong in
            ["", "cxw_", "cxw_acme_", "cxw__0123456789abcdef0123456789abcdef", "cxw_acme_short", "acme"]
        {
            assert_eq!(account_of(Kind::Webhook, wrong), None, "{wrong}");
        }
        assert_eq!(account_of(Kind::Webhook, &["cxw_ACME_", &"a".repeat(40)].concat()), None);
        assert_eq!(account_of(Kind::Webhook, &["cxw_acme_", &"a".repeat(400)].concat()), None);
    }

    #[test]
    fn a_digest_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(is_same("ab", "ab") && !is_same("ab", "ac") && !is_same("ab", "abc"));
    }
}
