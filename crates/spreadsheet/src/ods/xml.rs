//! Reading XML event by event, knowing how deep inside it one is.

use std::io::{BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::BookError;

/// A part that is being read.
pub(super) struct Xml<'p> {
    reader: Reader<Box<dyn BufRead + 'p>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<'p> Xml<'p> {
    pub(super) fn new(part: impl Read + 'p) -> Self {
        let part: Box<dyn BufRead + 'p> = Box::new(BufReader::new(part));
        let mut reader = Reader::from_reader(part);
        // `<a/>` comes as `<a></a>`, so that each element has an end.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// The next event. The file's end comes only outside of all elements.
    pub(super) fn next(&mut self) -> Result<Event<'_>, BookError> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|_| BookError::Damaged)?;
        match &event {
            Event::Start(_) => self.depth += 1,
            // The reader refuses ends that have no beginning.
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if 0 < self.depth => return Err(BookError::Damaged),
            _ => (),
        }
        Ok(event)
    }

    /// How many elements have begun and not ended.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Goes behind the end of the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), BookError> {
        self.skip_to(self.depth.saturating_sub(1))
    }

    /// Goes on until only `depth` elements are open.
    pub(super) fn skip_to(&mut self, depth: usize) -> Result<(), BookError> {
        while depth < self.depth {
            self.next()?;
        }
        Ok(())
    }
}

/// An attribute's value.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, BookError> {
    let attribute = element.try_get_attribute(name).map_err(|_| BookError::Damaged)?;
    attribute
        .map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).map(String::from))
        .transpose()
        .map_err(|_| BookError::Damaged)
}

/// An attribute that says how often something is there: once if there is none.
pub(super) fn count(element: &BytesStart<'_>, name: &str) -> Result<u32, BookError> {
    match attribute(element, name)? {
        // More than can be counted is more than fits.
        Some(count) if count.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(count.parse().unwrap_or(u32::MAX))
        }
        Some(_) => Err(BookError::Damaged),
        None => Ok(1),
    }
}

/// Writes the character that `&amp;` or `&#241;` stands for.
pub(super) fn push_entity(text: &mut String, entity: &BytesRef<'_>) -> Result<(), BookError> {
    if let Some(character) = entity.resolve_char_ref().map_err(|_| BookError::Damaged)? {
        text.push(character);
        return Ok(());
    }
    text.push_str(resolve_xml_entity(entity).ok_or(BookError::Damaged)?);
    Ok(())
}
