//! Text as XML, and as Excel wants it in XML.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` for XML's content and attributes. Characters that XML can't hold, and line ends that its readers would change,
/// are written as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19 `ST_Xstring`), as well as what would be taken for that.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let is_special = |c: char| {
        matches!(c, '&' | '<' | '>' | '"' | '_' | '\u{fffe}' | '\u{ffff}')
            || (c.is_ascii_control() && c != '\n' && c != '\t')
    };
    if !text.contains(is_special) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '_' if text.get(at..).is_some_and(looks_escaped) => escaped.push_str("_x005F_"),
            c if is_special(c) && c != '_' => {
                // Writing to a String can't fail.
                let _ = write!(escaped, "_x{:04X}_", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// Whether it begins like `_x000D_`.
fn looks_escaped(text: &str) -> bool {
    match text.as_bytes() {
        [b'_', b'x' | b'X', digits @ ..] => {
            digits.get(4) == Some(&b'_')
                && digits.get(..4).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_it_is_escaped() {
        assert_eq!(escaped("Ñandú 🎉 a_b\n\t"), "Ñandú 🎉 a_b\n\t");
        assert_eq!(escaped("<a> & \"b\""), "&lt;a&gt; &amp; &quot;b&quot;");
        assert_eq!(escaped("a\r\nb\u{1}\u{ffff}"), "a_x000D_\nb_x0001__xFFFF_");
        assert_eq!(escaped("_x000D_ _x00_ _x0041"), "_x005F_x000D_ _x00_ _x0041");
    }
}
