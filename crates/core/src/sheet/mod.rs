//! A recipients file: bytes → header and rows, each knowing its physical line and its spreadsheet row.
//!
//! Spreadsheets write tables in many ways. What can be found out is found out, [`ReadAs`] says what was, and
//! [`ReadOptions`] changes it. What can't be read at all is refused with the one thing to do about it ([`SheetError`]).
//! This module knows no template; it knows of phones only to tell a header from a first row.
//!
//! A file may have a million rows, and a browser has one thread. So [`Reading`] works in slices; and a [`Sheet`] is the
//! file's text and 16 bytes for each row: cells are parted when a row is asked for, by [`Sheet::cells`].
//!
//! # Where to start
//! In the order in which a file goes through them: `kind` (what sort of file), `decode` (bytes → UTF-8), `delimiter`,
//! `index` (where each row is), `header`, and then `table` and `cells`, which the rest of the program uses.

mod cells;
pub mod clean;
mod content;
mod decode;
mod delimiter;
mod error;
mod header;
mod index;
mod kind;
mod read_as;
mod reading;
mod table;
mod write;

pub use cells::Cells;
pub use error::SheetError;
pub use kind::{FileKind, kind};
pub use read_as::{Delimiter, Encoding, HeaderChoice, HeaderPresence, ReadAs, ReadOptions, Source};
pub use reading::{Reading, Step, read};
pub use table::{Sheet, Undecoded};
pub use write::{CsvWriter, formula_safe};

/// The largest file that is read: a million recipients with long texts.
pub const MAX_BYTES: usize = 200 * 1024 * 1024;

/// The most rows that are read, header and blank lines counted: as many as a spreadsheet has (Excel's «specifications
/// and limits»).
pub const MAX_ROWS: usize = 1_048_576;

/// The most columns that a row can be given by an edit: as many as a spreadsheet has.
pub const MAX_COLUMNS: usize = 16_384;

/// So many bytes that didn't decode keep their places; the rest is only counted.
pub const MAX_UNDECODED: usize = 100_000;
