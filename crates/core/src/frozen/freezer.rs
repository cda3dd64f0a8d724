//! Rows → the text in which they are kept.

use std::{fmt::Write as _, sync::Arc};

use crate::{
    check::Target,
    frozen::{About, Frozen, Head, PartOf, ROWS_PER_CHUNK, line, line::Checksum, row::LEFT_OUT},
    phone::E164,
    plan::Batch,
    problem::{ColumnIdx, LineNumber, RowNumber},
    report,
    sheet::Cells,
    template::{Slot, SlotId},
};

/// Freezes a file's rows, slice by slice: [`Freezer::step`] until it says that all are done, then [`Freezer::finish`].
pub struct Freezer {
    batch: Batch,
    chunks: Chunks,
    n_done: usize,
}

impl Freezer {
    /// For a batch that was planned. Its id and template are taken from `about`.
    pub fn new(about: About, batch: Batch) -> Self {
        let sheet = batch.sheet();
        let columns = report::columns(sheet).collect();
        let chunks = Chunks::new(about, columns, sheet.n_rows());
        Self { batch, chunks, n_done: 0 }
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.batch.sheet().n_rows()
    }

    /// Freezes the next rows. `why_left_out` says of a row of the sheet why it isn't sent, in the agent's words. Returns
    /// whether all are done.
    pub fn step(&mut self, n_rows: usize, why_left_out: &dyn Fn(usize) -> String) -> bool {
        let sheet = Arc::clone(self.batch.sheet());
        let end = self.n_done.saturating_add(n_rows).min(sheet.n_rows());
        let mut cells = Cells::new();
        for row_idx in self.n_done..end {
            sheet.cells(row_idx, &mut cells);
            let (row, line) = (sheet.row_number(row_idx), sheet.line(row_idx));
            // Messages are in the file's order, as rows are.
            let next = self.batch.targets().get(self.chunks.targets.len());
            match next.filter(|target| usize::try_from(target.row) == Ok(row_idx)) {
                Some(target) => {
                    self.chunks.message(row, line, target.to);
                    for value in self.batch.rules().values_in_order(&cells) {
                        self.chunks.value(value.as_deref());
                    }
                }
                None => self.chunks.left_out(row, line, &why_left_out(row_idx)),
            }
            for column in 0..sheet.read_as().n_columns {
                self.chunks.cell(cells.raw(ColumnIdx::new(column)).unwrap_or_default());
            }
            self.chunks.end_row();
        }
        self.n_done = end;
        end == sheet.n_rows()
    }

    /// The frozen batch. Rows that no step has reached are not in it.
    pub fn finish(self) -> Frozen {
        self.chunks.finish(None)
    }
}

/// Chunks in the making.
pub(super) struct Chunks {
    about: About,
    columns: Vec<String>,
    slots: Vec<SlotId>,
    done: Vec<Arc<str>>,
    starts: Vec<u32>,
    targets: Vec<Target>,
    text: String,
}

impl Chunks {
    pub(super) fn new(about: About, columns: Vec<String>, n_rows: usize) -> Self {
        let slots = slots(&about.template.slots());
        Self {
            about,
            columns,
            slots,
            done: Vec::with_capacity(n_rows.div_ceil(ROWS_PER_CHUNK)),
            starts: Vec::with_capacity(n_rows),
            targets: Vec::with_capacity(n_rows),
            text: String::new(),
        }
    }

    /// Begins a row that is a message. A value for each of the template's slots must follow, in their order.
    pub(super) fn message(&mut self, row: RowNumber, line: LineNumber, to: E164) {
        self.begin_row(row, line);
        self.text.push_str(to.digits().with_plus());
        self.add_target(to);
    }

    /// Adds a slot's value to the row.
    pub(super) fn value(&mut self, value: Option<&str>) {
        self.text.push('\t');
        line::push_optional(&mut self.text, value);
    }

    /// Begins a row that is left out.
    pub(super) fn left_out(&mut self, row: RowNumber, line: LineNumber, why: &str) {
        self.begin_row(row, line);
        self.text.push_str(LEFT_OUT);
        self.text.push('\t');
        line::push(&mut self.text, why);
    }

    /// Adds a cell to the row.
    pub(super) fn cell(&mut self, cell: &str) {
        self.text.push('\t');
        line::push(&mut self.text, cell);
    }

    /// Adds a whole row of another batch, which is a message.
    pub(super) fn copy(&mut self, to: E164, line: &str) {
        self.begin_line();
        self.text.push_str(line);
        self.add_target(to);
        self.end_row();
    }

    pub(super) fn end_row(&mut self) {
        self.text.push('\n');
        if self.starts.len().is_multiple_of(ROWS_PER_CHUNK) {
            self.end_chunk();
        }
    }

    pub(super) fn finish(mut self, part_of: Option<PartOf>) -> Frozen {
        if !self.text.is_empty() {
            self.end_chunk();
        }
        let head = Head {
            about: self.about,
            columns: self.columns,
            n_rows: self.starts.len(),
            n_messages: self.targets.len(),
            part_of,
            digest: None,
        };
        let Self { done: chunks, starts, targets, slots, .. } = self;
        Frozen { head, chunks, starts, targets, slots }
    }

    fn begin_line(&mut self) {
        // A chunk has far less than 4 GB: a sheet has at most 200 MB.
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn begin_row(&mut self, row: RowNumber, line: LineNumber) {
        self.begin_line();
        // Writing to a String can't fail.
        let _ = write!(self.text, "{row}\t{line}\t");
    }

    fn add_target(&mut self, to: E164) {
        let row = u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX);
        self.targets.push(Target { row, to });
    }

    fn end_chunk(&mut self) {
        let mut sum = Checksum::new(self.about.id.as_str(), self.done.len());
        sum.add(&self.text);
        self.text.push_str(&sum.line());
        self.done.push(Arc::from(self.text.as_str()));
        self.text.clear();
    }
}

/// The slots' ids.
pub(super) fn slots(slots: &[Slot]) -> Vec<SlotId> {
    slots.iter().map(|slot| slot.id.clone()).collect()
}
