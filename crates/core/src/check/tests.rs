use insta::assert_snapshot;

use super::*;
use crate::{
    mapping::Source,
    problem::{ColumnIdx, Problem, RowNumber},
    sheet::{self, ReadOptions},
    template::{
        Button, Category, Header, MediaKind, Placeholder, Template, TemplateText, UrlTarget, samples,
    },
};

fn mexico() -> CheckConfig {
    CheckConfig { default_country: Country::parse("MX"), ..CheckConfig::default() }
}

/// A file's rows: who gets what, and every problem with its place.
fn shown(template: &Template, csv: &str) -> String {
    let sheet = read(csv.as_bytes());
    shown_of(&sheet, &check(&sheet, &Mapping::manual(template), template, mexico()))
}

fn shown_of(sheet: &Sheet, checked: &Checked) -> String {
    let mut lines: Vec<(RowNumber, u8, String)> = Vec::new();
    for Target { row, to } in checked.targets() {
        let idx = row as usize;
        let values = checked.values(sheet, idx);
        let values: Vec<&str> = values.iter().map(|(_, value)| value).collect();
        let row = sheet.row_number(idx);
        lines.push((row, 0, format!("row {row} {to} {values:?}")));
    }
    for problem in checked.problems() {
        let (line, row) = checked.position(sheet, problem);
        let name = |column: ColumnIdx| sheet.header().get(column.get()).map(|name| format!(" {name}"));
        let place = problem
            .column
            .map(|column| format!(" {column}{}", name(column).unwrap_or_default()))
            .unwrap_or_default();
        let value = checked
            .cell(sheet, problem)
            .filter(|value| !value.is_empty())
            .map(|value| format!(" {value:?}"))
            .unwrap_or_default();
        let arguments: Vec<String> = checked
            .arguments(sheet, problem)
            .into_iter()
            .filter(|(name, _)| !["line", "row", "column"].contains(name))
            .map(|(name, value)| format!(" {name}={value}"))
            .collect();
        let (severity, code) = (problem.severity().code(), problem.code());
        lines.push((
            row,
            1,
            format!("row {row} line {line}{place}{value}: {severity} {code}{}", arguments.concat()),
        ));
    }
    // Stable, so that the order in which problems were found shows.
    lines.sort_by_key(|(row, kind, _)| (*row, *kind));
    let lines: Vec<String> = lines.into_iter().map(|(_, _, text)| text).collect();
    lines.join("\n")
}

fn read(csv: &[u8]) -> Sheet {
    sheet::read(csv, ReadOptions::default()).unwrap()
}

fn run(template: &Template, csv: &str, config: CheckConfig) -> Checked {
    check(&read(csv.as_bytes()), &Mapping::manual(template), template, config)
}

