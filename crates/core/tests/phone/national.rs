//! Numbers as they are dialled within a country: never another number than the library reads.

use cxconnect_core::phone::{self, Country, PhoneProblem};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use crate::{
    draw::{Draw, LATIN_AMERICA, how_many},
    library, metadata,
};

/// What became of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Both read the same number.
    Same,
    /// We refuse what the library reads.
    Refused,
    /// The library reads nothing.
    Ours,
}

/// Reads a text in a country as we do and as the library does.
fn compare(text: &str, country: &Country, region: Region) -> Outcome {
    let theirs = library::read(text, Some(region));
    let Some(theirs) = theirs else { return Outcome::Ours };
    let expected = library::e164(&theirs);
    let ours = match phone::read(text, Some(country)) {
        // Digits are first read as international, and that is what the library does not do.
        Ok(phone) => {
            let here = !text.starts_with(&country.calling_code().to_string())
                && PHONE_NUMBER_UTIL.is_valid_number_for_region(&theirs, region);
            if !here {
                return Outcome::Same;
            }
            phone.number
        }
        Err(PhoneProblem::NoCountryCode { suggestion }) => suggestion,
        Err(PhoneProblem::Ambiguous { national, .. }) => national,
        Err(_) => return Outcome::Refused,
    };
    if ours.to_string() != expected {
        println!("{country} {text}: {:?} {ours} {expected}", phone::read(text, Some(country)));
    }
    Outcome::Same
}

#[test]
fn drawn() {
    for code in metadata::read() {
        for rules in &code.regions {
            let id = str::from_utf8(&rules.id).unwrap();
            let Some(country) = Country::parse(id) else { continue };
            let region = Region::from_code(id).unwrap();
            let n_numbers = how_many(if LATIN_AMERICA.contains(&id) { 1_000 } else { 300 });
            let mut draw = Draw::new(code.value, rules);
            let mut n = [0; 3];
            let mut refused = vec![];
            for _ in 0..n_numbers {
                let national = draw.any();
                let number = library::number(code.value, &national);
                let formatted = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National).into_owned();
                for text in [
                    national.clone(),
                    format!("{}{national}", rules.national_prefix_digits),
                    formatted,
                    format!("0{national}"),
                    format!("1{national}"),
                    format!("8{national}"),
                ] {
                    let o = compare(&text, &country, region);
                    n[o as usize] += 1;
                    if o == Outcome::Refused {
                        refused.push(text)
                    }
                }
            }
            refused.truncate(3);
            if !refused.is_empty() {
                println!("{id} {n:?} {refused:?}");
            }
        }
    }
}
