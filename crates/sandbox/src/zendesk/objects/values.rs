//! Takes what a caller gives for a record, and says what is wrong with it.

use serde_json::{Map, Value};

use super::clock::is_date;
use super::error::Problem;
use super::record::Record;
use super::schema::{Field, FieldType, Object};

/// The largest record.
const MAX_BYTES: usize = 32 * 1024;

/// Answers whether a lookup's target exists: target type and id.
pub(crate) type Exists<'a> = &'a dyn Fn(&str, &str) -> bool;

/// Puts the given attributes into the record; only those that are given change. Nothing is done by halves: with
/// problems, the record is not to be used.
pub(crate) fn put(record: &mut Record, given: &Value, object: &Object, exists: Exists<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(name) = given.get("name") {
        match name {
            Value::String(name) => record.name.clone_from(name),
            Value::Null => record.name.clear(),
            _ => problems.push(Problem::new("name", "InvalidValue", "Name: is invalid")),
        }
    }
    if record.name.trim().is_empty() {
        problems.push(Problem::new("name", "BlankValue", "Name: cannot be blank"));
    }
    match given.get("external_id") {
        None => (),
        Some(Value::Null) => record.external_id = None,
        Some(Value::String(id)) if !id.is_empty() => record.external_id = Some(id.clone()),
        // Choice: ids are strings, so a number is none.
        Some(_) => problems.push(Problem::new("external_id", "InvalidValue", "External ID: is invalid")),
    }
    match given.get("custom_object_fields") {
        None | Some(Value::Null) => (),
        Some(Value::Object(fields)) => put_fields(record, fields, object, exists, &mut problems),
        Some(_) => problems.push(Problem::new("custom_object_fields", "InvalidValue", "has to be an object")),
    }
    for field in object.fields.iter().filter(|it| it.is_required && it.is_active) {
        if !record.fields.contains_key(&field.key) {
            problems.push(Problem::new(
                &field.key,
                "BlankValue",
                format!("{}: cannot be blank", field.title),
            ));
        }
    }
    if record.is_larger_than(MAX_BYTES) {
        problems.push(Problem::new("base", "RecordTooLarge", "The record is larger than 32 KB"));
    }
    problems
}

fn put_fields(
    record: &mut Record,
    fields: &Map<String, Value>,
    object: &Object,
    exists: Exists<'_>,
    problems: &mut Vec<Problem>,
) {
    for (key, value) in fields {
        let Some(field) = object.field(key) else {
            problems.push(Problem::new(key, "InvalidField", format!("{key}: no such field")));
            continue;
        };
        // Choice: an empty text clears a field, as null does.
        if value.is_null() || value.as_str() == Some("") {
            record.fields.remove(key);
        } else if let Some(value) = accepted(field, value, exists) {
            record.fields.insert(key.clone(), value);
        } else {
            problems.push(Problem::new(key, "InvalidValue", format!("{}: is invalid", field.title)));
        }
    }
}

/// The value as it is kept; `None` if the field does not take it.
fn accepted(field: &Field, value: &Value, exists: Exists<'_>) -> Option<Value> {
    let is_option = |it: &str| field.options.iter().any(|option| option.value == it);
    let is_fine = match field.kind {
        FieldType::Text | FieldType::Textarea | FieldType::Regexp => value.is_string(),
        FieldType::Checkbox => value.is_boolean(),
        // No date-times: those need a text field.
        FieldType::Date => value.as_str().is_some_and(is_date),
        // Choice: a number has to be a JSON number.
        FieldType::Integer => value.is_i64() || value.is_u64(),
        FieldType::Decimal => value.is_number(),
        FieldType::Dropdown => value.as_str().is_some_and(is_option),
        FieldType::Multiselect => {
            value.as_array().is_some_and(|all| all.iter().all(|it| it.as_str().is_some_and(is_option)))
        }
        FieldType::Lookup => {
            let id = match value {
                Value::String(id) => id.clone(),
                Value::Number(id) => id.to_string(),
                _ => return None,
            };
            return exists(field.target.as_deref()?, &id).then_some(Value::String(id));
        }
    };
    is_fine.then(|| value.clone())
}
