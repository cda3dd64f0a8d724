//! A confirmed batch as it is kept and sent.
//!
//! Everything is in it that a send, its resumption and its results need: the template, each row of the file as it was,
//! each message's number and rendered values, and why a row was left out. So another version of the app, or another
//! computer, sends exactly the same, and what is kept can be shown without the file.
//!
//! It is text: a [`Head`] as JSON, and chunks of [`ROWS_PER_CHUNK`] rows each, so that a batch of any size is made
//! ([`Freezer`]) and read again ([`Thaw`]) in slices. The same rows give the same text. A chunk's last line is a checksum
//! over the batch's id, the chunk's place and its rows: nothing is sent from a text that was damaged or mixed up.
//!
//! This module knows neither where the texts are kept nor what became of a message.

mod batch;
mod error;
mod freezer;
mod head;
mod line;
mod row;
mod template_json;
mod thaw;

pub use batch::Frozen;
pub use error::{Damage, FrozenError};
pub use freezer::Freezer;
pub use head::{About, Head, Kind, Part, PartOf};
pub use row::{FrozenRow, Outcome};
pub use template_json::{read as template_from_json, write as template_to_json};
pub use thaw::Thaw;

/// So many rows are one chunk; the last may have fewer.
pub const ROWS_PER_CHUNK: usize = 100;

#[cfg(test)]
pub(crate) mod tests;
