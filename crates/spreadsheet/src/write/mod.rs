//! A table → an XLSX that Excel can't spoil: every cell is text, whatever it looks like.
//!
//! A phone stays a phone, a leading zero stays, and nothing is ever calculated: text cells hold no formulas, even if they
//! begin with `=`. The parts are written here rather than by a library: of all that a workbook can have this needs six
//! small files (see the workspace's Cargo.toml for the sizes).

mod csv;
mod parts;
mod sheet;
mod xml;
mod zip;

use crate::BookError;
use csv::Records;
use zip::{Part, Zip};

/// The most characters, as UTF-16 counts them, that Excel takes in a cell ("Excel specifications and limits").
pub const MAX_CELL_CHARS: usize = 32_767;

/// What the file should be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The sheet's name. What Excel forbids in names is left out.
    pub sheet_name: String,
    /// The columns whose empty cells are text too, so that what is typed or pasted there stays as it is.
    pub text_columns: TextColumns,
}

/// Columns that are prepared for text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextColumns {
    /// All of the table's.
    All,
    /// These, counted from 0.
    Only(Vec<u32>),
}

impl TextColumns {
    fn has(&self, column: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(columns) => columns.contains(&column),
        }
    }
}

/// Writes CSV (UTF-8 with or without byte-order mark, `,`, any line ends) as a workbook of one sheet. Its first record
/// is the header: bold, and in sight when the agent scrolls.
pub fn write(csv: &[u8], options: &Options) -> Result<Vec<u8>, BookError> {
    let csv = str::from_utf8(csv).map_err(|_| BookError::NotText)?;
    let csv = csv.strip_prefix('\u{feff}').unwrap_or(csv);
    let layout = sheet::Layout::of(csv, options)?;

    let mut file = Zip::default();
    for (name, text) in parts::fixed(&options.sheet_name) {
        let mut part = Part::new();
        part.push(&text)?;
        file.add(name, part)?;
    }
    let mut part = Part::new();
    layout.write(Records::new(csv), |text| part.push(text))?;
    file.add(parts::SHEET, part)?;
    file.finish()
}
