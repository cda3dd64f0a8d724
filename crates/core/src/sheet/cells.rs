//! A row's cells, parted when they are asked for.

use std::borrow::Cow;

use crate::{
    problem::{ColumnIdx, LineNumber},
    sheet::{clean, index::Entry},
};

/// The cells of one row. Made once and filled again for each row, so that reading a million of them takes memory only
/// once.
#[derive(Clone, Debug, Default)]
pub struct Cells<'s> {
    texts: Vec<Cow<'s, str>>,
    /// The values of the cells that hide something, which are few.
    cleaned: Vec<(usize, String)>,
    /// What the file has, for the lines.
    line: Option<LineNumber>,
    parts: Parts<'s>,
}

impl<'s> Cells<'s> {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// A cell as the file has it, or as it was edited, for showing and for export. `None` if the row ends before.
    pub fn raw(&self, column: ColumnIdx) -> Option<&str> {
        self.texts.get(column.get()).map(AsRef::as_ref)
    }

    /// A cell as it is used: see [`clean::value`].
    pub fn value(&self, column: ColumnIdx) -> Option<&str> {
        match self.cleaned.iter().find(|(cleaned, _)| *cleaned == column.get()) {
            Some((_, value)) => Some(value),
            None => self.raw(column).map(clean::ends_stripped),
        }
    }

    /// Whether something that can't be seen was taken out of a cell to get its value.
    pub fn was_cleaned(&self, column: ColumnIdx) -> bool {
        self.cleaned.iter().any(|(cleaned, _)| *cleaned == column.get())
    }

    /// The cells in order, each as [`Cells::raw`].
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// The physical line where a cell begins in the file: later than the row's when a cell before it has line breaks.
    pub fn line_of(&self, column: ColumnIdx) -> LineNumber {
        let mut parts = self.parts.clone();
        let before: usize =
            (0..column.get()).map_while(|_| parts.next()).map(|cell| count_line_breaks(&cell)).sum();
        self.line.unwrap_or(LineNumber::FIRST).plus(before)
    }

    /// Takes the cells of a row of the file.
    pub(super) fn read(&mut self, text: &'s [u8], entry: &Entry, delimiter: u8) {
        self.begin(text, entry, delimiter);
        self.texts.extend(self.parts.clone().map(text_of));
        if entry.may_hide_something() {
            self.clean();
        }
    }

    /// Takes the cells that an edit made of it.
    pub(super) fn read_edited(&mut self, text: &'s [u8], entry: &Entry, delimiter: u8, edited: &'s [String]) {
        self.begin(text, entry, delimiter);
        self.texts.extend(edited.iter().map(|cell| Cow::Borrowed(cell.as_str())));
        self.clean();
    }

    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.cleaned.clear();
        self.line = None;
        self.parts = Parts::default();
    }

    fn begin(&mut self, text: &'s [u8], entry: &Entry, delimiter: u8) {
        self.clear();
        self.line = Some(entry.line());
        self.parts = Parts { rest: Some(entry.bytes(text)), delimiter, is_quoted: entry.is_quoted() };
    }

    fn clean(&mut self) {
        for (column, cell) in self.texts.iter().enumerate() {
            if clean::hides_something(cell) {
                self.cleaned.push((column, clean::value(cell).into_owned()));
            }
        }
    }
}

/// The cells of a row, without their quotes.
#[derive(Clone, Debug, Default)]
struct Parts<'s> {
    rest: Option<&'s [u8]>,
    delimiter: u8,
    is_quoted: bool,
}

impl<'s> Iterator for Parts<'s> {
    type Item = Cow<'s, [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.rest.take()?;
        let mut cell = Cow::Borrowed(&[][..]);
        if self.is_quoted
            && let Some(quoted) = rest.strip_prefix(b"\"")
        {
            rest = take_quoted(quoted, &mut cell);
        }
        let delimiter = self.delimiter;
        let end = rest.iter().position(|&byte| byte == delimiter);
        append(&mut cell, rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
        self.rest = end.and_then(|end| rest.get(end + 1..));
        Some(cell)
    }
}

/// Takes what is inside quotes. Returns what comes after.
fn take_quoted<'s>(mut rest: &'s [u8], cell: &mut Cow<'s, [u8]>) -> &'s [u8] {
    while let Some(at) = rest.iter().position(|&byte| byte == b'"') {
        let (inside, after) = rest.split_at(at);
        append(cell, inside);
        rest = after.get(1..).unwrap_or_default();
        match rest.strip_prefix(b"\"") {
            Some(after) => {
                append(cell, b"\"");
                rest = after;
            }
            None => return rest,
        }
    }
    // No row without the closing quote gets so far.
    append(cell, rest);
    &[]
}

fn append<'s>(cell: &mut Cow<'s, [u8]>, piece: &'s [u8]) {
    if cell.is_empty() {
        *cell = Cow::Borrowed(piece);
    } else if !piece.is_empty() {
        cell.to_mut().extend_from_slice(piece);
    }
}

/// The text of a cell; each byte that is not UTF-8 is U+FFFD.
fn text_of(cell: Cow<'_, [u8]>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(bytes) => match str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(lossy(bytes)),
        },
        Cow::Owned(bytes) => {
            Cow::Owned(String::from_utf8(bytes).unwrap_or_else(|error| lossy(error.as_bytes())))
        }
    }
}

fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|_| text.push(char::REPLACEMENT_CHARACTER));
    }
    text
}

/// How many line breaks there are: CRLF, CR or LF, each counted once.
fn count_line_breaks(bytes: &[u8]) -> usize {
    let mut n_breaks = 0;
    let mut previous = 0;
    for &byte in bytes {
        n_breaks += usize::from(byte == b'\r' || (byte == b'\n' && previous != b'\r'));
        previous = byte;
    }
    n_breaks
}
