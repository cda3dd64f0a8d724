//! Where each row is, found in slices.
//!
//! The rules are those of RFC 4180 as the csv crate reads it, which the tests compare with: a quote counts where a cell
//! begins, twice inside quotes it is one, and CR, LF and CRLF each end a row. Unlike that crate, this keeps the place
//! of everything, blank lines included.

use crate::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{
        MAX_ROWS, SheetError, clean,
        decode::{Found, Place},
        header::MAX_ABOVE,
    },
};

/// Where a row is in the text.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    start: u32,
    /// The length; and in the two highest bits, what the row needs to be read.
    len: u32,
    line: u32,
    row: u32,
}

/// Some cell is in quotes. Otherwise, delimiters part the row, and that is all.
const QUOTED: u32 = 1 << 31;
/// There may be invisible characters.
const HIDING: u32 = 1 << 30;

impl Entry {
    pub(super) fn bytes<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let start = self.start as usize;
        text.get(start..start + (self.len & !(QUOTED | HIDING)) as usize).unwrap_or_default()
    }

    pub(super) fn is_quoted(&self) -> bool {
        self.len & QUOTED != 0
    }

    pub(super) fn may_hide_something(&self) -> bool {
        self.len & HIDING != 0
    }

    pub(super) fn line(&self) -> LineNumber {
        LineNumber::new(self.line as usize)
    }

    pub(super) fn row(&self) -> RowNumber {
        RowNumber::new(self.row as usize)
    }
}

/// A byte that didn't decode, in terms of all rows.
pub(super) struct Unreadable {
    pub(super) entry_idx: usize,
    pub(super) line: LineNumber,
    pub(super) row: RowNumber,
    pub(super) column: ColumnIdx,
    pub(super) character: usize,
    pub(super) byte: u8,
}

/// What is found.
#[derive(Default)]
pub(super) struct Index {
    pub(super) entries: Vec<Entry>,
    pub(super) blank_lines: Vec<(LineNumber, RowNumber)>,
    /// How many of the blank lines come before the last row.
    pub(super) n_blank_inside: usize,
    pub(super) unreadable: Vec<Unreadable>,
    /// How many cells each of the first rows has, up to the last one that isn't blank.
    first_n_used: Vec<usize>,
    /// The most of those of the other rows.
    most_used: usize,
}

impl Index {
    /// The columns with a value in the rows from this one on, which is one of the first [`MAX_ABOVE`] or the one that
    /// [`Indexer::new`] was told.
    pub(super) fn n_columns(&self, from: usize) -> usize {
        self.first_n_used.iter().skip(from).copied().fold(self.most_used, usize::max)
    }
}

/// What a byte may mean. A table is quicker than comparisons.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Ordinary,
    Delimiter,
    Quote,
    Break,
    /// It may begin an invisible character.
    Hiding,
}

/// The work of finding the rows.
pub(super) struct Indexer {
    classes: [Class; 256],
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
        let mut classes = [Class::Ordinary; 256];
        for (byte, class) in (0..=u8::MAX).zip(&mut classes) {
            if byte == delimiter {
                *class = Class::Delimiter;
            } else if byte == b'"' {
                *class = Class::Quote;
            } else if matches!(byte, b'\r' | b'\n') {
                *class = Class::Break;
            } else if clean::may_begin_invisible(byte) {
                *class = Class::Hiding;
            }
        }
        Self {
            classes,
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
            self.at += self.n_ordinary(text.get(self.at..until).unwrap_or_default());
            let class = match text.get(self.at) {
                Some(&byte) if self.at < until => self.class(byte),
                Some(_) | None => return Ok(()),
            };
            match (class, &mut self.quote) {
                (Class::Ordinary, _) | (Class::Delimiter, Some(_)) => (),
                (Class::Hiding, _) => self.flags |= HIDING,
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

    /// How many bytes come first that mean nothing for sure. Each byte of the file is seen here, so it goes by eight at
    /// a time: those that are ASCII, no control character, and neither the quote nor the delimiter.
    fn n_ordinary(&self, bytes: &[u8]) -> usize {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = 0x8080_8080_8080_8080;
        let (quotes, delimiters) = (ONES * u64::from(b'"'), ONES * u64::from(self.delimiter));
        // The high bit of each byte that is 0, and perhaps of some after the first of those.
        let zeros = |eight: u64| eight.wrapping_sub(ONES) & !eight & HIGH;
        let (eights, rest) = bytes.as_chunks::<8>();
        let mut n_ordinary = 0;
        for eight in eights {
            let eight = u64::from_le_bytes(*eight);
            let controls = eight.wrapping_sub(ONES * 0x20) & !eight & HIGH;
            let hits = (eight & HIGH) | controls | zeros(eight ^ quotes) | zeros(eight ^ delimiters);
            if hits != 0 {
                return n_ordinary + hits.trailing_zeros() as usize / 8;
            }
            n_ordinary += 8;
        }
        for &byte in rest {
            if self.class(byte) != Class::Ordinary {
                break;
            }
            n_ordinary += 1;
        }
        n_ordinary
    }

    fn class(&self, byte: u8) -> Class {
        self.classes.get(usize::from(byte)).copied().unwrap_or(Class::Ordinary)
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
            self.push(text);
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

    fn push(&mut self, text: &[u8]) {
        let Index { entries, blank_lines, n_blank_inside, first_n_used, most_used, .. } = &mut self.index;
        *n_blank_inside = blank_lines.len();
        if first_n_used.len() < MAX_ABOVE {
            first_n_used.push(self.n_used);
        } else if self.first_row.get() <= self.row {
            *most_used = self.n_used.max(*most_used);
        }
        if entries.len() == entries.capacity() {
            // As many as the rest of the text has if it goes on like this. Doubling would take much more.
            let n_rest = (text.len() - self.at) / (self.at / (entries.len() + 1)).max(1);
            let n_more = if entries.is_empty() { 1024 } else { n_rest + n_rest / 16 + 1024 };
            entries.reserve_exact(n_more.min(MAX_ROWS + 1 - entries.len()));
        }
        entries.push(Entry {
            start: narrow(self.row_start),
            len: narrow(self.at - self.row_start) | self.flags,
            line: narrow(self.row_line),
            row: narrow(self.row),
        });
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

/// The texts that are read have less than 2³⁰ bytes.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
