//! A cell of ODS: its value is in its attributes, its text in the elements below.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::xml::{self, Xml};
use crate::BookError;
use crate::table::MAX_TEXT_BYTES;
use crate::value::Value;

/// A cell with its value as it is written.
pub(super) struct Cell {
    pub(super) value: String,
    /// How many columns it takes.
    n_times: u32,
    source: Source,
}

/// Where a cell's value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// In its text.
    Text,
    /// In an attribute; its text can show more digits, as postal codes and identity cards have them.
    Number,
    /// In an attribute.
    Attribute,
}

impl Cell {
    /// What the element's attributes say.
    pub(super) fn of(element: &BytesStart<'_>, n_times: u32) -> Result<Self, BookError> {
        let mut value = String::new();
        let mut source = Source::Text;
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| BookError::Damaged)?;
            let content: Cow<'_, str> =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| BookError::Damaged)?;
            let typed = match attribute.key.0 {
                "office:value" => content.parse().ok().map(Value::Number),
                "office:date-value" => Some(Value::IsoMoment(&content)),
                "office:time-value" => Some(Value::IsoSpan(&content)),
                "office:boolean-value" => Some(Value::Bool(content.eq_ignore_ascii_case("true"))),
                // Empty beside an error, whose code is in the text.
                "office:string-value" if !content.is_empty() => Some(Value::Text(&content)),
                _ => None,
            };
            if let Some(typed) = typed.filter(|_| source == Source::Text) {
                typed.write(&mut value);
                source = if matches!(typed, Value::Number(_)) { Source::Number } else { Source::Attribute };
            }
        }
        Ok(Self { value, n_times, source })
    }

    /// Reads to the element's end, and the text if it matters.
    pub(super) fn read(mut self, xml: &mut Xml<'_>) -> Result<Self, BookError> {
        match self.source {
            Source::Text => self.value = text(xml)?,
            Source::Number => {
                let text = text(xml)?;
                let zeros = text.strip_suffix(&self.value).unwrap_or_default();
                let is_number = self.value.bytes().all(|byte| byte.is_ascii_digit());
                if is_number && zeros.bytes().all(|byte| byte == b'0') {
                    self.value.insert_str(0, zeros);
                }
            }
            Source::Attribute => xml.skip()?,
        }
        Ok(self)
    }

    /// How many columns it takes: a bound for loops, which the text's limit ends long before.
    pub(super) fn n_times(&self) -> usize {
        usize::try_from(self.n_times).unwrap_or(usize::MAX)
    }
}

/// The text of the element that has just begun, without its notes and drawings.
fn text(xml: &mut Xml<'_>) -> Result<String, BookError> {
    let depth = xml.depth() - 1;
    let mut text = String::new();
    let mut n_paragraphs = 0;
    while depth < xml.depth() {
        match xml.next()? {
            Event::Start(element) => match element.name().0 {
                "text:p" | "text:h" => {
                    text.push_str(if n_paragraphs == 0 { "" } else { "\n" });
                    n_paragraphs += 1;
                }
                "text:s" => {
                    let n_blanks = usize::try_from(xml::count(&element, "text:c")?).unwrap_or(usize::MAX);
                    if MAX_TEXT_BYTES < text.len().saturating_add(n_blanks) {
                        return Err(BookError::TooLarge);
                    }
                    text.push_str(&" ".repeat(n_blanks));
                }
                "text:tab" => text.push('\t'),
                "text:line-break" => text.push('\n'),
                "text:note" | "text:ruby-text" => xml.skip()?,
                name if name.starts_with("text:") => (),
                // Notes, drawings, a table in the cell.
                _ => xml.skip()?,
            },
            Event::Text(part) if 0 < n_paragraphs => text.push_str(&part.xml10_content()),
            Event::CData(part) if 0 < n_paragraphs => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) if 0 < n_paragraphs => xml::push_entity(&mut text, &entity)?,
            _ => (),
        }
    }
    Ok(text)
}
