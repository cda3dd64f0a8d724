//! The suffix of a dynamic URL button (V11).

use std::fmt::Write as _;

/// The longest whole URL of a button (Meta, "Template components: URL buttons").
pub const MAX_URL_CHARS: usize = 2000;

/// Percent-encodes what a URL can't hold (spaces, `:`, `|`, accents …) and keeps `/ ? & = - _ . ~ #` and what is
/// already a valid `%XX`, so that encoding twice changes nothing.
pub fn encode_url_suffix(suffix: &str) -> String {
    let bytes = suffix.as_bytes();
    let mut encoded = String::with_capacity(suffix.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let is_escape = byte == b'%'
            && bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        if is_escape || byte.is_ascii_alphanumeric() || b"-_.~/?&=#".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_what_a_url_cannot_hold_and_keeps_the_rest() {
        assert_eq!(encode_url_suffix("pedido/17?a=1&b=x-y"), "pedido/17?a=1&b=x-y");
        assert_eq!(encode_url_suffix("caña de ñandú"), "ca%C3%B1a%20de%20%C3%B1and%C3%BA");
        assert_eq!(encode_url_suffix("a:b|c"), "a%3Ab%7Cc");
        assert_eq!(encode_url_suffix("100%"), "100%25");
        assert_eq!(encode_url_suffix("%zz"), "%25zz");
    }

    #[test]
    fn encoding_twice_changes_nothing() {
        let once = encode_url_suffix("ñ 100% a:b %20");
        assert_eq!(encode_url_suffix(&once), once);
    }
}
