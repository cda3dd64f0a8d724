//! One message that no file has, as a file of one row: so it is judged by the very rules that judge a hundred thousand.

use crate::{
    mapping::{Mapping, Source, columns},
    problem::{ColumnIdx, RowNumber},
    sheet::{self, CsvWriter, Delimiter, Encoding, HeaderChoice, ReadOptions, Sheet},
    template::{SlotId, Template, Values},
};

/// The downloadable format's first column.
pub const PHONE_COLUMN: ColumnIdx = ColumnIdx::new(0);

/// The row, below the names of the downloadable format. `mapping` is [`Mapping::manual`] of the template.
pub fn sheet_of_one(template: &Template, mapping: &Mapping, phone: &str, values: &Values) -> Option<Sheet> {
    let columns = columns(template);
    let mut cells = vec![String::new(); columns.len()];
    if let Some(cell) = cells.first_mut() {
        phone.clone_into(cell);
    }
    for (slot, value) in values.iter() {
        if let Some(Source::Column(column)) = mapping.source(slot)
            && let Some(cell) = cells.get_mut(column.get())
        {
            value.clone_into(cell);
        }
    }
    let mut csv = CsvWriter::plain();
    csv.row(columns.iter().map(|column| column.name.as_str()));
    csv.row(&cells);
    let options = ReadOptions {
        encoding: Some(Encoding::Utf8),
        delimiter: Some(Delimiter::Comma),
        header: Some(HeaderChoice::At(RowNumber::FIRST)),
    };
    sheet::read(&csv.finish(), options).ok()
}

/// The slot that a column of such a row fills.
pub fn slot_in(template: &Template, mapping: &Mapping, column: ColumnIdx) -> Option<SlotId> {
    template.slots().into_iter().map(|slot| slot.id).find(|slot| match mapping.source(slot) {
        Some(Source::Column(of_slot)) => *of_slot == column,
        Some(Source::Fixed(_)) | None => false,
    })
}
