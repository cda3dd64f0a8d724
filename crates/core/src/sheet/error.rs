//! Why a file can't be read at all.

use crate::problem::{ColumnIdx, LineNumber, RowNumber};

/// Why a file can't be read. Its texts are `file.<code>.reason` and `file.<code>.fix`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// No bytes, or nothing after the byte-order mark.
    #[error("the file is empty")]
    Empty,
    /// Larger than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("the file has {bytes} bytes, at most {max} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most there may be.
        max: usize,
    },
    /// An XLSX or ODS (a zip) or an XLS, which are not read as text: see [`kind`](super::kind).
    #[error("the file is a workbook")]
    Workbook,
    /// Not text at all.
    #[error("the file is not text")]
    NotText,
    /// Text of another kind.
    #[error("the file is {looks_like}, not a table")]
    NotTable {
        /// What it is: `HTML`, `PDF`, `RTF`, `XML` or `JSON`.
        looks_like: &'static str,
    },
    /// A `sep=` line says that cells are parted by another character than `,`, `;`, tab or `|`.
    #[error("cells are parted by {found:?}")]
    WrongDelimiter {
        /// What parts them.
        found: char,
    },
    /// A quote that is opened and not closed: from there on rows would run into each other.
    #[error("line {line}, row {row}, column {column}: a quote is not closed")]
    UnclosedQuote {
        /// The physical line of the opening quote.
        line: LineNumber,
        /// The spreadsheet row.
        row: RowNumber,
        /// The column.
        column: ColumnIdx,
    },
    /// Only blank lines.
    #[error("the file has only blank lines")]
    BlankOnly,
    /// More lines than [`MAX_ROWS`](super::MAX_ROWS).
    #[error("the file has more than {max} rows")]
    TooManyRows {
        /// The most there may be.
        max: usize,
    },
    /// A header and no row.
    #[error("the file has only a header")]
    HeaderOnly,
}

impl SheetError {
    /// All codes: each needs `file.<code>.reason` and `file.<code>.fix` in every language.
    pub const CODES: &[&str] = &[
        "empty",
        "too-large",
        "workbook",
        "not-text",
        "not-table",
        "wrong-delimiter",
        "unclosed-quote",
        "blank-only",
        "too-many-rows",
        "header-only",
    ];

    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::Workbook => "workbook",
            Self::NotText => "not-text",
            Self::NotTable { .. } => "not-table",
            Self::WrongDelimiter { .. } => "wrong-delimiter",
            Self::UnclosedQuote { .. } => "unclosed-quote",
            Self::BlankOnly => "blank-only",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::HeaderOnly => "header-only",
        }
    }

    /// What its text names.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Empty | Self::Workbook | Self::NotText | Self::BlankOnly | Self::HeaderOnly => Vec::new(),
            Self::TooLarge { bytes, max } => {
                vec![("megabytes", megabytes(*bytes)), ("max_megabytes", megabytes(*max))]
            }
            Self::TooManyRows { max } => vec![("max", max.to_string())],
            Self::NotTable { looks_like } => vec![("looks_like", (*looks_like).to_owned())],
            Self::WrongDelimiter { found } => vec![(
                "found",
                // A tab would not be seen.
                if *found == '\t' { "⇥ (tab)".to_owned() } else { found.to_string() },
            )],
            Self::UnclosedQuote { line, row, column } => {
                vec![("line", line.to_string()), ("row", row.to_string()), ("column", column.to_string())]
            }
        }
    }
}

/// Rounded up, so that a file just over the limit doesn't seem to be just at it.
fn megabytes(bytes: usize) -> String {
    bytes.div_ceil(1024 * 1024).to_string()
}
