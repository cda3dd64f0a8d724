//! A workbook: its sheets, and each as CSV text.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, Ods, OdsError, Range, Reader as _, SheetType, SheetVisible, Xls, XlsError, XlsOptions,
    Xlsb, XlsbError, Xlsx, XlsxError,
};

use crate::container::{self, Kind};
use crate::table::{MAX_TEXT_BYTES, SheetText, TableWriter};
use crate::value::{Epoch, Value};
use crate::{BookError, biff};

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

type Bytes = Cursor<Vec<u8>>;

/// A file in the hands of the library that reads it.
enum File {
    Xlsx(Box<Xlsx<Bytes>>),
    Xlsb(Box<Xlsb<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Bytes>>),
}

impl Book {
    /// Opens a workbook and reads all of its sheets, which is the only way to know how many rows they have.
    pub fn open(bytes: Vec<u8>) -> Result<Self, BookError> {
        contained(|| Self::open_any(bytes))
    }

    fn open_any(bytes: Vec<u8>) -> Result<Self, BookError> {
        let mut file = File::open(bytes)?;
        let mut sheets = Vec::new();
        let mut n_kept = 0;
        for (name, visibility) in file.sheets() {
            let mut info = SheetInfo { name, visibility, n_rows: 0 };
            let outcome = file.read(&info.name).map(|SheetText { text, n_rows }| {
                info.n_rows = n_rows;
                if MAX_TEXT_BYTES < n_kept + text.len() {
                    Text::Dropped
                } else {
                    n_kept += text.len();
                    Text::Kept(text)
                }
            });
            sheets.push(Sheet { info, outcome });
        }
        // One sheet that can be read is enough.
        match sheets.iter().find(|sheet| sheet.outcome.is_ok()).or(sheets.first()) {
            None => return Err(BookError::NoSheets),
            Some(Sheet { outcome: Err(error), .. }) => return Err(*error),
            Some(_) => (),
        }
        let is_needed = sheets.iter().any(|sheet| matches!(sheet.outcome, Ok(Text::Dropped)));
        Ok(Self { sheets, file: is_needed.then_some(file) })
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
    /// from column A on; blank rows are empty lines.
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

/// What `read` gives, or `Damaged` if it panics. The library that reads the binary formats trusts what a broken file says
/// of itself. (In WebAssembly a panic ends the module; there the worker says the same.)
fn contained<T>(read: impl FnOnce() -> Result<T, BookError>) -> Result<T, BookError> {
    // What was being read is given up, so nobody sees it half done.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(BookError::Damaged))
}

impl File {
    fn open(bytes: Vec<u8>) -> Result<Self, BookError> {
        let kind = container::kind(&bytes)?;
        let bytes = Cursor::new(bytes);
        Ok(match kind {
            Kind::Xlsx => Self::Xlsx(Box::new(Xlsx::new(bytes)?)),
            Kind::Xlsb => Self::Xlsb(Box::new(Xlsb::new(bytes)?)),
            Kind::Xls(text) => {
                let mut options = XlsOptions::default();
                // Some writers name the code page of their system in files whose text is Unicode (UTF-16) all the same.
                options.force_codepage = (text == biff::Text::Unicode).then_some(1200);
                Self::Xls(Box::new(Xls::new_with_options(bytes, options)?))
            }
            Kind::Ods => Self::Ods(Box::new(Ods::new(bytes)?)),
        })
    }

    /// The sheets that have cells.
    fn sheets(&self) -> Vec<(String, Visibility)> {
        let metadata = match self {
            Self::Xlsx(file) => file.sheets_metadata(),
            Self::Xlsb(file) => file.sheets_metadata(),
            Self::Xls(file) => file.sheets_metadata(),
            Self::Ods(file) => file.sheets_metadata(),
        };
        let with_cells = metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        with_cells
            .map(|sheet| {
                let visibility = match sheet.visible {
                    SheetVisible::Visible => Visibility::Visible,
                    SheetVisible::Hidden | SheetVisible::VeryHidden => Visibility::Hidden,
                };
                (sheet.name.clone(), visibility)
            })
            .collect()
    }

    fn epoch(&self) -> Epoch {
        let is_1904 = match self {
            Self::Xlsx(file) => file.has_1904_epoch(),
            Self::Xlsb(file) => file.has_1904_epoch(),
            Self::Xls(file) => file.has_1904_epoch(),
            // Its dates are written out.
            Self::Ods(_) => false,
        };
        if is_1904 { Epoch::Y1904 } else { Epoch::Y1900 }
    }

    fn read(&mut self, name: &str) -> Result<SheetText, BookError> {
        let epoch = self.epoch();
        match self {
            Self::Xlsx(file) => {
                let mut cells = file.worksheet_cells_reader(name)?;
                let mut sheet = Writer::new(epoch);
                while let Some(cell) = cells.next_cell()? {
                    sheet.cell(cell.get_position(), cell.get_value())?;
                }
                sheet.table.finish()
            }
            Self::Xlsb(file) => {
                let mut cells = file.worksheet_cells_reader(name)?;
                let mut sheet = Writer::new(epoch);
                while let Some(cell) = cells.next_cell()? {
                    sheet.cell(cell.get_position(), cell.get_value())?;
                }
                sheet.table.finish()
            }
            Self::Xls(file) => whole(&file.worksheet_range(name)?, epoch),
            Self::Ods(file) => whole(&file.worksheet_range(name)?, epoch),
        }
    }
}

/// Writes the values of a file that is read cell by cell.
struct Writer {
    table: TableWriter,
    epoch: Epoch,
    value: String,
}

impl Writer {
    fn new(epoch: Epoch) -> Self {
        Self { table: TableWriter::default(), epoch, value: String::new() }
    }

    fn cell(&mut self, (row, column): (u32, u32), data: &DataRef<'_>) -> Result<(), BookError> {
        self.value.clear();
        Value::of_ref(data, self.epoch).write(&mut self.value);
        self.table.cell(row, column, &self.value)
    }
}

/// The text of a sheet that the library has read whole.
fn whole(range: &Range<Data>, epoch: Epoch) -> Result<SheetText, BookError> {
    let mut table = TableWriter::default();
    let mut value = String::new();
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, cells) in (first_row..).zip(range.rows()) {
        for (column, data) in (first_column..).zip(cells) {
            value.clear();
            Value::of(data, epoch).write(&mut value);
            table.cell(row, column, &value)?;
        }
    }
    table.finish()
}

impl From<XlsxError> for BookError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Self::Encrypted,
            XlsxError::RowNumberOverflow | XlsxError::ColumnNumberOverflow => Self::TooLarge,
            _ => Self::Damaged,
        }
    }
}

impl From<XlsbError> for BookError {
    fn from(error: XlsbError) -> Self {
        match error {
            XlsbError::Password => Self::Encrypted,
            _ => Self::Damaged,
        }
    }
}

impl From<XlsError> for BookError {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Password => Self::Encrypted,
            _ => Self::Damaged,
        }
    }
}

impl From<OdsError> for BookError {
    fn from(error: OdsError) -> Self {
        match error {
            OdsError::Password => Self::Encrypted,
            OdsError::CellLimitExceeded { .. } => Self::TooLarge,
            _ => Self::Damaged,
        }
    }
}
