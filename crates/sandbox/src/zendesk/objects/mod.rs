//! Custom objects (custom-objects.md): shared records in the account's own Zendesk, and all that makes them awkward.
//!
//! Where to start: [`Objects`], what tests use; `serve`, how a request goes through; `calls`, which answers it;
//! `state`, what there is, with `table` (order and search's copy) before `store` (the database); `write` and
//! `jobs`, the only places where records change; `settings`, everything that can be set.

mod api;
mod budget;
mod call;
mod calls;
pub(crate) mod clock;
pub(crate) mod control;
mod error;
mod export;
mod faults;
mod field_calls;
mod install;
mod job_results;
mod jobs;
mod log;
mod page;
mod permissions;
mod query;
mod record;
mod record_calls;
mod requirements;
mod schema;
mod schema_calls;
mod search;
mod seed;
mod serve;
mod settings;
mod state;
mod store;
mod table;
mod values;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use api::ObjectsError;
pub(crate) use budget::{Allowance, Exceeded};
pub(crate) use call::Call;
pub use faults::{FaultRule, Operation, Reset};
pub use install::{InstallMode, InstallReport};
pub use log::Seen;
pub(crate) use permissions::Actor;
pub use permissions::Policy;
pub use seed::SeedRecord;
pub use settings::{
    JobOutcome, JobSettings, PageSize, Plan, ResultShape, RetryAfter, SearchPaging, Settings, ValueForm,
};
pub use store::StoreError;

use crate::random::Fresh;
use budget::Budget;
use faults::FaultBook;
use log::RequestLog;
use state::State;

/// The account's address; links are absolute and name it.
const BASE: &str = "https://acme.zendesk.com";

/// The fake's custom objects: what is stored, what was asked, how they misbehave.
#[derive(Debug)]
pub struct Objects {
    fresh: Arc<Fresh>,
    app_dir: std::path::PathBuf,
    state: Mutex<State>,
    budget: Mutex<Budget>,
    faults: Mutex<FaultBook>,
    log: Mutex<RequestLog>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
