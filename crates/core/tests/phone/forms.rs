//! The library's own example numbers of Latin America, written in every way that lists have them.

use cxconnect_core::phone::{self, Country, LineKind, Phone, PhoneProblem, Rewriting};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};

use crate::{draw::LATIN_AMERICA, library};

/// An example number.
struct Example {
    country: Country,
    /// `+525512345678`
    e164: String,
    /// `5512345678`
    national: String,
    /// As the library prints it for abroad and for home.
    formatted: [String; 2],
    kinds: &'static [LineKind],
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for id in LATIN_AMERICA {
        let region = Region::from_code(id).unwrap();
        let country = Country::parse(id).unwrap();
        for (kind, kinds) in [
            (PhoneNumberType::Mobile, &[LineKind::Mobile, LineKind::FixedOrMobile][..]),
            (PhoneNumberType::FixedLine, &[LineKind::FixedLine, LineKind::FixedOrMobile]),
        ] {
            let number = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind).unwrap();
            let e164 = library::e164(&number);
            let national = e164[1 + country.calling_code().to_string().len()..].to_owned();
            let formatted = [PhoneNumberFormat::International, PhoneNumberFormat::National]
                .map(|format| PHONE_NUMBER_UTIL.format(&number, format).into_owned());
            examples.push(Example { country, e164, national, formatted, kinds });
        }
    }
    examples
}

#[test]
fn international_forms_are_read_in_every_country() {
    for Example { e164, formatted: [international, _], kinds, .. } in examples() {
        let digits = &e164[1..];
        let grouped =
            digits.as_bytes().chunks(3).map(|it| str::from_utf8(it).unwrap()).collect::<Vec<_>>().join("-");
        for (text, rewritten) in [
            (e164.clone(), None),
            (digits.to_owned(), None),
            (format!("00{digits}"), Some(Rewriting::Format)),
            (format!("{digits}.0"), Some(Rewriting::Format)),
            (international.clone(), Some(Rewriting::Format)),
            (international.replace('+', "00"), Some(Rewriting::Format)),
            (format!("'{e164}"), Some(Rewriting::Format)),
            (format!("+({grouped})"), Some(Rewriting::Format)),
        ] {
            for default in LATIN_AMERICA.map(Country::parse).into_iter().chain([None]) {
                let read = phone::read(&text, default.as_ref());
                // Ten digits can be a number of both, and then it is asked which one is meant.
                if let Err(PhoneProblem::Ambiguous { international, .. }) = read {
                    assert!(!text.starts_with(['+', '0', '\'']), "{text} in {default:?}: {read:?}");
                    assert_eq!(international.to_string(), e164);
                    continue;
                }
                let phone = read.unwrap_or_else(|problem| panic!("{text} in {default:?}: {problem}"));
                assert_eq!((phone.number.to_string(), phone.rewritten), (e164.clone(), rewritten), "{text}");
                assert!(kinds.contains(&phone.kind), "{text}: {:?}", phone.kind);
            }
        }
    }
}

#[test]
fn national_forms_are_offered_with_their_country_code() {
    for Example { country, e164, national, formatted: [_, formatted], .. } in examples() {
        let digits: String = formatted.chars().filter(char::is_ascii_digit).collect();
        let mut texts = vec![
            national.clone(),
            formatted.clone(),
            digits.clone(),
            format!("({}) {}", &national[..2], &national[2..]),
        ];
        let prefixes: &[&str] = match country.as_str() {
            "AR" | "CO" | "PE" | "EC" | "VE" | "BO" | "PY" | "UY" | "CU" | "CL" => &["0"],
            "BR" => &["0", "0 21 "],
            "MX" => &["01", "01 ", "044", "045", "044 "],
            "US" | "DO" | "PR" => &["1"],
            _ => &[],
        };
        texts.extend(prefixes.iter().map(|prefix| format!("{prefix}{national}")));
        for text in texts {
            let offered = match phone::read(&text, Some(&country)) {
                Err(PhoneProblem::NoCountryCode { suggestion }) => suggestion,
                // A Colombian mobile without country code can be a Belgian number.
                Err(PhoneProblem::Ambiguous { national, .. }) => national,
                // In North America the trunk prefix is the country code.
                Ok(phone) if country.calling_code() == 1 => phone.number,
                other => panic!("{text} in {country}: {other:?}"),
            };
            assert_eq!(offered.to_string(), e164, "{text} in {country}");
        }
    }
}

#[test]
fn what_is_left_of_dialling_within_the_country_is_dropped_after_the_country_code() {
    let rewritten = |text: &str| {
        let Phone { number, rewritten, .. } = phone::read(text, None).unwrap();
        (number.to_string(), rewritten.unwrap())
    };
    for Example { country, e164, national, .. } in examples() {
        let code = country.calling_code();
        if code == 1 {
            continue;
        }
        assert_eq!(rewritten(&format!("+{code} (0) {national}")), (e164.clone(), Rewriting::TrunkPrefix));
        assert_eq!(rewritten(&format!("{code}0{national}")), (e164, Rewriting::TrunkPrefix));
    }
}
