//! What WhatsApp refuses in any text value, and what shows that it was garbled before.

use std::borrow::Cow;

use crate::problem::ProblemKind;

/// WhatsApp takes four blanks in a row and refuses five (V6).
const MAX_SPACES: usize = 4;

/// How long WhatsApp counts a text. Its own way is not documented; UTF-16 units never count less than characters do.
pub(super) fn utf16_chars(text: &str) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A character is one unit, and one of four bytes two.
    let (eights, rest) = text.as_bytes().as_chunks::<8>();
    let mut n_units = 8 * eights.len();
    for eight in eights {
        let eight = u64::from_le_bytes(*eight);
        let continuations = (eight >> 7) & !(eight >> 6) & ONES;
        let of_four_bytes = (eight >> 7) & (eight >> 6) & (eight >> 5) & (eight >> 4) & ONES;
        n_units -= continuations.count_ones() as usize;
        n_units += of_four_bytes.count_ones() as usize;
    }
    n_units
        + rest.iter().map(|&byte| usize::from(byte & 0xc0 != 0x80) + usize::from(0xf0 <= byte)).sum::<usize>()
}

/// What spreadsheets write where a formula has no value, in Spanish and English.
const FORMULA_ERRORS: [&str; 15] = [
    "#N/A",
    "#N/D",
    "#REF!",
    "#¡REF!",
    "#VALUE!",
    "#¡VALOR!",
    "#DIV/0!",
    "#¡DIV/0!",
    "#NAME?",
    "#¿NOMBRE?",
    "#NULL!",
    "#¡NULO!",
    "#NUM!",
    "#¡NUM!",
    "#NOMBRE?",
];

/// Whether [`check`] finds nothing for sure. Nearly all values are such, so it goes by eight bytes at a time: none is a
/// control character, one that lost or garbled letters have (U+FFFD ends with BD, Ã is C3 83, Â is C3 82), or a blank
/// after a blank.
fn is_ordinary(value: &str) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The high bit of each byte that is that one, and of no other.
    let is = |eight: u64, byte: u8| {
        let differs = eight ^ (ONES * u64::from(byte));
        !(((differs & !HIGH) + !HIGH) | differs) & HIGH
    };
    let (eights, rest) = value.as_bytes().as_chunks::<8>();
    let mut found = 0;
    for eight in eights {
        let eight = u64::from_le_bytes(*eight);
        let controls = eight.wrapping_sub(ONES * 0x20) & !eight & HIGH;
        let blanks = is(eight, b' ');
        // The lowest bit of 0x82 and 0x83 is all that differs.
        let garbled = is(eight | ONES, 0x83);
        // Five blanks in a row are at least two of them here or in the rest.
        found |= controls | (blanks & (blanks << 8)) | garbled | is(eight, 0xbd);
    }
    let is_bad = |pair: &[u8]| matches!(pair, [b' ', b' ']);
    found == 0
        && !value.starts_with('#')
        && rest.iter().all(|byte| b' ' <= *byte && !matches!(byte, 0x82 | 0x83 | 0xbd))
        && !rest.windows(2).any(is_bad)
}

/// V6, and what was lost or garbled by another program.
pub(super) fn check(value: &str, collapses_blanks: bool, report: &mut dyn FnMut(ProblemKind)) {
    if is_ordinary(value) {
        return;
    }
    let mut has_break = false;
    let mut has_tab = false;
    let mut has_spaces = false;
    let mut n_spaces = 0;
    for byte in value.bytes() {
        if b' ' < byte {
            n_spaces = 0;
            continue;
        }
        n_spaces = if byte == b' ' { n_spaces + 1 } else { 0 };
        has_spaces |= MAX_SPACES < n_spaces;
        has_break |= matches!(byte, b'\n' | b'\r');
        has_tab |= byte == b'\t';
    }
    if collapses_blanks && (has_break || has_tab || has_spaces) {
        report(ProblemKind::BlanksCollapsed);
    } else {
        if has_break {
            report(ProblemKind::LineBreakInValue);
        }
        if has_tab {
            report(ProblemKind::TabInValue);
        }
        if has_spaces {
            report(ProblemKind::TooManySpaces);
        }
    }
    if value.starts_with('#') && FORMULA_ERRORS.contains(&value) {
        report(ProblemKind::FormulaError);
    }
    if value.contains('\u{fffd}') {
        report(ProblemKind::CharacterLost);
    }
    if is_garbled(value) {
        report(ProblemKind::AccentsGarbled);
    }
}

