//! What is wrong with a row, where, and what it is called.
//!
//! A [`Problem`] holds data, not prose: its code is the key of a translated reason and remedy
//! (`problem.<code>.reason`, `problem.<code>.fix`), its arguments fill their `{{placeholders}}`.

mod kind;
mod position;
mod repair;

pub use kind::ProblemKind;
pub use position::{ColumnIdx, LineNumber, RowNumber};
pub use repair::Repair;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The row can't be sent.
    Error,
    /// The row can be sent; the agent decides.
    Warning,
    /// Nothing to decide: what was repaired.
    Info,
}

impl Severity {
    /// Its stable name: `error`, `warning`, `info`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Where a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the header or above it.
    Header,
    /// In the sheet's row at this place, from 0.
    Row(usize),
    /// The blank line at this place of the sheet's list, from 0.
    BlankLine(usize),
}

/// One thing that is wrong in one place of the file. Small, since a file may have a million: what the cell says and what
/// its column is called is in the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// The column, if it is about one cell.
    pub column: Option<ColumnIdx>,
}

impl Problem {
    /// Whether it keeps the row from being sent.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// Its kind's stable name, which is part of its translation keys.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The sheet's row that it is about, from 0.
    pub fn row_idx(&self) -> Option<usize> {
        match self.place {
            Place::Row(idx) => Some(idx),
            Place::Header | Place::BlankLine(_) => None,
        }
    }
}
