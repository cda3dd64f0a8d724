//! From a file to recipients through the public interface alone, as a screen does it.

use cxconnect_core::{
    check::{CheckConfig, Checked, Checker},
    example,
    mapping::Mapping,
    phone::Country,
    problem::Severity,
    sheet::{self, HeaderPresence, Sheet},
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
    let config = CheckConfig { default_country: Country::parse("MX") };
    let mut checker = Checker::new(&template, &Mapping::manual(&template), config).with_header(&sheet.header);
    for slice in sheet.rows.chunks(2) {
        checker.rows(slice);
    }
    checker.finish(sheet)
}

#[test]
fn a_spanish_file_as_excel_saves_it() {
    let file = "\u{feff}telefonos;image;dato1;dato2\r\n\
                525512345678;https://acme.example/ñ.jpg;José Peña;A-1\r\n\
                5512345679;https://acme.example/a.jpg;Ana;A-2\r\n\
                \r\n\
                525512345670;https://acme.example/a.jpg;;\r\n\
                \"+52 55 1234 5671\";https://acme.example/a.jpg;\"Lu; de \"\"Mar\"\"\";A-4\r\n\
                ;;;\r\n";
    let sheet = sheet::read(file.as_bytes()).unwrap();
    assert!(matches!(sheet.read_as.header, HeaderPresence::Present { .. }));
    assert_eq!((sheet.read_as.n_rows, sheet.read_as.trailing_blank_lines), (4, 1));

    let checked = checked(&sheet);
    let names: Vec<_> = checked
        .recipients
        .iter()
        .map(|recipient| recipient.values.get(&SlotId::Body(Placeholder::Position(1))).unwrap())
        .collect();
    assert_eq!(names, ["José Peña", "Lu; de \"Mar\""]);
    let problems: Vec<_> = checked
        .problems
        .iter()
        .map(|problem| (problem.line.get(), problem.row.get(), problem.severity(), problem.code()))
        .collect();
    assert_eq!(
        problems,
        [
            (3, 3, Severity::Error, "phone.no-country-code"),
            (4, 4, Severity::Error, "blank-line"),
            (5, 5, Severity::Error, "missing-variables"),
        ]
    );
}

#[test]
fn the_downloaded_format_is_read_back() {
    let sheet = sheet::read(&example::csv(&template())).unwrap();
    let checked = checked(&sheet);
    assert_eq!(checked.problems, []);
    assert_eq!(
        template().filled_body(&checked.recipients[0].values),
        "Hola Íñigo, su pedido ejemplo está listo."
    );
}
