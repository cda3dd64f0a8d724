//! Text → records with their places.
//!
//! The csv crate parses; the places are counted here, because it skips blank lines in silence, gives as a record's
//! position the place where it began to look, and counts no lone CR.

use crate::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{Row, SheetError, clean, delimiter::Layout},
};

/// What comes next in a file.
pub(super) enum Entry {
    Row(Row),
    /// A line without data: nothing, blanks or delimiters only.
    Blank(LineNumber, RowNumber),
}

pub(super) struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    /// Where the next entry begins, and its places.
    at: usize,
    line: LineNumber,
    row: RowNumber,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, layout: &Layout) -> Self {
        let (before, text) = text.split_at_checked(layout.start).unwrap_or(("", text));
        let delimiter = u8::try_from(layout.delimiter.as_char()).unwrap_or(b',');
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(text.as_bytes());
        Self {
            text,
            delimiter,
            reader,
            record: csv::StringRecord::new(),
            at: 0,
            line: LineNumber::FIRST.plus(count_line_breaks(before)),
            row: RowNumber::FIRST,
        }
    }

    pub(super) fn next_entry(&mut self) -> Result<Option<Entry>, SheetError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let (line, row) = (self.line, self.row);
        self.row = row.plus(1);
        let line_break = line_break_at(rest);
        if 0 < line_break {
            self.at += line_break;
            self.line = line.plus(1);
            return Ok(Some(Entry::Blank(line, row)));
        }
        // Text is valid UTF-8 and any number of cells is allowed, so reading can't fail; if it did, nothing more could
        // be read.
        if !self.reader.read_record(&mut self.record).is_ok_and(|is_record| is_record) {
            return Ok(None);
        }
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(self.text.len());
        let raw = self.text.get(self.at..end).unwrap_or_default();
        let mut n_breaks = usize::from(raw.ends_with(['\n', '\r']));
        if raw.as_bytes().contains(&b'"') {
            n_breaks = count_line_breaks(raw);
            self.check_quotes(raw, end == self.text.len(), row)?;
        }
        // The reader stops after the CR of a CRLF.
        let is_split = raw.ends_with('\r') && self.text.as_bytes().get(end) == Some(&b'\n');
        self.at = end + usize::from(is_split);
        self.line = line.plus(n_breaks);
        if clean::trim(self.record.as_slice()).is_empty() {
            return Ok(Some(Entry::Blank(line, row)));
        }
        // Copied cell by cell, since a clone would take the reader's whole buffer along.
        let mut cells = csv::StringRecord::with_capacity(self.record.as_slice().len(), self.record.len());
        self.record.iter().for_each(|cell| cells.push_field(cell));
        Ok(Some(Entry::Row(Row { line, row, cells })))
    }

    /// Refuses a record in which a quote swallows what follows: the file ends inside it, or it closes in the middle of
    /// a later line's cell. Quotes that harm nothing pass.
    fn check_quotes(&self, raw: &str, is_last: bool, row: RowNumber) -> Result<(), SheetError> {
        let mut column = 0;
        let mut opened: Option<usize> = None;
        let mut at_cell_start = true;
        let mut bytes = raw.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            if let Some(from) = opened {
                if byte != b'"' {
                    continue;
                }
                match bytes.peek() {
                    Some((_, b'"')) => {
                        bytes.next();
                    }
                    Some(&(_, next)) => {
                        let is_closed = matches!(next, b'\n' | b'\r' | b' ') || next == self.delimiter;
                        if !is_closed && raw.get(from..at).is_some_and(|quoted| quoted.contains(['\n', '\r']))
                        {
                            return Err(self.unclosed(raw, from, column, row));
                        }
                        opened = None;
                    }
                    None => opened = None,
                }
            } else if byte == self.delimiter {
                column += 1;
                at_cell_start = true;
            } else {
                if byte == b'"' && at_cell_start {
                    opened = Some(at);
                }
                at_cell_start = false;
            }
        }
        match opened {
            Some(from) if is_last => Err(self.unclosed(raw, from, column, row)),
            Some(_) | None => Ok(()),
        }
    }

    fn unclosed(&self, raw: &str, from: usize, column: usize, row: RowNumber) -> SheetError {
        let before = raw.get(..from).unwrap_or_default();
        SheetError::UnclosedQuote {
            line: self.line.plus(count_line_breaks(before)),
            row,
            column: ColumnIdx::new(column),
        }
    }
}

/// How many bytes the line break at the start takes: 0 if there is none.
fn line_break_at(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// How many line breaks there are: CRLF, CR or LF, each counted once.
pub(super) fn count_line_breaks(text: &str) -> usize {
    let mut n_breaks = 0;
    let mut previous = 0;
    for byte in text.bytes() {
        n_breaks += usize::from(byte == b'\r' || (byte == b'\n' && previous != b'\r'));
        previous = byte;
    }
    n_breaks
}
