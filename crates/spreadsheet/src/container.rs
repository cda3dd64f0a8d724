//! What a file is, told by its bytes alone: names lie, and systems export web pages as `.xls`.

use std::io::Cursor;

use zip::ZipArchive;

use crate::compound::{self, CompoundFile};
use crate::{BookError, biff};

/// The kinds of workbooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Excel since 2007, macros or not.
    Xlsx,
    /// Excel's binary workbook.
    Xlsb,
    /// Excel 95 to 2003.
    Xls(biff::Text),
    /// `LibreOffice`, `OpenOffice`, Google Sheets' "`OpenDocument`".
    Ods,
}

/// What all parts of a zipped workbook may come to when unpacked. A million rows of six columns take a third of it.
const MAX_UNPACKED_BYTES: u64 = 1 << 30;

/// A zip that has a part.
const ZIP: &[u8] = b"PK\x03\x04";
const ODS_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Finds out what the file is, and refuses what can't be opened or would take more memory than there is.
pub(crate) fn kind(bytes: &[u8]) -> Result<Kind, BookError> {
    if bytes.starts_with(compound::SIGNATURE) {
        compound_kind(bytes)
    } else if bytes.starts_with(ZIP) {
        zip_kind(bytes)
    } else {
        Err(BookError::Unsupported)
    }
}

fn compound_kind(bytes: &[u8]) -> Result<Kind, BookError> {
    let file = CompoundFile::read(bytes)?;
    if file.has("EncryptedPackage") {
        return Err(BookError::Encrypted);
    }
    // `Book` is Excel 95's name for it.
    let stream = file.stream(if file.has("Workbook") { "Workbook" } else { "Book" })?;
    biff::check(&stream).map(Kind::Xls)
}

fn zip_kind(bytes: &[u8]) -> Result<Kind, BookError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BookError::Damaged)?;
    let mut unpacked = 0_u64;
    let mut found = None;
    for index in 0..zip.len() {
        let part = zip.by_index_raw(index).map_err(|_| BookError::Damaged)?;
        if part.encrypted() {
            return Err(BookError::Encrypted);
        }
        let name = part.name().map_err(|_| BookError::Damaged)?.replace('\\', "/").to_ascii_lowercase();
        // Pictures are never unpacked.
        if !name.contains("media/") && !name.starts_with("pictures/") {
            unpacked = unpacked.saturating_add(part.size());
        }
        match name.as_str() {
            "xl/workbook.bin" => found = Some(Kind::Xlsb),
            "content.xml" => found = found.or(Some(Kind::Ods)),
            name if found.is_none() && (name.starts_with("xl/") || name.ends_with("workbook.xml")) => {
                found = Some(Kind::Xlsx);
            }
            _ => (),
        }
    }
    if MAX_UNPACKED_BYTES < unpacked {
        return Err(BookError::TooLarge);
    }
    match found {
        Some(Kind::Ods) if !is_ods(&mut zip) => Err(BookError::Unsupported),
        Some(kind) => Ok(kind),
        None => Err(BookError::Unsupported),
    }
}

/// Whether it is a spreadsheet among `OpenDocument`'s kinds.
fn is_ods(zip: &mut ZipArchive<Cursor<&[u8]>>) -> bool {
    use std::io::Read as _;
    let Ok(part) = zip.by_name("mimetype") else { return false };
    let mut text = String::new();
    let n_bytes = u64::try_from(ODS_TYPE.len()).unwrap_or(u64::MAX);
    part.take(n_bytes).read_to_string(&mut text).is_ok() && text == ODS_TYPE
}
