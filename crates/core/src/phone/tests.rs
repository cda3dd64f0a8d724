use insta::assert_snapshot;

use super::*;

/// One line: what a cell becomes.
fn shown(text: &str, default: Option<&str>) -> String {
    let country = default.map(|code| Country::parse(code).unwrap());
    match read(text, country.as_ref()) {
        Ok(phone) => phone.number.to_string(),
        Err(problem) => {
            let arguments: Vec<String> =
                problem.arguments().into_iter().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{}{}", problem.code(), arguments.concat())
        }
    }
}

fn table(default: Option<&str>, texts: &[&str]) -> String {
    let lines: Vec<String> =
        texts.iter().map(|text| format!("{text:?} → {}", shown(text, default))).collect();
    lines.join("\n")
}

#[test]
fn an_international_number_needs_no_plus() {
    for text in [
        "525512345678",
        "+525512345678",
        "00525512345678",
        "+00525512345678",
        "0052 55 1234 5678",
        "+ 52 55 1234 5678",
        "++525512345678",
        "＋５２５５１２３４５６７８",
        "٥٢٥٥١٢٣٤٥٦٧٨",
    ] {
        assert_eq!(shown(text, None), "+525512345678", "{text}");
        assert_eq!(shown(text, Some("MX")), "+525512345678", "{text}");
        assert_eq!(shown(text, Some("AR")), "+525512345678", "{text}");
    }
}

#[test]
fn how_a_number_is_written_does_not_matter() {
    for text in [
        "+52 (55) 1234-5678",
        "52.55.1234.5678",
        "52–55—1234−5678",
        "'525512345678",
        "=\"525512345678\"",
        "\"525512345678\"",
        "’+525512345678",
        "\u{feff}525512345678\u{200b}",
        "\u{202a}+52 55 1234 5678\u{202c}",
        "52\u{a0}55\u{a0}1234\u{a0}5678",
        "52\u{ad}5512345678",
        "525512345678.0",
        "+525512345678,00",
        "525,512,345,678",
        "52 55/1234-5678",
        "5255\t12345678",
    ] {
        assert_eq!(shown(text, None), "+525512345678", "{text:?}");
    }
}

