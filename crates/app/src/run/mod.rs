//! Sending: whatever leaves the app leaves through here, one message or many.
//!
//! A batch is frozen and kept ([`keep()`]), then sent by a run: [`RunRef`] is what the screen has of it, `perform` does what the
//! send engine says. What is kept can be opened again ([`look`]): it is watched until this page takes it over.

mod catch_up;
mod fetch;
mod forget;
mod in_doubt;
mod inherit;
mod keep;
mod kept;
mod ledger;
mod news;
mod perform;
mod retake;
mod run_ref;
mod same;
mod state;
mod told;

pub use forget::{Traces, forget, traces};
pub use in_doubt::{InDoubt, in_doubt, is_in_doubt};
pub use inherit::{InheritError, Progress, inherit};
pub use keep::{Keeper, StartError, freeze, keep};
pub use kept::{Breath, Finished, OpenError, Shelf, Summary, look, was_recorded, written_to};
pub use ledger::LedgerGlance;
pub use news::pause_key;
pub use run_ref::{Allowance, Glance, RunRef};
pub use same::{Same, same_as, same_content};
pub use state::Role;
pub use told::told;
