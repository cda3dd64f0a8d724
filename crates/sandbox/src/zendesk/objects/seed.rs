//! Many records at once, for tests and benches.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::clock::{self, Millis};
use super::error::Refusal;
use super::record::{Record, id_of};
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
            let mut record = Record::new(now, seed.created_by.unwrap_or(admin));
            let name =
                if seed.name.is_empty() { seed.external_id.clone().unwrap_or_default() } else { seed.name };
            // Put together by hand: `json!` copies what it is given.
            let mut given = Map::new();
            given.insert("name".into(), Value::String(name));
            given.insert("external_id".into(), seed.external_id.map_or(Value::Null, Value::String));
            given.insert("custom_object_fields".into(), Value::Object(seed.fields));
            self.fill(key, &mut record, &Value::Object(given))?;
            record.seq = self.next_seq();
            record.id = id_of(now, record.seq);
            record.created_at = seconds(seed.created_at, now);
            record.updated_at = seconds(seed.updated_at, record.created_at);
            records.push(record);
        }
        let n_records = records.len();
        self.put_all(key, records)?;
        Ok(n_records)
    }
}
