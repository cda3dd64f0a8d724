//! Workbooks, read and written by a second WebAssembly module in a worker of its own (`boot.js`, `spreadsheet-worker.js`).
//!
//! Nothing of it is fetched before the first call. Each workbook has its worker, which ends with it: what a large one took of
//! memory is given back, the page stays alive while it is read, and a file that ends the module ends nothing else.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["cxconnect", "spreadsheet"], js_name = open, catch)]
    async fn js_open(bytes: Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["cxconnect", "spreadsheet"], js_name = write, catch)]
    async fn js_write(csv: Uint8Array, sheet_name: &str) -> Result<JsValue, JsValue>;

    /// A workbook and its worker.
    type JsWorkbook;
    #[wasm_bindgen(method, getter)]
    fn names(this: &JsWorkbook) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn rows(this: &JsWorkbook) -> Vec<u32>;
    #[wasm_bindgen(method, getter)]
    fn hidden(this: &JsWorkbook) -> Vec<u8>;
    #[wasm_bindgen(method, getter, js_name = byDefault)]
    fn by_default(this: &JsWorkbook) -> u32;
    #[wasm_bindgen(method, catch)]
    async fn read(this: &JsWorkbook, index: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &JsWorkbook);
}

/// Why a workbook can't be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("workbook: {}", self.code())]
pub enum SpreadsheetError {
    /// The module did not arrive, or the browser does not let it start.
    NotLoaded,
    /// The workbook asks for a password.
    Encrypted,
    /// It is a workbook, but broken.
    Damaged,
    /// It is no workbook, whatever its name says.
    Unsupported,
    /// It has no sheet with cells.
    NoSheets,
    /// It has more than the browser can hold, or what is to be written has.
    TooLarge,
}

impl SpreadsheetError {
    /// Its name in the texts' keys, and in what the worker answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotLoaded => "not-loaded",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::NoSheets => "no-sheets",
            Self::TooLarge => "too-large",
        }
    }

    /// What was thrown: a code, or something else if nothing could be asked.
    fn of(thrown: &JsValue) -> Self {
        let code = thrown.as_string().unwrap_or_default();
        let all = [Self::Encrypted, Self::Damaged, Self::Unsupported, Self::NoSheets, Self::TooLarge];
        all.into_iter().find(|error| error.code() == code).unwrap_or(Self::NotLoaded)
    }
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// Whether somebody hid it.
    pub is_hidden: bool,
    /// Rows up to the last that has a value.
    pub n_rows: u32,
}

/// An open workbook. Its worker ends when it is dropped, whatever it is doing.
pub struct Workbook {
    book: JsWorkbook,
    sheets: Vec<SheetInfo>,
}

/// Opens a workbook (XLSX, XLSB, XLS or ODS).
pub async fn open(bytes: Vec<u8>) -> Result<Workbook, SpreadsheetError> {
    let file = Uint8Array::from(bytes.as_slice());
    // The worker has its own.
    drop(bytes);
    let book: JsWorkbook =
        js_open(file).await.map_err(|thrown| SpreadsheetError::of(&thrown))?.unchecked_into();
    let mut sheets = Vec::new();
    for ((name, n_rows), hidden) in book.names().into_iter().zip(book.rows()).zip(book.hidden()) {
        sheets.push(SheetInfo { name, is_hidden: hidden != 0, n_rows });
    }
    Ok(Workbook { book, sheets })
}

impl Workbook {
    /// Its sheets in their order: at least one.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// The sheet to begin with: the first visible one that has data.
    pub fn default_sheet(&self) -> usize {
        usize::try_from(self.book.by_default()).unwrap_or_default()
    }

    /// A sheet as CSV: UTF-8, `,`, CRLF. Each spreadsheet row from the first to the last that has a value is one record,
    /// from column A on; blank rows are empty lines, and a row ends with its last value.
    pub async fn read(&self, index: usize) -> Result<Vec<u8>, SpreadsheetError> {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        bytes(self.book.read(index).await)
    }
}

impl Drop for Workbook {
    fn drop(&mut self) {
        self.book.close();
    }
}

/// Writes CSV (UTF-8, `,`) as an XLSX of one sheet: the first record as header, every cell text, so that no phone is
/// spoilt and nothing is calculated.
pub async fn write(csv: &[u8], sheet_name: &str) -> Result<Vec<u8>, SpreadsheetError> {
    bytes(js_write(Uint8Array::from(csv), sheet_name).await)
}

fn bytes(answer: Result<JsValue, JsValue>) -> Result<Vec<u8>, SpreadsheetError> {
    match answer {
        Ok(answer) => Ok(answer.unchecked_into::<Uint8Array>().to_vec()),
        Err(thrown) => Err(SpreadsheetError::of(&thrown)),
    }
}
