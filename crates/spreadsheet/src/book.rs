//! A workbook: its sheets, and each as CSV text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::container::{self, Kind};
use crate::library::File;
use crate::table::{MAX_TEXT_BYTES, SheetText};
use crate::{BookError, ods};

/// A sheet, before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// Whether the agent can see it.
    pub visibility: Visibility,
    /// Rows from the first of the sheet to the last that has a value. 0 also for a sheet that can't be read.
    pub n_rows: u32,
}

/// Whether a sheet is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It is.
    Visible,
    /// Somebody hid it.
    Hidden,
}

/// An open workbook.
pub struct Book {
    sheets: Vec<Sheet>,
    /// The file, as long as there is something to be read from it again.
    file: Option<File>,
}

struct Sheet {
    info: SheetInfo,
    outcome: Result<Text, BookError>,
}

/// What is kept of a sheet that could be read.
enum Text {
    Kept(Vec<u8>),
    /// Together with the others it was too much: it will be read again.
    Dropped,
}

impl Book {
    /// Opens a workbook and reads all of its sheets, which is the only way to know how many rows they have.
    pub fn open(bytes: Vec<u8>) -> Result<Self, BookError> {
        let book = contained(|| Self::open_any(bytes))?;
        // One sheet that can be read is enough.
        match book.sheets.iter().find(|sheet| sheet.outcome.is_ok()).or(book.sheets.first()) {
            None => Err(BookError::NoSheets),
            Some(Sheet { outcome: Err(error), .. }) => Err(*error),
            Some(_) => Ok(book),
        }
    }

    fn open_any(bytes: Vec<u8>) -> Result<Self, BookError> {
        let file = match container::kind(&bytes)? {
            Kind::Ods => return Ok(Self { sheets: from_ods(&bytes)?, file: None }),
            Kind::Xlsx => File::xlsx(bytes)?,
            Kind::Xlsb => File::xlsb(bytes)?,
            Kind::Xls(text) => File::xls(bytes, text)?,
        };
        Ok(Self::of_file(file, MAX_TEXT_BYTES))
    }

    /// Reads all sheets, and keeps up to so many bytes of text.
    fn of_file(mut file: File, max_kept: usize) -> Self {
        let mut sheets = Vec::new();
        let mut n_kept = 0;
        for (name, visibility) in file.sheets() {
            let mut info = SheetInfo { name, visibility, n_rows: 0 };
            let outcome = file.read(&info.name).map(|SheetText { text, n_rows }| {
                info.n_rows = n_rows;
                if max_kept < n_kept + text.len() {
                    Text::Dropped
                } else {
                    n_kept += text.len();
                    Text::Kept(text)
                }
            });
            sheets.push(Sheet { info, outcome });
        }
        let is_needed = sheets.iter().any(|sheet| matches!(sheet.outcome, Ok(Text::Dropped)));
        Self { sheets, file: is_needed.then_some(file) }
    }

    /// The sheets in their order. At least one.
    pub fn sheets(&self) -> impl ExactSizeIterator<Item = &SheetInfo> {
        self.sheets.iter().map(|sheet| &sheet.info)
    }

    /// The sheet to begin with: the first visible one that has data, or else the first that has, or the first.
    pub fn default_sheet(&self) -> usize {
        let is_full = |sheet: &SheetInfo| 0 < sheet.n_rows;
        let is_full_and_visible =
            |sheet: &SheetInfo| is_full(sheet) && sheet.visibility == Visibility::Visible;
        self.sheets().position(is_full_and_visible).or_else(|| self.sheets().position(is_full)).unwrap_or(0)
    }

    /// A sheet as CSV: UTF-8, `,`, CRLF. Each spreadsheet row from the first to the last that has a value is one record,
    /// from column A to its last value; blank rows are empty lines.
    pub fn read(&mut self, index: usize) -> Result<&[u8], BookError> {
        let sheet = self.sheets.get_mut(index).ok_or(BookError::NoSuchSheet)?;
        if let Ok(Text::Dropped) = sheet.outcome {
            let file = self.file.as_mut().ok_or(BookError::NoSuchSheet)?;
            let SheetText { text, .. } = contained(|| file.read(&sheet.info.name))?;
            sheet.outcome = Ok(Text::Kept(text));
        }
        match &sheet.outcome {
            Ok(Text::Kept(text)) => Ok(text),
            Ok(Text::Dropped) => Err(BookError::NoSuchSheet),
            Err(error) => Err(*error),
        }
    }
}

fn from_ods(bytes: &[u8]) -> Result<Vec<Sheet>, BookError> {
    let sheets = ods::read(bytes)?.into_iter();
    Ok(sheets.map(|(info, text)| Sheet { info, outcome: text.map(|text| Text::Kept(text.text)) }).collect())
}

/// What `read` gives, or `Damaged` if it panics. The library that reads Excel's files trusts what a broken one says of
/// itself. (In WebAssembly a panic ends the module; there the worker says the same.)
fn contained<T>(read: impl FnOnce() -> Result<T, BookError>) -> Result<T, BookError> {
    // What was being read is given up, so nobody sees it half done.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(BookError::Damaged))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_to_keep_is_read_again() {
        let bytes = include_bytes!("../tests/books/sheets.xlsx").to_vec();
        let mut whole = Book::open(bytes.clone()).unwrap();
        let mut book = Book::of_file(File::xlsx(bytes).unwrap(), 10);
        assert_eq!(whole.sheets().collect::<Vec<_>>(), book.sheets().collect::<Vec<_>>());
        let is_dropped = |sheet: &Sheet| matches!(sheet.outcome, Ok(Text::Dropped));
        assert!(book.sheets.iter().any(is_dropped) && !book.sheets.iter().all(is_dropped));
        let n_sheets = book.sheets().len();
        for index in 0..n_sheets {
            assert_eq!(whole.read(index), book.read(index));
        }
        assert!(whole.file.is_none(), "nothing is kept that isn't needed");
    }

    #[test]
    fn a_panic_is_damage() {
        // As the library does with a table of sectors that is too short.
        let panicking = || -> Result<(), BookError> { std::panic::resume_unwind(Box::new("out of bounds")) };
        assert_eq!(contained(panicking), Err(BookError::Damaged));
    }
}
