//! The work of reading a file, in slices.

use crate::{
    problem::{LineNumber, RowNumber},
    sheet::{
        Cells, Delimiter, FileKind, HeaderChoice, HeaderPresence, MAX_BYTES, ReadAs, ReadOptions, Sheet,
        SheetError, Source, Undecoded,
        decode::{self, Decoding, Text},
        delimiter::{self, Layout},
        header,
        index::{Index, Indexer, MAX_LOOK},
        kind::{self, kind},
        table::File,
    },
};

/// The work of reading one file. It is done by calling [`Reading::step`] until that says so.
pub struct Reading {
    options: ReadOptions,
    /// How many bytes the file has.
    n_bytes: usize,
    state: State,
}

/// How far the work has come.
enum State {
    Begun {
        bytes: Vec<u8>,
        workbook: Option<String>,
    },
    Decoding(Decoding),
    /// The text is there.
    Decoded(Text),
    Indexing(Box<Indexing>),
    /// It was handed out.
    Finished,
}

struct Indexing {
    text: Text,
    layout: Layout,
    workbook: Option<String>,
    indexer: Indexer,
}

/// What came of a slice of work.
#[derive(Debug)]
pub enum Step {
    /// There is more to do.
    More {
        /// How much is done, in no unit but that of `total`. It never goes back.
        done: usize,
        /// How much there is to do. It stays the same.
        total: usize,
    },
    /// That was the last slice.
    Done(Result<Sheet, SheetError>),
}

/// Reads a file in one go.
pub fn read(bytes: &[u8], options: ReadOptions) -> Result<Sheet, SheetError> {
    let mut reading = Reading::new(bytes.to_vec(), options);
    loop {
        if let Step::Done(result) = reading.step(usize::MAX) {
            return result;
        }
    }
}

impl Reading {
    /// Begins with a text file.
    pub fn new(bytes: Vec<u8>, options: ReadOptions) -> Self {
        Self { options, n_bytes: bytes.len(), state: State::Begun { bytes, workbook: None } }
    }

    /// Begins with a workbook's sheet, made into text: UTF-8, `,`, CRLF, each row one record, blank ones empty lines,
    /// from row 1 on. Lines mean nothing then; rows are the sheet's. Of the options only the header's counts.
    pub fn workbook(csv: Vec<u8>, sheet: String, options: ReadOptions) -> Self {
        Self { options, n_bytes: csv.len(), state: State::Begun { bytes: csv, workbook: Some(sheet) } }
    }

    /// Does a slice of the work: as many bytes as are named, or a few more; but finding the delimiter looks at the
    /// first 64 KB in one go. To be called again for more; once it was done, there is nothing more to hand out and it
    /// says that the file is empty.
    pub fn step(&mut self, n_bytes: usize) -> Step {
        let n_bytes = n_bytes.max(1);
        let next = match std::mem::replace(&mut self.state, State::Finished) {
            State::Begun { bytes, workbook } => self.begin(bytes, workbook),
            State::Decoding(mut decoding) => match decoding.step(n_bytes) {
                None => Ok(State::Decoding(decoding)),
                Some(text) => text.map(State::Decoded),
            },
            State::Decoded(text) => self.lay_out(text),
            State::Indexing(mut indexing) => {
                let Indexing { text, indexer, .. } = &mut *indexing;
                match indexer.step(&text.content, &text.undecoded, n_bytes) {
                    None => Ok(State::Indexing(indexing)),
                    Some(Ok(index)) => return Step::Done(self.finish(*indexing, index)),
                    Some(Err(error)) => Err(error),
                }
            }
            State::Finished => Err(SheetError::Empty),
        };
        match next {
            Ok(state) => {
                self.state = state;
                Step::More { done: self.done(), total: self.n_bytes.saturating_mul(2) }
            }
            Err(error) => Step::Done(Err(error)),
        }
    }

    /// The first half is for the text, the second one for the rows.
    fn done(&self) -> usize {
        match &self.state {
            State::Begun { .. } | State::Finished => 0,
            State::Decoding(decoding) => decoding.done(),
            State::Decoded(_) => self.n_bytes,
            State::Indexing(indexing) => {
                let (at, n_bytes) = (indexing.indexer.at() as u64, self.n_bytes as u64);
                let share = at * n_bytes / (indexing.text.content.len() as u64).max(1);
                self.n_bytes + usize::try_from(share).unwrap_or_default()
            }
        }
    }

