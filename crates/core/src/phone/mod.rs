//! Phone numbers: what a cell says → [`Phone`], or why not.
//!
//! Meta adds the business's own country code to a number without one, and reaches a stranger; so a number is accepted
//! only in its international form, and one that lacks the country code is refused with the corrected number at hand.
//! Whether a number exists is decided by Google's libphonenumber metadata, in the form of a table (`table.rs`). This
//! module knows nothing of files or templates.

mod country;
mod e164;
mod problem;
mod rules;
mod table;
mod written;

pub use country::Country;
pub use e164::{Digits, E164, E164Error};
pub use problem::PhoneProblem;
pub use table::{LineKind, TableError, install};

use rules::Refused;
use table::{Found, table};
use written::{Prefix, Written};

/// A number that can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The number.
    pub number: E164,
    /// How it differs from what is written; `None` for plain digits, with or without a leading `+`.
    pub rewritten: Option<Rewriting>,
    /// What kind of line it is, as far as a number tells.
    pub kind: LineKind,
}

/// What was changed in what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewriting {
    /// Blanks, separators, quotes, `00` and the like are gone; the digits are the same.
    Format,
    /// Mexico's old 1 after 52 is gone.
    MexicoOne,
    /// Brazil's ninth digit was added.
    BrazilNinth,
    /// Argentina's 15 after the area code became a 9 before it.
    ArgentinaFifteen,
    /// A prefix for dialling within the country is gone that stood after the country code.
    TrunkPrefix,
}

impl Rewriting {
    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::MexicoOne => "mexico-one",
            Self::BrazilNinth => "brazil-ninth",
            Self::ArgentinaFifteen => "argentina-fifteen",
            Self::TrunkPrefix => "trunk-prefix",
        }
    }
}

/// Reads a cell's text as one phone number.
///
/// Digits are first read as international, with or without `+` or `00`, so `525512345678` needs nothing. Blanks, dashes,
/// dots, parentheses, a leading apostrophe and invisible characters are tolerated. `default` is the country in which a
/// number without country code would be dialled: it serves to suggest the right number and to notice digits that mean
/// one person here and another abroad.
pub fn read(text: &str, default: Option<&Country>) -> Result<Phone, PhoneProblem> {
    if let Some(phone) = quick(text.as_bytes(), default) { Ok(phone) } else { thorough(text, default) }
}

/// The ordinary cell, without looking for anything else in it: digits that are a number and can mean no other, perhaps
/// with `+` and grouped.
fn quick(text: &[u8], default: Option<&Country>) -> Option<Phone> {
    let (digits, has_plus) = match text.strip_prefix(b"+") {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let phone = |found: Found, rewritten| Phone { number: found.number, rewritten, kind: found.verdict.kind };
    let is_sure = |digits, found| {
        has_plus || default.is_none_or(|country| rules::number_here(country, digits, found).is_none())
    };
    if let Some(found) = table().number(digits) {
        return is_sure(digits, found).then(|| phone(found, None));
    }
    // Separators that part nothing but groups. A point can begin decimals, and a slash another number.
    let mut kept = [0; E164::MAX_DIGITS];
    let mut n_kept = 0;
    for &byte in digits {
        if byte.is_ascii_digit() {
            *kept.get_mut(n_kept)? = byte;
            n_kept += 1;
        } else if !matches!(byte, b' ' | b'-' | b'(' | b')') {
            return None;
        }
    }
    let digits = kept.get(..n_kept)?;
    let found = table().number(digits)?;
    is_sure(digits, found).then(|| phone(found, Some(Rewriting::Format)))
}

fn thorough(text: &str, default: Option<&Country>) -> Result<Phone, PhoneProblem> {
    let written = Written::scan(text)?;
    let digits = written.digits();
    // With + it can be no number of the default country that lacks its code.
    let country = default.filter(|_| written.prefix != Prefix::Plus);
    let (found, rewriting) = match rules::international(digits) {
        Ok(read) => read,
        Err(refused) => {
            return Err(match country.and_then(|country| rules::national(country, written.all_digits())) {
                Some(suggestion) => PhoneProblem::NoCountryCode { suggestion },
                None => refused_as(refused, digits.len()),
            });
        }
    };
    // Ten digits of Ciudad Juárez are also a number of Singapore: only the agent knows which one is meant.
    if let Some(national) =
        country.and_then(|country| rules::number_here(country, written.all_digits(), found))
    {
        return Err(PhoneProblem::Ambiguous { international: found.number, national });
    }
    let rewritten = rewriting.or((!written.is_plain).then_some(Rewriting::Format));
    Ok(Phone { number: found.number, rewritten, kind: found.verdict.kind })
}

/// A number that is equal for two numbers that reach the same person. For comparing only, never for sending.
///
/// WhatsApp's own ids differ from the number dialled in three countries: Mexico's old `1` after 52, Argentina's `9`
/// after 54, and Brazil's ninth digit.
pub fn comparable_key(number: &E164) -> u64 {
    const TEN_DIGITS: u64 = 10_000_000_000;
    const EIGHT_DIGITS: u64 = 100_000_000;
    let value = number.value();
    match value / TEN_DIGITS {
        521 => 52 * TEN_DIGITS + value % TEN_DIGITS,
        549 => 54 * TEN_DIGITS + value % TEN_DIGITS,
        // 13 digits: country and area code, then the last eight.
        550..=559 => value / (EIGHT_DIGITS * 10) * EIGHT_DIGITS + value % EIGHT_DIGITS,
        _ => value,
    }
}

/// Whether it is a number of the United States, where WhatsApp delivers no marketing templates. Its neighbours in the
/// same numbering plan, Canada, Puerto Rico and the Caribbean, are not.
pub fn is_us(number: &E164) -> bool {
    // 1 and ten digits.
    number.value() / 10_000_000_000 == 1
        && Country::of(number).is_some_and(|country| country.as_str() == "US")
}

/// Whether a text could be meant as a phone number: what tells a header from a first row, and a phone column from
/// another. Generous, since [`read`] explains what is wrong with it.
pub fn looks_like_number(text: &str) -> bool {
    match Written::scan(text) {
        Ok(written) => 7 <= written.digits().len(),
        Err(problem) => match problem {
            PhoneProblem::Scientific | PhoneProblem::SeveralNumbers | PhoneProblem::Extension => true,
            PhoneProblem::TooLong { digits } => digits <= 40,
            _ => false,
        },
    }
}

/// Whether a text is a number that a spreadsheet rounded: `5.25512E+11`, `5,25512E+11`.
pub(crate) fn is_scientific(text: &str) -> bool {
    written::is_scientific(text.trim())
}

fn refused_as(refused: Refused, length: usize) -> PhoneProblem {
    match refused {
        Refused::TooShort => PhoneProblem::TooShort { digits: length },
        Refused::TooLong => PhoneProblem::TooLong { digits: length },
        Refused::NoSuchCountry => PhoneProblem::NoSuchCountry,
        Refused::NotInCountry { calling_code } => PhoneProblem::NotInCountry { calling_code },
    }
}

#[cfg(test)]
mod tests;
