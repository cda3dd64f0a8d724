//! How numbers are dialled, country by country: what the table's judgement alone doesn't settle.

use crate::phone::{
    Country, E164, LineKind, Rewriting,
    table::{CallingCode, Found, table},
};

const MEXICO: u16 = 52;
const ARGENTINA: u16 = 54;
const BRAZIL: u16 = 55;

/// Why digits are no international number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooShort,
    TooLong,
    NoSuchCountry,
    NotInCountry { calling_code: u16 },
}

/// Reads digits that begin with a country code.
pub(super) fn international(digits: &[u8]) -> Result<(Found, Option<Rewriting>), Refused> {
    if digits.len() < E164::MIN_DIGITS {
        return Err(Refused::TooShort);
    }
    if let Some(found) = table().number(digits) {
        return Ok((found, None));
    }
    if E164::MAX_DIGITS + 2 < digits.len() {
        return Err(Refused::TooLong);
    }
    let code = table().code(digits).ok_or(Refused::NoSuchCountry)?;
    let (prefix, national) =
        digits.split_at_checked(usize::from(code.n_digits())).ok_or(Refused::TooShort)?;
    match repaired(code, prefix, national) {
        Some((found, rewriting)) => Ok((found, Some(rewriting))),
        None if E164::MAX_DIGITS < digits.len() => Err(Refused::TooLong),
        None => Err(refused(code, national)),
    }
}

/// Digits as they are dialled within `country`: to abroad, or with or without trunk prefix.
pub(super) fn national(country: &Country, digits: &[u8]) -> Option<E164> {
    let found = match table().prefix_length(country.prefixes.abroad, digits) {
        0 => dialled(country, digits),
        // A 0 that may be for dialling abroad is not dropped as a prefix left in by habit. Mexico's 09 for abroad is so old
        // that nobody means it: what begins so is refused.
        _ if country.calling_code() == MEXICO => None,
        length => {
            let abroad = digits.get(length..).and_then(|digits| international(digits).ok());
            abroad.map(|(found, _)| found).or_else(|| listed(country, digits))
        }
    };
    found.map(|found| found.number)
}

/// What the digits of an international number are within `country`, if that is another number.
pub(super) fn number_here(country: &Country, digits: &[u8], international: Found) -> Option<E164> {
    // Its own code comes first. But 55 is also an area of Brazil, and who has a list of premium numbers?
    if country.begins(digits) && international.verdict.kind != LineKind::Other {
        return None;
    }
    let found = listed(country, digits)
        .or_else(|| Some(renewed(country.calling_code(), country.code_digits(), digits)?.0))?;
    let is_another = found.number != international.number && found.verdict.is_of(country.index);
    is_another.then_some(found.number)
}

fn dialled(country: &Country, digits: &[u8]) -> Option<Found> {
    listed(country, digits).or_else(|| {
        // 00 is the way to dial abroad, and no prefix that was left in by habit.
        if digits.starts_with(b"00") {
            return None;
        }
        let code = country.code_digits();
        Some(repaired(table().code(code)?, code, digits)?.0)
    })
}

/// The number that the library reads within `country`, except for Argentina's with 15.
fn listed(country: &Country, digits: &[u8]) -> Option<Found> {
    let code = country.code_digits();
    // What can be a prefix is one, if a number remains.
    match table().prefix_length(country.prefixes.within, digits) {
        0 => None,
        length => digits.get(length..).and_then(|rest| table().number_of([code, rest])),
    }
    .or_else(|| table().number_of([code, digits]))
}

/// What remains of digits after a country code once a prefix is dropped that is only dialled within the country, or once
/// an old number has got its new form.
fn repaired(code: &CallingCode, prefix: &[u8], national: &[u8]) -> Option<(Found, Rewriting)> {
    let number = |national: &[u8], rewriting| Some((table().number_of([prefix, national])?, rewriting));
    if code.value == MEXICO {
        // Mexico dropped the 1 between 52 and mobile numbers in 2019, and the prefixes for dialling within the country;
        // WhatsApp takes the number without. The metadata has forgotten them, lists have not.
        return [&b"1"[..], b"044", b"045", b"01", b"0"].iter().find_map(|old| {
            let rest = national.strip_prefix(*old).filter(|rest| rest.len() == 10)?;
            number(rest, if *old == b"1" { Rewriting::MexicoOne } else { Rewriting::TrunkPrefix })
        });
    }
    // +44 (0)20
    let Some(without_zero) = national.strip_prefix(b"0") else {
        return renewed(code.value, prefix, national);
    };
    let rule = table().regions_of(code).first()?.prefixes.within;
    let rest = national.get(table().prefix_length(rule, national)..)?;
    number(rest, Rewriting::TrunkPrefix)
        .or_else(|| number(without_zero, Rewriting::TrunkPrefix))
        .or_else(|| renewed(code.value, prefix, without_zero))
}

/// The new form of an old number, or of one as it is dialled within the country.
fn renewed(calling_code: u16, prefix: &[u8], national: &[u8]) -> Option<(Found, Rewriting)> {
    match calling_code {
        ARGENTINA => without_fifteen(prefix, national),
        BRAZIL => with_ninth(prefix, national),
        _ => None,
    }
}

/// Brazil's mobiles have had a ninth digit, a leading 9, since 2016; lists still have them without.
fn with_ninth(code: &[u8], national: &[u8]) -> Option<(Found, Rewriting)> {
    let (area, subscriber) = national.split_at_checked(2).filter(|(_, subscriber)| subscriber.len() == 8)?;
    Some((table().number_of([code, area, b"9", subscriber])?, Rewriting::BrazilNinth))
}

/// Argentina's mobiles are dialled with a 15 after the area code within the country, and with a 9 before it from abroad.
/// Areas have two to four digits, and with them the number has ten.
fn without_fifteen(code: &[u8], national: &[u8]) -> Option<(Found, Rewriting)> {
    if national.len() != 12 {
        return None;
    }
    (2..=4).find_map(|area_length| {
        let (area, rest) = national.split_at_checked(area_length)?;
        let subscriber = rest.strip_prefix(b"15")?;
        Some((table().number_of([code, b"9", area, subscriber])?, Rewriting::ArgentinaFifteen))
    })
}

fn refused(code: &CallingCode, national: &[u8]) -> Refused {
    if national.len() < usize::from(code.shortest) {
        Refused::TooShort
    } else if usize::from(code.longest) < national.len() {
        Refused::TooLong
    } else {
        Refused::NotInCountry { calling_code: code.value }
    }
}
