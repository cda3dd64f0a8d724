//! How a file was read, and how it shall be read instead.

use crate::problem::{LineNumber, RowNumber};

/// What is known about a file before it is read. The default is to find out everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// How its bytes are taken for characters. What is asked for is done, even if the result makes no sense.
    pub encoding: Option<Encoding>,
    /// What stands between cells, against what a `sep=` line says.
    pub delimiter: Option<Delimiter>,
    /// Which row names the columns.
    pub header: Option<HeaderChoice>,
}

/// Which row names the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderChoice {
    /// None: every row is data.
    Absent,
    /// The one that a spreadsheet shows by this number, or the first one with data after it. Those above are skipped.
    At(RowNumber),
}

/// How a file was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAs {
    /// What the rows come from.
    pub source: Source,
    /// Whether a row names the columns.
    pub header: HeaderPresence,
    /// Columns that have a name or a value.
    pub n_columns: usize,
    /// Rows, without the header, those above it and blank lines.
    pub n_rows: usize,
    /// Lines without data after the last row, which are ignored.
    pub trailing_blank_lines: usize,
    /// Rows with something in them above the header, which are skipped: a report's title, its date.
    pub rows_above_header: usize,
    /// Whether the file begins with Excel's `sep=` line.
    pub has_sep_line: bool,
}

/// What rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A text file.
    Text {
        /// How its bytes were taken for characters.
        encoding: Encoding,
        /// What stands between its cells.
        delimiter: Delimiter,
    },
    /// A sheet of a workbook.
    Workbook {
        /// Its name.
        sheet: String,
    },
}

/// Whether there is a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderPresence {
    /// A row names the columns.
    Present {
        /// Its physical line.
        line: LineNumber,
        /// Its spreadsheet row.
        row: RowNumber,
    },
    /// The first row is data already.
    Absent,
}

/// How bytes are taken for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 that says so with a byte-order mark, as Excel's «CSV UTF-8» does.
    Utf8Bom,
    /// UTF-16, low byte first: Excel's «Unicode text».
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, which holds Latin-1: Excel's «CSV» in this part of the world.
    Windows1252,
}

impl Encoding {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Utf8, Self::Utf8Bom, Self::Windows1252, Self::Utf16Le, Self::Utf16Be];

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf16Le => "utf-16-le",
            Self::Utf16Be => "utf-16-be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// Regions whose spreadsheets part cells by commas, among those where agents of these languages live. Not Peru: its decimals
/// have points, but its Windows parts lists by semicolons.
const COMMA_REGIONS: [&str; 12] = ["MX", "US", "PR", "DO", "GT", "HN", "NI", "PA", "SV", "CA", "GB", "AU"];

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`, which spreadsheets write where the comma is the decimal sign.
    Semicolon,
    /// The tab, as in TSV files and in Excel's «text».
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Semicolon, Self::Comma, Self::Tab, Self::Pipe];

    /// The character, which is ASCII.
    pub fn as_char(self) -> char {
        char::from(self.as_byte())
    }

    /// What Excel parts cells by where people of this locale live (`es-MX`): the comma where it is no decimal sign. A locale
    /// without a region says only the language, and most regions of Spanish write decimals with it.
    pub fn of_locale(locale: &str) -> Self {
        let mut parts = locale.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        match parts.find(|part| part.len() == 2) {
            Some(region) if COMMA_REGIONS.iter().any(|it| it.eq_ignore_ascii_case(region)) => Self::Comma,
            None if language.eq_ignore_ascii_case("en") => Self::Comma,
            Some(_) | None => Self::Semicolon,
        }
    }

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    pub(super) fn as_byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }

    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| delimiter.as_byte() == byte)
    }
}
