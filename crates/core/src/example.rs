//! The downloadable CSV of a template: the manual's columns and one row that can be sent as it is.

use crate::{
    mapping::{self, ColumnPurpose},
    sheet::{CsvWriter, clean, formula_safe},
    template::{
        Button, Header, MAX_BODY_CHARS, MAX_HEADER_CHARS, MediaKind, Slot, SlotId, SlotKind, Template, Values,
    },
};

/// The manual's own example of a phone.
const PHONE: &str = "525512345678";
/// A code of this length is taken by every button that takes codes.
const SAFE_CODE_CHARS: usize = 15;

/// UTF-8 with byte-order mark, `;` and CRLF, so that Excel opens it right: the header, and a row with the template's
/// own examples.
pub fn csv(template: &Template) -> Vec<u8> {
    let columns = mapping::columns(template);
    let values = values(template);
    let mut writer = CsvWriter::new();
    writer.row(columns.iter().map(|column| column.name.as_str()));
    writer.row(columns.iter().map(|column| match &column.purpose {
        ColumnPurpose::Phone => PHONE.into(),
        ColumnPurpose::Slot(slot) => formula_safe(values.get(&slot.id).unwrap_or_default()),
        ColumnPurpose::Unused => "".into(),
    }));
    writer.finish()
}

/// The name that the file is offered under.
pub fn file_name(template: &Template) -> String {
    format!("{}_{}.csv", template.name, template.language)
}

/// A value for every slot that keeps the rules: the template's own example, or a stand-in.
fn values(template: &Template) -> Values {
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
    if own.is_empty() || max < own.len() { stand_in.to_owned() } else { own.to_owned() }
}

/// Addresses of a domain that is reserved for examples (RFC 2606): they pass the check and show what is wanted.
fn media_url(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "https://example.com/imagen.jpg",
        MediaKind::Video => "https://example.com/video.mp4",
        MediaKind::Document => "https://example.com/documento.pdf",
    }
}
