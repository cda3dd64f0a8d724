//! The ledger: batches and messages as custom objects in the customer's own Zendesk
//! (<https://developer.zendesk.com/api-reference/custom-data/custom-objects/>).
//!
//! This crate knows the objects' fields and Zendesk's JSON; how a request travels is its [`Transport`]'s business, and when
//! which record is written is decided by [`cxconnect_core::ledger`].
//!
//! # Where to start
//! - [`Objects`]: the calls, for any object;
//! - [`schema`]: which objects and fields there are;
//! - [`Search`]: looking for records by their fields;
//! - [`Ledger`]: the calls for batches, messages and plans;
//! - [`installation`]: what an account has of them, and what mends it.
//!
//! [`Transport`]: cxconnect_sunco::Transport

mod batch;
mod details;
mod error;
pub mod installation;
mod job;
mod ledger;
mod message;
mod moment;
mod objects;
mod person;
mod plan;
mod positions;
mod record;
mod retention;
pub mod schema;
mod search;

pub use error::LedgerError;
pub use ledger::{BatchPage, Ledger, MessageSearch};
pub use objects::{Objects, Page, Sort};
pub use person::{Person, Role};
pub use plan::{Claim, PlanPart};
pub use positions::{Overtaken, Placed, overtaken};
pub use record::Record;
pub use retention::{Outdated, OutdatedSearch, PlanPage, Removable};
pub use search::{Conditions, Order, Search};
