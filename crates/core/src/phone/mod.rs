//! Phone numbers: what a cell says → [`E164`], or why not.
//!
//! Meta adds the business's own country code to a number without one, and reaches a stranger; so a number is accepted
//! only in its international form, and one that lacks the country code is refused with the corrected number at hand.
//! Whether a number exists is decided by Google's libphonenumber metadata (`rlibphonenumber`). This module knows
//! nothing of files or templates.

mod country;
mod e164;
mod library;
mod metadata;
mod problem;
mod written;

pub use country::Country;
pub use e164::{E164, E164Error};
pub use problem::PhoneProblem;

use metadata::Refused;
use written::{Prefix, Written};

/// Reads a cell's text as one phone number.
///
/// Digits are first read as international, with or without `+` or `00`, so `525512345678` needs nothing. Blanks, dashes,
/// dots, parentheses, a leading apostrophe and invisible characters are tolerated. `default` is the country in which a
/// number without country code would be dialled: it serves to suggest the right number and to notice digits that mean
/// one person here and another abroad.
pub fn read(text: &str, default: Option<&Country>) -> Result<E164, PhoneProblem> {
    let written = Written::scan(text)?;
    let digits = written.digits();
    if written.prefix == Prefix::International {
        return metadata::international(digits).map_err(|refused| refused_as(refused, digits));
    }
    let international = metadata::international(digits);
    let Some(&country) = default else {
        return international.map_err(|refused| refused_as(refused, digits));
    };
    match international {
        Ok(number) if country.owns(&number) => Ok(number),
        // Ten digits of Ciudad Juárez are also a number of Singapore: only the agent knows which one is meant.
        Ok(international) => match metadata::same_digits_in(country, digits) {
            Some(national) => Err(PhoneProblem::Ambiguous { international, national }),
            None => Ok(international),
        },
        Err(refused) => Err(match metadata::national(country, digits) {
            Some(suggestion) => PhoneProblem::NoCountryCode { suggestion },
            None => refused_as(refused, digits),
        }),
    }
}

/// A text that is equal for two numbers that reach the same person. For comparing only, never for sending.
///
/// WhatsApp's own ids differ from the number dialled in three countries: Mexico's old `1` after 52, Argentina's `9`
/// after 54, and Brazil's ninth digit.
pub fn comparable(number: &E164) -> String {
    comparable_key(number).to_string()
}

/// [`comparable`] without an allocation: the digits as a number.
pub(crate) fn comparable_key(number: &E164) -> u64 {
    let digits = number.digits();
    let value = |digits: &str| digits.parse().unwrap_or_default();
    if let Some(national) = digits.strip_prefix("521").filter(|national| national.len() == 10) {
        return 52 * 10_u64.pow(10) + value(national);
    }
    if let Some(national) = digits.strip_prefix("549").filter(|national| national.len() == 10) {
        return 54 * 10_u64.pow(10) + value(national);
    }
    if digits.starts_with("55") && digits.len() == 13 {
        // Area code, then the last eight digits.
        return value(&digits[..4]) * 10_u64.pow(8) + value(&digits[5..]);
    }
    value(digits)
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

fn refused_as(refused: Refused, digits: &str) -> PhoneProblem {
    let length = digits.len();
    match refused {
        Refused::TooShort => PhoneProblem::TooShort { digits: length },
        Refused::TooLong => PhoneProblem::TooLong { digits: length },
        Refused::NoSuchCountry => PhoneProblem::NoSuchCountry,
        Refused::NotInCountry { calling_code } => PhoneProblem::NotInCountry { calling_code },
    }
}

#[cfg(test)]
mod tests;
