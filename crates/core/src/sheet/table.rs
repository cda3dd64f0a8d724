//! A file that could be read: its text, where each row is, and what was edited since.

use std::{fmt, sync::Arc};

use crate::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{Cells, MAX_COLUMNS, ReadAs, content::Content, index::Entry},
};

/// A file that could be read. A clone shares the file's text; edits are each clone's own.
#[derive(Clone)]
pub struct Sheet {
    file: Arc<File>,
    /// The rows that were edited, by their index.
    edits: Vec<(usize, Vec<String>)>,
}

/// What was read.
pub(super) struct File {
    pub(super) text: Content,
    pub(super) delimiter: u8,
    pub(super) entries: Vec<Entry>,
    /// The entry that is row 0: those before it are the header and what is above it.
    pub(super) first_entry: usize,
    pub(super) header: Vec<String>,
    pub(super) read_as: ReadAs,
    pub(super) blank_lines: Vec<(LineNumber, RowNumber)>,
    pub(super) undecoded: Vec<Undecoded>,
    pub(super) n_undecoded: usize,
}

/// A byte of the file that is no character in its encoding. Its cell has U+FFFD there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecoded {
    /// The row; `None` in the header or above it.
    pub row_idx: Option<usize>,
    /// The physical line.
    pub line: LineNumber,
    /// The spreadsheet row.
    pub row: RowNumber,
    /// The column.
    pub column: ColumnIdx,
    /// The character of that line, from 1, where a text editor shows it.
    pub character: usize,
    /// The byte. Of half a character of UTF-16, the high one.
    pub byte: u8,
}

impl Sheet {
    pub(super) fn new(file: File) -> Self {
        Self { file: Arc::new(file), edits: Vec::new() }
    }

    /// How it was read.
    pub fn read_as(&self) -> &ReadAs {
        &self.file.read_as
    }

    /// The header's names, as [`Cells::value`]; empty without a header.
    pub fn header(&self) -> &[String] {
        &self.file.header
    }

    /// How many rows there are, without header and blank lines.
    pub fn n_rows(&self) -> usize {
        self.file.read_as.n_rows
    }

    /// The physical line where a row begins; the first one if there is no such row.
    pub fn line(&self, idx: usize) -> LineNumber {
        self.entry(idx).map_or(LineNumber::FIRST, Entry::line)
    }

    /// The row that a spreadsheet shows; the first one if there is no such row.
    pub fn row_number(&self, idx: usize) -> RowNumber {
        self.entry(idx).map_or(RowNumber::FIRST, Entry::row)
    }

    /// Takes the cells of a row, as edited; none if there is no such row.
    pub fn cells<'s>(&'s self, idx: usize, cells: &mut Cells<'s>) {
        let File { text, delimiter, .. } = &*self.file;
        match (self.entry(idx), self.edited(idx)) {
            (Some(entry), None) => cells.read(text, entry, *delimiter),
            (Some(entry), Some(edited)) => cells.read_edited(text, entry, *delimiter, edited),
            (None, _) => cells.clear(),
        }
    }

    /// The row that a spreadsheet shows by this number, if it has data and is neither the header nor above it.
    pub fn find_row(&self, row: RowNumber) -> Option<usize> {
        self.entries().binary_search_by_key(&row, Entry::row).ok()
    }

    /// Lines without data: nothing, blanks or delimiters only. Those above the header and after the last row don't
    /// count; [`ReadAs`] has how many of the latter there are.
    pub fn blank_lines(&self) -> &[(LineNumber, RowNumber)] {
        &self.file.blank_lines
    }

    /// The bytes that are no characters, in order; the first [`MAX_UNDECODED`](super::MAX_UNDECODED) of
    /// [`Sheet::n_undecoded`].
    pub fn undecoded(&self) -> &[Undecoded] {
        &self.file.undecoded
    }

    /// How many bytes are no characters.
    pub fn n_undecoded(&self) -> usize {
        self.file.n_undecoded
    }

    /// Puts a text into a cell. Returns what the cell had, whole. A row that ends before is extended. Does nothing if
    /// there is no such row, or no spreadsheet has such a column.
    pub fn set_cell(&mut self, idx: usize, column: ColumnIdx, text: &str) -> String {
        if MAX_COLUMNS <= column.get() || self.entry(idx).is_none() {
            return String::new();
        }
        let mut cells = self.owned_cells(idx);
        if cells.len() <= column.get() {
            cells.resize(column.get() + 1, String::new());
        }
        let before = cells
            .get_mut(column.get())
            .map(|cell| std::mem::replace(cell, text.to_owned()))
            .unwrap_or_default();
        self.replace_row(idx, cells);
        before
    }

    /// Puts these cells in the place of a row's. Does nothing if there is no such row. What the file has is no edit:
    /// an edit that is undone leaves no trace.
    pub fn replace_row(&mut self, idx: usize, cells: Vec<String>) {
        let Some(entry) = self.entry(idx) else { return };
        let mut original = Cells::new();
        original.read(&self.file.text, entry, self.file.delimiter);
        let is_edit = !is_same(&original, &cells);
        drop(original);
        match (self.edits.binary_search_by_key(&idx, |(edited, _)| *edited), is_edit) {
            (Ok(at), true) => {
                if let Some((_, edited)) = self.edits.get_mut(at) {
                    *edited = cells;
                }
            }
            (Ok(at), false) => {
                self.edits.remove(at);
            }
            (Err(at), true) => self.edits.insert(at, (idx, cells)),
            (Err(_), false) => (),
        }
    }

    /// Whether a row says something else than the file.
    pub fn is_edited(&self, idx: usize) -> bool {
        self.edited(idx).is_some()
    }

    /// How many rows say something else than the file.
    pub fn n_edited(&self) -> usize {
        self.edits.len()
    }

    fn entries(&self) -> &[Entry] {
        self.file.entries.get(self.file.first_entry..).unwrap_or_default()
    }

    fn entry(&self, idx: usize) -> Option<&Entry> {
        self.entries().get(idx)
    }

    fn edited(&self, idx: usize) -> Option<&[String]> {
        // Mostly nothing is edited.
        if self.edits.is_empty() {
            return None;
        }
        let at = self.edits.binary_search_by_key(&idx, |(edited, _)| *edited).ok()?;
        self.edits.get(at).map(|(_, cells)| cells.as_slice())
    }

    fn owned_cells(&self, idx: usize) -> Vec<String> {
        let mut cells = Cells::new();
        self.cells(idx, &mut cells);
        cells.iter().map(str::to_owned).collect()
    }
}

/// Whether both say the same, empty cells at the end apart.
fn is_same(original: &Cells<'_>, cells: &[String]) -> bool {
    let n = original.len().max(cells.len());
    (0..n).all(|column| {
        original.raw(ColumnIdx::new(column)).unwrap_or_default()
            == cells.get(column).map_or("", String::as_str)
    })
}

/// Without the text, which may be a hundred megabytes.
impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet")
            .field("read_as", self.read_as())
            .field("header", &self.header())
            .field("n_edited", &self.n_edited())
            .finish_non_exhaustive()
    }
}
