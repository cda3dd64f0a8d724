//! The library that reads Excel's files, and what it says that we say otherwise.

use std::io::Cursor;

use calamine::{
    Data, DataRef, Range, Reader as _, SheetType, SheetVisible, Xls, XlsError, XlsOptions, Xlsb, XlsbError,
    Xlsx, XlsxCellReader, XlsxError,
};

use crate::table::{SheetText, TableWriter};
use crate::value::{Epoch, Value};
use crate::{BookError, Visibility, biff};

type Bytes = Cursor<Vec<u8>>;

/// A file in the hands of the library.
pub(crate) enum File {
    Xlsx(Box<Xlsx<Bytes>>),
    Xlsb(Box<Xlsb<Bytes>>),
    Xls(Box<Xls<Bytes>>),
}

impl File {
    pub(crate) fn xlsx(bytes: Vec<u8>) -> Result<Self, BookError> {
        Ok(Self::Xlsx(Box::new(Xlsx::new(Cursor::new(bytes))?)))
    }

    pub(crate) fn xlsb(bytes: Vec<u8>) -> Result<Self, BookError> {
        Ok(Self::Xlsb(Box::new(Xlsb::new(Cursor::new(bytes))?)))
    }

    pub(crate) fn xls(bytes: Vec<u8>, text: biff::Text) -> Result<Self, BookError> {
        let mut options = XlsOptions::default();
        // Some writers name the code page of their system in files whose text is Unicode (UTF-16) all the same.
        options.force_codepage = (text == biff::Text::Unicode).then_some(1200);
        Ok(Self::Xls(Box::new(Xls::new_with_options(Cursor::new(bytes), options)?)))
    }

    /// The sheets that have cells.
    pub(crate) fn sheets(&self) -> Vec<(String, Visibility)> {
        let metadata = match self {
            Self::Xlsx(file) => file.sheets_metadata(),
            Self::Xlsb(file) => file.sheets_metadata(),
            Self::Xls(file) => file.sheets_metadata(),
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

    /// Reads the sheet of this name.
    pub(crate) fn read(&mut self, name: &str) -> Result<SheetText, BookError> {
        let epoch = self.epoch();
        match self {
            Self::Xlsx(file) => xlsx_sheet(file, name, epoch),
            Self::Xlsb(file) => {
                let mut cells = file.worksheet_cells_reader(name)?;
                let mut sheet = Writer::new(epoch);
                while let Some(cell) = cells.next_cell()? {
                    sheet.cell(cell.get_position(), cell.get_value())?;
                }
                sheet.table.finish()
            }
            Self::Xls(file) => whole(&file.worksheet_range(name)?, epoch),
        }
    }

    fn epoch(&self) -> Epoch {
        let is_1904 = match self {
            Self::Xlsx(file) => file.has_1904_epoch(),
            Self::Xlsb(file) => file.has_1904_epoch(),
            Self::Xls(file) => file.has_1904_epoch(),
        };
        if is_1904 { Epoch::Y1904 } else { Epoch::Y1900 }
    }
}

fn xlsx_sheet(file: &mut Xlsx<Bytes>, name: &str, epoch: Epoch) -> Result<SheetText, BookError> {
    let outcome = read_xlsx(file.worksheet_cells_reader(name)?, Writer::new(epoch), None)?;
    if let Outcome::Read(text) = outcome {
        return Ok(text);
    }
    let places = places(file.worksheet_cells_reader(name)?)?;
    match read_xlsx(file.worksheet_cells_reader(name)?, Writer::new(epoch), Some(&places))? {
        Outcome::Read(text) => Ok(text),
        Outcome::NewErrors => Err(BookError::Damaged),
    }
}

/// What became of reading an XLSX's sheet.
enum Outcome {
    Read(SheetText),
    /// It has cells with errors of formulas that the library doesn't know (`#SPILL!`, Google's `#ERROR!`), and of those it
    /// doesn't tell the place.
    NewErrors,
}

/// Reads a sheet's cells. `places` are those of all cells, if they are known.
fn read_xlsx(
    mut cells: XlsxCellReader<'_, Bytes>,
    mut sheet: Writer,
    places: Option<&[(u32, u32)]>,
) -> Result<Outcome, BookError> {
    for index in 0.. {
        let place = places.map(|places| places.get(index).copied());
        match (cells.next_cell(), place) {
            (Ok(None), _) => break,
            (Ok(Some(cell)), None) => sheet.cell(cell.get_position(), cell.get_value())?,
            // The library loses count at such a cell, so the places are better than what it says of later ones.
            (Ok(Some(cell)), Some(Some(place))) => sheet.cell(place, cell.get_value())?,
            (Err(XlsxError::CellError(code)), Some(Some((row, column)))) => {
                sheet.table.cell(row, column, &code)?;
            }
            (Err(XlsxError::CellError(_)), None) => return Ok(Outcome::NewErrors),
            (Err(error), _) => return Err(error.into()),
            (Ok(Some(_)), Some(None)) => return Err(BookError::Damaged),
        }
    }
    sheet.table.finish().map(Outcome::Read)
}

/// The places of all cells, read in the way that doesn't look at their values.
fn places(mut cells: XlsxCellReader<'_, Bytes>) -> Result<Vec<(u32, u32)>, BookError> {
    let mut places = Vec::new();
    while let Some(cell) = cells.next_formula()? {
        places.push(cell.get_position());
    }
    Ok(places)
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
