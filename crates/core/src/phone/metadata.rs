//! What libphonenumber's metadata says of a number.

use rlibphonenumber::{PhoneNumber, Region, ValidationError, get_national_significant_number_owned};

use crate::phone::{Country, E164, library::LIBRARY};

const MEXICO: &str = "52";
const ARGENTINA: &str = "54";

/// Why digits are no international number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooShort,
    TooLong,
    NoSuchCountry,
    NotInCountry { calling_code: u16 },
}

/// How many digits the country code at the start takes. The codes are free of prefixes, so the first two digits
/// decide (ITU-T E.164, list of country codes).
pub(super) fn calling_code_length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

/// Reads digits that begin with a country code.
pub(super) fn international(digits: &str) -> Result<E164, Refused> {
    if digits.len() < E164::MIN_DIGITS {
        return Err(Refused::TooShort);
    }
    if E164::MAX_DIGITS + 2 < digits.len() {
        return Err(Refused::TooLong);
    }
    // Mexico dropped the 1 between 52 and mobile numbers in 2019; WhatsApp takes the number without it.
    if let Some(national) = digits.strip_prefix("521").filter(|national| national.len() == 10) {
        return as_written(&["52", national].concat());
    }
    as_written(digits).or_else(|refused| {
        let (code, national) = digits.split_at_checked(calling_code_length(digits)).ok_or(refused)?;
        match code {
            // Brazil's mobiles have had a ninth digit, a leading 9, since 2016; lists still have them without.
            "55" if national.len() == 10 => {
                let (area, subscriber) = national.split_at_checked(2).ok_or(refused)?;
                as_written(&["55", area, "9", subscriber].concat()).map_err(|_| refused)
            }
            // Argentina's 15 after the area code, which becomes a 9 before it: only the library knows where areas end.
            // Its own reading is an order of magnitude slower, so it is asked for nothing else.
            ARGENTINA => parsed(&["+", digits].concat(), None).ok_or(refused),
            // A trunk prefix after the country code, +44 (0)20.
            _ => match national.strip_prefix('0') {
                Some(national) => as_written(&[code, national].concat()).map_err(|_| refused),
                None => Err(refused),
            },
        }
    })
}

/// The same digits as a number of `country`, without any prefix; `None` if it has no such number.
pub(super) fn same_digits_in(country: Country, digits: &str) -> Option<E164> {
    let number = phone_number(country.calling_code(), digits)?;
    // The length alone settles nearly all of them without a pattern.
    let is_valid =
        LIBRARY.is_possible_number(&number) && LIBRARY.is_valid_number_for_region(&number, country.region());
    is_valid.then(|| E164::from_digits(&format!("{}{digits}", country.calling_code()))).flatten()
}

/// Digits as they are dialled within `country`, trunk prefix or not.
pub(super) fn national(country: Country, digits: &str) -> Option<E164> {
    let calling_code = country.calling_code().to_string();
    let with_code = |national: &str| international(&[&calling_code, national].concat()).ok();
    if calling_code == MEXICO {
        // Prefixes that were dialled until 2019; the metadata has forgotten them, lists have not.
        let without = ["044", "045", "01", "0"].iter().filter_map(|prefix| digits.strip_prefix(prefix));
        if let Some(national) = without.into_iter().find(|national| national.len() == 10) {
            return with_code(national);
        }
    }
    with_code(digits).or_else(|| {
        // Only a prefix can still make it a number: a trunk prefix, or the way to dial abroad from here.
        let national = digits.strip_prefix('0')?;
        with_code(national).or_else(|| parsed(digits, country))
    })
}

fn as_written(digits: &str) -> Result<E164, Refused> {
    if digits.starts_with('0') {
        return Err(Refused::NoSuchCountry);
    }
    let (code, national) =
        digits.split_at_checked(calling_code_length(digits)).ok_or(Refused::NoSuchCountry)?;
    let calling_code = code.parse().map_err(|_| Refused::NoSuchCountry)?;
    let number = phone_number(calling_code, national).ok_or(Refused::TooLong)?;
    if !is_valid(&number, national) {
        return Err(match LIBRARY.is_possible_number_with_reason(&number) {
            Err(ValidationError::InvalidCountryCode) => Refused::NoSuchCountry,
            Err(ValidationError::TooShort) => Refused::TooShort,
            Err(ValidationError::TooLong) => Refused::TooLong,
            Ok(_) | Err(_) => Refused::NotInCountry { calling_code },
        });
    }
    // A few islands have numbers too short for V13.
    E164::from_digits(digits).ok_or(Refused::TooShort)
}

/// What `is_valid_number` says. Two dozen countries share +1 and the library tries them in turn; the area codes of the
/// most frequent ones tell at once.
fn is_valid(number: &PhoneNumber, national: &str) -> bool {
    if number.country_code == 1 {
        if national.len() != 10 {
            return false;
        }
        let likely = match national.get(..3) {
            Some("809" | "829" | "849") => Region::DO,
            Some("787" | "939") => Region::PR,
            _ => Region::US,
        };
        if LIBRARY.is_valid_number_for_region(number, likely) {
            return true;
        }
    }
    LIBRARY.is_valid_number(number)
}

fn parsed(text: &str, default: impl Into<Option<Country>>) -> Option<E164> {
    let number = LIBRARY.parse(text, default.into().map(Country::region)).ok()?;
    if !LIBRARY.is_valid_number(&number) {
        return None;
    }
    let national = get_national_significant_number_owned(&number);
    E164::from_digits(&format!("{}{national}", number.country_code))
}

/// The library's number from its parts, which spares the patterns that its parser runs.
fn phone_number(calling_code: u16, national: &str) -> Option<PhoneNumber> {
    let mut number = PhoneNumber {
        country_code: i32::from(calling_code),
        national_number: national.parse().ok()?,
        ..PhoneNumber::default()
    };
    // The library's convention: leading zeros are counted apart, the last digit never among them.
    let zeros = national.bytes().take_while(|&digit| digit == b'0').count().min(national.len() - 1);
    if 0 < zeros {
        number.italian_leading_zero = Some(true);
        if 1 < zeros {
            number.number_of_leading_zeros = i32::try_from(zeros).ok();
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn country_codes_are_split_as_the_metadata_has_them() {
        for code in LIBRARY.get_supported_calling_codes() {
            let text = code.to_string();
            assert_eq!(calling_code_length(&format!("{text}123456789")), text.len(), "+{code}");
        }
    }

    proptest! {
        /// Reading the parts must decide as reading the whole does.
        #[test]
        fn the_quick_reading_agrees_with_the_librarys(
            code in prop::sample::select(vec!["1", "7", "34", "39", "44", "49", "51", "52", "53", "54", "55", "56",
                "57", "58", "502", "503", "504", "505", "506", "507", "591", "593", "595", "598", "800", "299"]),
            national in "[0-9]{5,12}",
        ) {
            let digits = format!("{code}{national}");
            if let Ok(number) = as_written(&digits) {
                prop_assert_eq!(parsed(&format!("+{digits}"), None), Some(number));
            } else if code == "1" {
                prop_assert_eq!(parsed(&format!("+{digits}"), None), None);
            }
        }
    }
}
