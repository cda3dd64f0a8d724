use insta::assert_snapshot;

use super::*;
use crate::{
    sheet,
    template::{Button, Header, MediaKind, Template, TemplateText, UrlTarget, samples},
};

/// A file's rows: who gets what, and every problem with its place.
fn shown(template: &Template, csv: &str) -> String {
    let config = CheckConfig { default_country: Country::parse("MX") };
    let checked = run(template, csv, config);
    let recipients = checked.recipients.iter().map(|recipient| {
        let values: Vec<&str> = recipient.values.iter().map(|(_, value)| value).collect();
        (recipient.row, 0, format!("row {} {} {values:?}", recipient.row, recipient.to))
    });
    let problems = checked.problems.iter().map(|problem| {
        let place = problem.column.map(|column| format!(" {column}")).unwrap_or_default();
        let name = problem.column_name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let value = problem.value.as_ref().map(|value| format!(" {value:?}")).unwrap_or_default();
        let arguments: Vec<String> =
            problem.kind.arguments().into_iter().map(|(name, value)| format!(" {name}={value}")).collect();
        let (severity, code) = (problem.severity().code(), problem.code());
        let text = format!(
            "row {} line {}{place}{name}{value}: {severity} {code}{}",
            problem.row,
            problem.line,
            arguments.concat()
        );
        (problem.row, 1, text)
    });
    let mut lines: Vec<(RowNumber, u8, String)> = recipients.chain(problems).collect();
    // Stable, so that the order in which problems were found shows.
    lines.sort_by_key(|(row, kind, _)| (*row, *kind));
    let lines: Vec<String> = lines.into_iter().map(|(_, _, text)| text).collect();
    lines.join("\n")
}

fn run(template: &Template, csv: &str, config: CheckConfig) -> Checked {
    let sheet = sheet::read(csv.as_bytes()).unwrap();
    check(&sheet, &Mapping::manual(template), template, config)
}

/// What is wrong with one value of a template that takes one, in column C.
fn codes_of(template: &Template, value: &str) -> Vec<&'static str> {
    let csv = format!("telefonos,image,dato1\n525512345678,,\"{value}\"\n");
    run(template, &csv, CheckConfig::default()).problems.iter().map(Problem::code).collect()
}

#[test]
fn a_good_file_becomes_recipients() {
    assert_snapshot!(
        shown(
            &samples::with_body("Hola {{1}}, debe {{2}}"),
            "telefonos,image,dato1,dato2,dato3\n525512345678,,José Ñandú,$ 10,no se usa\n+525512345679,,\"Ana; Luis\",$ 20\n"
        ),
        @r#"
    row 2 +525512345678 ["José Ñandú", "$ 10"]
    row 3 +525512345679 ["Ana; Luis", "$ 20"]
    "#
    );
    assert_snapshot!(shown(&samples::plain(), "telefonos\n525512345678\n525512345679\n"), @"
    row 2 +525512345678 []
    row 3 +525512345679 []
    ");
}

#[test]
fn the_manuals_warning_names_the_line_and_how_many_variables() {
    let template = samples::with_body("Hola {{1}}");
    let csv = "telefonos,image,dato1\n525500000001,,a\n525500000002,,b\n525500000003,,c\n525500000004,,\n525500000005\n";
    assert_snapshot!(shown(&template, csv), @r#"
    row 2 +525500000001 ["a"]
    row 3 +525500000002 ["b"]
    row 4 +525500000003 ["c"]
    row 5 line 5: error missing-variables template=aviso expected=1
    row 6 line 6: error missing-variables template=aviso expected=1
    "#);
    let checked = run(&template, csv, CheckConfig::default());
    let text = "No se han detectado variables en la plantilla {{template}} en la línea Nro.: {{line}}. El Nro. de \
                variables a incluir es: {{expected}}";
    let arguments = checked.problems[0].arguments();
    let filled = arguments
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value));
    assert_eq!(
        filled,
        "No se han detectado variables en la plantilla aviso en la línea Nro.: 5. El Nro. de variables a incluir es: 1"
    );
}

