//! From a file to recipients through the public interface alone, as a screen does it.

use cxconnect_core::{
    check::{CheckConfig, Checked, Checker},
    example,
    mapping::Mapping,
    phone::Country,
    problem::{Problem, Severity},
    sheet::{self, Delimiter, Encoding, HeaderPresence, ReadOptions, Sheet, Source},
    template::{
        Category, Header, LanguageCode, MediaKind, Placeholder, SlotId, Template, TemplateName,
        TemplateStatus, TemplateText,
    },
};

fn template() -> Template {
    Template {
        id: None,
        name: TemplateName::parse("pedido_listo").unwrap(),
        language: LanguageCode::parse("es_MX").unwrap(),
        category: Category::Utility,
        status: TemplateStatus::Approved,
        header: Some(Header::Media(MediaKind::Image)),
        body: TemplateText::parse("Hola {{1}}, su pedido {{2}} está listo.")
            .with_examples([(Placeholder::Position(1), "Íñigo".to_owned())]),
        footer: None,
        buttons: Vec::new(),
        unsupported: Vec::new(),
    }
}

/// As the screen checks: in slices, so that it stays smooth.
fn checked(sheet: &Sheet) -> Checked {
    let template = template();
    let config = CheckConfig { default_country: Country::parse("MX"), ..CheckConfig::default() };
    let mut checker = Checker::new(&template, &Mapping::manual(&template), config, sheet);
    for from in (0..sheet.n_rows()).step_by(2) {
        checker.rows(sheet, from..(from + 2).min(sheet.n_rows()));
    }
    checker.finish(sheet)
}

fn read(file: &[u8]) -> Sheet {
    sheet::read(file, ReadOptions::default()).unwrap()
}

#[test]
fn a_spanish_file_as_excel_saves_it() {
    let file = "telefonos;image;dato1;dato2\r\n\
                525512345678;https://acme.example/ñ.jpg;José Peña;A-1\r\n\
                5512345679;https://acme.example/a.jpg;Ana;A-2\r\n\
                \r\n\
                525512345670;https://acme.example/a.jpg;;\r\n\
                \"+52 55 1234 5671\";https://acme.example/a.jpg;\"Lu; de \"\"Mar\"\"\";A-4\r\n\
                ;;;\r\n";
    // Every character of it is a byte of Windows-1252, and of Latin-1 as well.
    let windows_1252: Vec<u8> = file.chars().map(|character| u8::try_from(character).unwrap()).collect();
    let utf8 = format!("\u{feff}{file}").into_bytes();
    for (bytes, encoding) in [(utf8, Encoding::Utf8Bom), (windows_1252, Encoding::Windows1252)] {
        let sheet = read(&bytes);
        let read_as = sheet.read_as();
        assert!(matches!(read_as.header, HeaderPresence::Present { .. }));
        assert_eq!(read_as.source, Source::Text { encoding, delimiter: Delimiter::Semicolon });
        assert_eq!((read_as.n_rows, read_as.trailing_blank_lines), (4, 1));

        let checked = checked(&sheet);
        let names: Vec<_> = checked
            .targets()
            .iter()
            .map(|target| {
                let values = checked.values(&sheet, target.row as usize);
                values.get(&SlotId::Body(Placeholder::Position(1))).unwrap().to_owned()
            })
            .collect();
        assert_eq!(names, ["José Peña", "Lu; de \"Mar\""]);
        let problems: Vec<_> = checked
            .problems()
            .iter()
            .map(|problem| {
                let (line, row) = checked.position(&sheet, problem);
                (line.get(), row.get(), problem.severity(), problem.code())
            })
            .collect();
        assert_eq!(
            problems,
            [
                (3, 3, Severity::Error, "phone.no-country-code"),
                (4, 4, Severity::Error, "blank-line"),
                (5, 5, Severity::Error, "missing-variables"),
                (6, 6, Severity::Info, "phone.rewritten.format"),
            ]
        );
    }
}

#[test]
fn the_downloaded_format_is_read_back() {
    let sheet = read(&example::csv(&template(), Delimiter::Semicolon));
    let checked = checked(&sheet);
    let codes: Vec<_> = checked.problems().iter().map(Problem::code).collect();
    assert_eq!(codes, ["example-row"], "the example is somebody's phone");
    assert_eq!(
        template().filled_body(&checked.values(&sheet, 0)),
        "Hola Íñigo, su pedido ejemplo está listo."
    );
}