/// A value that breaks V6, with each stretch of line breaks, tabs and blanks made one blank; others as they are.
pub(super) fn collapsed(value: &str) -> Cow<'_, str> {
    let breaks_rule = value.contains(['\n', '\r', '\t']) || value.contains("     ");
    if !breaks_rule {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len());
    for word in value.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    Cow::Owned(text)
}

/// `JosÃ©`, `AÃ‘O`, `Â¿QuÃ©?`: the bytes of UTF-8 taken for Windows-1252. No language writes Ã or Â before such a sign.
pub(super) fn is_garbled(value: &str) -> bool {
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
    // Both begin with this byte and end with one of these two; most values have neither.
    let may_be = value.as_bytes().windows(2).any(|pair| matches!(pair, [0xc3, 0x82 | 0x83]));
    may_be
        && value.match_indices(['Ã', 'Â']).any(|(at, found)| {
            value.get(at + found.len()..).and_then(|rest| rest.chars().next()).is_some_and(second)
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes(value: &str) -> Vec<&'static str> {
        let mut codes = Vec::new();
        check(value, false, &mut |kind| codes.push(kind.code()));
        codes
    }

    #[test]
    fn breaks_tabs_and_runs_of_blanks_are_refused() {
        assert_eq!(codes("a    b"), [""; 0]);
        assert_eq!(codes("a     b"), ["value.spaces"]);
        assert_eq!(codes("a\tb\r\nc"), ["value.line-break", "value.tab"]);
    }

    #[test]
    fn what_breaks_the_rule_can_be_made_one_blank() {
        assert_eq!(collapsed("a \r\n b\tc     d "), "a b c d");
        assert_eq!(collapsed("a    b"), "a    b", "four blanks break no rule");
        let mut codes = Vec::new();
        check("a\n\tb", true, &mut |kind| codes.push(kind.code()));
        assert_eq!(codes, ["value.collapsed"]);
    }

    #[test]
    fn a_spreadsheets_error_is_no_value() {
        assert_eq!(codes("#N/A"), ["value.formula-error"]);
        assert_eq!(codes("#¡VALOR!"), ["value.formula-error"]);
        assert_eq!(codes("#1"), [""; 0]);
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

    proptest! {
        /// What is passed over quickly has nothing that a slow look would find.
        #[test]
        fn what_is_ordinary_has_nothing_wrong(value in "[ \t\na-cÃÂ©‘\u{fffd}½#é]{0,40}") {
            if is_ordinary(&value) {
                let is_free = !value.contains(['\n', '\t', '\u{fffd}']) && !value.contains("     ");
                prop_assert!(is_free);
                prop_assert!(!is_garbled(&value));
            }
        }

        #[test]
        fn length_is_that_of_the_standard_library(value in any::<String>()) {
            prop_assert_eq!(utf16_chars(&value), value.encode_utf16().count());
        }
    }

    #[test]
    fn ordinary_values_are_ordinary() {
        for value in
            ["", "Ana Muñoz Ibáñez", "$1.567,00", "lunes 1 de diciembre; 9:30 h", "Cañón del Río · São Paulo"]
        {
            assert!(is_ordinary(value), "{value}");
        }
    }

    #[test]
    fn length_is_counted_in_utf16_units() {
        assert_eq!([utf16_chars("año"), utf16_chars("😀"), utf16_chars("")], [3, 2, 0]);
    }
}
