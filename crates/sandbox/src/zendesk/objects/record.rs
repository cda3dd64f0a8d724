//! A record as it is kept, and as the API shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::clock::{Millis, iso};
use super::schema::{FieldType, Object};
use super::settings::{Settings, ValueForm};

/// The alphabet of ULIDs.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// What a deleted record's texts become in the export.
const DELETED: &str = "[DELETED]";

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Its place: counts up over all objects, in the order of creation.
    pub seq: u64,
    pub id: String,
    pub external_id: Option<String>,
    pub name: String,
    /// Custom field values by key; those that are not set are not here.
    pub fields: BTreeMap<String, Value>,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub created_by: u64,
    pub updated_by: u64,
    /// Only the export still shows it.
    #[serde(default)]
    pub is_deleted: bool,
}

impl Record {
    /// A record without content, which has no place yet.
    pub(crate) fn new(now: Millis, user_id: u64) -> Self {
        Self {
            seq: 0,
            id: String::new(),
            external_id: None,
            name: String::new(),
            fields: BTreeMap::new(),
            created_at: now,
            updated_at: now,
            created_by: user_id,
            updated_by: user_id,
            is_deleted: false,
        }
    }

    /// Whether it is larger than allowed. Choice: what counts is the JSON of what the caller can set.
    pub(crate) fn is_larger_than(&self, n_bytes: usize) -> bool {
        // A character becomes six bytes at most; only what may be too large is written out.
        let texts = self.fields.values().map(|it| match it {
            Value::String(text) => text.len(),
            Value::Array(values) => values.len() * 256,
            _ => 32,
        });
        let names: usize = self.fields.keys().map(|it| it.len() + 8).sum();
        let others = self.name.len() + self.external_id.as_ref().map_or(0, String::len) + 100;
        if (texts.sum::<usize>() + others) * 6 + names <= n_bytes {
            return false;
        }
        let given =
            json!({"name": self.name, "external_id": self.external_id, "custom_object_fields": self.fields});
        n_bytes < given.to_string().len()
    }

    /// The record as the API shows it: ids are strings, unset fields are null.
    pub(crate) fn in_api(&self, object: &Object, settings: &Settings) -> Value {
        let mut fields = Map::new();
        for field in &object.fields {
            let value = match self.fields.get(&field.key) {
                Some(_) if self.is_deleted => Value::from(DELETED),
                Some(value) => shown(value, field.kind, settings),
                None => Value::Null,
            };
            fields.insert(field.key.clone(), value);
        }
        let name = if self.is_deleted { DELETED } else { self.name.as_str() };
        json!({
            "id": self.id, "custom_object_key": object.key, "name": name, "external_id": self.external_id,
            "custom_object_fields": fields,
            "created_at": iso(self.created_at), "updated_at": iso(self.updated_at),
            "created_by_user_id": self.created_by.to_string(), "updated_by_user_id": self.updated_by.to_string(),
            "url": format!("{}/api/v2/custom_objects/{}/records/{}.json", super::BASE, object.key, self.id),
        })
    }
}

/// Lookups and numbers on read are [unknown]: string or number, as the settings say.
fn shown(value: &Value, kind: FieldType, settings: &Settings) -> Value {
    let form = match kind {
        FieldType::Lookup => settings.lookups_as,
        FieldType::Integer | FieldType::Decimal => settings.numbers_as,
        _ => return value.clone(),
    };
    match (form, value) {
        (ValueForm::String, Value::Number(number)) => Value::from(number.to_string()),
        (ValueForm::Number, Value::String(text)) => {
            text.parse::<u64>().map_or_else(|_| value.clone(), Value::from)
        }
        _ => value.clone(),
    }
}

/// The record's id, a ULID: 48 bits of time and 80 that never repeat, since the place is among them.
pub(crate) fn id_of(at: Millis, seq: u64) -> String {
    let time = u128::from(at.unsigned_abs()) & 0xffff_ffff_ffff;
    let scramble = u128::from(seq.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24);
    let bits = (time << 80) | ((u128::from(seq) & 0xff_ffff_ffff) << 40) | scramble;
    let digit = |place: u32| {
        let value = usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
        CROCKFORD.get(value).copied().map_or('0', char::from)
    };
    (0..26).rev().map(digit).collect()
}

/// The place that an id was made of; whether there is such a record is another question.
pub(crate) fn seq_of(id: &str) -> Option<u64> {
    if id.len() != 26 {
        return None;
    }
    let mut bits = 0_u128;
    for byte in id.bytes() {
        let value = CROCKFORD.iter().position(|it| *it == byte)?;
        bits = (bits << 5) | u128::try_from(value).ok()?;
    }
    u64::try_from((bits >> 40) & 0xff_ffff_ffff).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_ulids_sort_by_creation_and_name_their_place() {
        let ids: Vec<String> = (1..200).map(|seq| id_of(1_795_338_000_000, seq)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].len(), 26);
        for (id, seq) in ids.iter().zip(1..) {
            assert_eq!(seq_of(id), Some(seq), "{id}");
        }
        assert_eq!(seq_of("x"), None);
        assert_eq!(seq_of("01GCSJW391QVSC80GYDH7E93QI"), None);
    }
}
