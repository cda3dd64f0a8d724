//! The downloadable CSV of a template: the manual's columns and one row that can be sent as it is.

use crate::{
    mapping::{self, ColumnPurpose},
    phone::E164,
    sheet::{CsvWriter, Delimiter, clean, formula_safe},
    template::{
        Button, Header, MAX_BODY_CHARS, MAX_HEADER_CHARS, MediaKind, Slot, SlotId, SlotKind, Template, Values,
    },
};

/// The manual's own example of a phone.
const PHONE: &str = "525512345678";
const PHONE_VALUE: u64 = 525_512_345_678;
/// A code of this length is taken by every button that takes codes.
const SAFE_CODE_CHARS: usize = 15;

/// UTF-8 with byte-order mark and CRLF, so that Excel opens it right: the header, and a row with the template's own examples.
pub fn csv(template: &Template, delimiter: Delimiter) -> Vec<u8> {
    let mut writer = CsvWriter::new(delimiter);
    for row in rows(template) {
        writer.row(row.iter().map(|cell| formula_safe(cell)));
    }
    writer.finish()
}

/// The header and the example row, cell by cell.
pub fn rows(template: &Template) -> [Vec<String>; 2] {
    let columns = mapping::columns(template);
    let values = values(template);
    let example = columns.iter().map(|column| match &column.purpose {
        ColumnPurpose::Phone => PHONE,
        ColumnPurpose::Slot(slot) => values.get(&slot.id).unwrap_or_default(),
        ColumnPurpose::Unused => "",
    });
    [columns.iter().map(|column| column.name.clone()).collect(), example.map(ToOwned::to_owned).collect()]
}

/// The name that the file is offered under, without its ending.
pub fn file_name(template: &Template) -> String {
    format!("{}_{}", template.name, template.language)
}

/// Whether a row is the example that was never replaced: its phone is somebody's.
pub(crate) fn is_left(template_values: &Values, to: E164, values: impl FnOnce() -> Values) -> bool {
    to.value() == PHONE_VALUE && *template_values == values()
}

/// A value for every slot that keeps the rules: the template's own example, or a stand-in.
pub(crate) fn values(template: &Template) -> Values {
    let slots = template.slots();
    let has_one_time_code =
        template.buttons.iter().any(|button| matches!(button, Button::OneTimeCode { .. }));
    let mut values: Values =
        slots.iter().map(|slot| (slot.id.clone(), example(slot, has_one_time_code))).collect();
    // A template may be so long that its own examples don't fit in.
    let is_too_long = |text: &str, max: usize| max < text.encode_utf16().count();
    let shorten = |values: &mut Values, is_part: fn(&SlotId) -> bool| {
        for slot in slots.iter().filter(|slot| is_part(&slot.id)) {
            values.set(slot.id.clone(), "x");
        }
    };
    if matches!(template.header, Some(Header::Text(_)))
        && template.filled_header(&values).is_some_and(|header| is_too_long(&header, MAX_HEADER_CHARS))
    {
        shorten(&mut values, |slot| *slot == SlotId::HeaderText);
    }
    if is_too_long(&template.filled_body(&values), MAX_BODY_CHARS) {
        shorten(&mut values, |slot| matches!(slot, SlotId::Body(_)));
    }
    values
}

fn example(slot: &Slot, has_one_time_code: bool) -> String {
    let (stand_in, max) = match &slot.kind {
        SlotKind::Media(kind) => return media_url(*kind).to_owned(),
        SlotKind::CopyCode => ("CODIGO10", SAFE_CODE_CHARS),
        SlotKind::Text if has_one_time_code => ("123456", SAFE_CODE_CHARS),
        SlotKind::Text => ("ejemplo", MAX_BODY_CHARS),
        SlotKind::UrlSuffix { .. } => ("ejemplo", 255),
    };
    // Examples were never sent, so they need not keep the rules of values: one line, no runs of blanks.
    let own: Vec<&str> = slot.example.as_deref().unwrap_or_default().split_whitespace().collect();
    let own = own.join(" ");
    let own = clean::value(&own);
    if own.is_empty() || max < own.len() { stand_in.to_owned() } else { own.into_owned() }
}

