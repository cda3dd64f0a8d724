//! The library for JavaScript. Errors are thrown as their codes, which are strings.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::write::{Options, TextColumns};
use crate::{Book, BookError, SheetInfo, Visibility};

/// An open workbook.
#[wasm_bindgen]
pub struct Workbook(Book);

#[wasm_bindgen]
impl Workbook {
    /// The sheets' names in their order.
    pub fn sheet_names(&self) -> Vec<String> {
        self.0.sheets().map(|sheet| sheet.name.clone()).collect()
    }

    /// For each sheet whether it is hidden, 1 or 0.
    pub fn hidden(&self) -> Vec<u8> {
        self.0.sheets().map(|sheet| u8::from(sheet.visibility == Visibility::Hidden)).collect()
    }

    /// For each sheet the rows up to the last that has a value.
    pub fn row_counts(&self) -> Vec<u32> {
        self.0.sheets().map(|SheetInfo { n_rows, .. }| *n_rows).collect()
    }

    /// The sheet to begin with.
    pub fn default_sheet(&self) -> usize {
        self.0.default_sheet()
    }

    /// A sheet as CSV: UTF-8, `,`, CRLF, one record for each row.
    pub fn read(&mut self, index: usize) -> Result<js_sys::Uint8Array, String> {
        self.0.read(index).map(js_sys::Uint8Array::from).map_err(code)
    }
}

/// Opens a workbook.
#[wasm_bindgen]
pub fn open(bytes: Vec<u8>) -> Result<Workbook, String> {
    Book::open(bytes).map(Workbook).map_err(code)
}

/// Writes CSV (UTF-8, `,`) as an XLSX whose cells are all text. `text_columns` are those whose empty cells are text
/// too, counted from 0; all if there are none.
#[wasm_bindgen]
pub fn write(csv: &[u8], sheet_name: String, text_columns: Option<Vec<u32>>) -> Result<Vec<u8>, String> {
    let text_columns = text_columns.map_or(TextColumns::All, TextColumns::Only);
    crate::write::write(csv, &Options { sheet_name, text_columns }).map_err(code)
}

fn code(error: BookError) -> String {
    error.code().to_owned()
}
