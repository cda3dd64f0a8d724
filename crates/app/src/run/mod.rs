//! Sending: whatever leaves the app leaves through here, one message or many.
//!
//! A batch is frozen and kept ([`keep()`]), then sent by a run: [`RunRef`] is what the screen has of it, `perform` does what the
//! send engine says. What is kept can be opened again ([`look`]): it is watched until this page takes it over.

mod keep;
mod kept;
mod perform;
mod run_ref;
mod state;
mod told;

pub use keep::{commit, freeze, keep, stow};
pub use kept::{Breath, Finished, OpenError, Same, Shelf, Summary, look, same_content, written_to};
pub use run_ref::{Glance, RunRef};
pub use state::Role;
pub use told::told;
