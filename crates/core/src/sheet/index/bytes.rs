//! What bytes may mean in a table, and how to get past those that mean nothing.

use crate::sheet::clean;

/// What a byte may mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Ordinary,
    Delimiter,
    Quote,
    Break,
    /// It may begin an invisible character.
    Hiding,
}

/// What each byte may mean. A table is quicker than comparisons.
pub(super) struct Classes {
    meaning: [Class; 256],
    delimiter: u8,
}

impl Classes {
    pub(super) fn new(delimiter: u8) -> Self {
        let mut meaning = [Class::Ordinary; 256];
        for (byte, class) in (0..=u8::MAX).zip(&mut meaning) {
            if byte == delimiter {
                *class = Class::Delimiter;
            } else if byte == b'"' {
                *class = Class::Quote;
            } else if matches!(byte, b'\r' | b'\n') {
                *class = Class::Break;
            } else if clean::may_begin_invisible(byte) {
                *class = Class::Hiding;
            }
        }
        Self { meaning, delimiter }
    }

    /// How many bytes come first that mean nothing for sure. Each byte of the file is seen here, so it goes by eight at
    /// a time: those that are no control character, neither the quote nor the delimiter, and begin no character in UTF-8
    /// but those with C3, which are letters with accents.
    pub(super) fn n_ordinary(&self, bytes: &[u8]) -> usize {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = 0x8080_8080_8080_8080;
        let (quotes, delimiters) = (ONES * u64::from(b'"'), ONES * u64::from(self.delimiter));
        // The high bit of each byte that is 0, and perhaps of some after the first of those.
        let zeros = |eight: u64| eight.wrapping_sub(ONES) & !eight & HIGH;
        let (eights, rest) = bytes.as_chunks::<8>();
        let mut n_ordinary = 0;
        for eight in eights {
            let eight = u64::from_le_bytes(*eight);
            let controls = eight.wrapping_sub(ONES * 0x20) & !eight & HIGH;
            // DEL is the one ASCII byte that becomes 0x80.
            let deletes = ((eight & !HIGH) + ONES) & !eight & HIGH;
            // Both high bits are set.
            let leads = eight & (eight << 1) & HIGH;
            // The high bit of each byte that isn't C3, and of no other.
            let differs = eight ^ (ONES * 0xc3);
            let not_c3 = (((differs & !HIGH) + !HIGH) | differs) & HIGH;
            let hits =
                (leads & not_c3) | deletes | controls | zeros(eight ^ quotes) | zeros(eight ^ delimiters);
            if hits != 0 {
                return n_ordinary + hits.trailing_zeros() as usize / 8;
            }
            n_ordinary += 8;
        }
        for &byte in rest {
            if self.of(byte) != Class::Ordinary {
                break;
            }
            n_ordinary += 1;
        }
        n_ordinary
    }

    pub(super) fn of(&self, byte: u8) -> Class {
        self.meaning.get(usize::from(byte)).copied().unwrap_or(Class::Ordinary)
    }
}
