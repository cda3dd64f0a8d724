//! Sending: whatever leaves the app leaves through here, one message or many.
//!
//! A batch is frozen and kept ([`keep`]), then sent by a [`RunRef`], which performs the send engine's commands and brings it
//! the answers. What is kept can be opened again ([`kept`]): it is watched until this page takes it over.

mod keep;
mod kept;
mod run;

pub use keep::{commit, freeze, keep, stow};
pub use kept::{Breath, Finished, OpenError, Shelf, Summary, look, same_content, written_to};
pub use run::{Glance, Role, RunRef};
