//! What can be wrong with a workbook.

/// Why a workbook can't be read or written. [`BookError::code`] is what the app gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
    /// It asks for a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// It is a workbook, but not a whole one: cut short by a download, or otherwise broken.
    #[error("the workbook is damaged")]
    Damaged,
    /// It is something else: a web page or a CSV file with a workbook's name, a document, a picture.
    #[error("the file is no workbook of a known kind")]
    Unsupported,
    /// It has no sheet with cells, only charts or macros.
    #[error("the workbook has no sheets")]
    NoSheets,
    /// It has more than a browser can hold, or more than a spreadsheet may have.
    #[error("the workbook is too large")]
    TooLarge,
    /// It has fewer sheets.
    #[error("the workbook has no such sheet")]
    NoSuchSheet,
    /// The table to write is no UTF-8 text.
    #[error("the table is not UTF-8 text")]
    NotText,
}

impl BookError {
    /// A stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::NoSheets => "no-sheets",
            Self::TooLarge => "too-large",
            Self::NoSuchSheet => "no-such-sheet",
            Self::NotText => "not-text",
        }
    }
}
