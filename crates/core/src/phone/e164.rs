//! A phone number as it is sent.

use std::{fmt, num::NonZeroU64};

/// `+`, then 8 to 15 digits of which the first is not 0 (V13).
///
/// As large as the digits' value: a file has many of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(NonZeroU64);

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
        let digits = text.strip_prefix('+').ok_or(E164Error)?.as_bytes();
        if Self::MAX_DIGITS < digits.len() || digits.first() == Some(&b'0') {
            return Err(E164Error);
        }
        let mut value = 0;
        for byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if 9 < digit {
                return Err(E164Error);
            }
            value = value * 10 + u64::from(digit);
        }
        Self::from_value(value).ok_or(E164Error)
    }

    /// From what [`value`](Self::value) gives; `None` if it has too few or too many digits.
    pub fn from_value(value: u64) -> Option<Self> {
        // 8 to 15 digits.
        if (10_000_000..1_000_000_000_000_000).contains(&value) {
            NonZeroU64::new(value).map(Self)
        } else {
            None
        }
    }

    /// The digits as a number: 525512345678.
    pub fn value(&self) -> u64 {
        self.0.get()
    }

    /// The digits as text.
    pub fn digits(&self) -> Digits {
        let mut text = [b'+'; Self::MAX_DIGITS + 1];
        let mut rest = self.value();
        let mut start = text.len();
        for place in text.iter_mut().rev() {
            if rest == 0 {
                break;
            }
            // Less than 10, so nothing is cut off.
            *place = b'0' + (rest % 10).to_le_bytes()[0];
            rest /= 10;
            start -= 1;
        }
        Digits { text, start: start.saturating_sub(1) }
    }
}

/// A number's digits, kept inline.
#[derive(Clone, Copy)]
pub struct Digits {
    /// ASCII: `+` and digits from `start` on.
    text: [u8; E164::MAX_DIGITS + 1],
    start: usize,
}

impl Digits {
    /// `525512345678`
    pub fn as_str(&self) -> &str {
        self.with_plus().get(1..).unwrap_or_default()
    }

    /// `+525512345678`
    pub fn with_plus(&self) -> &str {
        // ASCII by construction, so neither fallback is ever taken.
        self.text.get(self.start..).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.digits().with_plus())
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E164({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parse_exact_takes_only_its_own_form() {
        assert_eq!(E164::parse_exact("+525512345678").unwrap().to_string(), "+525512345678");
        assert_eq!(E164::parse_exact("+12345678").unwrap().digits().as_str(), "12345678");
        assert_eq!(E164::parse_exact("+999999999999999").unwrap().value(), 999_999_999_999_999);
        for text in [
            "",
            "+",
            "525512345678",
            "+1234567",
            "+1234567890123456",
            "+02345678",
            "+012345678",
            "+52 5512345678",
            "+5255123456٨",
            "+18446744073709551617",
        ] {
            assert_eq!(E164::parse_exact(text), Err(E164Error), "{text}");
        }
        for value in [0, 1_234_567, 1_000_000_000_000_000, u64::MAX] {
            assert_eq!(E164::from_value(value), None);
        }
    }

    #[test]
    fn a_number_is_as_small_as_its_value() {
        assert_eq!(size_of::<Option<E164>>(), 8);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(value in 10_000_000..1_000_000_000_000_000_u64) {
            let number = E164::from_value(value).unwrap();
            prop_assert_eq!(E164::parse_exact(&number.to_string()), Ok(number));
            prop_assert_eq!(number.digits().as_str().to_owned(), value.to_string());
            prop_assert_eq!(E164::from_value(number.value()), Some(number));
        }
    }
}
