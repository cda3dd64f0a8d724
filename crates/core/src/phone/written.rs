//! What is written in a phone cell: its digits, and whether they begin with a country code for sure.

use crate::{
    phone::{E164, PhoneProblem},
    sheet::clean,
};

/// How the number begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// With `+`: what follows is a country code.
    Plus,
    /// With `00`: the same, but in a few countries toll-free numbers begin so.
    Zeros,
    /// With nothing that says so.
    None,
}

/// The most digits that are kept: enough to tell one number that is too long from two numbers.
const MAX_KEPT: usize = 40;
/// So many digits in a row could be a number by themselves.
const MIN_NUMBER: usize = 7;

/// The digits of one number.
#[derive(Clone, Debug)]
pub(super) struct Written {
    kept: [u8; MAX_KEPT],
    /// Where the digits begin and end in `kept`.
    start: usize,
    end: usize,
    pub(super) prefix: Prefix,
    /// Whether the text is nothing but the digits, with or without a leading `+`.
    pub(super) is_plain: bool,
}

impl Written {
    /// Finds the digits, or what makes the text no phone number.
    pub(super) fn scan(text: &str) -> Result<Self, PhoneProblem> {
        let bytes = text.strip_prefix('+').unwrap_or(text).as_bytes();
        let is_plain = bytes.iter().all(u8::is_ascii_digit) && !bytes.starts_with(b"00");
        let text = unwrapped(text);
        if is_scientific(text) {
            return Err(PhoneProblem::Scientific);
        }
        let text = without_decimals(text);
        let mut written = Self { kept: [0; MAX_KEPT], start: 0, end: 0, prefix: Prefix::None, is_plain };
        let mut n_digits = 0;
        for character in text.chars() {
            if let Some(digit) = digit(character) {
                if let Some(place) = written.kept.get_mut(n_digits) {
                    *place = digit;
                }
                n_digits += 1;
            } else if matches!(character, '+' | '\u{ff0b}') && n_digits == 0 {
                written.prefix = Prefix::Plus;
            } else if !is_separator(character) {
                return Err(why_not(text, character));
            }
        }
        written.end = n_digits.min(MAX_KEPT);
        if written.digits().starts_with(b"00") {
            written.start = 2;
            if written.prefix == Prefix::None {
                written.prefix = Prefix::Zeros;
            }
        }
        let is_too_long = E164::MAX_DIGITS < written.digits().len();
        if (is_too_long && has_several_numbers(text)) || is_joined(text) {
            return Err(PhoneProblem::SeveralNumbers);
        }
        if MAX_KEPT < n_digits {
            return Err(PhoneProblem::TooLong { digits: n_digits });
        }
        Ok(written)
    }

    /// ASCII digits, without the 00 for dialling abroad.
    pub(super) fn digits(&self) -> &[u8] {
        self.kept.get(self.start..self.end).unwrap_or_default()
    }

    /// All digits that are written.
    pub(super) fn all_digits(&self) -> &[u8] {
        self.kept.get(..self.end).unwrap_or_default()
    }
}

/// Without what spreadsheets put around a number to keep it a text: `'5255…`, `="5255…"`, quotes.
fn unwrapped(text: &str) -> &str {
    let text = clean::trim(text);
    let text = text.strip_prefix('=').unwrap_or(text);
    clean::trim(text.trim_matches(['\'', '"', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '`', '\u{b4}']))
}

/// `5.25512E+11`, with a point or a comma.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let mantissa = mantissa.trim_start_matches('+');
    let mut dots = 0;
    let mantissa_fits = mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.chars().all(|c| {
            dots += usize::from(matches!(c, '.' | ','));
            c.is_ascii_digit() || matches!(c, '.' | ',')
        })
        && dots <= 1;
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    mantissa_fits && (1..=3).contains(&exponent.len()) && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