#[test]
fn a_missing_value_is_named_with_its_column() {
    assert_snapshot!(
        shown(
            &samples::everything(),
            "telefonos,image,dato1,dato2,dato3,dato4,dato5\n\
             525500000001,,17,Ana,lunes,A-1,VERANO\n\
             525500000002,,17,\u{a0},lunes,A-1,VERANO\n\
             525500000003,,17,Ana\n\
             525500000004,,,Ana\n\
             525500000005,,,,,,\n\
             ,,17,Ana,lunes,A-1,VERANO\n"
        ),
        @r#"
    row 2 +525500000001 ["17", "Ana", "lunes", "A-1", "VERANO"]
    row 3 line 3 D dato2: error value.empty variable={{1}}
    row 4 line 4: error too-few-columns found=4 expected=7
    row 5 line 5 C dato1: error value.empty variable={{1}}
    row 5 line 5: error too-few-columns found=4 expected=7
    row 6 line 6: error missing-variables template=aviso expected=5
    row 7 line 7 A telefonos: error phone.missing
    "#
    );
}

#[test]
fn blank_lines_are_errors_of_their_own() {
    assert_snapshot!(
        shown(&samples::plain(), "telefonos,image\n525500000001,\n\n,\n525500000002,\nabc,\n\n"),
        @r#"
    row 2 +525500000001 []
    row 3 line 3: error blank-line
    row 4 line 4: error blank-line
    row 5 +525500000002 []
    row 6 line 6 A telefonos "abc": error phone.letters
    "#
    );
}

#[test]
fn phones_are_checked_and_repeated_ones_are_named() {
    assert_snapshot!(
        shown(
            &samples::plain(),
            "Teléfono;image\n5.25512E+11;\n5512345678;\n525512345678;\n52 1 55 1234 5678;\n0052-55-1234-5678;\nsin;\n"
        ),
        @r#"
    row 2 line 2 A Teléfono "5.25512E+11": error phone.scientific
    row 3 line 3 A Teléfono "5512345678": error phone.no-country-code suggestion=+525512345678
    row 4 +525512345678 []
    row 5 +525512345678 []
    row 5 line 5 A Teléfono "52 1 55 1234 5678": warning phone.duplicate first_row=4
    row 6 +525512345678 []
    row 6 line 6 A Teléfono "0052-55-1234-5678": warning phone.duplicate first_row=4
    row 7 line 7 A Teléfono "sin": error phone.letters
    "#
    );
}

#[test]
fn a_cells_line_counts_breaks_in_the_cells_before_it() {
    assert_snapshot!(
        shown(
            &samples::with_body("{{1}} {{2}}"),
            "telefonos,image,dato1,dato2\r\n525500000001,\"x\r\ny\",\"a\r\nb\",\"c\td\"\r\n525500000002,,a,\r\n"
        ),
        @r#"
    row 2 line 3 C dato1 "a\r\nb": error value.line-break
    row 2 line 4 D dato2 "c\td": error value.tab
    row 3 line 5 D dato2: error value.empty variable={{2}}
    "#
    );
}

#[test]
fn v6_breaks_tabs_and_runs_of_blanks_are_refused() {
    let template = samples::with_body("Hola {{1}}");
    assert_eq!(codes_of(&template, "a\nb"), ["value.line-break"]);
    assert_eq!(codes_of(&template, "a\tb"), ["value.tab"]);
    assert_eq!(codes_of(&template, "a     b"), ["value.spaces"]);
    assert_eq!(codes_of(&template, "a    b"), [""; 0]);
    // At the ends they are not part of the value.
    assert_eq!(codes_of(&template, "\n a \t "), [""; 0]);
}

#[test]
fn v7_lengths_are_counted_with_the_values_in() {
    let body = samples::with_body("0123456789{{1}}{{1}}");
    assert_eq!(codes_of(&body, &"x".repeat(507)), [""; 0]);
    assert_eq!(codes_of(&body, &"x".repeat(508)), ["body.too-long"]);
    // 😀 counts 2.
    assert_eq!(codes_of(&body, &"😀".repeat(253)), [""; 0]);
    assert_eq!(codes_of(&body, &"😀".repeat(254)), ["body.too-long"]);
    let header =
        Template { header: Some(Header::Text(TemplateText::parse("Año {{1}}"))), ..samples::plain() };
    assert_eq!(codes_of(&header, &"x".repeat(56)), [""; 0]);
    assert_eq!(codes_of(&header, &"x".repeat(57)), ["header.too-long"]);
    assert_snapshot!(shown(&header, &format!("telefonos,image,dato1\n525512345678,,{}\n", "x".repeat(57))), @"row 2 line 2: error header.too-long chars=61 max=60");
}

