//! Every phone number of the world, as one automaton.
//!
//! The numbers that libphonenumber calls valid, from the first digit of the country code to the last one, are a finite
//! language: the table has its smallest automaton, so a number is judged by one step per digit, exactly as the library
//! judges it. `examples/make_phone_table` makes `table.bin` of the library's metadata; tests compare both.

mod decode;

use std::sync::OnceLock;

use crate::phone::E164;

/// Derived from libphonenumber's metadata (Apache-2.0), as rlibphonenumber 2.2.15 carries it.
#[cfg(feature = "phone-table")]
const BYTES: &[u8] = include_bytes!("table.bin");

static TABLE: OnceLock<Table> = OnceLock::new();

/// Why there is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The bytes are something else, or cut off.
    #[error("this is no table of phone numbers")]
    NoTable,
    /// Numbers were judged before it came, so as if there were no numbers.
    #[error("the table of phone numbers came after the first number")]
    TooLate,
}

/// Takes the table, `table.bin`, where it isn't built in (feature `phone-table`): before the first number is read, since
/// without a table no number exists.
pub fn install(bytes: &[u8]) -> Result<(), TableError> {
    let table = Table::decode(bytes).ok_or(TableError::NoTable)?;
    TABLE.set(table).map_err(|_| TableError::TooLate)
}

/// The table. To be asked for once per number. The first use unpacks the one that is built in.
pub(super) fn table() -> &'static Table {
    TABLE.get_or_init(built_in)
}

#[cfg(feature = "phone-table")]
fn built_in() -> Table {
    Table::decode(BYTES).unwrap_or_default()
}

/// Without a table no number exists.
#[cfg(not(feature = "phone-table"))]
fn built_in() -> Table {
    Table::default()
}

/// What kind of line a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A mobile.
    Mobile,
    /// Either: in North America a number doesn't tell.
    FixedOrMobile,
    /// A landline, which rarely has WhatsApp.
    FixedLine,
    /// Toll-free, premium, shared cost, internet telephony, pager, voicemail…: hardly a person.
    Other,
}

/// The table, unpacked.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    codes: Vec<CallingCode>,
    regions: Vec<Region>,
    verdicts: Vec<Verdict>,
}

/// What follows a digit, by digit; then the verdict on the digits so far, 0 if they are no number. The rest makes the
/// row's size a power of two.
type Row = [u16; 16];

const VERDICT: usize = 10;

/// A place in the automaton.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Node(u16);

impl Node {
    /// From which nothing leads to a number.
    const DEAD: Self = Self(0);
    /// Before the first digit of a number.
    const NUMBERS: Self = Self(1);
    /// Before the two digits of a prefix rule.
    const PREFIXES: Self = Self(2);
}

/// A calling code.
pub(super) struct CallingCode {
    pub(super) value: u16,
    /// The fewest and the most digits after it. 15 stands for more, too.
    pub(super) shortest: u8,
    pub(super) longest: u8,
    /// Where its regions begin in the table, the main one first.
    first_region: usize,
    pub(super) n_regions: usize,
}

impl CallingCode {
    /// Its ASCII digits at the start.
    pub(super) fn digits(&self) -> [u8; 3] {
        let mut digits = [b'0'; 3];
        let mut rest = self.value;
        for place in digits.iter_mut().take(usize::from(self.n_digits())).rev() {
            // Less than 10, so nothing is cut off.
            *place = b'0' + (rest % 10).to_le_bytes()[0];
            rest /= 10;
        }
        digits
    }

    /// How many digits it has.
    pub(super) fn n_digits(&self) -> u8 {
        match self.value {
            ..10 => 1,
            10..100 => 2,
            _ => 3,
        }
    }
}

/// A country or territory, or `00` for a calling code of none.
#[derive(Clone, Copy)]
pub(super) struct Region {
    pub(super) letters: [u8; 2],
    pub(super) prefixes: PrefixRules,
}

/// What may be dialled in a region, for [`Table::prefix_length`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct PrefixRules {
    /// Before one of its own numbers: trunk prefix, carrier.
    pub(super) within: u8,
    /// Before a country code; 00 is left out.
    pub(super) abroad: u8,
}

/// What a valid number is.
#[derive(Clone, Copy)]
pub(super) struct Verdict {
    pub(super) kind: LineKind,
    /// The region that the library names, counted within the calling code.
    pub(super) region: u8,
    /// All regions that have the number, by bit.
    regions: u32,
}

impl Verdict {
    /// Whether the `index`-th region of the calling code has the number.
    pub(super) fn is_of(self, index: u8) -> bool {
        self.regions.checked_shr(u32::from(index)).is_some_and(|regions| regions & 1 == 1)
    }
}

/// A valid number.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) number: E164,
    pub(super) verdict: Verdict,
}

impl Table {
    /// The number with these ASCII digits, country code first, if there is one.
    pub(super) fn number(&self, digits: &[u8]) -> Option<Found> {
        self.number_of([digits, &[]])
    }

