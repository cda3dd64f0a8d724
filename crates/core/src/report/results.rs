//! The results as a table for download: the file's own columns, then what became of each row.

use std::borrow::Cow;

use crate::{
    dispatch::{Dispatch, MessageState, Times, UnixMillis},
    frozen::{Frozen, FrozenRow, Outcome},
    report::Standing,
    sheet::{CsvWriter, Delimiter, formula_safe},
};

/// What the added columns are called and what they say, in the agent's language.
pub trait Wording {
    /// The added columns' names: spreadsheet row, file line, phone as sent, state, reason, notification id, when it was
    /// sent, when its outcome came.
    fn heads(&self) -> [String; 8];
    /// Where a row stands.
    fn standing(&self, standing: Standing) -> String;
    /// Why a message is in its state; empty where there is nothing to explain.
    fn reason(&self, state: &MessageState) -> String;
    /// That a refused message has become part of another batch.
    fn retried(&self) -> String;
    /// A moment, in the agent's time zone.
    fn time(&self, time: UnixMillis) -> String;
}

/// What the table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A file for spreadsheets: UTF-8 with byte-order mark, and cells that would be calculated made harmless.
    Csv(Delimiter),
    /// For the module that writes workbooks, in which every cell is text: `,`, no mark, cells as they are.
    Workbook,
}

/// Writes the results of a batch, slice by slice: [`Results::step`] until it says that all is done, then
/// [`Results::finish`].
#[derive(Clone, Debug)]
pub struct Results {
    csv: CsvWriter,
    form: Form,
    /// What each standing is called.
    standings: [String; Standing::ALL.len()],
    n_done: usize,
}

impl Results {
    /// Begins with the head.
    pub fn new(form: Form, frozen: &Frozen, wording: &dyn Wording) -> Self {
        let csv = match form {
            Form::Csv(delimiter) => CsvWriter::new(delimiter),
            Form::Workbook => CsvWriter::plain(),
        };
        let standings = Standing::ALL.map(|standing| wording.standing(standing));
        let mut results = Self { csv, form, standings, n_done: 0 };
        let columns = frozen.head().columns.iter().map(|name| Cow::Borrowed(name.as_str()));
        results.row(columns.chain(wording.heads().map(Cow::Owned)));
        results
    }

    /// Adds the next rows, as they stand now. Returns whether all are there.
    pub fn step(
        &mut self,
        n_rows: usize,
        frozen: &Frozen,
        dispatch: &Dispatch,
        wording: &dyn Wording,
    ) -> bool {
        let end = self.n_done.saturating_add(n_rows).min(frozen.n_rows());
        for row_idx in self.n_done..end {
            if let Some(row) = frozen.row(row_idx) {
                let added = self.added(&row, dispatch, wording).map(Cow::Owned);
                self.row(row.cells().chain(added));
            }
        }
        self.n_done = end;
        end == frozen.n_rows()
    }

    /// The table.
    pub fn finish(self) -> Vec<u8> {
        self.csv.finish()
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) {
        match self.form {
            Form::Csv(_) => self.csv.row(cells.map(|cell| match formula_safe(&cell) {
                Cow::Borrowed(_) => cell,
                Cow::Owned(safe) => Cow::Owned(safe),
            })),
            Form::Workbook => self.csv.row(cells),
        }
    }

    fn added(&self, row: &FrozenRow<'_>, dispatch: &Dispatch, wording: &dyn Wording) -> [String; 8] {
        let (standing, state) = Standing::of_row(&row.outcome, dispatch);
        let id = match state {
            Some(MessageState::Accepted(id)) => id.to_string(),
            _ => String::new(),
        };
        let (phone, reason, times) = match &row.outcome {
            Outcome::Message { idx, to } => {
                let mut reason = state.map(|state| wording.reason(state)).unwrap_or_default();
                if dispatch.is_retried(*idx) {
                    if !reason.is_empty() {
                        reason.push(' ');
                    }
                    reason.push_str(&wording.retried());
                }
                (to.to_string(), reason, dispatch.times(*idx))
            }
            Outcome::LeftOut { why } => (String::new(), why.clone().into_owned(), Times::default()),
        };
        let called = Standing::ALL.into_iter().zip(&self.standings).find(|(other, _)| *other == standing);
        let time = |time: Option<UnixMillis>| time.map(|time| wording.time(time)).unwrap_or_default();
        [
            row.row.to_string(),
            row.line.to_string(),
            phone,
            called.map(|(_, name)| name.clone()).unwrap_or_default(),
            reason,
            id,
            time(times.claimed_at),
            time(times.ended_at),
        ]
    }
}