    fn begin(&self, bytes: Vec<u8>, workbook: Option<String>) -> Result<State, SheetError> {
        // What it is comes before how large it is: that is what the agent can do something about.
        if workbook.is_none() {
            if kind(&bytes) != FileKind::Text {
                return Err(SheetError::Workbook);
            }
            if let Some(looks_like) = kind::other_text(&bytes) {
                return Err(SheetError::NotTable { looks_like });
            }
        }
        if MAX_BYTES < bytes.len() {
            return Err(SheetError::TooLarge { bytes: bytes.len(), max: MAX_BYTES });
        }
        if let Some(sheet) = workbook {
            if bytes.is_empty() {
                return Err(SheetError::Empty);
            }
            let text = Text::of_workbook(bytes);
            let layout = Layout { delimiter: Delimiter::Comma, start: 0, has_sep_line: false };
            return Ok(self.index(text, layout, Some(sheet)));
        }
        if self.options.encoding.is_none() && !decode::is_utf16(&bytes) && kind::is_binary(&bytes) {
            return Err(SheetError::NotText);
        }
        Ok(State::Decoding(Decoding::new(bytes, self.options.encoding)))
    }

    fn lay_out(&self, text: Text) -> Result<State, SheetError> {
        let start = text.content.get(text.start..).unwrap_or_default();
        // UTF-16 could not be seen through before.
        if let Some(looks_like) = kind::other_text(start) {
            return Err(SheetError::NotTable { looks_like });
        }
        let mut layout = delimiter::find(start, self.options.delimiter)?;
        layout.start += text.start;
        Ok(self.index(text, layout, None))
    }

    fn index(&self, text: Text, layout: Layout, workbook: Option<String>) -> State {
        let first_row = match self.options.header {
            Some(HeaderChoice::At(row)) => row,
            Some(HeaderChoice::Absent) | None => RowNumber::FIRST,
        };
        let line = LineNumber::FIRST.plus(usize::from(layout.has_sep_line));
        let indexer = Indexer::new(layout.start, line, layout.delimiter.as_byte(), first_row);
        State::Indexing(Box::new(Indexing { text, layout, workbook, indexer }))
    }

    fn finish(&self, indexing: Indexing, mut index: Index) -> Result<Sheet, SheetError> {
        let Indexing { text, layout, workbook, .. } = indexing;
        let delimiter = layout.delimiter.as_byte();
        let cells = |entry| {
            let mut cells = Cells::new();
            cells.read(&text.content, entry, delimiter);
            cells
        };
        if index.entries.is_empty() {
            return Err(SheetError::BlankOnly);
        }
        let header_idx = match self.options.header {
            Some(HeaderChoice::Absent) => None,
            Some(HeaderChoice::At(row)) => Some(index.entries.partition_point(|entry| entry.row() < row)),
            None => {
                // What is so long is no header, and no title above one.
                let rows =
                    index.entries.iter().take_while(|entry| entry.bytes(&text.content).len() < MAX_LOOK);
                header::find(rows.map(cells))
            }
        };
        let first_entry = header_idx.map_or(0, |idx| idx + 1);
        if index.entries.len() <= first_entry {
            return Err(SheetError::HeaderOnly);
        }
        let mut header = Vec::new();
        let mut presence = HeaderPresence::Absent;
        let trailing_blank_lines = index.blank_lines.len() - index.n_blank_inside;
        index.blank_lines.truncate(index.n_blank_inside);
        if let Some(entry) = header_idx.and_then(|idx| index.entries.get(idx)) {
            header = header::names(&cells(entry));
            presence = HeaderPresence::Present { line: entry.line(), row: entry.row() };
            let n_above = index.blank_lines.partition_point(|(_, row)| *row < entry.row());
            index.blank_lines.drain(..n_above);
        }
        let rows_above_header = header_idx.unwrap_or_default();
        let read_as = ReadAs {
            source: match workbook {
                Some(sheet) => Source::Workbook { sheet },
                None => Source::Text { encoding: text.encoding, delimiter: layout.delimiter },
            },
            header: presence,
            n_columns: index.n_columns(rows_above_header),
            n_rows: index.entries.len() - first_entry,
            trailing_blank_lines,
            rows_above_header,
            has_sep_line: layout.has_sep_line,
        };
        let undecoded = index.unreadable.into_iter().map(|unreadable| Undecoded {
            row_idx: unreadable.entry_idx.checked_sub(first_entry),
            line: unreadable.line,
            row: unreadable.row,
            column: unreadable.column,
            character: unreadable.character,
            byte: unreadable.byte,
        });
        Ok(Sheet::new(File {
            undecoded: undecoded.collect(),
            n_undecoded: text.undecoded.n,
            text: text.content,
            delimiter,
            entries: index.entries,
            first_entry,
            header,
            read_as,
            blank_lines: index.blank_lines,
        }))
    }
}
