//! Where each row is, found in slices.
//!
//! The rules are those of RFC 4180 as the csv crate reads it, which the tests compare with: a quote counts where a cell
//! begins, twice inside quotes it is one, and CR, LF and CRLF each end a row. Unlike that crate, this keeps the place
//! of everything, blank lines included.

mod bytes;
mod entry;

pub(super) use entry::{Entry, Index};

use crate::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{
        MAX_ROWS, SheetError, clean,
        decode::{Found, Place},
    },
};
use bytes::{Class, Classes};
use entry::{HIDING, QUOTED, Unreadable};

/// The work of finding the rows.
pub(super) struct Indexer {
    classes: Classes,
    delimiter: u8,
    /// The first row whose columns count.
    first_row: RowNumber,
    at: usize,
    line: usize,
    row: usize,
    row_start: usize,
    row_line: usize,
    flags: u32,
    /// The cells that have ended, and how many of them up to the last one that isn't blank.
    n_cells: usize,
    n_used: usize,
    cell_start: usize,
    /// Whether something that isn't blank was seen for sure.
    is_cell_used: bool,
    quote: Option<OpenQuote>,
    /// A place in this line and how many characters come before it.
    counted: (usize, usize),
    n_places: usize,
    index: Index,
}

struct OpenQuote {
    line: usize,
    has_break: bool,
}

const BOM: &[u8] = "\u{feff}".as_bytes();
/// A cell of more bytes is taken for used without a look at all of it.
pub(super) const MAX_LOOK: usize = 64 * 1024;

impl Indexer {
    /// Begins at a byte of the text, which is the beginning of this line.
    pub(super) fn new(start: usize, line: LineNumber, delimiter: u8, first_row: RowNumber) -> Self {
        Self {
            classes: Classes::new(delimiter),
            delimiter,
            first_row,
            at: start,
            line: line.get(),
            row: 1,
            row_start: start,
            row_line: line.get(),
            flags: 0,
            n_cells: 0,
            n_used: 0,
            cell_start: start,
            is_cell_used: false,
            quote: None,
            counted: (start, 0),
            n_places: 0,
            index: Index::default(),
        }
    }

    /// How far it has come.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Does about `n_bytes` of work. `None`: there is more.
    pub(super) fn step(
        &mut self,
        text: &[u8],
        undecoded: &Found,
        n_bytes: usize,
    ) -> Option<Result<Index, SheetError>> {
        let until = self.at.saturating_add(n_bytes).min(text.len());
        match self.advance(text, undecoded, until) {
            Ok(()) if self.at < text.len() => None,
            Ok(()) => Some(self.finish(text)),
            Err(error) => Some(Err(error)),
        }
    }

    fn advance(&mut self, text: &[u8], undecoded: &Found, until: usize) -> Result<(), SheetError> {
        self.skip_marks(text);
        while self.at < until {
            let place = undecoded.places.get(self.n_places);
            match place {
                Some(place) if place.at <= self.at => self.note(text, place),
                Some(place) => self.advance_decoded(text, until.min(place.at))?,
                None => self.advance_decoded(text, until)?,
            }
        }
        if !undecoded.places.is_empty() {
            self.count_characters(text, self.at);
        }
        Ok(())
    }

    /// Goes on to `until`, before which all bytes decoded.
    fn advance_decoded(&mut self, text: &[u8], until: usize) -> Result<(), SheetError> {
        while self.at < until {
            self.at += self.classes.n_ordinary(text.get(self.at..until).unwrap_or_default());
            let class = match text.get(self.at) {
                Some(&byte) if self.at < until => self.classes.of(byte),
                Some(_) | None => return Ok(()),
            };
            match (class, &mut self.quote) {
                (Class::Ordinary, _) | (Class::Delimiter, Some(_)) => (),
                (Class::Hiding, _) => {
                    if clean::begins_invisible(text.get(self.at..).unwrap_or_default()) {
                        self.flags |= HIDING;
                    }
                }
                (Class::Delimiter, None) => {
                    self.end_cell(text);
                    self.cell_start = self.at + 1;
                }
                (Class::Quote, None) if self.at == self.cell_start => {
                    self.flags |= QUOTED;
                    self.quote = Some(OpenQuote { line: self.line, has_break: false });
                }
                (Class::Quote, None) => self.is_cell_used = true,
                (Class::Quote, Some(_)) => self.quote_in_quotes(text)?,
                (Class::Break, None) => {
                    self.end_row(text)?;
                    continue;
                }
                (Class::Break, Some(quote)) => {
                    quote.has_break = true;
                    self.end_line(text);
                    continue;
                }
            }
            self.at += 1;
        }
        Ok(())
    }

