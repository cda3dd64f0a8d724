//! The ledger: the shared record of batches and messages in the customer's own Zendesk, and who writes it when.
//!
//! The browser's journal is the truth of a running batch; the ledger follows it, and lets the whole team see it and another
//! computer take it over. [`Scribe`] decides what is written when: a deterministic state machine, like the send engine beside
//! which it runs. It knows neither Zendesk's JSON nor how a request is made.
//!
//! A batch's rows are parted into chunks of a hundred ([`crate::frozen`]). Its plan is kept first, chunk by chunk. A chunk is
//! claimed by making a record that names its owner: of two who make the same record one is refused, so only one sends. At most
//! [`CHUNKS_AHEAD`] chunks are claimed whose outcomes Zendesk doesn't have, so that no more are in doubt should another
//! computer take over. All writes name what they write, so that each may be repeated.

mod budget;
mod chunks;
mod event;
mod inherit;
mod patience;
mod record;
mod scribe;

pub use budget::{Budget, Urgency};
pub use event::{Answer, Command, Event, Fault, JobId, JobState, Request, RequestNumber, Standing};
pub use inherit::{Claims, inherited};
pub use patience::{AfterFault, Patience, Walk};
pub use record::{
    ABANDONED_MS, BatchRecord, BatchState, Failures, Figures, Holder, MessageRecord, OTHER_REASON, Origin,
    lot,
};
pub use scribe::Scribe;

/// Claimed chunks whose outcomes Zendesk hasn't taken yet: so many at most.
pub const CHUNKS_AHEAD: usize = 3;
/// Zendesk takes no more items in a job (<https://developer.zendesk.com/api-reference/custom-data/custom-objects/custom_object_records/>).
pub const ITEMS_PER_JOB: usize = 100;

#[cfg(test)]
mod tests;