/// What is wrong with one value of a template that takes one, in column C.
fn codes_of(template: &Template, value: &str) -> Vec<&'static str> {
    let csv = format!("telefonos,image,dato1\n525512345670,,\"{value}\"\n");
    run(template, &csv, CheckConfig::default()).problems().iter().map(Problem::code).collect()
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
    assert_snapshot!(shown(&samples::plain(), "telefonos\n525512345678\n525512345679\n"), @r#"
    row 2 +525512345678 []
    row 2 line 2 A telefonos "525512345678": warning example-row
    row 3 +525512345679 []
    "#);
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
    let sheet = read(csv.as_bytes());
    let checked = run(&template, csv, CheckConfig::default());
    let text = "No se han detectado variables en la plantilla {{template}} en la línea Nro.: {{line}}. El Nro. de \
                variables a incluir es: {{expected}}";
    let arguments = checked.arguments(&sheet, &checked.problems()[0]);
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
    row 3 line 3 D dato2 "\u{a0}": error value.empty variable={{1}}
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
    row 4 line 4 A Teléfono "525512345678": warning example-row
    row 5 line 5 A Teléfono "52 1 55 1234 5678": info phone.rewritten.mexico-one after=+525512345678
    row 5 line 5 A Teléfono "52 1 55 1234 5678": warning example-row
    row 5 line 5 A Teléfono "52 1 55 1234 5678": warning phone.duplicate first_row=4
    row 6 line 6 A Teléfono "0052-55-1234-5678": info phone.rewritten.format after=+525512345678
    row 6 line 6 A Teléfono "0052-55-1234-5678": warning example-row
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
fn a_garbled_letter_is_noticed_even_where_half_of_it_is_invisible() {
    let template = samples::with_body("Hola {{1}}");
    assert_eq!(codes_of(&template, "MarÃ\u{ad}a"), ["value.accents-garbled"]);
    assert_eq!(codes_of(&template, "Ma\u{ad}ría"), ["value.cleaned"]);
}

#[test]
fn a_slot_that_the_mapping_leaves_out_blocks() {
    let template = samples::with_body("{{1}} {{2}}");
    let mut mapping = Mapping::manual(&template);
    mapping.slots.pop();
    let sheet = read(b"telefonos,image,dato1,dato2\n525500000001,,a,b\n");
    let checked = check(&sheet, &mapping, &template, CheckConfig::default());
    assert_eq!(checked.targets(), []);
    assert_eq!((checked.problems()[0].code(), checked.problems()[0].column), ("value.empty", None));
}

#[test]
fn slices_give_the_same_as_the_whole() {
    let template = samples::everything();
    let rows: Vec<String> = (0..50)
        .map(|n| format!("5255000000{:02},,{},Ana,lunes,A,{}\n", n % 40, n, "V".repeat(n % 25)))
        .collect();
    let rows = rows.concat();
    let sheet = read(format!("telefonos,image,a,b,c,d,e\n{rows}").as_bytes());
    let mapping = Mapping::manual(&template);
    let whole = check(&sheet, &mapping, &template, CheckConfig::default());
    let mut checker = Checker::new(&template, &mapping, CheckConfig::default(), &sheet);
    for from in (0..sheet.n_rows()).step_by(7) {
        checker.rows(&sheet, from..(from + 7).min(sheet.n_rows()));
    }
    assert_eq!(shown_of(&sheet, &checker.finish(&sheet)), shown_of(&sheet, &whole));
    assert!(!whole.problems().is_empty() && !whole.targets().is_empty());
}

#[test]
fn country_codes_are_added_where_the_agent_accepts_them() {
    let template = samples::plain();
    let sheet = read(b"tel\n5512345678\n6561234567\n123\n");
    let mapping = Mapping::manual(&template);
    let accepted = Decisions { accepts_country_codes: true, ..Decisions::default() };
    let checked = check(&sheet, &mapping, &template, CheckConfig { decisions: accepted, ..mexico() });
    assert_snapshot!(shown_of(&sheet, &checked), @r#"
    row 2 +525512345678 []
    row 2 line 2 A tel "5512345678": info phone.country-code-added after=+525512345678
    row 2 line 2 A tel "5512345678": warning example-row
    row 3 line 3 A tel "6561234567": error phone.ambiguous international=+6561234567 national=+526561234567
    row 4 line 4 A tel "123": error phone.too-short digits=3
    "#);
    let problem = check(&sheet, &mapping, &template, mexico());
    let suggested = problem.suggestion(&sheet, &problem.problems()[0]).unwrap();
    assert_eq!(suggested, (0, ColumnIdx::new(0), "+525512345678".to_owned()));
}

#[test]
fn duplicates_are_left_out_unless_the_agent_includes_them() {
    let template = samples::plain();
    let csv = "tel\n525500000001\n525500000002\n5215500000001\n";
    let fates = |decisions| {
        let checked = run(&template, csv, CheckConfig { decisions, ..mexico() });
        let codes: Vec<_> = checked.problems().iter().map(Problem::code).collect();
        (checked.targets().len(), checked.summary().n_excluded, codes.last().copied().unwrap())
    };
    assert_eq!(fates(Decisions::default()), (2, 1, "phone.duplicate"));
    let included = Decisions { includes_duplicates: true, ..Decisions::default() };
    assert_eq!(fates(included), (3, 0, "phone.duplicate-included"));
}

#[test]
fn people_who_must_not_get_it_are_left_out_and_keep_nobody_waiting() {
    let opt_outs = OptOuts::parse("525500000002", None);
    let config = CheckConfig { opt_outs, ..mexico() };
    let csv = "tel\n525500000001\n525500000002\n12025550123\n18095551234\n";
    let marketing = Template { category: Category::Marketing, ..samples::plain() };
    let codes = |template: &Template| {
        let checked = run(template, csv, config.clone());
        assert!(!checked.summary().has_errors());
        let codes: Vec<_> =
            checked.problems().iter().filter(|p| p.kind.excludes()).map(Problem::code).collect();
        (checked.targets().len(), codes)
    };
    assert_eq!(
        codes(&marketing),
        (2, vec!["phone.opted-out", "phone.us-marketing"]),
        "the Dominican Republic is not the US"
    );
    let utility = Template { category: Category::Utility, ..samples::plain() };
    assert_eq!(codes(&utility), (3, vec!["phone.opted-out"]));
}

#[test]
fn blanks_are_collapsed_where_the_agent_accepts_it() {
    let template = samples::with_body("Hola {{1}}");
    let sheet = read(b"tel,image,dato1\n525500000001,,\"a\nb     c\"\n");
    let decisions = Decisions { collapses_blanks: true, ..Decisions::default() };
    let checked =
        check(&sheet, &Mapping::manual(&template), &template, CheckConfig { decisions, ..mexico() });
    assert_snapshot!(shown_of(&sheet, &checked), @r#"
    row 2 +525500000001 ["a b c"]
    row 2 line 2 C dato1 "a\nb     c": info value.collapsed
    "#);
}

#[test]
fn one_value_can_be_mended_by_itself() {
    let template = samples::with_body("Hola {{1}}");
    let sheet = read(b"tel,image,dato1\n525500000001,,\" a\r\nb\t\tc\"\n");
    let checked = check(&sheet, &Mapping::manual(&template), &template, mexico());
    let suggested = checked.suggestion(&sheet, &checked.problems()[0]);
    assert_eq!(suggested, Some((0, ColumnIdx::new(2), "a b c".to_owned())));
}

#[test]
fn a_fixed_value_fills_every_row_and_is_checked_once() {
    let template = samples::with_body("{{1}} {{2}}");
    let slot = |position| SlotId::Body(Placeholder::Position(position));
    let mut mapping = Mapping::manual(&template);
    mapping.set_source(&slot(2), Some(Source::Fixed("hoy".to_owned())));
    let sheet = read(b"tel,image,dato1\n525500000001,,Ana\n525500000002,,\n");
    let checked = check(&sheet, &mapping, &template, mexico());
    assert_snapshot!(shown_of(&sheet, &checked), @r#"
    row 2 +525500000001 ["Ana", "hoy"]
    row 3 line 3 C dato1: error value.empty variable={{1}}
    "#);
    let codes = |value: &str| {
        fixed_value(&template, &slot(2), value).iter().map(ProblemKind::code).collect::<Vec<_>>()
    };
    assert_eq!(
        (codes("hoy"), codes(""), codes("a\nb")),
        (vec![], vec!["value.empty"], vec!["value.line-break"])
    );
}

#[test]
fn bytes_that_are_no_characters_are_told_with_their_place() {
    let template = samples::with_body("Hola {{1}}");
    let sheet =
        read(b"\xef\xbb\xbftel,image,dato1,notas\n525500000001,,Jos\xe9,\n525500000002,,Ana,a\xf1o\n");
    let mut checked = check(&sheet, &Mapping::manual(&template), &template, mexico());
    assert_snapshot!(shown_of(&sheet, &checked), @r#"
    row 2 line 2 C dato1 "Jos�": error value.undecodable byte=0xE9 character=18
    row 3 +525500000002 ["Ana"]
    row 3 line 3 D notas "a�o": warning value.undecodable byte=0xF1 character=20
    "#);
    let mut mended = sheet.clone();
    mended.set_cell(0, ColumnIdx::new(2), "José");
    checked.recheck(&mended, 0);
    assert_eq!(checked.targets().len(), 2);
}

#[test]
fn media_that_is_too_heavy_keeps_its_rows_back() {
    let template = samples::with_image();
    let sheet = read(
        b"tel,image,dato1\n525500000001,https://a.example/1.jpg,x\n525500000002,https://a.example/2.jpg,x\n525500000003,https://a.example/1.jpg,x\n",
    );
    let mut checked = check(&sheet, &Mapping::manual(&template), &template, mexico());
    let files: Vec<_> =
        checked.media_files().iter().map(|file| (file.url.as_str(), file.rows.clone())).collect();
    assert_eq!(files, [("https://a.example/1.jpg", vec![0, 2]), ("https://a.example/2.jpg", vec![1])]);
    let heavy = MediaFacts { pixels: Some((10, 10)), size: MediaSize::Bytes(6_000_000) };
    checked.learn_of_media(0, heavy);
    assert_eq!((checked.summary().n_ready, checked.summary().n_wrong), (1, 2));
    // A decision checks all rows again; what is known of the files stays known.
    let mut again = check(&sheet, &Mapping::manual(&template), &template, mexico());
    again.learn_from(&checked);
    assert_eq!((again.summary().n_ready, again.summary().n_wrong), (1, 2));
    assert_eq!(again.media_files().iter().map(MediaFile::is_unknown).collect::<Vec<_>>(), [false, true]);
    // Another file mends the row.
    let mut mended = sheet.clone();
    mended.set_cell(2, ColumnIdx::new(1), "https://a.example/2.jpg");
    checked.recheck(&mended, 2);
    assert_eq!(checked.summary().n_ready, 2);
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
        fn every_row_is_a_recipient_or_is_told_why_not(
            which in 0..6_usize,
            rows in prop::collection::vec(prop::collection::vec(cell(), 0..8), 1..8),
        ) {
            let template = &templates()[which];
            let mut writer = sheet::CsvWriter::new(sheet::Delimiter::Semicolon);
            writer.row(["telefonos", "image", "dato1", "dato2", "dato3", "dato4", "dato5"]);
            for row in &rows {
                writer.row(row);
            }
            let Ok(sheet) = sheet::read(&writer.finish(), ReadOptions::default()) else { return Ok(()) };
            let checked = check(&sheet, &Mapping::manual(template), template, mexico());
            let targets = checked.targets();
            for idx in 0..sheet.n_rows() {
                let is_target = targets.iter().any(|target| target.row as usize == idx);
                let problems = checked.problems_of(&sheet, idx);
                let is_kept = problems.iter().any(|problem| problem.is_error() || problem.kind.excludes());
                prop_assert!(is_target != is_kept, "row {idx}");
            }
            prop_assert_eq!(checked.summary().n_blank_lines, sheet.blank_lines().len());
            for problem in checked.problems() {
                prop_assert!(ProblemKind::CODES.contains(&problem.code()));
            }
            // Whoever is sent to gets a complete message that WhatsApp takes.
            for target in targets {
                let values = checked.values(&sheet, target.row as usize);
                for slot in template.slots() {
                    let value = values.get(&slot.id).unwrap_or_default();
                    prop_assert!(!value.trim().is_empty() && !value.contains(['\n', '\r', '\t']));
                    prop_assert!(!value.contains("     "));
                }
                prop_assert!(template.filled_body(&values).encode_utf16().count() <= MAX_BODY_CHARS);
            }
        }

        /// After any edits, what follows them row by row is what a whole new check finds.
        #[test]
        fn a_recheck_finds_what_a_whole_check_finds(
            phones in prop::collection::vec(0..4_u8, 1..8),
            edits in prop::collection::vec((0..8_usize, 0..2_usize, 0..5_u8), 0..12),
        ) {
            let template = samples::with_body("Hola {{1}}");
            let mapping = Mapping::manual(&template);
            let phone = |n: u8| if n == 4 { "no".to_owned() } else { format!("52550000000{n}") };
            let rows: Vec<String> = phones.iter().map(|n| format!("{},,x\n", phone(*n))).collect();
            let mut sheet = read(format!("tel,image,dato1\n{}", rows.concat()).as_bytes());
            let mut checked = check(&sheet, &mapping, &template, mexico());
            for (row, column, n) in edits {
                let row = row % phones.len();
                match column {
                    0 => sheet.set_cell(row, ColumnIdx::new(0), &phone(n)),
                    _ => sheet.set_cell(row, ColumnIdx::new(2), if n < 2 { "" } else { "y" }),
                };
                checked.recheck(&sheet, row);
                let whole = check(&sheet, &mapping, &template, mexico());
                prop_assert_eq!(shown_of(&sheet, &checked), shown_of(&sheet, &whole));
                prop_assert_eq!(checked.summary(), whole.summary());
            }
        }
    }
}