#[test]
fn v8_to_v10_media_is_needed_and_must_fit() {
    assert_snapshot!(
        shown(
            &samples::with_image(),
            "telefonos,image,dato1\n\
             525500000001,https://acme.example/a.jpg,Ana\n\
             525500000002,,Ana\n\
             525500000003,https://acme.example/a.pdf,Ana\n\
             525500000004,https://acme.example/a,Ana\n\
             525500000005,http://acme.example/a.jpg,Ana\n\
             525500000006,foto.jpg,Ana\n\
             525500000007,https://scontent.whatsapp.net/v/a.jpg,Ana\n\
             525500000008\n"
        ),
        @r#"
    row 2 +525500000001 ["https://acme.example/a.jpg", "Ana"]
    row 3 line 3 B image: error media.missing endings=.jpg, .jpeg, .png
    row 4 line 4 B image "https://acme.example/a.pdf": error media.wrong-kind endings=.jpg, .jpeg, .png found=.pdf
    row 5 +525500000004 ["https://acme.example/a", "Ana"]
    row 5 line 5 B image "https://acme.example/a": warning media.kind-unknown endings=.jpg, .jpeg, .png
    row 6 line 6 B image "http://acme.example/a.jpg": error media.not-https
    row 7 line 7 B image "foto.jpg": error media.not-url
    row 8 line 8 B image "https://scontent.whatsapp.net/v/a.jpg": error media.sample-host host=scontent.whatsapp.net
    row 9 line 9 B image: error media.missing endings=.jpg, .jpeg, .png
    row 9 line 9: error missing-variables template=aviso expected=1
    "#
    );
    // A URL where the template has no media is just an extra column.
    assert_snapshot!(shown(&samples::plain(), "telefonos,image\n525500000001,x\n"), @"row 2 +525500000001 []");
}

#[test]
fn v11_suffixes_are_encoded() {
    let template = Template {
        buttons: vec![Button::Url {
            text: "Ver".to_owned(),
            target: UrlTarget::parse("https://tienda.example/p/{{1}}", None),
        }],
        ..samples::plain()
    };
    assert_snapshot!(
        shown(
            &template,
            "telefonos,image,dato1\n525500000001,,caña 1|2\n525500000002,,a%20b?c=d\n525500000003,,https://tienda.example/p/7\n"
        ),
        @r#"
    row 2 +525500000001 ["ca%C3%B1a%201%7C2"]
    row 3 +525500000002 ["a%20b?c=d"]
    row 4 line 4 C dato1 "https://tienda.example/p/7": error url.not-suffix base=https://tienda.example/p/
    "#
    );
    assert_eq!(codes_of(&template, &"x".repeat(1975)), [""; 0]);
    assert_eq!(codes_of(&template, &"x".repeat(1976)), ["url.too-long"]);
    assert_eq!(codes_of(&template, &"ñ".repeat(330)), ["url.too-long"]);
}

#[test]
fn codes_have_their_lengths() {
    let copy_code = Template {
        buttons: vec![Button::CopyCode { text: "Copiar".to_owned(), example: None }],
        ..samples::plain()
    };
    assert_eq!(codes_of(&copy_code, &"A".repeat(15)), [""; 0]);
    assert_eq!(codes_of(&copy_code, &"A".repeat(16)), ["code.long"]);
    assert_eq!(codes_of(&copy_code, &"A".repeat(20)), ["code.long"]);
    assert_eq!(codes_of(&copy_code, &"A".repeat(21)), ["code.too-long"]);
    let one_time = Template {
        buttons: vec![Button::OneTimeCode { text: "Copiar código".to_owned() }],
        ..samples::with_body("*{{1}}* es su código.")
    };
    assert_eq!(codes_of(&one_time, "123456"), [""; 0]);
    assert_eq!(codes_of(&one_time, &"1".repeat(15)), [""; 0]);
    assert_eq!(codes_of(&one_time, &"1".repeat(16)), ["one-time-code.too-long"]);
}

#[test]
fn garbled_accents_warn_and_go() {
    assert_snapshot!(
        shown(&samples::with_body("Hola {{1}}"), "telefonos,image,dato1\n525500000001,,JosÃ©\n525500000002,,Jos\u{fffd}\n"),
        @r#"
    row 2 +525500000001 ["JosÃ©"]
    row 2 line 2 C dato1 "JosÃ©": warning value.accents-garbled
    row 3 +525500000002 ["Jos�"]
    row 3 line 3 C dato1 "Jos�": warning value.character-lost
    "#
    );
}

