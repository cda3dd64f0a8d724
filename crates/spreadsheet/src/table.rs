//! Cells at their places → CSV text in which every spreadsheet row is one record.

use crate::BookError;

/// The most text that one sheet may give.
pub(crate) const MAX_TEXT_BYTES: usize = 200 * 1024 * 1024;
/// The most rows that a sheet can have (Excel's limit, which `LibreOffice` shares by default).
pub(crate) const MAX_ROWS: u32 = 1_048_576;
/// The same for columns.
pub(crate) const MAX_COLUMNS: u32 = 16_384;

/// A sheet as CSV: UTF-8, `,`, CRLF. Blank rows are empty lines; a row ends with its last cell that has a value.
#[derive(Debug, Default)]
pub(crate) struct SheetText {
    /// The text.
    pub(crate) text: Vec<u8>,
    /// Rows up to the last one that has a value.
    pub(crate) n_rows: u32,
}

/// Writes a sheet's cells, which come row by row.
#[derive(Debug, Default)]
pub(crate) struct TableWriter {
    text: Vec<u8>,
    /// The row that is being collected; those before are written.
    row: u32,
    /// Its cells, by their columns and their parts of `values`. In files of good writers they come in order.
    cells: Vec<(u32, std::ops::Range<usize>)>,
    values: String,
}

impl TableWriter {
    /// Adds a cell (places count from 0). Empty values may be left out or added, which comes to the same.
    pub(crate) fn cell(&mut self, row: u32, column: u32, value: &str) -> Result<(), BookError> {
        if value.is_empty() {
            return Ok(());
        }
        if row < self.row {
            // No spreadsheet writes rows out of order, and none opens such a file without complaint.
            return Err(BookError::Damaged);
        }
        if MAX_ROWS <= row || MAX_COLUMNS <= column {
            return Err(BookError::TooLarge);
        }
        if self.row < row {
            self.end_row()?;
            for _ in self.row..row {
                self.text.extend_from_slice(b"\r\n");
            }
            self.row = row;
        }
        let start = self.values.len();
        self.values.push_str(value);
        self.cells.push((column, start..self.values.len()));
        if MAX_TEXT_BYTES < self.values.len() { Err(BookError::TooLarge) } else { Ok(()) }
    }

    /// The whole text.
    pub(crate) fn finish(mut self) -> Result<SheetText, BookError> {
        self.end_row()?;
        Ok(SheetText { text: self.text, n_rows: self.row })
    }

    /// Writes the collected row, if it has a cell, and goes to the next.
    fn end_row(&mut self) -> Result<(), BookError> {
        if self.cells.is_empty() {
            return Ok(());
        }
        if !self.cells.is_sorted_by_key(|(column, _)| *column) {
            self.cells.sort_by_key(|(column, _)| *column);
        }
        // A place that is named twice: its first value stands.
        self.cells.dedup_by_key(|(column, _)| *column);
        let last_column = self.cells.last().map_or(0, |(column, _)| *column);
        let n_commas = usize::try_from(last_column).unwrap_or(usize::MAX);
        // Commas can outgrow the values: a cell far to the right in every row.
        if MAX_TEXT_BYTES.saturating_sub(self.values.len()) < self.text.len().saturating_add(n_commas) {
            return Err(BookError::TooLarge);
        }
        let mut at_column = 0;
        for (column, part) in self.cells.drain(..) {
            push_commas(&mut self.text, column - at_column);
            quote(&mut self.text, self.values.get(part).unwrap_or_default());
            at_column = column;
        }
        self.text.extend_from_slice(b"\r\n");
        self.values.clear();
        self.row += 1;
        Ok(())
    }
}

/// Writes commas: many at a time, for sheets whose data is far to the right.
fn push_commas(text: &mut Vec<u8>, n_commas: u32) {
    const COMMAS: [u8; 64] = [b','; 64];
    let mut n_left = usize::try_from(n_commas).unwrap_or(usize::MAX);
    while let Some(commas) = COMMAS.get(..n_left.min(COMMAS.len())).filter(|commas| !commas.is_empty()) {
        text.extend_from_slice(commas);
        n_left -= commas.len();
    }
}

/// Writes a value, in quotes if it needs them.
fn quote(text: &mut Vec<u8>, value: &str) {
    // Other delimiters are quoted too: a reader that guesses wrong still gets one cell.
    let needs_quotes =
        value.bytes().any(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b'"' | b'\n' | b'\r'))
            || value.starts_with(char::is_whitespace)
            || value.ends_with(char::is_whitespace);
    if needs_quotes {
        text.push(b'"');
        for (index, part) in value.split('"').enumerate() {
            if 0 < index {
                text.extend_from_slice(b"\"\"");
            }
            text.extend_from_slice(part.as_bytes());
        }
        text.push(b'"');
    } else {
        text.extend_from_slice(value.as_bytes());
    }
}
