//! What is known of each row.

use std::ops::Range;

use crate::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{MAX_ROWS, header::MAX_ABOVE},
};

/// Where a row is in the text.
#[derive(Clone, Copy)]
pub(in crate::sheet) struct Entry {
    start: u32,
    /// The length; and in the two highest bits, what the row needs to be read.
    len: u32,
    line: u32,
    row: u32,
}

/// Some cell is in quotes. Otherwise, delimiters part the row, and that is all.
pub(super) const QUOTED: u32 = 1 << 31;
/// There may be invisible characters.
pub(super) const HIDING: u32 = 1 << 30;

impl Entry {
    /// A row of the text, with its flags: [`QUOTED`], [`HIDING`].
    pub(super) fn new(place: Range<usize>, flags: u32, line: usize, row: usize) -> Self {
        Self {
            start: narrow(place.start),
            len: narrow(place.len()) | flags,
            line: narrow(line),
            row: narrow(row),
        }
    }

    pub(in crate::sheet) fn bytes<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let (start, end) = self.place();
        text.get(start..end).unwrap_or_default()
    }

    /// Where the row begins and ends in the text.
    pub(in crate::sheet) fn place(&self) -> (usize, usize) {
        let start = self.start as usize;
        (start, start + (self.len & !(QUOTED | HIDING)) as usize)
    }

    pub(in crate::sheet) fn is_quoted(&self) -> bool {
        self.len & QUOTED != 0
    }

    pub(in crate::sheet) fn may_hide_something(&self) -> bool {
        self.len & HIDING != 0
    }

    pub(in crate::sheet) fn line(&self) -> LineNumber {
        LineNumber::new(self.line as usize)
    }

    pub(in crate::sheet) fn row(&self) -> RowNumber {
        RowNumber::new(self.row as usize)
    }
}

/// A byte that didn't decode, in terms of all rows.
pub(in crate::sheet) struct Unreadable {
    pub(in crate::sheet) entry_idx: usize,
    pub(in crate::sheet) line: LineNumber,
    pub(in crate::sheet) row: RowNumber,
    pub(in crate::sheet) column: ColumnIdx,
    pub(in crate::sheet) character: usize,
    pub(in crate::sheet) byte: u8,
}

/// What is found.
#[derive(Default)]
pub(in crate::sheet) struct Index {
    pub(in crate::sheet) entries: Vec<Entry>,
    pub(in crate::sheet) blank_lines: Vec<(LineNumber, RowNumber)>,
    /// How many of the blank lines come before the last row.
    pub(in crate::sheet) n_blank_inside: usize,
    pub(in crate::sheet) unreadable: Vec<Unreadable>,
    /// How many cells each of the first rows has, up to the last one that isn't blank.
    first_n_used: Vec<usize>,
    /// The most of those of the other rows.
    most_used: usize,
}

impl Index {
    /// Adds a row. `n_used` is how many cells it has up to the last one that isn't blank; of a row above the header that
    /// was asked for they don't count.
    pub(super) fn push(&mut self, entry: Entry, n_used: usize, is_above: bool) {
        self.n_blank_inside = self.blank_lines.len();
        if self.first_n_used.len() < MAX_ABOVE {
            self.first_n_used.push(n_used);
        } else if !is_above {
            self.most_used = self.most_used.max(n_used);
        }
        self.entries.push(entry);
    }

    /// Makes room for the rows to come when there is none left: as many as the rest of the text has if it goes on as it
    /// did. Doubling would take much more.
    pub(super) fn make_room(&mut self, n_bytes_done: usize, n_bytes_left: usize) {
        let n = self.entries.len();
        if n < self.entries.capacity() {
            return;
        }
        let n_rest = n_bytes_left / (n_bytes_done / (n + 1)).max(1);
        let n_more = if n == 0 { 1024 } else { n_rest + n_rest / 16 + 1024 };
        self.entries.reserve_exact(n_more.min(MAX_ROWS + 1 - n));
    }

    /// The columns with a value in the rows from this one on, which is one of the first [`MAX_ABOVE`] or the header that
    /// was asked for.
    pub(in crate::sheet) fn n_columns(&self, from: usize) -> usize {
        self.first_n_used.iter().skip(from).copied().fold(self.most_used, usize::max)
    }
}

/// The texts that are read have less than 2³⁰ bytes.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
