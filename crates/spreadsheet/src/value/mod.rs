//! How a cell's value is written: as the agent sees it in the spreadsheet and as WhatsApp should get it.
//!
//! Text is left as it is, with its blanks. A phone that a spreadsheet took for a number has to come out with all its
//! digits, and one that lost some has to show it.

mod date;
mod iso;
mod number;

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};

/// A value of a cell, whatever the kind of file.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// No value.
    Empty,
    /// Text.
    Text(&'t str),
    /// A number.
    Number(f64),
    /// A moment as days since the workbook's first day.
    Moment {
        /// Days, with the time as their fraction.
        days: f64,
        /// Where the days are counted from.
        epoch: Epoch,
    },
    /// A span of time in days, which may be more than one.
    Span(f64),
    /// A date, a time or both as ISO 8601 writes them.
    IsoMoment(&'t str),
    /// A span of time as ISO 8601 writes it: `PT10H30M00S`.
    IsoSpan(&'t str),
    /// True or false.
    Bool(bool),
    /// The error that a formula gave, by its code: `#N/A`.
    Error(&'static str),
}

/// The day from which a workbook counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Epoch {
    /// 31/12/1899 is day 0, and 1900 has a 29th of February, as in Lotus 1-2-3.
    Y1900,
    /// 01/01/1904 is day 0: Excel for Mac, long ago, and the option of that name.
    Y1904,
}

impl Value<'_> {
    /// Writes the value at the end of `text`.
    pub fn write(&self, text: &mut String) {
        match *self {
            Self::Empty => (),
            Self::Text(value) => text.push_str(value),
            Self::Number(value) => number::write(text, value),
            Self::Moment { days, epoch } => date::write_moment(text, days, epoch),
            Self::Span(days) => date::write_span(text, days),
            Self::IsoMoment(value) => iso::write_moment(text, value),
            Self::IsoSpan(value) => iso::write_span(text, value),
            // As Excel shows them in Spanish. English has TRUE for the first.
            Self::Bool(value) => text.push_str(if value { "VERDADERO" } else { "FALSO" }),
            Self::Error(code) => text.push_str(code),
        }
    }
}

impl<'t> Value<'t> {
    /// A value of a file that was read whole.
    pub(crate) fn of(data: &'t Data, epoch: Epoch) -> Self {
        match data {
            Data::Empty => Self::Empty,
            Data::String(value) => Self::Text(value),
            Data::Int(value) => whole(*value),
            Data::Float(value) => Self::Number(*value),
            Data::DateTime(value) => moment(*value, epoch),
            Data::DateTimeIso(value) => Self::IsoMoment(value),
            Data::DurationIso(value) => Self::IsoSpan(value),
            Data::Bool(value) => Self::Bool(*value),
            Data::Error(error) => Self::Error(code(error)),
        }
    }

    /// A value of a file that is read cell by cell.
    pub(crate) fn of_ref(data: &'t DataRef<'_>, epoch: Epoch) -> Self {
        match data {
            DataRef::Empty => Self::Empty,
            DataRef::String(value) => Self::Text(value),
            DataRef::SharedString(value) => Self::Text(value),
            DataRef::Int(value) => whole(*value),
            DataRef::Float(value) => Self::Number(*value),
            DataRef::DateTime(value) => moment(*value, epoch),
            DataRef::DateTimeIso(value) => Self::IsoMoment(value),
            DataRef::DurationIso(value) => Self::IsoSpan(value),
            DataRef::Bool(value) => Self::Bool(*value),
            DataRef::Error(error) => Self::Error(code(error)),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "files hold whole numbers of 30 bits")]
fn whole(value: i64) -> Value<'static> {
    Value::Number(value as f64)
}

fn moment(value: ExcelDateTime, epoch: Epoch) -> Value<'static> {
    let days = value.as_f64();
    if value.is_duration() { Value::Span(days) } else { Value::Moment { days, epoch } }
}

fn code(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}
