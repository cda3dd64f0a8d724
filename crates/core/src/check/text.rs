//! What WhatsApp refuses in any text value, and what shows that it was garbled before.

use crate::problem::ProblemKind;

/// WhatsApp takes four blanks in a row and refuses five (V6).
const MAX_SPACES: usize = 4;

/// How long WhatsApp counts a text. Its own way is not documented; UTF-16 units never count less than characters do.
pub(super) fn utf16_chars(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// V6, and accents that were lost or garbled by another program.
pub(super) fn check(value: &str, report: &mut impl FnMut(ProblemKind)) {
    let mut has_break = false;
    let mut has_tab = false;
    let mut has_spaces = false;
    let mut is_ascii = true;
    let mut n_spaces = 0;
    for byte in value.bytes() {
        n_spaces = if byte == b' ' { n_spaces + 1 } else { 0 };
        has_spaces |= MAX_SPACES < n_spaces;
        has_break |= matches!(byte, b'\n' | b'\r');
        has_tab |= byte == b'\t';
        is_ascii &= byte.is_ascii();
    }
    if has_break {
        report(ProblemKind::LineBreakInValue);
    }
    if has_tab {
        report(ProblemKind::TabInValue);
    }
    if has_spaces {
        report(ProblemKind::TooManySpaces);
    }
    if is_ascii {
        return;
    }
    if value.contains('\u{fffd}') {
        report(ProblemKind::CharacterLost);
    }
    if is_garbled(value) {
        report(ProblemKind::AccentsGarbled);
    }
}

/// `JosÃ©`, `AÃ‘O`, `Â¿QuÃ©?`: the bytes of UTF-8 taken for Windows-1252. No language writes Ã or Â before such a sign.
fn is_garbled(value: &str) -> bool {
    let second = |character: char| {
        matches!(
            character,
            '\u{80}'
                ..='\u{bf}'
                    | '‘'
                    | '’'
                    | '“'
                    | '”'
                    | '‰'
                    | '•'
                    | '–'
                    | '—'
                    | '™'
                    | 'š'
                    | '›'
                    | '€'
                    | '‚'
                    | 'ƒ'
                    | '„'
                    | '…'
                    | '†'
                    | '‡'
                    | 'ˆ'
                    | 'Š'
                    | '‹'
                    | 'Œ'
                    | 'Ž'
                    | '˜'
                    | 'œ'
                    | 'ž'
                    | 'Ÿ'
        )
    };
    value.match_indices(['Ã', 'Â']).any(|(at, found)| {
        value.get(at + found.len()..).and_then(|rest| rest.chars().next()).is_some_and(second)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(value: &str) -> Vec<&'static str> {
        let mut codes = Vec::new();
        check(value, &mut |kind| codes.push(kind.code()));
        codes
    }

    #[test]
    fn breaks_tabs_and_runs_of_blanks_are_refused() {
        assert_eq!(codes("a    b"), [""; 0]);
        assert_eq!(codes("a     b"), ["value.spaces"]);
        assert_eq!(codes("a\tb\r\nc"), ["value.line-break", "value.tab"]);
    }

    #[test]
    fn garbled_accents_are_noticed_and_real_ones_pass() {
        for good in ["José, año, ¿qué?", "NÃO À ÂNGELA", "São 5 °C", "Ã", "✓ 😀"] {
            assert_eq!(codes(good), [""; 0], "{good}");
        }
        for bad in ["JosÃ©", "AÃ‘O", "Â¿QuÃ©?", "mamÃ¡"] {
            assert_eq!(codes(bad), ["value.accents-garbled"], "{bad}");
        }
        assert_eq!(codes("Jos\u{fffd}"), ["value.character-lost"]);
    }

    #[test]
    fn length_is_counted_in_utf16_units() {
        assert_eq!([utf16_chars("año"), utf16_chars("😀"), utf16_chars("")], [3, 2, 0]);
    }
}
