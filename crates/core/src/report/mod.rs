//! What became of a batch's rows, for people.
//!
//! Nobody is lost: every row of the file is in it, in the file's order and in exactly one [`Standing`]. [`Results`] makes
//! the table for download, [`Search`] finds rows in it.

mod results;
mod search;
mod standing;

pub use results::{Form, Results, Wording};
pub use search::Search;
pub use standing::Standing;

use crate::{
    problem::ColumnIdx,
    sheet::{Cells, Sheet},
};

/// The names of the file's own columns.
pub(crate) fn columns(sheet: &Sheet) -> impl Iterator<Item = String> + '_ {
    (0..sheet.read_as().n_columns).map(|idx| match sheet.header().get(idx) {
        Some(name) if !name.is_empty() => name.clone(),
        Some(_) | None => ColumnIdx::new(idx).to_string(),
    })
}

/// A row's cells, one for each of the file's columns.
pub(crate) fn own_cells<'c>(sheet: &Sheet, cells: &'c Cells<'_>) -> impl Iterator<Item = String> + 'c {
    (0..sheet.read_as().n_columns).map(|idx| cells.raw(ColumnIdx::new(idx)).unwrap_or_default().to_owned())
}

#[cfg(test)]
pub(crate) mod tests;
