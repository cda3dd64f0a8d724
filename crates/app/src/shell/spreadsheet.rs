//! Workbooks, read and written by a second WebAssembly module in a worker of its own.
//!
//! Nothing of it is fetched before the first call. Each workbook has its worker, which ends with it: what a large one took of
//! memory is given back, the page stays alive while it is read, and a file that ends the module ends nothing else.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, Worker, WorkerOptions, WorkerType};

const SCRIPT: &str = "./spreadsheet-worker.js";

/// Why a workbook can't be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpreadsheetError {
    /// The module did not arrive, or the browser does not let it start.
    #[error("the spreadsheet module could not be loaded")]
    NotLoaded,
    /// The workbook asks for a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// It is a workbook, but broken.
    #[error("the workbook is damaged")]
    Damaged,
    /// It is no workbook, whatever its name says.
    #[error("the file is no workbook of a known kind")]
    Unsupported,
    /// It has no sheet with cells.
    #[error("the workbook has no sheets")]
    NoSheets,
    /// It has more than the browser can hold, or what is to be written has.
    #[error("the workbook is too large")]
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

    fn of_code(code: &str) -> Self {
        let all = [Self::NotLoaded, Self::Encrypted, Self::Unsupported, Self::NoSheets, Self::TooLarge];
        all.into_iter().find(|error| error.code() == code).unwrap_or(Self::Damaged)
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

/// An open workbook.
pub struct Workbook {
    worker: OwnWorker,
    sheets: Vec<SheetInfo>,
    default_sheet: usize,
}

/// Opens a workbook (XLSX, XLSB, XLS or ODS).
pub async fn open(bytes: Vec<u8>) -> Result<Workbook, SpreadsheetError> {
    let worker = OwnWorker::start()?;
    let file = Uint8Array::from(bytes.as_slice());
    // The worker has its own.
    drop(bytes);
    let answer = worker.ask(&[("open", &file)], &file).await?;
    let names: Array = member(&answer, "names").unchecked_into();
    let hidden: Uint8Array = member(&answer, "hidden").unchecked_into();
    let rows: js_sys::Uint32Array = member(&answer, "rows").unchecked_into();
    let sheets = names
        .iter()
        .zip(hidden.to_vec())
        .zip(rows.to_vec())
        .map(|((name, hidden), n_rows)| SheetInfo {
            name: name.as_string().unwrap_or_default(),
            is_hidden: hidden != 0,
            n_rows,
        })
        .collect();
    let by_default: js_sys::Number = member(&answer, "byDefault").unchecked_into();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
    let default_sheet = by_default.value_of() as usize;
    Ok(Workbook { worker, sheets, default_sheet })
}

impl Workbook {
    /// Its sheets in their order: at least one.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// The sheet to begin with: the first visible one that has data.
    pub fn default_sheet(&self) -> usize {
        self.default_sheet
    }

    /// A sheet as CSV: UTF-8, `,`, CRLF. Each spreadsheet row from the first to the last that has a value is one record,
    /// from column A on; blank rows are empty lines, and a row ends with its last value.
    pub async fn read(&self, index: usize) -> Result<Vec<u8>, SpreadsheetError> {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let answer = self.worker.ask(&[("read", &index.into())], &JsValue::UNDEFINED).await?;
        Ok(answer.unchecked_into::<Uint8Array>().to_vec())
    }
}

/// Writes CSV (UTF-8, `,`) as an XLSX of one sheet: the first record as header, every cell text, so that no phone is
/// spoilt and nothing is calculated.
pub async fn write(csv: &[u8], sheet_name: &str) -> Result<Vec<u8>, SpreadsheetError> {
    let worker = OwnWorker::start()?;
    let csv = Uint8Array::from(csv);
    let answer = worker.ask(&[("write", &csv), ("sheetName", &sheet_name.into())], &csv).await?;
    Ok(answer.unchecked_into::<Uint8Array>().to_vec())
}

/// A worker that ends when it is dropped, whatever it is doing.
struct OwnWorker(Worker);

impl Drop for OwnWorker {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

impl OwnWorker {
    fn start() -> Result<Self, SpreadsheetError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options).map_err(|_| SpreadsheetError::NotLoaded)?;
        Ok(Self(worker))
    }

    /// Asks a question and waits for its answer. `file`, if it is one, is handed over rather than copied.
    async fn ask(&self, question: &[(&str, &JsValue)], file: &JsValue) -> Result<JsValue, SpreadsheetError> {
        let message = Object::new();
        for (name, value) in question {
            // Setting a member of an object that was just made can't fail.
            let _ = Reflect::set(&message, &JsValue::from(*name), value);
        }
        // A port for each question, so that its answer can't be taken for another's.
        let channel = MessageChannel::new().map_err(|_| SpreadsheetError::NotLoaded)?;
        let answered = Promise::new(&mut |resolve, reject| {
            channel.port1().set_onmessage(Some(&resolve));
            // Its script or its parts did not arrive; whatever happens later, it answers.
            self.0.set_onerror(Some(&reject));
        });
        let transfer = Array::of1(&channel.port2());
        if let Some(file) = file.dyn_ref::<Uint8Array>() {
            transfer.push(&file.buffer());
        }
        self.0.post_message_with_transfer(&message, &transfer).map_err(|_| SpreadsheetError::NotLoaded)?;
        let event = JsFuture::from(answered).await.map_err(|_| SpreadsheetError::NotLoaded)?;
        let answer = event.unchecked_into::<MessageEvent>().data();
        match member(&answer, "error").as_string() {
            Some(code) => Err(SpreadsheetError::of_code(&code)),
            None => Ok(member(&answer, "ok")),
        }
    }
}

/// A member of an object, or undefined.
fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from(name)).unwrap_or_default()
}