#[test]
fn a_slot_that_the_mapping_leaves_out_blocks() {
    let template = samples::with_body("{{1}} {{2}}");
    let mut mapping = Mapping::manual(&template);
    mapping.slots.pop();
    let sheet = sheet::read(b"telefonos,image,dato1,dato2\n525500000001,,a,b\n").unwrap();
    let checked = check(&sheet, &mapping, &template, CheckConfig::default());
    assert_eq!(checked.recipients, []);
    assert_eq!(checked.problems[0].code(), "value.empty");
    assert_eq!(checked.problems[0].column, None);
}

#[test]
fn slices_give_the_same_as_the_whole() {
    let template = samples::everything();
    let rows: Vec<String> = (0..50)
        .map(|n| format!("5255000000{:02},,{},Ana,lunes,A,{}\n", n % 40, n, "V".repeat(n % 25)))
        .collect();
    let rows = rows.concat();
    let sheet = sheet::read(format!("telefonos,image,a,b,c,d,e\n{rows}").as_bytes()).unwrap();
    let mapping = Mapping::manual(&template);
    let whole = check(&sheet, &mapping, &template, CheckConfig::default());
    let mut checker = Checker::new(&template, &mapping, CheckConfig::default()).with_header(&sheet.header);
    sheet.rows.chunks(7).for_each(|slice| checker.rows(slice));
    assert_eq!(checker.finish(&sheet), whole);
    assert!(!whole.problems.is_empty() && !whole.recipients.is_empty());
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::template::MAX_BODY_CHARS;

    fn templates() -> Vec<Template> {
        let with_header =
            |kind| Template { header: Some(Header::Media(kind)), ..samples::with_body("{{1}} {{nombre}}") };
        vec![
            samples::plain(),
            samples::with_image(),
            samples::everything(),
            samples::with_body("{{1}}"),
            with_header(MediaKind::Video),
            with_header(MediaKind::Document),
        ]
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            "52551[0-9]{7}",
            "[0-9+ .()-]{0,14}",
            "https?://[a-z]{1,5}\\.[a-z]{1,3}(/[a-z]{0,3}(\\.(jpg|pdf|mp4))?)?",
            "[a-zñ ;\"\\n\\t]{0,12}",
            "\\PC{0,8}",
            Just(String::new()),
            "x{1020,1030}",
        ]
    }

    proptest! {
        #[test]
        fn every_row_is_a_recipient_or_has_an_error(
            which in 0..6_usize,
            rows in prop::collection::vec(prop::collection::vec(cell(), 0..8), 1..8),
        ) {
            let template = &templates()[which];
            let mut writer = sheet::CsvWriter::new();
            writer.row(["telefonos", "image", "dato1", "dato2", "dato3", "dato4", "dato5"]);
            for row in &rows {
                writer.row(row);
            }
            let Ok(sheet) = sheet::read(&writer.finish()) else { return Ok(()) };
            let config = CheckConfig { default_country: Country::parse("MX") };
            let checked = check(&sheet, &Mapping::manual(template), template, config);
            for row in &sheet.rows {
                let is_recipient = checked.recipients.iter().any(|recipient| recipient.row == row.row);
                let has_error =
                    checked.problems.iter().any(|problem| problem.row == row.row && problem.is_error());
                prop_assert!(is_recipient != has_error, "row {}", row.row);
            }
            for &(_, blank) in &sheet.blank_lines {
                prop_assert!(checked.problems.iter().any(|problem| problem.row == blank && problem.is_error()));
            }
            for problem in &checked.problems {
                prop_assert!(ProblemKind::CODES.contains(&problem.code()));
            }
            // Whoever is sent to gets a complete message that WhatsApp takes.
            for recipient in &checked.recipients {
                for slot in template.slots() {
                    let value = recipient.values.get(&slot.id).unwrap_or_default();
                    prop_assert!(!value.trim().is_empty() && !value.contains(['\n', '\r', '\t']));
                    prop_assert!(!value.contains("     "));
                }
                prop_assert!(template.filled_body(&recipient.values).encode_utf16().count() <= MAX_BODY_CHARS);
            }
        }
    }
}
