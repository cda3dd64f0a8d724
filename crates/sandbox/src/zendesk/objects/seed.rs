//! Many records at once, for tests and benches.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::clock::{self, Millis};
use super::error::Refusal;
use super::record::Record;
use super::state::State;

/// A record to begin with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeedRecord {
    /// Its name; without one, its external id.
    pub name: String,
    /// Its external id; no record has it yet.
    pub external_id: Option<String>,
    /// Its custom fields' values.
    #[serde(rename = "custom_object_fields")]
    pub fields: Map<String, Value>,
    /// Who made it; without, the admin.
    pub created_by: Option<u64>,
    /// When it was made, in seconds since 1970; without, now.
    pub created_at: Option<i64>,
    /// When it was changed last; without, when it was made.
    pub updated_at: Option<i64>,
}

impl State {
    /// Takes records that search sees at once. All are checked as others are; with one that is wrong, none is taken.
    pub(super) fn seed(
        &mut self,
        key: &str,
        seeds: impl IntoIterator<Item = SeedRecord>,
    ) -> Result<usize, Refusal> {
        self.flush()?;
        self.object(key)?;
        let now = clock::now();
        let admin = self.people.agents.first().map_or(0, |it| it.id);
        let mut records = Vec::new();
        for seed in seeds {
            let seconds = |it: Option<i64>, or: Millis| it.map_or(or, |it| it.saturating_mul(1000));
            let mut record = Record::new(0, now, seed.created_by.unwrap_or(admin));
            let name =
                if seed.name.is_empty() { seed.external_id.clone().unwrap_or_default() } else { seed.name };
            let given =
                json!({"name": name, "external_id": seed.external_id, "custom_object_fields": seed.fields});
            self.fill(key, &mut record, &given)?;
            let seq = self.next_seq();
            record.seq = seq;
            record.id = Record::new(seq, now, 0).id;
            record.created_at = seconds(seed.created_at, now);
            record.updated_at = seconds(seed.updated_at, record.created_at);
            records.push(record);
        }
        let n_records = records.len();
        self.put_all(key, records)?;
        Ok(n_records)
    }
}