/// Without `.0`: programs that take the column for numbers write `525512345678.0`, whose zero is no digit of the phone.
fn without_decimals(text: &str) -> &str {
    let Some((whole, decimals)) = text.rsplit_once(['.', ',']) else { return text };
    let is_whole = E164::MIN_DIGITS <= whole.len()
        && whole.strip_prefix('+').unwrap_or(whole).bytes().all(|byte| byte.is_ascii_digit());
    let is_zero = matches!(decimals, "0" | "00");
    if is_whole && is_zero { whole } else { text }
}

/// The value of an ASCII digit, or of one of the scripts that people paste from: full-width and Arabic.
fn digit(character: char) -> Option<u8> {
    let base = match character {
        '0'..='9' => '0',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        _ => return None,
    };
    u8::try_from(u32::from(character) - u32::from(base)).ok().map(|value| b'0' + value)
}

/// What may stand between the digits of one number.
fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '-' | '.' | '(' | ')' | '[' | ']' | '/' | ',' | '_' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' | '\u{b7}' | '\u{2022}'
    ) || clean::is_blank(character)
}

/// Why a text with this character is no phone number.
fn why_not(text: &str, character: char) -> PhoneProblem {
    if has_several_numbers(text) {
        PhoneProblem::SeveralNumbers
    } else if has_extension(text) {
        PhoneProblem::Extension
    } else if text.chars().any(char::is_alphabetic) {
        // A letter anywhere says more about the cell than the first odd sign does.
        PhoneProblem::Letters
    } else {
        PhoneProblem::Character { character }
    }
}

/// `5541234567/68`, two lines of one office: read as one number it would reach a stranger. Thousands (`525,512,345,678`)
/// are no such thing.
fn is_joined(text: &str) -> bool {
    if !text.contains(['/', ',']) {
        return false;
    }
    let mut groups = text.split(',');
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_thousands = groups.next().is_some_and(|first| is_digits(first) && (1..=3).contains(&first.len()))
        && groups.all(|group| is_digits(group) && group.len() == 3);
    let mut n_digits = 0;
    let mut is_after_joint = false;
    for character in text.chars() {
        if digit(character).is_some() {
            if is_after_joint {
                return !is_thousands;
            }
            n_digits += 1;
        } else if matches!(character, '/' | ',') && MIN_NUMBER <= n_digits {
            is_after_joint = true;
        }
    }
    false
}

/// Whether there are two stretches, each long enough to be a number, with something between them that parts numbers.
fn has_several_numbers(text: &str) -> bool {
    let parts_numbers = |character: char| {
        matches!(character, '/' | ',' | ';' | '|' | '&' | '\\' | '+' | '\u{ff0b}' | '\n' | '\r' | '\t')
            || character.is_alphabetic()
    };
    let count = |is_break: &dyn Fn(char) -> bool| {
        text.split(is_break)
            .filter(|part| MIN_NUMBER <= part.chars().filter(|&character| digit(character).is_some()).count())
            .count()
    };
    // Blanks part numbers too if what they part is long: «5512345678 5587654321».
    1 < count(&parts_numbers)
        || 1 < count(&|character| parts_numbers(character) || clean::is_blank(character))
}

/// A number followed by `ext. 12`, `x12`, `#12`, `anexo 12`.
fn has_extension(text: &str) -> bool {
    let Some(at) = text.find(|character: char| character == '#' || character.is_alphabetic()) else {
        return false;
    };
    let (number, rest) = text.split_at(at);
    let word: String = rest.chars().take_while(|character| character.is_alphabetic()).collect();
    let is_word = matches!(
        word.to_ascii_lowercase().as_str(),
        "" | "x" | "e" | "ext" | "extension" | "extensión" | "ramal" | "anexo" | "int" | "interno" | "r"
    );
    let number_digits = number.chars().filter(|&character| digit(character).is_some()).count();
    let rest_digits = rest.chars().filter(|&character| digit(character).is_some()).count();
    is_word && MIN_NUMBER <= number_digits && (1..MIN_NUMBER).contains(&rest_digits)
}