/// Addresses of a domain that is reserved for examples (RFC 2606): they pass the check and show what is wanted.
fn media_url(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "https://example.com/imagen.jpg",
        MediaKind::Video => "https://example.com/video.mp4",
        MediaKind::Document => "https://example.com/documento.pdf",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check::{CheckConfig, check},
        mapping::Mapping,
        problem::Problem,
        sheet::{self, ReadOptions},
        template::{Placeholder, TemplateText, UrlTarget, samples},
    };

    fn text(template: &Template) -> String {
        String::from_utf8(csv(template, Delimiter::Semicolon)).unwrap()
    }

    #[test]
    fn it_has_the_manuals_columns_and_the_templates_examples() {
        insta::assert_snapshot!(text(&samples::everything()), @"
        ﻿telefonos;image;dato1;dato2;dato3;dato4;dato5;dato6;dato7
        525512345678;;ejemplo;Ana;lunes;A-17;VERANO;;
        ");
        insta::assert_snapshot!(text(&samples::with_image()), @"
        ﻿telefonos;image;dato1;dato2;dato3;dato4;dato5;dato6;dato7
        525512345678;https://example.com/imagen.jpg;ejemplo;;;;;;
        ");
        assert_eq!(file_name(&samples::plain()), "aviso_es_MX");
    }

    /// Templates whose own examples would not pass as values.
    fn awkward() -> Vec<Template> {
        let with_example = |body: &str, example: &str| Template {
            body: TemplateText::parse(body).with_examples([(Placeholder::Position(1), example.to_owned())]),
            ..samples::plain()
        };
        let with_media = |kind| Template { header: Some(Header::Media(kind)), ..samples::plain() };
        let named = TemplateText::parse("{{nombre}}, {{dia}}")
            .with_examples([(Placeholder::Name("nombre".to_owned()), "Ana; \"Lu\"".to_owned())]);
        vec![
            with_example("Debe {{1}}", "=1+1"),
            with_example("Debe {{1}}", "-10"),
            with_example("Debe {{1}}", "a\nb\tc      d"),
            with_example("Debe {{1}}", " "),
            with_example(&format!("{}{{{{1}}}}", "x".repeat(1020)), "demasiado largo"),
            with_media(MediaKind::Video),
            with_media(MediaKind::Document),
            Template { body: named, ..samples::plain() },
            Template {
                header: Some(Header::Text(TemplateText::parse(&format!("{}{{{{1}}}}", "x".repeat(58))))),
                ..samples::plain()
            },
            Template {
                buttons: vec![Button::OneTimeCode { text: "Copiar".to_owned() }],
                ..with_example("{{1}}", "un código que no cabe")
            },
            Template {
                buttons: vec![
                    Button::CopyCode { text: "Copiar".to_owned(), example: Some("X".repeat(30)) },
                    Button::Url {
                        text: "Ver".to_owned(),
                        target: UrlTarget::parse("https://a.example/{{1}}", None),
                    },
                ],
                ..samples::with_body("{{1}}{{2}}{{3}}{{4}}{{5}}{{6}}{{7}}{{8}}")
            },
        ]
    }

    /// The format read back: the codes of what is wrong with its row, and the row's values.
    fn read_back(template: &Template) -> (Vec<&'static str>, Values) {
        let sheet = sheet::read(&csv(template, Delimiter::Comma), ReadOptions::default()).unwrap();
        let checked = check(&sheet, &Mapping::manual(template), template, CheckConfig::default());
        assert_eq!(checked.number_of(0).map(|number| number.value()), Some(PHONE_VALUE));
        (checked.problems().iter().map(Problem::code).collect(), checked.values(&sheet, 0))
    }

    #[test]
    fn it_keeps_all_rules_and_is_recognised_where_nobody_has_replaced_it() {
        let samples =
            [samples::plain(), samples::with_image(), samples::everything(), samples::with_body("{{1}}")];
        for template in samples.into_iter().chain(awkward()) {
            assert_eq!(read_back(&template).0, ["example-row"], "{template:?}");
        }
    }

    #[test]
    fn an_example_that_a_spreadsheet_would_calculate_arrives_as_it_is() {
        let template = &awkward()[0];
        assert!(text(template).contains(";'=1+1;"));
        assert_eq!(template.filled_body(&read_back(template).1), "Debe =1+1");
    }
}
