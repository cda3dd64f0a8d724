//! A phone number as it is sent.

use std::{cmp::Ordering, fmt, hash};

/// `+`, then 8 to 15 digits of which the first is not 0 (V13).
///
/// Kept inline: a file has many of them, and none needs the heap.
#[derive(Clone, Copy)]
pub struct E164 {
    /// ASCII: `+` and digits.
    text: [u8; Self::MAX_DIGITS + 1],
    length: u8,
}

/// Why a text is not exactly an E.164 number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `+` and 8 to 15 digits, the first of them not 0")]
pub struct E164Error;

impl E164 {
    /// The fewest digits, country code included (V13).
    pub const MIN_DIGITS: usize = 8;
    /// The most digits, country code included (ITU-T E.164, 6.2.1).
    pub const MAX_DIGITS: usize = 15;

    /// Reads exactly `+5255…`, as this type prints it: for what the app itself has written.
    pub fn parse_exact(text: &str) -> Result<Self, E164Error> {
        text.strip_prefix('+').and_then(Self::from_digits).ok_or(E164Error)
    }

    /// From the digits alone; `None` if they are too few, too many or begin with 0.
    pub(super) fn from_digits(digits: &str) -> Option<Self> {
        let digits = digits.as_bytes();
        let is_number = (Self::MIN_DIGITS..=Self::MAX_DIGITS).contains(&digits.len())
            && digits.first().is_some_and(|&first| first != b'0')
            && digits.iter().all(u8::is_ascii_digit);
        if !is_number {
            return None;
        }
        let mut text = [0; Self::MAX_DIGITS + 1];
        let (plus, rest) = text.split_first_mut()?;
        *plus = b'+';
        for (to, from) in rest.iter_mut().zip(digits) {
            *to = *from;
        }
        Some(Self { text, length: u8::try_from(digits.len() + 1).ok()? })
    }

    /// `+525512345678`
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII by construction, so neither fallback is ever taken.
        self.text
            .get(..usize::from(self.length))
            .and_then(|text| str::from_utf8(text).ok())
            .unwrap_or_default()
    }

    /// The digits without `+`.
    pub fn digits(&self) -> &str {
        self.as_str().get(1..).unwrap_or_default()
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E164({self})")
    }
}

impl PartialEq for E164 {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for E164 {}

impl PartialOrd for E164 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for E164 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl hash::Hash for E164 {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_exact_takes_only_its_own_form() {
        assert_eq!(E164::parse_exact("+525512345678").unwrap().as_str(), "+525512345678");
        assert_eq!(E164::parse_exact("+12345678").unwrap().digits(), "12345678");
        for text in ["", "+", "525512345678", "+1234567", "+1234567890123456", "+02345678", "+52 5512345678"]
        {
            assert_eq!(E164::parse_exact(text), Err(E164Error), "{text}");
        }
    }
}