    /// The number with the digits of all parts.
    pub(super) fn number_of<const N: usize>(&self, parts: [&[u8]; N]) -> Option<Found> {
        let mut node = Node::NUMBERS;
        let mut value = 0_u64;
        for part in parts {
            for &byte in part {
                let digit = byte.wrapping_sub(b'0');
                node = self.next(node, digit)?;
                // A number has 15 digits at most, and the automaton ends there.
                value = value * 10 + u64::from(digit);
            }
        }
        let verdict = *self.verdicts.get(self.leaf(node)?)?;
        Some(Found { number: E164::from_value(value)?, verdict })
    }

    /// The calling code that the digits begin with.
    pub(super) fn code(&self, digits: &[u8]) -> Option<&CallingCode> {
        let mut value = 0;
        for byte in digits.iter().take(3) {
            value = value * 10 + u16::from(byte.wrapping_sub(b'0'));
            // No code begins with 0, and the codes are free of prefixes: the first that fits is the one.
            if value == 0 {
                return None;
            }
            if let Ok(place) = self.codes.binary_search_by_key(&value, |code| code.value) {
                return self.codes.get(place);
            }
        }
        None
    }

    /// The region with these two letters, its calling code and its index within that.
    pub(super) fn region(&self, letters: [u8; 2]) -> Option<(&CallingCode, u8)> {
        self.codes.iter().find_map(|code| {
            let index = self.regions_of(code).iter().position(|region| region.letters == letters)?;
            Some((code, u8::try_from(index).ok()?))
        })
    }

    /// The regions with a calling code, the main one first.
    pub(super) fn regions_of(&self, code: &CallingCode) -> &[Region] {
        self.regions.get(code.first_region..).and_then(|it| it.get(..code.n_regions)).unwrap_or_default()
    }

    /// How many digits at the start are a prefix by a region's rule: as many as can be, 0 if it has no such prefix.
    pub(super) fn prefix_length(&self, rule: u8, digits: &[u8]) -> usize {
        let start = self.next(Node::PREFIXES, rule / 10).and_then(|tens| self.next(tens, rule % 10));
        let Some(mut node) = start else { return 0 };
        let mut longest = 0;
        for (place, byte) in (1..).zip(digits) {
            let Some(next) = self.next(node, byte.wrapping_sub(b'0')) else { break };
            node = next;
            // The leaf says how many digits must follow.
            if self.leaf(node).is_some_and(|rest| place + rest <= digits.len()) {
                longest = place;
            }
        }
        longest
    }

    fn next(&self, node: Node, digit: u8) -> Option<Node> {
        if 9 < digit {
            return None;
        }
        let next = Node(*self.rows.get(usize::from(node.0))?.get(usize::from(digit))?);
        (next != Node::DEAD).then_some(next)
    }

    /// The leaf's number, from 0 on.
    fn leaf(&self, node: Node) -> Option<usize> {
        usize::from(*self.rows.get(usize::from(node.0))?.get(VERDICT)?).checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, Region as LibraryRegion};

    use super::*;

    /// The public interface shows only the first region; the others decide what is a number of the default country.
    #[test]
    fn numbers_belong_to_the_same_regions_as_in_the_library() {
        let mut n_of_several = 0;
        for code in table().codes.iter().filter(|code| 1 < code.n_regions) {
            let regions = table()
                .regions_of(code)
                .iter()
                .map(|region| LibraryRegion::from_code(str::from_utf8(&region.letters).unwrap()).unwrap());
            let regions: Vec<LibraryRegion> = regions.collect();
            // All beginnings, each with endings of some digits.
            for beginning in 0..10_000 {
                for ending in ["", "1", "23", "345", "2345", "234567"] {
                    let digits = format!("{}{beginning:04}{ending}", code.value);
                    let Some(found) = table().number(digits.as_bytes()) else { continue };
                    let national = &digits[usize::from(code.n_digits())..];
                    let number = PhoneNumber {
                        country_code: i32::from(code.value),
                        national_number: national.parse().unwrap(),
                        italian_leading_zero: Some(national.starts_with('0')),
                        number_of_leading_zeros: Some(
                            i32::try_from(national.bytes().take_while(|&it| it == b'0').count()).unwrap(),
                        ),
                        ..PhoneNumber::default()
                    };
                    let mut n_regions = 0;
                    for (index, &region) in (0..).zip(&regions) {
                        let is_of = PHONE_NUMBER_UTIL.is_valid_number_for_region(&number, region);
                        assert_eq!(found.verdict.is_of(index), is_of, "+{digits} in {region}");
                        n_regions += u32::from(is_of);
                    }
                    assert!(0 < n_regions, "+{digits}");
                    n_of_several += u32::from(1 < n_regions);
                }
            }
        }
        assert!(100 < n_of_several, "{n_of_several}");
    }
}
