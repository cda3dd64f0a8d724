//! UTF-16 in both byte orders.

use crate::sheet::{decode::Output, kind::GLANCE};

/// Which byte of a pair comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// The order of a file that is UTF-16: it says so itself, or every other byte is 0, as it is in Western text.
    pub(super) fn of_file(bytes: &[u8]) -> Option<Self> {
        if let Some(order) =
            [Self::Little, Self::Big].into_iter().find(|order| bytes.starts_with(&order.mark()))
        {
            return Some(order);
        }
        let glance = bytes.get(..GLANCE).unwrap_or(bytes);
        if glance.len() < 4 {
            return None;
        }
        let zeros = |first: usize| glance.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        // At least half of the characters, and next to none whose other byte is 0.
        let is_one = |high: usize, low: usize| glance.len() / 4 <= high && 16 * low <= high;
        match (is_one(odd, even), is_one(even, odd)) {
            (true, _) => Some(Self::Little),
            (_, true) => Some(Self::Big),
            (false, false) => None,
        }
    }

    /// The byte-order mark.
    pub(super) fn mark(self) -> [u8; 2] {
        match self {
            Self::Little => 0xfeff_u16.to_le_bytes(),
            Self::Big => 0xfeff_u16.to_be_bytes(),
        }
    }

    fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        }
    }
}

/// Converts `input[at..until]`, or a little more, so that no character is cut. Returns where it stopped.
pub(super) fn convert(order: ByteOrder, input: &[u8], at: usize, until: usize, output: &mut Output) -> usize {
    // Whole pairs, at least one.
    let mut until = (at + (until - at).next_multiple_of(2)).min(input.len());
    let pair_at = |at: usize| input.get(at..)?.first_chunk::<2>().map(|&pair| order.unit(pair));
    let is_cut = until.checked_sub(2).and_then(pair_at).is_some_and(|unit| (0xd800..0xdc00).contains(&unit))
        && pair_at(until).is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
    if is_cut {
        until += 2;
    }
    let (mut pairs, half) = input.get(at..until).unwrap_or_default().as_chunks::<2>();
    output.reserve(3 * (pairs.len() + half.len()));
    while let Some((&pair, mut rest)) = pairs.split_first() {
        let unit = order.unit(pair);
        if (1..0x80).contains(&unit) {
            rest = copy_ascii(order, pairs, output);
        } else if let Some(character) = char::from_u32(u32::from(unit)) {
            output.n_nul += usize::from(character == '\0');
            output.push(character);
        } else {
            let next = rest.first().map_or(unit, |&pair| order.unit(pair));
            if let Some(Ok(character)) = char::decode_utf16([unit, next]).next() {
                output.push(character);
                rest = rest.get(1..).unwrap_or_default();
            } else {
                // Half of a character; its high byte is what makes it one.
                let [high, _] = unit.to_be_bytes();
                output.push_undecoded(high);
            }
        }
        pairs = rest;
    }
    if let &[byte] = half {
        output.push_undecoded(byte);
    }
    until
}

/// Copies the ASCII that comes first, which is nearly all of most files. Returns what comes after.
fn copy_ascii<'i>(order: ByteOrder, pairs: &'i [[u8; 2]], output: &mut Output) -> &'i [[u8; 2]] {
    let mut ascii = [0; 64];
    let mut n_ascii = 0;
    for (&pair, place) in pairs.iter().zip(&mut ascii) {
        match u8::try_from(order.unit(pair)) {
            Ok(byte @ 1..0x80) => *place = byte,
            Ok(_) | Err(_) => break,
        }
        n_ascii += 1;
    }
    output.bytes.extend_from_slice(ascii.get(..n_ascii).unwrap_or_default());
    pairs.get(n_ascii..).unwrap_or_default()
}
