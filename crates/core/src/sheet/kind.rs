//! What sort of file it is, from how it begins.

/// What sort of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// To be read as text, which says itself if it isn't.
    Text,
    /// A zip: XLSX and ODS are ones.
    Zip,
    /// OLE's compound file: XLS is one, and so is an XLSX with a password.
    Ole,
}

/// How much of a file [`kind`] and the other looks at its beginning need.
pub(super) const GLANCE: usize = 4096;

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const PDF: &[u8] = b"%PDF-";
const RTF: &[u8] = b"{\\rtf";

/// The sort of file that begins so. The first 8 bytes are enough.
pub fn kind(start: &[u8]) -> FileKind {
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        FileKind::Zip
    } else if start.starts_with(OLE) {
        FileKind::Ole
    } else {
        FileKind::Text
    }
}

/// Text that is not a table, from how it begins: web pages that call themselves .xls or .csv, and the like.
pub(super) fn other_text(start: &[u8]) -> Option<&'static str> {
    let start = start.get(..GLANCE).unwrap_or(start).trim_ascii_start();
    let begins = |with: &[u8]| start.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if begins(b"<?xml") {
        Some("XML")
    } else if begins(b"<") {
        Some("HTML")
    } else if begins(RTF) {
        Some("RTF")
    } else if begins(b"{\"") || begins(b"[{") {
        Some("JSON")
    } else if begins(PDF) {
        Some("PDF")
    } else {
        None
    }
}

/// Whether a file that begins so is no text at all: text has no control characters but tabs and breaks, apart from a
/// stray one.
pub(super) fn is_binary(start: &[u8]) -> bool {
    let start = start.get(..GLANCE).unwrap_or(start);
    let n_controls = start.iter().filter(|&&byte| matches!(byte, 0..=8 | 0x0e..=0x19 | 0x1c..=0x1f)).count();
    2 < n_controls && start.len() < 32 * n_controls
}
