//! What tests and benches do with custom objects, beside the requests of the app.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};

use super::clock;
use super::error::Refusal;
use super::faults::{FaultRule, Operation};
use super::log::Seen;
use super::permissions::Policy;
use super::seed::SeedRecord;
use super::settings::Settings;
use super::state::State;
use super::store::{Store, StoreError};
use super::{Objects, lock};
use crate::people::People;
use crate::random::Fresh;

/// Why something cannot be done with the custom objects.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// There is no such object, or no such role.
    #[error("there is no {0}")]
    Unknown(String),
    /// The fake would refuse it.
    #[error("refused: {0}")]
    Refused(String),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such setting, or it does not take the value.
    #[error("settings: {0}")]
    Settings(#[from] serde_json::Error),
}

impl From<Refusal> for ObjectsError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => Self::Store(error),
            other => Self::Refused(other.details()),
        }
    }
}

impl Objects {
    pub(crate) fn open(
        folder: Option<&Path>,
        app_dir: PathBuf,
        people: Arc<People>,
        fresh: Arc<Fresh>,
    ) -> Result<Self, StoreError> {
        let state = Mutex::new(State::open(Store::open(folder)?, people)?);
        let objects = Self {
            fresh,
            app_dir,
            state,
            budget: Mutex::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
        };
        objects.install_what_is_missing()?;
        Ok(objects)
    }

    /// Forgets records, jobs, faults, settings and requests, and installs the app's objects again.
    pub fn reset(&self) -> Result<(), StoreError> {
        lock(&self.state).clear()?;
        *lock(&self.budget) = super::Budget::default();
        self.clear_faults();
        self.forget_requests();
        self.install_what_is_missing()?;
        Ok(())
    }

    /// The settings.
    pub fn settings(&self) -> Settings {
        lock(&self.state).settings.clone()
    }

    /// Changes settings: `sandbox.objects().set(|it| it.search_lag_ms = 60_000)`.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut lock(&self.state).settings);
    }

    /// Changes the settings that JSON names.
    pub(crate) fn set_named(&self, changes: &Map<String, Value>) -> Result<Settings, ObjectsError> {
        let mut state = lock(&self.state);
        state.settings = state.settings.changed(changes)?;
        Ok(state.settings.clone())
    }

    /// Sets a fault.
    pub fn add_fault(&self, rule: FaultRule) {
        lock(&self.faults).add(rule);
    }

    /// The faults that are set.
    pub fn faults(&self) -> Vec<FaultRule> {
        lock(&self.faults).rules()
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        lock(&self.faults).clear();
    }

    /// Requests to custom objects, jobs and roles since the start, a reset or [`Self::forget_requests`]; those that
    /// were turned away too.
    pub fn n_requests(&self) -> u64 {
        lock(&self.log).n_seen
    }

    /// Of those that are kept, the requests of one kind; of all kinds for [`Operation::Any`].
    pub fn n_requests_of(&self, operation: Operation) -> usize {
        let log = lock(&self.log);
        log.seen.iter().filter(|it| operation == Operation::Any || it.operation == operation).count()
    }

    /// The last 50,000 requests, oldest first.
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.log).seen.iter().cloned().collect()
    }

    /// Begins to count from 0.
    pub fn forget_requests(&self) {
        *lock(&self.log) = super::RequestLog::default();
    }

    /// Adds many records, which search sees at once. They are checked as others are; with one that is wrong, none is
    /// added. Gives their number.
    pub fn seed(
        &self,
        object: &str,
        records: impl IntoIterator<Item = SeedRecord>,
    ) -> Result<usize, ObjectsError> {
        Ok(lock(&self.state).seed(object, records)?)
    }

    /// An object's records as the API shows them, in the order of creation, as they are now. What jobs have to do until
    /// now is done before.
    pub fn records(&self, object: &str) -> Result<Vec<Value>, ObjectsError> {
        let state = &mut *lock(&self.state);
        state.up_to_date(object)?;
        let table = state.known(object);
        let seqs: Vec<u64> = table.into_iter().flat_map(|it| &it.by_id).map(|it| it.1).collect();
        let definition = state.object(object)?;
        let records = state.records(object, &seqs)?;
        Ok(records.iter().map(|it| it.in_api(definition, &state.settings)).collect())
    }

    /// A record by its external id, as it is now.
    pub fn record(&self, object: &str, external_id: &str) -> Result<Option<Value>, ObjectsError> {
        let state = &mut *lock(&self.state);
        state.up_to_date(object)?;
        let record = state.record_of_external_id(object, external_id)?;
        let definition = state.object(object)?;
        Ok(record.map(|it| it.in_api(definition, &state.settings)))
    }

    /// How many records an object has now.
    pub fn n_records(&self, object: &str) -> Result<usize, ObjectsError> {
        let state = &mut *lock(&self.state);
        state.up_to_date(object)?;
        Ok(state.known(object).map_or(0, |it| it.by_id.len()))
    }

    /// The keys of all objects.
    pub fn keys(&self) -> Vec<String> {
        lock(&self.state).schema.objects.keys().cloned().collect()
    }

    /// Jobs that are queued or working.
    pub fn n_open_jobs(&self) -> usize {
        let now = clock::now();
        let mut state = lock(&self.state);
        state.advance(now);
        state.jobs.n_open(now)
    }

    /// Does at once what all jobs have to do, and shows search everything.
    pub fn settle(&self) -> Result<(), ObjectsError> {
        let mut state = lock(&self.state);
        state.settle();
        Ok(state.flush()?)
    }

    /// Lets a role (its name or id in the seed) do something with an object's records, as an admin would; `None`
    /// takes back what was granted.
    pub fn grant(&self, object: &str, role: &str, policy: Option<Policy>) -> Result<(), ObjectsError> {
        let mut state = lock(&self.state);
        let people = state.people.clone();
        let mut roles = people.custom_roles.iter();
        let found = roles.find(|it| it.name == role || it.id.to_string() == role);
        let id = found.ok_or_else(|| ObjectsError::Unknown(role.to_owned()))?.id;
        let policies = &mut state.object_mut(object)?.policies;
        match policy {
            Some(policy) => policies.insert(id, policy),
            None => policies.remove(&id),
        };
        Ok(state.flush()?)
    }
}

impl State {
    /// Brings an object to the present: jobs have done what is due, and it is written down.
    fn up_to_date(&mut self, key: &str) -> Result<(), Refusal> {
        self.object(key)?;
        self.advance(clock::now());
        Ok(self.flush()?)
    }

    fn settle(&mut self) {
        self.advance_all();
        let keys: Vec<String> = self.schema.objects.keys().cloned().collect();
        for key in keys {
            self.table_mut(&key).catch_up(clock::Millis::MAX);
        }
    }
}
