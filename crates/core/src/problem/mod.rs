//! What is wrong with a row, where, and what it is called.
//!
//! A [`Problem`] holds data, not prose: its code is the key of a translated reason and remedy
//! (`problem.<code>.reason`, `problem.<code>.fix`), its arguments fill their `{{placeholders}}`.

mod kind;
mod position;

pub use kind::ProblemKind;
pub use position::{ColumnIdx, LineNumber, RowNumber};

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

/// One thing that is wrong in one place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The file's physical line, line breaks inside quotes counted: where a text editor shows it.
    pub line: LineNumber,
    /// The row that a spreadsheet shows.
    pub row: RowNumber,
    /// The column, if it is about one cell.
    pub column: Option<ColumnIdx>,
    /// That column's name in the header.
    pub column_name: Option<String>,
    /// What the cell says, whole.
    pub value: Option<String>,
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

    /// What fills the placeholders of its translated texts: the kind's own, then `line`, `row`, `column`, `column_name`
    /// and `value`. Those that it doesn't have are empty.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        let mut arguments = self.kind.arguments();
        arguments.extend([
            ("line", self.line.to_string()),
            ("row", self.row.to_string()),
            ("column", self.column.map(|column| column.to_string()).unwrap_or_default()),
            ("column_name", self.column_name.clone().unwrap_or_default()),
            ("value", self.value.clone().unwrap_or_default()),
        ]);
        arguments
    }
}
