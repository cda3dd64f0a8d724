//! A recipients file: bytes → header and rows, each knowing its physical line and its spreadsheet row.
//!
//! Spreadsheets write CSV in many ways; what can be read without guessing is read, and the rest is refused with the one
//! thing to do about it ([`SheetError`]). This module knows no template; it knows of phones only to tell a header from
//! a first row, and to say that column A holds no phones.

mod bytes;
pub mod clean;
mod delimiter;
mod error;
mod records;
mod write;

pub use error::SheetError;
pub use write::{CsvWriter, formula_safe};

use crate::{
    phone,
    problem::{ColumnIdx, LineNumber, RowNumber},
};
use records::{Entry, Records};

/// The largest file that is read. 100,000 recipients with long texts take half of it.
pub const MAX_BYTES: usize = 30 * 1024 * 1024;

/// The most rows that are read, blank lines counted: beyond this a file of tiny rows would need more memory than a
/// browser gives.
pub const MAX_ROWS: usize = 1_000_000;

/// A file that could be read.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// How it was read.
    pub read_as: ReadAs,
    /// The header's names, trimmed; empty without a header.
    pub header: Vec<String>,
    /// The rows in order, without header and blank lines.
    pub rows: Vec<Row>,
    /// Lines without data before or between rows. Those after the last row are only counted, in [`ReadAs`].
    pub blank_lines: Vec<(LineNumber, RowNumber)>,
}

/// How a file was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAs {
    /// How its bytes were taken for characters.
    pub encoding: Encoding,
    /// What stands between cells.
    pub delimiter: Delimiter,
    /// Whether the first row names the columns.
    pub header: HeaderPresence,
    /// Columns that have a name or a value.
    pub n_columns: usize,
    /// Rows, header and blank lines not counted.
    pub n_rows: usize,
    /// Lines without data after the last row, which are ignored.
    pub trailing_blank_lines: usize,
}

/// How bytes are taken for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 that says so with a byte-order mark, as Excel's «CSV UTF-8» does.
    Utf8Bom,
}

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`, which spreadsheets write where the comma is the decimal sign.
    Semicolon,
}

impl Delimiter {
    /// The character.
    pub fn as_char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b',' => Some(Self::Comma),
            b';' => Some(Self::Semicolon),
            _ => None,
        }
    }
}

/// Whether there is a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderPresence {
    /// The first row with data names the columns.
    Present {
        /// Its physical line.
        line: LineNumber,
        /// Its spreadsheet row.
        row: RowNumber,
    },
    /// The first row already has a phone.
    Absent,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The physical line where it begins.
    pub line: LineNumber,
    /// The row that a spreadsheet shows.
    pub row: RowNumber,
    /// The cells as the file has them, for export; [`Row::value`] is what is sent.
    pub cells: csv::StringRecord,
}

impl Row {
    /// A cell as it is used: without invisible characters at its ends. `None` if the row ends before.
    pub fn value(&self, column: ColumnIdx) -> Option<&str> {
        self.cells.get(column.get()).map(clean::value)
    }

    /// The physical line where a cell begins: later than the row's when a cell before it has line breaks.
    pub fn line_of(&self, column: ColumnIdx) -> LineNumber {
        let breaks = self.cells.iter().take(column.get()).map(records::count_line_breaks).sum();
        self.line.plus(breaks)
    }
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let (text, encoding) = bytes::decode(bytes)?;
    let layout = delimiter::find(text)?;
    let mut records = Records::new(text, &layout);
    let mut rows: Vec<Row> = Vec::new();
    let mut blank_lines = Vec::new();
    while let Some(entry) = records.next_entry()? {
        if MAX_ROWS < rows.len() + blank_lines.len() {
            return Err(SheetError::TooManyRows { max: MAX_ROWS });
        }
        match entry {
            Entry::Row(row) => rows.push(row),
            Entry::Blank(line, row) => blank_lines.push((line, row)),
        }
    }
    let Some(first) = rows.first() else { return Err(SheetError::BlankOnly) };
    let mut header = Vec::new();
    let mut presence = HeaderPresence::Absent;
    if first.cells.get(0).is_some_and(is_head) {
        presence = HeaderPresence::Present { line: first.line, row: first.row };
        header = header_names(&first.cells);
        rows.remove(0);
    }
    let Some(last) = rows.last() else { return Err(SheetError::HeaderOnly) };
    let is_inside = |(line, _): &(LineNumber, RowNumber)| *line < last.line;
    let trailing_blank_lines = blank_lines.iter().filter(|blank| !is_inside(blank)).count();
    blank_lines.retain(is_inside);
    if let Some(column_a) = header.first()
        && !names_phones(column_a)
        && !rows.iter().any(|row| row.cells.get(0).is_some_and(phone::looks_like_number))
    {
        return Err(SheetError::NoPhoneColumn { column_a: column_a.clone() });
    }
    let n_columns = rows.iter().map(|row| n_used(&row.cells)).fold(header.len(), usize::max);
    let read_as = ReadAs {
        encoding,
        delimiter: layout.delimiter,
        header: presence,
        n_columns,
        n_rows: rows.len(),
        trailing_blank_lines,
    };
    Ok(Sheet { read_as, header, rows, blank_lines })
}

/// The names up to the last one that isn't blank: spreadsheets write the columns that were once used, too.
fn header_names(cells: &csv::StringRecord) -> Vec<String> {
    cells.iter().take(n_used(cells)).map(|name| clean::value(name).to_owned()).collect()
}

/// How many cells there are up to the last one that isn't blank.
fn n_used(cells: &csv::StringRecord) -> usize {
    (0..cells.len())
        .rev()
        .find(|&index| cells.get(index).is_some_and(|cell| !clean::trim(cell).is_empty()))
        .map_or(0, |last| last + 1)
}

/// Whether the first cell can be a column's name: not blank, and not a phone, however badly written. In doubt it is data,
/// so that a person is never taken for a header in silence.
fn is_head(cell: &str) -> bool {
    let n_digits = cell.chars().filter(char::is_ascii_digit).count();
    !clean::trim(cell).is_empty() && n_digits < 7
}

/// Whether a header's name says that the column has phones.
fn names_phones(name: &str) -> bool {
    // ASCII's case only: all of Unicode's would cost 3 kB of WebAssembly for one letter.
    const WORDS: [&str; 9] = ["tel", "phone", "cel", "movil", "móvil", "mÓvil", "mobile", "whats", "fono"];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
