//! The embedded database: schema, records and jobs, on disk or in memory.
//!
//! It knows nothing of rules or indexes; those are built from it when it is opened.

use std::path::{Path, PathBuf};

use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::jobs::Job;
use super::record::Record;
use super::schema::Schema;

/// Records by object and place.
const RECORDS: TableDefinition<(&str, u64), &[u8]> = TableDefinition::new("records");
/// Jobs by number.
const JOBS: TableDefinition<u64, &[u8]> = TableDefinition::new("jobs");
/// What there is one of.
const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");

/// Pages kept beside the file. In memory they would only be there twice.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// Why the database does not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made.
    #[error("cannot make the folder {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The database refuses.
    #[error("the custom objects' database: {0}")]
    Database(Box<redb::Error>),
    /// What is stored cannot be read, or what is to be stored cannot be written.
    #[error("the custom objects' database holds something else: {0}")]
    Json(#[from] serde_json::Error),
}

/// All kinds of redb's errors become one.
macro_rules! from_redb {
    ($($kind:ty),*) => {
        $(impl From<$kind> for StoreError {
            fn from(error: $kind) -> Self {
                Self::Database(Box::new(error.into()))
            }
        })*
    };
}

from_redb!(
    redb::DatabaseError,
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError
);

/// What one transaction changes.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Objects that are gone, with all their records.
    pub gone: Vec<String>,
    pub records: Vec<(String, Record)>,
    pub jobs: Vec<Job>,
    pub gone_jobs: Vec<u64>,
    pub schema: Option<Schema>,
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        let Self { gone, records, jobs, gone_jobs, schema } = self;
        gone.is_empty() && records.is_empty() && jobs.is_empty() && gone_jobs.is_empty() && schema.is_none()
    }
}

/// The database.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Opens or makes the database in a folder; in memory without one.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, StoreError> {
        let mut builder = Database::builder();
        builder.set_cache_size(CACHE_BYTES);
        let database = match folder {
            Some(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
                builder.create(folder.join("custom-objects.redb"))?
            }
            None => builder.create_with_backend(InMemoryBackend::new())?,
        };
        let store = Self { database };
        // Reading needs the tables to be there.
        let transaction = store.database.begin_write()?;
        transaction.open_table(RECORDS)?;
        transaction.open_table(JOBS)?;
        transaction.open_table(META)?;
        transaction.commit()?;
        Ok(store)
    }

    /// Makes all changes, or none.
    pub(crate) fn write(&self, changes: &Changes) -> Result<(), StoreError> {
        let transaction = self.database.begin_write()?;
        {
            let mut records = transaction.open_table(RECORDS)?;
            for key in &changes.gone {
                records.retain_in((key.as_str(), 0)..=(key.as_str(), u64::MAX), |_, _| false)?;
            }
            for (key, record) in &changes.records {
                records.insert((key.as_str(), record.seq), serde_json::to_vec(record)?.as_slice())?;
            }
            let mut jobs = transaction.open_table(JOBS)?;
            for number in &changes.gone_jobs {
                jobs.remove(number)?;
            }
            for job in &changes.jobs {
                jobs.insert(job.number, serde_json::to_vec(job)?.as_slice())?;
            }
        }
        if let Some(schema) = &changes.schema {
            put(&transaction, "schema", schema)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        let transaction = self.database.begin_write()?;
        transaction.delete_table(RECORDS)?;
        transaction.delete_table(JOBS)?;
        transaction.delete_table(META)?;
        transaction.open_table(RECORDS)?;
        transaction.open_table(JOBS)?;
        transaction.open_table(META)?;
        transaction.commit()?;
        Ok(())
    }

    /// Keeps a value under a name.
    pub(crate) fn keep(&self, name: &str, value: &impl Serialize) -> Result<(), StoreError> {
        let transaction = self.database.begin_write()?;
        put(&transaction, name, value)?;
        transaction.commit()?;
        Ok(())
    }

    /// What was kept under a name.
    pub(crate) fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let table = self.database.begin_read()?.open_table(META)?;
        let found = table.get(name)?;
        Ok(found.map(|it| serde_json::from_slice(it.value())).transpose()?)
    }

    /// Records by their places, in that order; those that are not there are left out.
    pub(crate) fn records(&self, key: &str, seqs: &[u64]) -> Result<Vec<Record>, StoreError> {
        let table = self.database.begin_read()?.open_table(RECORDS)?;
        let mut records = Vec::with_capacity(seqs.len());
        for seq in seqs {
            if let Some(found) = table.get((key, *seq))? {
                records.push(serde_json::from_slice(found.value())?);
            }
        }
        Ok(records)
    }

    /// Shows all records of all objects, by object and place.
    pub(crate) fn each_record(&self, mut show: impl FnMut(&str, Record)) -> Result<(), StoreError> {
        let table = self.database.begin_read()?.open_table(RECORDS)?;
        for entry in table.iter()? {
            let (place, record) = entry?;
            show(place.value().0, serde_json::from_slice(record.value())?);
        }
        Ok(())
    }

    /// All jobs, oldest first.
    pub(crate) fn jobs(&self) -> Result<Vec<Job>, StoreError> {
        let table = self.database.begin_read()?.open_table(JOBS)?;
        let mut jobs = Vec::new();
        for entry in table.iter()? {
            jobs.push(serde_json::from_slice(entry?.1.value())?);
        }
        Ok(jobs)
    }
}

fn put(transaction: &redb::WriteTransaction, name: &str, value: &impl Serialize) -> Result<(), StoreError> {
    let value = serde_json::to_vec(value)?;
    transaction.open_table(META)?.insert(name, value.as_slice())?;
    Ok(())
}
