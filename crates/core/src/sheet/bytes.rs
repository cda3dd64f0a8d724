//! Bytes → text, or what kind of file it is instead.

use crate::{
    problem::LineNumber,
    sheet::{Encoding, MAX_BYTES, SheetError, records},
};

/// What a file begins with, if it is none of ours.
const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const PDF: &[u8] = b"%PDF-";
const RTF: &[u8] = b"{\\rtf";
const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";
/// Enough to see what kind of file it is, however large.
const GLANCE: usize = 1024;

/// The file's text and how it was found.
pub(super) fn decode(bytes: &[u8]) -> Result<(&str, Encoding), SheetError> {
    // What it is comes before how large it is: that is what the agent can do something about.
    let glance = bytes.get(..GLANCE).unwrap_or(bytes);
    if glance.starts_with(ZIP) || glance.starts_with(OLE) {
        return Err(SheetError::Workbook);
    }
    if glance.starts_with(b"\xff\xfe") || glance.starts_with(b"\xfe\xff") || is_utf16(glance) {
        return Err(SheetError::Utf16);
    }
    if glance.starts_with(PDF) {
        return Err(SheetError::NotTable { looks_like: "PDF" });
    }
    if glance.contains(&0) {
        return Err(SheetError::NotText);
    }
    if MAX_BYTES < bytes.len() {
        return Err(SheetError::TooLarge { bytes: bytes.len(), max: MAX_BYTES });
    }
    let mut text = bytes;
    // Files that were joined, or saved again by a careless program, have more than one.
    while let Some(rest) = text.strip_prefix(UTF8_BOM) {
        text = rest;
    }
    let encoding = if text.len() < bytes.len() { Encoding::Utf8Bom } else { Encoding::Utf8 };
    let bytes = text;
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.contains(&0) {
        return Err(SheetError::NotText);
    }
    let text = str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    match other_text(text) {
        Some(looks_like) => Err(SheetError::NotTable { looks_like }),
        None => Ok((text, encoding)),
    }
}

/// UTF-16 without a mark: every other byte of Western text is 0, and only every other.
fn is_utf16(glance: &[u8]) -> bool {
    let zeros = |first: usize| glance.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let quarter = glance.len() / 4;
    4 <= glance.len() && ((even == 0 && quarter <= odd) || (odd == 0 && quarter <= even))
}

/// Text that is not a table: web pages that call themselves .xls or .csv, and the like.
fn other_text(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    let begins = |with: &str| start.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if begins("<?xml") {
        Some("XML")
    } else if begins("<") {
        Some("HTML")
    } else if start.as_bytes().starts_with(RTF) {
        Some("RTF")
    } else if begins("{\"") || begins("[{") {
        Some("JSON")
    } else {
        None
    }
}

fn not_utf8(bytes: &[u8], valid_up_to: usize) -> SheetError {
    // The part before is valid, so this never takes the fallback.
    let before = bytes.get(..valid_up_to).and_then(|valid| str::from_utf8(valid).ok()).unwrap_or_default();
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    SheetError::NotUtf8 {
        line: LineNumber::FIRST.plus(records::count_line_breaks(before)),
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        byte: bytes.get(valid_up_to).copied().unwrap_or_default(),
    }
}