#[test]
fn a_number_without_country_code_is_refused_with_the_right_one_at_hand() {
    assert_snapshot!(
        table(Some("MX"), &["5512345678", "(55) 1234-5678", "05512345678", "015512345678", "0445512345678", "8001234567"]),
        @r#"
    "5512345678" → phone.no-country-code suggestion=+525512345678
    "(55) 1234-5678" → phone.no-country-code suggestion=+525512345678
    "05512345678" → phone.no-country-code suggestion=+525512345678
    "015512345678" → phone.no-country-code suggestion=+525512345678
    "0445512345678" → phone.no-country-code suggestion=+525512345678
    "8001234567" → phone.no-country-code suggestion=+528001234567
    "#
    );
    assert_snapshot!(table(Some("AR"), &["1123456789", "01123456789", "011 15 2345-6789", "91123456789"]), @r#"
    "1123456789" → phone.no-country-code suggestion=+541123456789
    "01123456789" → phone.no-country-code suggestion=+541123456789
    "011 15 2345-6789" → phone.no-country-code suggestion=+5491123456789
    "91123456789" → phone.no-country-code suggestion=+5491123456789
    "#);
    assert_snapshot!(table(Some("BR"), &["11987654321", "011987654321", "1187654321"]), @r#"
    "11987654321" → phone.no-country-code suggestion=+5511987654321
    "011987654321" → phone.no-country-code suggestion=+5511987654321
    "1187654321" → phone.no-country-code suggestion=+5511987654321
    "#);
    assert_snapshot!(table(Some("CR"), &["88887777"]), @r#""88887777" → phone.no-country-code suggestion=+50688887777"#);
    assert_snapshot!(table(Some("PA"), &["2201234", "61234567"]), @r#"
    "2201234" → phone.no-country-code suggestion=+5072201234
    "61234567" → phone.no-country-code suggestion=+50761234567
    "#);
    assert_snapshot!(table(Some("DO"), &["8095551234", "18095551234", "011525512345678"]), @r#"
    "8095551234" → phone.no-country-code suggestion=+18095551234
    "18095551234" → +18095551234
    "011525512345678" → phone.no-country-code suggestion=+525512345678
    "#);
    assert_snapshot!(table(None, &["5512345678", "88887777", "2201234"]), @r#"
    "5512345678" → phone.not-in-country calling_code=55
    "88887777" → phone.too-short digits=8
    "2201234" → phone.too-short digits=7
    "#);
}

#[test]
fn digits_that_mean_another_person_abroad_are_refused() {
    // Ciudad Juárez, or Singapore.
    assert_snapshot!(table(Some("MX"), &["6561234567", "+6561234567", "526561234567", "006561234567"]), @r#"
    "6561234567" → phone.ambiguous international=+6561234567 national=+526561234567
    "+6561234567" → +6561234567
    "526561234567" → +526561234567
    "006561234567" → +6561234567
    "#);
    assert_eq!(shown("6561234567", None), "+6561234567");
}

#[test]
fn what_excel_rounded_is_lost() {
    assert_snapshot!(
        table(
            Some("MX"),
            &["5.25512E+11", "5,25512E+11", "5.25512e11", "5E+11", "+5.2E+11", "5.25512345678E+11", "5.2E", "E+11"]
        ),
        @r#"
    "5.25512E+11" → phone.scientific
    "5,25512E+11" → phone.scientific
    "5.25512e11" → phone.scientific
    "5E+11" → phone.scientific
    "+5.2E+11" → phone.scientific
    "5.25512345678E+11" → phone.scientific
    "5.2E" → phone.letters
    "E+11" → phone.letters
    "#
    );
}

#[test]
fn what_is_no_number_is_named() {
    assert_snapshot!(
        table(
            Some("MX"),
            &[
                "sin teléfono",
                "N/A",
                "55-CALL-ME",
                "whatsapp:+525512345678",
                "*525512345678",
                "525512345678 ext. 12",
                "+52 55 1234 5678 x12",
                "525512345678#12",
                "525512345678 / 525587654321",
                "5512345678/5587654321",
                "5512345678 5587654321",
                "525512345678, 525587654321",
                "+525512345678+525587654321",
                "5512345678 y 5587654321",
                "525512345678\n525587654321",
                "525512345678; 525587654321",
                "--",
                "0",
                "12345",
                "551234567",
                "55123456789012",
                "1234567890123456",
                "12345678901234567890123456789012345678901234567890",
                "+99912345678",
                "+0005512345678",
                "+5200000000000",
                "+12125550000",
                "+521234",
                "??",
            ]
        ),
        @r#"
    "sin teléfono" → phone.letters
    "N/A" → phone.letters
    "55-CALL-ME" → phone.letters
    "whatsapp:+525512345678" → phone.letters
    "*525512345678" → phone.character character=*
    "525512345678 ext. 12" → phone.extension
    "+52 55 1234 5678 x12" → phone.extension
    "525512345678#12" → phone.extension
    "525512345678 / 525587654321" → phone.several
    "5512345678/5587654321" → phone.several
    "5512345678 5587654321" → phone.several
    "525512345678, 525587654321" → phone.several
    "+525512345678+525587654321" → phone.several
    "5512345678 y 5587654321" → phone.several
    "525512345678\n525587654321" → phone.several
    "525512345678; 525587654321" → phone.several
    "--" → phone.too-short digits=0
    "0" → phone.too-short digits=1
    "12345" → phone.too-short digits=5
    "551234567" → phone.too-short digits=9
    "55123456789012" → phone.too-long digits=14
    "1234567890123456" → phone.too-long digits=16
    "12345678901234567890123456789012345678901234567890" → phone.too-long digits=50
    "+99912345678" → phone.no-such-country
    "+0005512345678" → phone.no-such-country
    "+5200000000000" → phone.too-long digits=13
    "+12125550000" → +12125550000
    "+521234" → phone.too-short digits=6
    "??" → phone.character character=?
    "#
    );
}

#[test]
fn mexicos_old_1_is_dropped() {
    for text in ["5215512345678", "+52 1 55 1234 5678"] {
        assert_eq!(shown(text, Some("MX")), "+525512345678");
    }
}

#[test]
fn argentina_is_taken_with_and_without_9() {
    assert_snapshot!(table(None, &["+5491123456789", "+541123456789", "+54 9 11 15 2345 6789", "+54 11 15 2345-6789"]), @r#"
    "+5491123456789" → +5491123456789
    "+541123456789" → +541123456789
    "+54 9 11 15 2345 6789" → phone.too-long digits=15
    "+54 11 15 2345-6789" → +5491123456789
    "#);
}

#[test]
fn brazils_old_mobiles_get_their_ninth_digit() {
    assert_snapshot!(table(None, &["+5511987654321", "+551187654321", "+553187654321", "+551123456789"]), @r#"
    "+5511987654321" → +5511987654321
    "+551187654321" → +5511987654321
    "+553187654321" → +5531987654321
    "+551123456789" → +551123456789
    "#);
}

#[test]
fn trunk_prefixes_after_the_country_code_are_known() {
    assert_snapshot!(table(None, &["+44 (0)20 7946 0958", "+39 06 6982", "+39 06 698 12345", "+49 (0) 30 901820"]), @r#"
    "+44 (0)20 7946 0958" → +442079460958
    "+39 06 6982" → +39066982
    "+39 06 698 12345" → +390669812345
    "+49 (0) 30 901820" → +4930901820
    "#);
}

#[test]
fn what_was_changed_is_said() {
    let rewritten = |text: &str| read(text, None).unwrap().rewritten.map_or("as it is", Rewriting::code);
    for (text, expected) in [
        ("525512345678", "as it is"),
        ("+525512345678", "as it is"),
        ("00525512345678", "format"),
        ("+00525512345678", "format"),
        ("52 5512345678", "format"),
        (" 525512345678", "format"),
        ("'525512345678", "format"),
        ("525512345678.0", "format"),
        ("５２５５１２３４５６７８", "format"),
        ("5215512345678", "mexico-one"),
        ("+52 1 55 1234 5678", "mexico-one"),
        ("52015512345678", "trunk-prefix"),
        ("+52 044 55 1234 5678", "trunk-prefix"),
        ("553187654321", "brazil-ninth"),
        ("+55 (031) 8765-4321", "brazil-ninth"),
        ("+55 0 11 98765 4321", "trunk-prefix"),
        ("5511987654321", "as it is"),
        ("541123456789", "as it is"),
        ("5491123456789", "as it is"),
        ("54111523456789", "argentina-fifteen"),
        ("+54 (011) 15 2345-6789", "argentina-fifteen"),
        ("+54 02944 15 123456", "argentina-fifteen"),
        ("+54 (011) 2345-6789", "trunk-prefix"),
        ("+57 03 300 1234567", "trunk-prefix"),
    ] {
        assert_eq!(rewritten(text), expected, "{text}");
    }
}

#[test]
fn a_number_tells_its_kind_of_line() {
    let kind = |text: &str| read(text, None).unwrap().kind;
    assert_eq!(kind("573001234567"), LineKind::Mobile);
    assert_eq!(kind("551123456789"), LineKind::FixedLine);
    // In Mexico and North America a number doesn't tell.
    assert_eq!(kind("525512345678"), LineKind::FixedOrMobile);
    assert_eq!(kind("12125550123"), LineKind::FixedOrMobile);
    assert_eq!(kind("18005550123"), LineKind::Other);
    assert_eq!(kind("528001234567"), LineKind::Other);
    // What it becomes tells, not what is written.
    assert_eq!(kind("54111523456789"), LineKind::Mobile);
}

#[test]
fn the_united_states_are_told_from_their_neighbours() {
    let is_us = |text| is_us(&E164::parse_exact(text).unwrap());
    assert!(is_us("+12125550123") && is_us("+13055550123"));
    // Dominican Republic, Puerto Rico, Canada, Jamaica, Mexico.
    for text in [
        "+18095551234",
        "+18295551234",
        "+18495551234",
        "+17875551234",
        "+14165551234",
        "+18765551234",
        "+525512345678",
    ] {
        assert!(!is_us(text), "{text}");
    }
}

#[test]
fn a_number_with_a_trunk_prefix_that_is_another_abroad_is_ambiguous() {
    // Moscow with its trunk prefix, or Viet Nam. With +, or where nobody dials so, it is what it says.
    assert_eq!(
        shown("84951234567", Some("RU")),
        "phone.ambiguous international=+84951234567 national=+74951234567"
    );
    assert_eq!(shown("+84951234567", Some("RU")), "+84951234567");
    assert_eq!(shown("84951234567", Some("MX")), "+84951234567");
    // New Jersey, and no Mexican mobile whose 52 is missing.
    assert_eq!(shown("15512345678", Some("MX")), "+15512345678");
    // A premium number, or a mobile of Santa Maria, whose area code is Brazil's own code.
    assert_eq!(
        shown("(55) 90019-3913", Some("BR")),
        "phone.ambiguous international=+55900193913 national=+5555900193913"
    );
    assert_eq!(shown("18005550123", Some("US")), "+18005550123");
    // Toll-free in Japan, or Thailand.
    assert_eq!(
        shown("0066860381788", Some("JP")),
        "phone.ambiguous international=+66860381788 national=+810066860381788"
    );
}

#[test]
fn dialling_abroad_from_a_country_is_understood() {
    for (country, text) in [("US", "011525512345678"), ("CU", "119525512345678"), ("RU", "810525512345678")] {
        let expected = "phone.no-country-code suggestion=+525512345678";
        assert_eq!(shown(text, Some(country)), expected, "{text} in {country}");
    }
    // Cancún with a 0 too many, or Iran by Mexico's old way to dial abroad.
    assert_eq!(shown("09981234567", Some("MX")), "phone.no-such-country");
}

#[test]
fn numbers_that_reach_the_same_person_compare_equal() {
    let same = |a: &str, b: &str| {
        let key = |text| comparable_key(&E164::parse_exact(text).unwrap());
        key(a) == key(b)
    };
    assert!(same("+5215512345678", "+525512345678"));
    assert!(same("+5491123456789", "+541123456789"));
    assert!(same("+5511987654321", "+551187654321"));
    assert!(!same("+5511987654321", "+5521987654321"));
    assert!(!same("+525512345678", "+525512345679"));
    assert_eq!(comparable_key(&E164::parse_exact("+5491123456789").unwrap()), 541_123_456_789);
}

#[test]
fn headers_are_told_from_numbers() {
    for text in [
        "525512345678",
        "5.25512E+11",
        "+52 55 1234 5678",
        "55 1234 5678 / 55 8765 4321",
        "5512345678 ext 3",
        "1234567",
    ] {
        assert!(looks_like_number(text), "{text}");
    }
    for text in ["telefonos", "", "dato1", "Tel. 1", "2024", "Ana", "12345"] {
        assert!(!looks_like_number(text), "{text}");
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    const LATIN_AMERICA: [&str; 22] = [
        "MX", "AR", "BR", "CL", "CO", "PE", "EC", "VE", "BO", "PY", "UY", "PA", "CR", "GT", "SV", "HN", "NI",
        "DO", "PR", "CU", "US", "ES",
    ];

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,40}", code in prop::sample::select(&LATIN_AMERICA[..])) {
            let country = Country::parse(code).unwrap();
            let _ = read(&text, None);
            let _ = looks_like_number(&text);
            if let Ok(Phone { number, .. }) = read(&text, Some(&country)) {
                prop_assert_eq!(E164::parse_exact(&number.to_string()), Ok(number));
            }
        }

        /// The quick way is only a quick way.
        #[test]
        fn the_quick_reading_agrees_with_the_thorough_one(
            text in "[+(]?(52|54|55|57|1|7|00)?[ ()-]{0,2}[0-9]{2,4}[ ()./,-]{0,2}[0-9]{4,8}[ ()./-]?[0-9]{0,4}",
            code in prop::sample::select(&LATIN_AMERICA[..]),
        ) {
            for country in [None, Country::parse(code)] {
                if let Some(phone) = quick(text.as_bytes(), country.as_ref()) {
                    prop_assert_eq!(thorough(&text, country.as_ref()), Ok(phone));
                }
            }
        }

        /// What was read is read again as the same, and what surrounds it changes nothing.
        #[test]
        fn a_number_stays_itself(
            text in "\\+?(52|521|54|549|55|57|1|34)[ -]?[0-9]{2}[ .-]?[0-9]{3,5}[ -]?[0-9]{4}",
            code in prop::sample::select(&LATIN_AMERICA[..]),
        ) {
            let country = Country::parse(code).unwrap();
            if let Ok(Phone { number, kind, .. }) = read(&text, Some(&country)) {
                let as_it_is = Phone { number, rewritten: None, kind };
                prop_assert_eq!(read(&number.to_string(), Some(&country)), Ok(as_it_is));
                let wrapped = format!("\u{feff}'{} \u{200e}", text.replace('-', "\u{a0}"));
                prop_assert_eq!(read(&wrapped, Some(&country)).map(|phone| phone.number), Ok(number));
            }
        }
    }
}

#[test]
fn two_lines_of_one_office_are_not_one_number_abroad() {
    for text in ["5541234567/68", "5541234567,68", "5541234567 / 68", "+525541234567/8", "525541234567, 68"] {
        assert_eq!(shown(text, Some("MX")), "phone.several", "{text}");
    }
    // Thousands, decimals, and groups that are no joint.
    for text in ["525,541,234,567", "525541234567,00", "52/55/41234567"] {
        assert_eq!(shown(text, Some("MX")), "+525541234567", "{text}");
    }
}
