//! All that changes: schema, tables, jobs; and the database behind them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::clock::{Millis, millis};
use super::error::Refusal;
use super::jobs::Jobs;
use super::record::{Record, seq_of};
use super::schema::{Object, Schema};
use super::settings::Settings;
use super::store::{Changes, Store, StoreError};
use super::table::Table;
use crate::people::People;

/// The custom objects of the account. Changes are made here first and reach the database with [`State::flush`],
/// all that belong to one request in one transaction.
#[derive(Debug)]
pub(crate) struct State {
    pub settings: Settings,
    pub schema: Schema,
    pub jobs: Jobs,
    pub people: Arc<People>,
    tables: BTreeMap<String, Table>,
    /// Records that are not in the database yet.
    unsaved: BTreeMap<(String, u64), Record>,
    is_schema_unsaved: bool,
    gone: Vec<String>,
    last_seq: u64,
    store: Store,
}

impl State {
    /// Opens what the database holds, and builds what is known without it.
    pub(crate) fn open(store: Store, people: Arc<People>) -> Result<Self, StoreError> {
        let mut state = Self {
            settings: Settings::default(),
            schema: store.kept("schema")?.unwrap_or_default(),
            jobs: Jobs::open(store.jobs()?),
            people,
            tables: BTreeMap::new(),
            unsaved: BTreeMap::new(),
            is_schema_unsaved: false,
            gone: Vec::new(),
            last_seq: 0,
            store,
        };
        let (tables, last_seq) = (&mut state.tables, &mut state.last_seq);
        state.store.each_record(|key, record| {
            *last_seq = record.seq.max(*last_seq);
            if let Some(table) = tables.get_mut(key) {
                table.note_indexed(&record);
            } else {
                tables.entry(key.to_owned()).or_default().note_indexed(&record);
            }
        })?;
        Ok(state)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) -> Result<(), StoreError> {
        self.store.clear()?;
        self.settings = Settings::default();
        self.schema = Schema::default();
        self.jobs = Jobs::default();
        self.tables.clear();
        self.unsaved.clear();
        self.gone.clear();
        self.is_schema_unsaved = false;
        Ok(())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// An object's definition.
    pub(crate) fn object(&self, key: &str) -> Result<&Object, Refusal> {
        self.schema.objects.get(key).ok_or(Refusal::NotFound)
    }

    /// The schema, to be changed.
    pub(crate) fn schema_mut(&mut self) -> &mut Schema {
        self.is_schema_unsaved = true;
        &mut self.schema
    }

    /// An object's definition, to be changed.
    pub(crate) fn object_mut(&mut self, key: &str) -> Result<&mut Object, Refusal> {
        self.schema_mut().objects.get_mut(key).ok_or(Refusal::NotFound)
    }

    /// Removes an object with all its records.
    pub(crate) fn remove_object(&mut self, key: &str) -> Result<(), StoreError> {
        // What is not in the database yet must not get there after the removal.
        self.flush()?;
        self.schema_mut().objects.remove(key);
        self.tables.remove(key);
        self.gone.push(key.to_owned());
        self.flush()
    }

    /// An object's records, to be looked at; search's copy has caught up as far as its lag lets it.
    pub(crate) fn table(&mut self, key: &str, now: Millis) -> &Table {
        let seen_until = now - millis(self.settings.search_lag_ms);
        let table = self.tables.entry(key.to_owned()).or_default();
        table.catch_up(seen_until);
        table
    }

    /// An object's records as they were last looked at.
    pub(crate) fn known(&self, key: &str) -> Option<&Table> {
        self.tables.get(key)
    }

    pub(super) fn table_mut(&mut self, key: &str) -> &mut Table {
        self.tables.entry(key.to_owned()).or_default()
    }

    /// Records by their places, in that order.
    pub(crate) fn records(&self, key: &str, seqs: &[u64]) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::with_capacity(seqs.len());
        if self.unsaved.is_empty() {
            return self.store.records(key, seqs);
        }
        for seq in seqs {
            match self.unsaved.get(&(key.to_owned(), *seq)) {
                Some(record) => records.push(record.clone()),
                None => records.extend(self.store.records(key, &[*seq])?),
            }
        }
        Ok(records)
    }

    /// A record that is not deleted.
    pub(crate) fn record(&self, key: &str, seq: u64) -> Result<Option<Record>, StoreError> {
        Ok(self.records(key, &[seq])?.pop().filter(|it| !it.is_deleted))
    }

    /// A record by its id.
    pub(crate) fn record_of_id(&self, key: &str, id: &str) -> Result<Option<Record>, StoreError> {
        let Some(seq) = seq_of(id) else { return Ok(None) };
        Ok(self.record(key, seq)?.filter(|it| it.id == id))
    }

    /// A record by its external id.
    pub(crate) fn record_of_external_id(&self, key: &str, id: &str) -> Result<Option<Record>, StoreError> {
        let seq = self.tables.get(key).and_then(|it| it.by_external_id.get(id));
        seq.map_or(Ok(None), |seq| self.record(key, *seq))
    }

    /// The next record's place.
    pub(super) fn next_seq(&mut self) -> u64 {
        self.last_seq += 1;
        self.last_seq
    }

    /// Keeps a record in its new form; `old` is its form before, if it existed.
    pub(super) fn put(&mut self, key: &str, old: Option<&Record>, record: &Record) {
        self.table_mut(key).note(old, record);
        self.unsaved.insert((key.to_owned(), record.seq), record.clone());
    }

    /// Keeps new records at once, and search sees them at once too.
    pub(super) fn put_all(&mut self, key: &str, records: Vec<Record>) -> Result<(), StoreError> {
        let table = self.table_mut(key);
        for record in &records {
            table.note_indexed(record);
        }
        let records = records.into_iter().map(|it| (key.to_owned(), it)).collect();
        self.store.write(&Changes { records, ..Changes::default() })
    }

    /// Writes down what has changed.
    pub(crate) fn flush(&mut self) -> Result<(), StoreError> {
        let (jobs, gone_jobs) = self.jobs.take_unsaved();
        let changes = Changes {
            gone: std::mem::take(&mut self.gone),
            records: std::mem::take(&mut self.unsaved).into_iter().map(|((key, _), it)| (key, it)).collect(),
            jobs,
            gone_jobs,
            schema: std::mem::take(&mut self.is_schema_unsaved).then(|| self.schema.clone()),
        };
        if changes.is_empty() { Ok(()) } else { self.store.write(&changes) }
    }

    /// Whether a lookup's target exists.
    pub(crate) fn exists(&self, target: &str, id: &str) -> bool {
        let is = |it: u64| it.to_string() == id;
        let people = &self.people;
        match target {
            "zen:user" => people.agents.iter().chain(&people.requesters).any(|it| is(it.id)),
            "zen:ticket" => people.tickets.iter().any(|it| is(it.id)),
            _ => match target.strip_prefix("zen:custom_object:") {
                Some(key) => self.record_of_id(key, id).ok().flatten().is_some(),
                None => false,
            },
        }
    }
}
