//! Numbers as they are dialled within a country, and those with what is left over of that: never another number than the
//! library reads.

use cxconnect_core::phone::{self, Country, LineKind, PhoneProblem};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use crate::{
    automaton::DIGITS,
    draw::{Draw, LATIN_AMERICA, how_many},
    library,
    metadata::{self, RegionRules},
};

/// What became of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Both read the same number.
    Same,
    /// It is refused though the library reads a number.
    Refused,
    /// The library reads nothing, or what is no number to send to; or the text is international.
    Incomparable,
}

/// Reads a text within a country as we do and as the library does. Panics if both read a number, but not the same.
fn compare(text: &str, country: &Country, region: Region) -> Outcome {
    let Some(theirs) = library::read(text, Some(region)) else { return Outcome::Incomparable };
    let expected = library::e164(&theirs);
    if !DIGITS.contains(&(expected.len() - 1)) {
        return Outcome::Incomparable;
    }
    let ours = phone::read(text, Some(country));
    let national = match &ours {
        Err(
            PhoneProblem::NoCountryCode { suggestion: national } | PhoneProblem::Ambiguous { national, .. },
        ) => national,
        Err(_) => return Outcome::Refused,
        // Digits are first read as international, which the library does not do. If they can be a number of the country,
        // too, they are ambiguous, unless they begin with its own code and may be a person's.
        Ok(phone) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let begins =
                digits.starts_with(&country.calling_code().to_string()) && phone.kind != LineKind::Other;
            // Wherever one dials 00 and a carrier's code, 00 alone is what people write.
            let is_abroad = text
                .strip_prefix("00")
                .is_some_and(|rest| library::read(&format!("+{rest}"), None).is_some());
            if begins || is_abroad || !PHONE_NUMBER_UTIL.is_valid_number_for_region(&theirs, region) {
                return Outcome::Incomparable;
            }
            &phone.number
        }
    };
    assert_eq!(national.to_string(), expected, "{text} in {country}: {ours:?}");
    Outcome::Same
}

/// The ways to write a national number.
fn forms(code: u16, rules: &RegionRules, national: &str) -> Vec<String> {
    let number = library::number(code, national);
    let formatted = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National).into_owned();
    let mut forms = vec![national.to_owned(), formatted];
    let prefixes: &[&str] = match &rules.id {
        // With carriers' codes.
        b"BR" => &["0", "015", "021", "031", "041", "90", "9021"],
        b"CO" => &["0", "03", "05", "07", "09", "0414", "0444", "0456"],
        b"BO" => &["0", "010", "011", "019"],
        b"CR" => &["1900", "1966", "1999"],
        _ => &[&rules.national_prefix_digits],
    };
    forms.extend(prefixes.iter().map(|prefix| format!("{prefix}{national}")));
    forms
}

#[test]
fn what_is_dialled_within_a_country_is_never_read_as_another_number() {
    let mut n_same = 0;
    for code in metadata::read() {
        for rules in &code.regions {
            let id = str::from_utf8(&rules.id).unwrap();
            let Some(country) = Country::parse(id) else { continue };
            let region = Region::from_code(id).unwrap();
            let is_latin_american = LATIN_AMERICA.contains(&id);
            let mut draw = Draw::new(code.value, rules);
            let mut n_refused = 0;
            for _ in 0..how_many(id, 300, 10) {
                let national = draw.valid();
                for text in forms(code.value, rules, &national) {
                    match compare(&text, &country, region) {
                        Outcome::Same => n_same += 1,
                        Outcome::Refused => n_refused += 1,
                        Outcome::Incomparable => (),
                    }
                }
                // Anything at all before anything at all, such as carriers' codes and ways to dial abroad.
                let national = draw.any();
                let digits = draw.digits(3);
                for prefix in ["0", "1", "8", "06", &digits, &format!("0{digits}"), &format!("8{digits}")] {
                    compare(&format!("{prefix}{national}"), &country, region);
                }
            }
            if is_latin_american {
                assert_eq!(n_refused, 0, "{id}");
            }
        }
    }
    assert!(50_000 < n_same, "{n_same}");
}

/// A trunk prefix after the country code, Argentina's 15, Brazil's missing digit.
#[test]
fn what_is_left_over_after_a_country_code_is_never_read_as_another_number() {
    let mut n_same = 0;
    for code in metadata::read() {
        for rules in &code.regions {
            let id = str::from_utf8(&rules.id).unwrap();
            let mut draw = Draw::new(code.value, rules);
            for _ in 0..how_many(id, 300, 10) {
                let (national, other, digits) = (draw.valid(), draw.any(), draw.digits(3));
                let formatted = PHONE_NUMBER_UTIL
                    .format(&library::number(code.value, &national), PhoneNumberFormat::National)
                    .into_owned();
                let formatted: String = formatted.chars().filter(char::is_ascii_digit).collect();
                for rest in [
                    format!("0{national}"),
                    format!("0{other}"),
                    formatted,
                    format!("0{digits}{national}"),
                    format!("{digits}{other}"),
                ] {
                    let text = format!("+{}{rest}", code.value);
                    let ours = phone::read(&text, None).ok().filter(|it| it.rewritten.is_some());
                    let theirs = library::read(&text, None);
                    if let Some((ours, theirs)) = ours.zip(theirs) {
                        assert_eq!(ours.number.to_string(), library::e164(&theirs), "{text}");
                        n_same += 1;
                    }
                }
            }
        }
    }
    assert!(10_000 < n_same, "{n_same}");
}

/// The library could find a prefix at the start of a number that is valid with it. Where it does, it reads nothing.
#[test]
fn a_valid_number_is_read_as_it_is() {
    let mut n_same = 0;
    for code in metadata::read() {
        for rules in &code.regions {
            let id = str::from_utf8(&rules.id).unwrap();
            let mut draw = Draw::new(code.value, rules);
            for _ in 0..how_many(id, 300, 10) {
                let text = format!("+{}{}", code.value, draw.valid());
                if let Ok(ours) = phone::read(&text, None)
                    && let Some(theirs) = library::read(&text, None)
                {
                    assert_eq!((ours.number.to_string(), library::e164(&theirs)), (text.clone(), text));
                    n_same += 1;
                }
            }
        }
    }
    assert!(10_000 < n_same, "{n_same}");
}
