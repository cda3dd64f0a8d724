//! An address's query string.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What may stand in a query string as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Names and values, decoded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn read(text: &str) -> Self {
        let pairs = text.split('&').filter(|it| !it.is_empty());
        Self(
            pairs
                .map(|it| it.split_once('=').unwrap_or((it, "")))
                .map(|(n, v)| (decode(n), decode(v)))
                .collect(),
        )
    }

    /// A name's last value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// A list with commas.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.get(name).map(|it| it.split(',').map(str::trim).filter(|it| !it.is_empty()).collect())
    }

    /// Gives a name a value, unless it has one.
    pub(crate) fn fill(&mut self, name: &str, value: String) {
        if self.get(name).is_none() {
            self.0.push((name.to_owned(), value));
        }
    }

    /// Takes away `sort` and everything of `page`.
    pub(crate) fn without_paging(&self) -> Self {
        Self(
            self.0.iter().filter(|(name, _)| name != "sort" && !name.starts_with("page[")).cloned().collect(),
        )
    }

    /// The query string of another page.
    pub(crate) fn with_cursor(&self, param: &str, cursor: &str) -> String {
        let others = self.0.iter().filter(|(name, _)| name != "page[after]" && name != "page[before]");
        let mut pairs: Vec<String> =
            others.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        pairs.push(format!("{}={}", encode(param), encode(cursor)));
        pairs.join("&")
    }
}

/// Decodes a part of a path or query string; in the latter, `+` is a blank.
fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
}
