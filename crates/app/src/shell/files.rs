//! Files in and out of the browser.

use cxconnect_core::sheet::Delimiter;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

use crate::shell::texts;

/// The type of a CSV file.
pub const CSV: &str = "text/csv;charset=utf-8";
/// The type of an Excel workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What parts the cells of a CSV for this agent.
pub fn delimiter() -> Delimiter {
    Delimiter::of_locale(&texts::locale())
}

/// What a CSV of ours is like, for whoever opens it in a spreadsheet.
pub fn csv_hint() -> String {
    let delimiter = texts::t(&format!("check.delimiter.{}", delimiter().code()));
    texts::tr("report.csv_hint", &[("delimiter", &delimiter)])
}

/// A file could not be read, for instance because it was moved or deleted after it was chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file could not be read")]
pub struct Unreadable;

/// The browser gave no way to save a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file could not be saved")]
pub struct NotSaved;

/// So many bytes are fetched at once: a large file would hold the page for as long as it takes to copy.
const PIECE_BYTES: u64 = 16 * 1024 * 1024;

/// All bytes of a file that the agent chose, piece by piece. `proceed` hears how many have come and says whether to go on;
/// `None` if it said no.
pub async fn read(
    file: &web_sys::File,
    mut proceed: impl FnMut(usize) -> bool,
) -> Result<Option<Vec<u8>>, Unreadable> {
    let size = size(file);
    let mut bytes = Vec::new();
    let mut at = 0;
    let mut next = Some(fetch(file, at)?);
    while let Some(present) = next {
        at = (at + PIECE_BYTES).min(size);
        let is_last = at == size;
        // The browser fetches the next piece while this one is taken.
        next = if is_last { None } else { Some(fetch(file, at)?) };
        let piece = Uint8Array::new(&present.await.map_err(|_| Unreadable)?);
        if is_last && bytes.is_empty() {
            bytes = piece.to_vec();
        } else {
            bytes.reserve_exact(usize::try_from(size).map_err(|_| Unreadable)?.saturating_sub(bytes.len()));
            let before = bytes.len();
            bytes.resize(before + usize::try_from(piece.length()).map_err(|_| Unreadable)?, 0);
            piece.copy_to(bytes.get_mut(before..).ok_or(Unreadable)?);
        }
        if !proceed(bytes.len()) {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// Begins to fetch the piece that begins at a byte.
fn fetch(file: &web_sys::File, at: u64) -> Result<JsFuture, Unreadable> {
    #[expect(clippy::cast_precision_loss, reason = "sizes of files are far below 2^53")]
    let piece = file.slice_with_f64_and_f64(at as f64, (at + PIECE_BYTES) as f64);
    Ok(JsFuture::from(piece.map_err(|_| Unreadable)?.array_buffer()))
}

/// A file's size in bytes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a file's size is whole and not negative"
)]
pub fn size(file: &web_sys::File) -> u64 {
    file.size() as u64
}

/// Offers `bytes` to the agent as a download.
pub fn download(name: &str, mime: &str, bytes: &[u8]) -> Result<(), NotSaved> {
    save(name, mime, bytes).map_err(|_| NotSaved)
}

fn save(name: &str, mime: &str, bytes: &[u8]) -> Result<(), wasm_bindgen::JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(mime);
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(
        &Array::of1(&Uint8Array::from(bytes)),
        &options,
    )?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let link: web_sys::HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has its own reference by now.
    web_sys::Url::revoke_object_url(&url)
}