    /// A quote inside quotes: two are one, and one ends them.
    fn quote_in_quotes(&mut self, text: &[u8]) -> Result<(), SheetError> {
        match text.get(self.at + 1) {
            Some(b'"') => {
                self.is_cell_used = true;
                self.at += 1;
            }
            Some(&next) if next != self.delimiter && !matches!(next, b'\r' | b'\n' | b' ') => {
                // It ends in the middle of a cell. In one line that harms nothing; on a later one, the quote was opened
                // by mistake, and what ends it is the beginning of another cell: rows would run into each other.
                if self.quote.as_ref().is_some_and(|quote| quote.has_break) {
                    return Err(self.unclosed());
                }
                self.quote = None;
            }
            Some(_) | None => self.quote = None,
        }
        Ok(())
    }

    fn unclosed(&self) -> SheetError {
        SheetError::UnclosedQuote {
            line: LineNumber::new(self.quote.as_ref().map_or(self.line, |quote| quote.line)),
            row: RowNumber::new(self.row),
            column: ColumnIdx::new(self.n_cells),
        }
    }

    fn end_cell(&mut self, text: &[u8]) {
        self.n_cells += 1;
        let cell = text.get(self.cell_start..self.at).unwrap_or_default();
        if self.is_cell_used || shows_something(cell) {
            self.n_used = self.n_cells;
        }
        self.is_cell_used = false;
    }

    /// Ends the row at the break that is here, or at the end of the text.
    fn end_row(&mut self, text: &[u8]) -> Result<(), SheetError> {
        self.end_cell(text);
        if self.n_used == 0 {
            self.index.blank_lines.push((LineNumber::new(self.row_line), RowNumber::new(self.row)));
        } else {
            self.index.make_room(self.at, text.len() - self.at);
            let entry = Entry::new(self.row_start..self.at, self.flags, self.row_line, self.row);
            self.index.push(entry, self.n_used, self.row < self.first_row.get());
        }
        if MAX_ROWS < self.index.entries.len() + self.index.blank_lines.len() {
            return Err(SheetError::TooManyRows { max: MAX_ROWS });
        }
        self.end_line(text);
        self.row += 1;
        self.row_line = self.line;
        self.row_start = self.at;
        self.cell_start = self.at;
        (self.n_cells, self.n_used, self.flags) = (0, 0, 0);
        self.skip_marks(text);
        Ok(())
    }

    /// Goes past the break that is here.
    fn end_line(&mut self, text: &[u8]) {
        let is_crlf = text.get(self.at..).is_some_and(|rest| rest.starts_with(b"\r\n"));
        self.at = (self.at + if is_crlf { 2 } else { 1 }).min(text.len());
        self.line += 1;
        self.counted = (self.at, 0);
    }

    /// Byte-order marks at a row's beginning are no part of it: a quote after them, in a file that was joined of
    /// several, is the cell's first character.
    fn skip_marks(&mut self, text: &[u8]) {
        if self.at != self.row_start {
            return;
        }
        while text.get(self.at..).is_some_and(|rest| rest.starts_with(BOM)) {
            self.at += BOM.len();
        }
        self.row_start = self.at;
        self.cell_start = self.at;
    }

    fn finish(&mut self, text: &[u8]) -> Result<Index, SheetError> {
        if self.quote.is_some() {
            return Err(self.unclosed());
        }
        // Unless the last row has its line break; or nothing but byte-order marks comes after it.
        if self.row_start < self.at {
            self.end_row(text)?;
        }
        Ok(std::mem::take(&mut self.index))
    }

    /// Notes a byte that didn't decode, which is here.
    fn note(&mut self, text: &[u8], place: &Place) {
        self.count_characters(text, place.at);
        let (_, n_before) = self.counted;
        self.index.unreadable.push(Unreadable {
            entry_idx: self.index.entries.len(),
            line: LineNumber::new(self.line),
            row: RowNumber::new(self.row),
            column: ColumnIdx::new(self.n_cells),
            character: n_before + 1,
            byte: place.byte,
        });
        // It counts as one character, whatever the byte.
        self.counted = (place.at + 1, n_before + 1);
        self.n_places += 1;
    }

    fn count_characters(&mut self, text: &[u8], until: usize) {
        let (from, n_characters) = self.counted;
        let bytes = text.get(from..until).unwrap_or_default();
        let n_more = bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count();
        self.counted = (until.max(from), n_characters + n_more);
    }
}

/// Whether a cell, with its quotes, has anything but blanks. Quotes don't count.
fn shows_something(cell: &[u8]) -> bool {
    let first = match cell {
        [b'"', second, ..] => second,
        [first, ..] => first,
        [] => return false,
    };
    // What begins with C3 in UTF-8 are letters with accents.
    if (first.is_ascii_graphic() && *first != b'"') || *first == 0xc3 || MAX_LOOK < cell.len() {
        return true;
    }
    String::from_utf8_lossy(cell).contains(|character| character != '"' && !clean::is_blank(character))
}
