//! A file's text, once decoded.

use std::{borrow::Cow, ops::Deref};

/// A file of no more than so many bytes may take its memory twice.
pub(super) const SMALL: usize = 16 << 20;

/// A file's text.
pub(super) enum Content {
    /// It is known to be UTF-8: rows are taken out of it as they are.
    Utf8(String),
    /// It has bytes that are no characters, or is too large for one look: each row is looked at when it is asked for.
    Bytes(Vec<u8>),
}

impl Content {
    /// Text that is UTF-8 now, in one go.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        if SMALL < bytes.len() {
            return Self::Bytes(bytes);
        }
        String::from_utf8(bytes).map_or_else(|error| Self::Bytes(error.into_bytes()), Self::Utf8)
    }

    /// The piece of text from `start` to `end`; each byte that is no character is U+FFFD.
    pub(super) fn piece(&self, start: usize, end: usize) -> Cow<'_, str> {
        match self {
            Self::Utf8(text) => Cow::Borrowed(text.get(start..end).unwrap_or_default()),
            Self::Bytes(bytes) => {
                let piece = bytes.get(start..end).unwrap_or_default();
                str::from_utf8(piece).map_or_else(|_| Cow::Owned(lossy(piece)), Cow::Borrowed)
            }
        }
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Utf8(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// The text of bytes of which some are not UTF-8.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|_| text.push(char::REPLACEMENT_CHARACTER));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_same_whatever_is_known_of_the_text() {
        let text = "José;Ñandú\n".to_owned();
        let known = Content::new(text.clone().into_bytes());
        assert!(matches!(known, Content::Utf8(_)));
        let unknown = Content::Bytes(text.into_bytes());
        for (start, end) in [(0, 5), (6, 13), (0, 0), (5, 100)] {
            assert_eq!(known.piece(start, end), unknown.piece(start, end));
        }
    }

    #[test]
    fn each_bad_byte_is_one_sign() {
        let content = Content::new(b"a\xff\xfeb".to_vec());
        assert_eq!(content.piece(0, 4), "a\u{fffd}\u{fffd}b");
    }
}
