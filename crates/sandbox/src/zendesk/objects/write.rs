//! Makes, changes and deletes records, for single requests and for jobs.

use serde_json::Value;

use super::clock::Millis;
use super::error::{Problem, Refusal};
use super::permissions::{Actor, Right};
use super::record::{Record, id_of};
use super::state::State;
use super::values;

/// What becomes of fields that a change does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unnamed {
    Keep,
    Clear,
}

impl State {
    /// Makes a record.
    pub(crate) fn create(
        &mut self,
        key: &str,
        given: &Value,
        actor: &Actor,
        now: Millis,
    ) -> Result<Record, Refusal> {
        actor.needs(Right::Create, self.object(key)?)?;
        // The place is taken only if the record comes to be.
        let mut record = Record::new(now, actor.user_id);
        self.fill(key, &mut record, given)?;
        record.seq = self.next_seq();
        record.id = id_of(now, record.seq);
        self.put(key, None, &record);
        Ok(record)
    }

    /// Changes a record.
    pub(crate) fn update(
        &mut self,
        key: &str,
        old: &Record,
        given: &Value,
        unnamed: Unnamed,
        actor: &Actor,
        now: Millis,
    ) -> Result<Record, Refusal> {
        actor.needs(Right::Update, self.object(key)?)?;
        let mut record = old.clone();
        if unnamed == Unnamed::Clear {
            record.fields.clear();
        }
        self.fill(key, &mut record, given)?;
        // Choice: a write counts as one even if it changes nothing.
        record.updated_at = now.max(old.updated_at);
        record.updated_by = actor.user_id;
        self.put(key, Some(old), &record);
        Ok(record)
    }

    /// Makes the record with an external id, or changes it.
    pub(crate) fn upsert(
        &mut self,
        key: &str,
        external_id: &str,
        given: &Value,
        unnamed: Unnamed,
        actor: &Actor,
        now: Millis,
    ) -> Result<Record, Refusal> {
        self.object(key)?;
        let mut given = given.clone();
        if let Some(parts) = given.as_object_mut() {
            let named = parts.entry("external_id").or_insert_with(|| Value::from(external_id));
            // Choice: a body that names another record is wrong.
            if named.as_str() != Some(external_id) {
                return Err(Refusal::invalid("external_id", "InvalidValue", "External ID: differs"));
            }
        }
        match self.record_of_external_id(key, external_id)? {
            Some(old) => self.update(key, &old, &given, unnamed, actor, now),
            None => self.create(key, &given, actor, now),
        }
    }

    /// Deletes a record.
    pub(crate) fn delete(
        &mut self,
        key: &str,
        old: &Record,
        actor: &Actor,
        now: Millis,
    ) -> Result<(), Refusal> {
        actor.needs(Right::Delete, self.object(key)?)?;
        let record = Record {
            is_deleted: true,
            updated_at: now.max(old.updated_at),
            updated_by: actor.user_id,
            ..old.clone()
        };
        self.put(key, Some(old), &record);
        Ok(())
    }

    /// Puts what is given into the record, if all of it is fine.
    pub(super) fn fill(&self, key: &str, record: &mut Record, given: &Value) -> Result<(), Refusal> {
        if !given.is_object() {
            return Err(Refusal::bad("A record has to be an object"));
        }
        let mut problems =
            values::put(record, given, self.object(key)?, &|target, id| self.exists(target, id));
        if let Some(external_id) = &record.external_id {
            let holder = self.known(key).and_then(|it| it.by_external_id.get(external_id));
            if holder.is_some_and(|seq| *seq != record.seq) {
                let text = "External ID: has already been taken";
                problems.push(Problem::new("external_id", "DuplicateValue", text));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
    }
}
