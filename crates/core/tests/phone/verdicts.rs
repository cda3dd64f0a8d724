//! Whether a number exists, what kind it is and whose.

use cxconnect_core::phone::{self, Country, LineKind, PhoneProblem};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberType, Region, ValidationError};

use crate::{
    automaton::DIGITS,
    draw::{Draw, LATIN_AMERICA, how_many},
    library, metadata,
};

/// What the comparing saw, so that a test can tell that it saw enough of both.
#[derive(Default)]
struct Seen {
    n_valid: usize,
    n_invalid: usize,
}

impl Seen {
    /// Judges a number by the table and by the library.
    fn compare(&mut self, calling_code: u16, national: &str) {
        let digits = format!("{calling_code}{national}");
        let number = library::number(calling_code, national);
        let text = format!("+{digits}");
        let ours = phone::read(&text, None);
        // What has another number of digits is no number to send to, whatever the library says.
        let is_valid = DIGITS.contains(&digits.len()) && PHONE_NUMBER_UTIL.is_valid_number(&number);
        let as_written = ours.as_ref().ok().filter(|it| it.rewritten.is_none());
        assert_eq!(as_written.is_some(), is_valid, "{text}: {ours:?}");
        if let Some(phone) = as_written {
            assert_eq!(phone.number.to_string(), text);
            let kind = PHONE_NUMBER_UTIL.get_number_type(&number);
            assert_eq!(Some(phone.kind), line_kind(kind), "{text} is {kind:?}");
            let region = PHONE_NUMBER_UTIL.get_region_for_number(&number);
            let country = Country::of(&phone.number);
            // Satellites and the like are no country's.
            let expected = region.filter(|&region| region != Region::World).map(|region| region.to_string());
            assert_eq!(country.as_ref().map(Country::as_str), expected.as_deref(), "{text}");
            assert_eq!(phone::is_us(&phone.number), region == Some(Region::US), "{text}");
            self.n_valid += 1;
        } else {
            self.n_invalid += 1;
            if let Err(problem) = ours {
                compare_reasons(&problem, &number, &digits);
            }
        }
    }

    fn has_enough(&self, of_each: usize) {
        assert!(of_each <= self.n_valid, "only {} valid ones", self.n_valid);
        assert!(of_each <= self.n_invalid, "only {} invalid ones", self.n_invalid);
    }
}

fn line_kind(kind: PhoneNumberType) -> Option<LineKind> {
    match kind {
        PhoneNumberType::Mobile => Some(LineKind::Mobile),
        PhoneNumberType::FixedLineOrMobile => Some(LineKind::FixedOrMobile),
        PhoneNumberType::FixedLine => Some(LineKind::FixedLine),
        PhoneNumberType::Unknown => None,
        _ => Some(LineKind::Other),
    }
}

fn compare_reasons(ours: &PhoneProblem, number: &PhoneNumber, digits: &str) {
    let n_digits = digits.len();
    let too_short = PhoneProblem::TooShort { digits: n_digits };
    let too_long = PhoneProblem::TooLong { digits: n_digits };
    let calling_code = u16::try_from(number.country_code).unwrap();
    let expected: &[PhoneProblem] = match PHONE_NUMBER_UTIL.is_possible_number_with_reason(number) {
        _ if n_digits < *DIGITS.start() => &[too_short],
        Err(ValidationError::TooShort) => &[too_short],
        Err(ValidationError::TooLong) => &[too_long],
        Err(ValidationError::InvalidCountryCode) => &[PhoneProblem::NoSuchCountry],
        _ if *DIGITS.end() < n_digits => &[too_long],
        // A length of numbers without area code: too short, where all others are longer.
        _ => &[PhoneProblem::NotInCountry { calling_code }, too_short],
    };
    assert!(expected.contains(ours), "+{digits}: {ours:?} instead of {expected:?}");
}

#[test]
fn example_numbers_and_their_neighbours_are_judged_alike() {
    let mut seen = Seen::default();
    let mut n_examples = 0;
    for region in library::regions() {
        for kind in library::TYPES {
            if let Ok(example) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind) {
                n_examples += 1;
                neighbours(&mut seen, &example);
            }
        }
    }
    for code in PHONE_NUMBER_UTIL.get_supported_global_network_calling_codes() {
        if let Ok(example) = PHONE_NUMBER_UTIL.get_example_number_for_non_geo_entity(code) {
            n_examples += 1;
            neighbours(&mut seen, &example);
        }
    }
    assert!(800 < n_examples, "{n_examples}");
    seen.has_enough(40_000);
}

/// A number, and all that come of it by changing, adding or taking away one digit.
fn neighbours(seen: &mut Seen, example: &PhoneNumber) {
    let code = u16::try_from(example.country_code).unwrap();
    let text = library::e164(example);
    let national = &text[1 + code.to_string().len()..];
    seen.compare(code, national);
    for place in 0..national.len() {
        let (before, after) = national.split_at(place);
        let rest = &after[1..];
        if 1 < national.len() {
            seen.compare(code, &format!("{before}{rest}"));
        }
        for digit in '0'..='9' {
            seen.compare(code, &format!("{before}{digit}{rest}"));
            seen.compare(code, &format!("{before}{digit}{after}"));
        }
    }
    for digit in '0'..='9' {
        seen.compare(code, &format!("{national}{digit}"));
    }
}

#[test]
fn drawn_numbers_of_every_country_are_judged_alike() {
    let mut all = Seen::default();
    for code in metadata::read() {
        for region in &code.regions {
            let id = str::from_utf8(&region.id).unwrap();
            let n_numbers = how_many(id, 4_000, 1);
            let mut draw = Draw::new(code.value, region);
            let mut seen = Seen::default();
            for _ in 0..n_numbers {
                let national = draw.any();
                seen.compare(code.value, &national);
            }
            // A few islands have numbers too short for V13, and no others.
            if LATIN_AMERICA.contains(&id) {
                seen.has_enough(n_numbers / 4);
            }
            all.n_valid += seen.n_valid;
            all.n_invalid += seen.n_invalid;
        }
    }
    all.has_enough(100_000);
    println!("{} valid, {} invalid", all.n_valid, all.n_invalid);
}

#[test]
fn what_begins_with_no_countrys_code_is_no_number() {
    let codes: Vec<u16> = metadata::read().iter().map(|code| code.value).collect();
    // 00 is the way to dial abroad.
    for prefix in 10..1000 {
        let digits = format!("{prefix:03}12345678");
        if !codes.iter().any(|code| digits.starts_with(&code.to_string())) {
            let problem = phone::read(&format!("+{digits}"), None).unwrap_err();
            assert_eq!(problem, PhoneProblem::NoSuchCountry, "{digits}");
        }
    }
}
