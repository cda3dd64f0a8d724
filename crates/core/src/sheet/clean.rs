//! What is stripped from a cell before it is used.

use std::borrow::Cow;

/// Whether a character shows nothing: blanks of every width, zero-width characters, byte-order marks, bidirectional
/// marks, soft hyphens. Copying from web pages, PDFs and chats brings them along.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character) || is_joiner(character)
}

/// Whether a character shows nothing and takes no room, wherever it stands: a value is better without it. Zero-width
/// joiners and non-joiners are none of these.
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'
            | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// Zero-width joiner and non-joiner: many emoji and some scripts need them between two characters; at an end they do
/// nothing.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// The text without blanks at its ends.
pub fn trim(text: &str) -> &str {
    // Most cells have nothing to strip, and most ends are ASCII: two bytes settle it.
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim_matches(is_blank),
    }
}

/// The value of a cell: trimmed, without invisible characters, and without the apostrophe that keeps a spreadsheet from
/// calculating `'=…`, `'+…`, `'-…` or `'@…`. Blanks inside stay: a value is sent as the agent wrote it.
pub fn value(text: &str) -> Cow<'_, str> {
    if text.contains(is_invisible) {
        let visible: String = text.chars().filter(|&character| !is_invisible(character)).collect();
        Cow::Owned(ends_stripped(&visible).to_owned())
    } else {
        Cow::Borrowed(ends_stripped(text))
    }
}

/// [`value`] of a text that has nothing invisible inside.
pub(super) fn ends_stripped(text: &str) -> &str {
    let text = trim(text);
    if !text.as_bytes().starts_with(b"'") {
        return text;
    }
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => trim(rest),
        Some(_) | None => text,
    }
}

/// Whether [`value`] leaves out something that can't be seen. Blanks and apostrophes at the ends can be.
pub fn hides_something(text: &str) -> bool {
    let text = text.trim();
    text.contains(is_invisible) || text.starts_with(is_joiner) || text.ends_with(is_joiner)
}

/// Whether the bytes begin with an invisible character or joiner.
pub(super) fn begins_invisible(bytes: &[u8]) -> bool {
    match bytes {
        [0..=8 | 0x0e..=0x1f | 0x7f, ..]
        | [0xc2, 0xad, ..]
        | [0xd8, 0x9c, ..]
        | [0xe1, 0xa0, 0x8e, ..]
        | [0xef, 0xbb, 0xbf, ..] => true,
        [0xe2, 0x80, third, ..] => matches!(third, 0x8b..=0x8f | 0xaa..=0xae),
        [0xe2, 0x81, third, ..] => matches!(third, 0xa0..=0xa9),
        _ => false,
    }
}

/// Whether a byte may begin an invisible character or joiner in UTF-8: a look at bytes is much quicker than one at
/// characters.
pub(super) const fn may_begin_invisible(byte: u8) -> bool {
    // U+00AD is C2 AD, U+061C is D8 9C, U+180E is E1 A0 8E, U+2000 and on is E2 80 and E2 81, U+FEFF is EF BB BF.
    matches!(byte, 0..=8 | 0x0e..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xef)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_taken_out() {
        for character in [
            '\u{feff}', '\u{ad}', '\u{200b}', '\u{2060}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}',
            '\u{2066}', '\u{2069}', '\u{61c}', '\u{180e}', '\0', '\u{7f}',
        ] {
            for text in [format!("a{character}b"), format!("{character}ab"), format!("ab{character} ")] {
                assert_eq!(value(&text), "ab", "{text:?}");
                assert!(hides_something(&text), "{text:?}");
                assert!(text.bytes().any(may_begin_invisible), "{text:?}");
            }
        }
    }

    #[test]
    fn what_others_need_stays() {
        for text in ["👩\u{200d}👧", "❤\u{fe0f}", "می\u{200c}خ", "a\u{a0}b", "a\tb\nc", "e\u{301}", "�"]
        {
            assert_eq!(value(text), text);
            assert!(!hides_something(text), "{text:?}");
        }
    }

    #[test]
    fn ends_are_stripped() {
        assert_eq!(value("\u{a0} Ana  Paz\t"), "Ana  Paz");
        assert_eq!(value("'+52"), "+52");
        assert_eq!(value(" \u{feff}'=1 "), "=1");
        assert_eq!(value("'tis"), "'tis");
        assert_eq!(value("Ana\u{200d}"), "Ana");
        assert!(!hides_something(" '+52\u{a0}") && hides_something("Ana\u{200d} "));
        assert_eq!(value(" \u{200b} "), "");
    }

    /// Every character that is invisible is found by its first byte.
    #[test]
    fn first_bytes_tell() {
        for character in
            ('\0'..=char::MAX).filter(|&character| is_invisible(character) || is_joiner(character))
        {
            assert!(may_begin_invisible(character.encode_utf8(&mut [0; 4]).as_bytes()[0]), "{character:?}");
        }
        // U+2065 is no character: whether it shows makes no difference.
        for character in ('\0'..=char::MAX).filter(|&character| character != '\u{2065}') {
            let is_hidden = is_invisible(character) || is_joiner(character);
            assert_eq!(
                begins_invisible(character.encode_utf8(&mut [0; 4]).as_bytes()),
                is_hidden,
                "{character:?}"
            );
        }
    }
}
