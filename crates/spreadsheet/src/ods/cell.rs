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
    /// Its value is its text.
    is_text: bool,
}

impl Cell {
    /// What the element's attributes say.
    pub(super) fn of(element: &BytesStart<'_>, n_times: u32) -> Result<Self, BookError> {
        let mut value = String::new();
        let mut is_text = true;
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
            if let Some(typed) = typed.filter(|_| is_text) {
                typed.write(&mut value);
                is_text = false;
            }
        }
        Ok(Self { value, n_times, is_text })
    }

    /// Reads to the element's end, and the text if that is the value.
    pub(super) fn read(mut self, xml: &mut Xml<'_>) -> Result<Self, BookError> {
        if !self.is_text {
            xml.skip()?;
            return Ok(self);
        }
        let depth = xml.depth() - 1;
        let mut n_paragraphs = 0;
        while depth < xml.depth() {
            match xml.next()? {
                Event::Start(element) => match element.name().0 {
                    "text:p" | "text:h" => {
                        self.value.push_str(if n_paragraphs == 0 { "" } else { "\n" });
                        n_paragraphs += 1;
                    }
                    "text:s" => {
                        let n_blanks = xml::count(&element, "text:c")?;
                        self.check_room(n_blanks)?;
                        self.value.extend((0..n_blanks).map(|_| ' '));
                    }
                    "text:tab" => self.value.push('\t'),
                    "text:line-break" => self.value.push('\n'),
                    "text:span" | "text:a" => (),
                    // Notes, drawings, ruby, fields' inner workings, a table in the cell.
                    name if !name.starts_with("text:") || name == "text:note" || name == "text:ruby-text" => {
                        xml.skip()?;
                    }
                    _ => (),
                },
                Event::Text(text) if 0 < n_paragraphs => self.value.push_str(&text.xml10_content()),
                Event::CData(text) if 0 < n_paragraphs => self.value.push_str(&text.xml10_content()),
                Event::GeneralRef(entity) if 0 < n_paragraphs => xml::push_entity(&mut self.value, &entity)?,
                _ => (),
            }
        }
        Ok(self)
    }

    /// How many columns it takes: a bound for loops, which the text's limit ends long before.
    pub(super) fn n_times(&self) -> usize {
        usize::try_from(self.n_times).unwrap_or(usize::MAX)
    }

    fn check_room(&self, n_more: u32) -> Result<(), BookError> {
        let n_more = usize::try_from(n_more).unwrap_or(usize::MAX);
        if MAX_TEXT_BYTES < self.value.len().saturating_add(n_more) {
            Err(BookError::TooLarge)
        } else {
            Ok(())
        }
    }
}
