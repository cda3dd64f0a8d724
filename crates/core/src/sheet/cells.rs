//! A row's cells, parted when they are asked for.

use std::borrow::Cow;

use crate::{
    problem::{ColumnIdx, LineNumber},
    sheet::{clean, content::Content, index::Entry},
};

/// The cells of one row. Made once and filled again for each row, so that reading a million of them takes memory only
/// once.
#[derive(Clone, Debug, Default)]
pub struct Cells<'s> {
    texts: Vec<Cow<'s, str>>,
    /// The values of the cells that hide something, which are few.
    cleaned: Vec<(usize, String)>,
    /// What the file has, for the lines.
    row: &'s [u8],
    rule: Rule,
    line: Option<LineNumber>,
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
        let row = String::from_utf8_lossy(self.row);
        let before: usize =
            self.rule.part(&row).take(column.get()).map(|cell| count_line_breaks(&cell)).sum();
        self.line.unwrap_or(LineNumber::FIRST).plus(before)
    }

    /// Takes the cells of a row of the file.
    pub(super) fn read(&mut self, text: &'s Content, entry: &Entry, delimiter: u8) {
        self.begin(text, entry, delimiter);
        let (start, end) = entry.place();
        match text.piece(start, end) {
            Cow::Borrowed(row) => self.part(row),
            Cow::Owned(row) => {
                for cell in self.rule.part(&row) {
                    self.texts.push(Cow::Owned(cell.into_owned()));
                }
            }
        }
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
        self.row = &[];
        self.line = None;
    }

    fn begin(&mut self, text: &'s [u8], entry: &Entry, delimiter: u8) {
        self.clear();
        self.line = Some(entry.line());
        self.row = entry.bytes(text);
        self.rule = Rule { delimiter, is_quoted: entry.is_quoted() };
    }

    /// As [`Rule::part`], but quicker: nearly all cells are a piece of the row.
    fn part(&mut self, row: &'s str) {
        let Rule { delimiter, is_quoted } = self.rule;
        let bytes = row.as_bytes();
        let mut start = 0;
        loop {
            let begins_quoted = is_quoted && bytes.get(start) == Some(&b'"');
            let (begin, sought) = if begins_quoted { (start + 1, b'"') } else { (start, delimiter) };
            let end = position(bytes, begin, sought);
            let after = if begins_quoted { end + 1 } else { end };
            if after < bytes.len() && bytes.get(after) != Some(&delimiter) {
                // A doubled quote, or something after the quotes.
                self.texts.extend(self.rule.part(row.get(start..).unwrap_or_default()));
                return;
            }
            self.texts.push(Cow::Borrowed(row.get(begin..end).unwrap_or_default()));
            if bytes.len() <= after {
                return;
            }
            start = after + 1;
        }
    }

    fn clean(&mut self) {
        for (column, cell) in self.texts.iter().enumerate() {
            if clean::hides_something(cell) {
                self.cleaned.push((column, clean::value(cell).into_owned()));
            }
        }
    }
}

/// How a row is parted.
#[derive(Clone, Copy, Debug, Default)]
struct Rule {
    delimiter: u8,
    is_quoted: bool,
}

impl Rule {
    fn part(self, row: &str) -> Parts<'_> {
        Parts { rest: Some(row), rule: self }
    }
}

/// The cells of a row, without their quotes.
struct Parts<'s> {
    rest: Option<&'s str>,
    rule: Rule,
}

impl<'s> Iterator for Parts<'s> {
    type Item = Cow<'s, str>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.rest.take()?;
        let mut cell = Cow::Borrowed("");
        if self.rule.is_quoted
            && let Some(quoted) = rest.strip_prefix('"')
        {
            rest = take_quoted(quoted, &mut cell);
        }
        let Some((last, after)) = split_at(rest, self.rule.delimiter) else {
            append(&mut cell, rest);
            return Some(cell);
        };
        append(&mut cell, last);
        self.rest = Some(after);
        Some(cell)
    }
}

/// Takes what is inside quotes. Returns what comes after.
fn take_quoted<'s>(mut rest: &'s str, cell: &mut Cow<'s, str>) -> &'s str {
    while let Some((inside, after)) = split_at(rest, b'"') {
        append(cell, inside);
        match after.strip_prefix('"') {
            Some(after) => {
                append(cell, "\"");
                rest = after;
            }
            None => return after,
        }
    }
    // No row without the closing quote gets so far.
    append(cell, rest);
    ""
}

/// What comes before and after an ASCII character.
fn split_at(text: &str, wanted: u8) -> Option<(&str, &str)> {
    let at = position(text.as_bytes(), 0, wanted);
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Where a byte is, from a place on; the end if there is none. Every cell's end is found here, so eight at a time.
fn position(bytes: &[u8], from: usize, wanted: u8) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (eights, rest) = bytes.get(from..).unwrap_or_default().as_chunks::<8>();
    let mut at = from;
    for eight in eights {
        let differs = u64::from_le_bytes(*eight) ^ (ONES * u64::from(wanted));
        // The high bit of each byte that is 0, and perhaps of some after the first of those.
        let hits = differs.wrapping_sub(ONES) & !differs & HIGH;
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + rest.iter().position(|&byte| byte == wanted).unwrap_or(rest.len())
}

fn append<'s>(cell: &mut Cow<'s, str>, piece: &'s str) {
    if cell.is_empty() {
        *cell = Cow::Borrowed(piece);
    } else if !piece.is_empty() {
        cell.to_mut().push_str(piece);
    }
}

/// How many line breaks there are: CRLF, CR or LF, each counted once.
fn count_line_breaks(text: &str) -> usize {
    let mut n_breaks = 0;
    let mut previous = 0;
    for byte in text.bytes() {
        n_breaks += usize::from(byte == b'\r' || (byte == b'\n' && previous != b'\r'));
        previous = byte;
    }
    n_breaks
}
