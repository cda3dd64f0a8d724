//! Calls about objects, fields and limits.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::calls::Reply;
use super::clock::Millis;
use super::error::Refusal;
use super::permissions::{Actor, Right};
use super::schema::{Field, Object, standard_fields};
use super::state::State;

/// Fields of an object.
pub(super) const MAX_FIELDS: usize = 100;
/// Records of an account.
const MAX_RECORDS: u64 = 50_000_000;

impl State {
    pub(super) fn schema_call(
        &mut self,
        rest: &[&str],
        call: &Call,
        actor: &Actor,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        match (&call.method, rest) {
            (&Method::GET, []) => {
                let list: Vec<Value> = self.schema.objects.values().map(Object::in_api).collect();
                Ok(Reply::Ok(json!({"count": list.len(), "custom_objects": list})))
            }
            (&Method::POST, []) => {
                actor.needs_admin()?;
                let object = self.make_object(&call.json_of("custom_object")?, actor.user_id, now)?;
                Ok(Reply::Created(json!({"custom_object": object})))
            }
            (&Method::GET, ["limits", "object_limit"]) => {
                actor.needs_admin()?;
                let limit = self.settings.plan.n_objects();
                Ok(Reply::Ok(json!({"count": self.schema.objects.len(), "limit": limit})))
            }
            (&Method::GET, ["limits", "record_limit"]) => {
                let keys = self.schema.objects.keys();
                let count: usize = keys.filter_map(|it| self.known(it)).map(|it| it.by_id.len()).sum();
                Ok(Reply::Ok(json!({"count": count, "limit": MAX_RECORDS})))
            }
            (method, [key, rest @ ..]) => {
                let object = self.object(key)?;
                if *method == Method::GET {
                    actor.needs(Right::Read, object)?;
                } else {
                    actor.needs_admin()?;
                }
                self.object_call(key, rest, call, actor, now)
            }
            _ => Err(Refusal::NotFound),
        }
    }

    fn object_call(
        &mut self,
        key: &str,
        rest: &[&str],
        call: &Call,
        actor: &Actor,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        match (&call.method, rest) {
            (&Method::GET, []) => Ok(Reply::Ok(json!({"custom_object": self.object(key)?.in_api()}))),
            (&Method::PATCH, []) => {
                let given = call.json_of("custom_object")?;
                let object = self.object_mut(key)?;
                if given.get("key").is_some_and(|it| it.as_str() != Some(key)) {
                    return Err(Refusal::invalid("key", "Immutable", "Key: cannot be changed"));
                }
                describe(object, &given);
                (object.updated_at, object.updated_by) = (now, actor.user_id);
                Ok(Reply::Ok(json!({"custom_object": object.in_api()})))
            }
            (&Method::DELETE, []) => {
                self.remove_object(key)?;
                Ok(Reply::Gone)
            }
            (&Method::GET, ["limits", "field_limit"]) => {
                Ok(Reply::Ok(json!({"count": self.object(key)?.fields.len(), "limit": MAX_FIELDS})))
            }
            (&Method::GET, ["fields"]) => {
                let object = self.object(key)?;
                let mut list: Vec<Value> = match call.query.get("include_standard_fields") {
                    Some("true") => standard_fields(key),
                    _ => Vec::new(),
                };
                list.extend(object.fields.iter().zip(0..).map(|(field, place)| field.in_api(key, place)));
                Ok(Reply::Ok(json!({"count": list.len(), "custom_object_fields": list})))
            }
            (&Method::POST, ["fields"]) => {
                let field = self.make_field(key, &call.json_of("custom_object_field")?, now)?;
                Ok(Reply::Created(json!({"custom_object_field": field})))
            }
            (&Method::PUT, ["fields", "reorder"]) => {
                let ids = call.json()?["custom_object_field_ids"].take();
                let ids: Vec<u64> = serde_json::from_value(ids)
                    .map_err(|_| Refusal::bad("custom_object_field_ids is missing"))?;
                let place = |it: &Field| ids.iter().position(|id| *id == it.id).unwrap_or(usize::MAX);
                self.object_mut(key)?.fields.sort_by_key(place);
                Ok(Reply::Ok(json!({})))
            }
            (method, ["fields", name]) => {
                let fields = &self.object(key)?.fields;
                let place = fields.iter().position(|it| it.key == *name || it.id.to_string() == *name);
                let place = place.ok_or(Refusal::NotFound)?;
                self.field_call(key, place, method, call, now)
            }
            _ => Err(Refusal::NotFound),
        }
    }

    /// Makes an object, as an admin or an installer does.
    pub(super) fn make_object(&mut self, given: &Value, user_id: u64, now: Millis) -> Result<Value, Refusal> {
        let key = given["key"].as_str().unwrap_or_default();
        if !is_key(key) || key == "limits" {
            return Err(Refusal::invalid("key", "InvalidFormat", "Key: is invalid"));
        }
        for name in ["title", "title_pluralized"] {
            if given[name].as_str().is_none_or(|it| it.trim().is_empty()) {
                return Err(Refusal::invalid(name, "BlankValue", format!("{name}: cannot be blank")));
            }
        }
        if self.schema.objects.contains_key(key) {
            return Err(Refusal::invalid("key", "DuplicateValue", "Key: has already been taken"));
        }
        let limit = self.settings.plan.n_objects();
        if limit <= self.schema.objects.len() {
            // Which status this has is [unknown].
            let text = format!("The plan allows {limit} objects");
            return Err(Refusal::invalid("base", "TooManyObjects", text));
        }
        // What the seed's role with a policy may do is granted with the object.
        let granted = self.people.custom_roles.iter().filter(|it| it.is_granted);
        let policies = granted.map(|it| (it.id, super::Policy::GRANTED)).collect();
        let mut object = Object {
            key: key.to_owned(),
            title: String::new(),
            title_pluralized: String::new(),
            description: String::new(),
            include_in_list_view: true,
            created_at: now,
            updated_at: now,
            created_by: user_id,
            updated_by: user_id,
            fields: Vec::new(),
            policies,
            end_users: super::Policy::default(),
        };
        describe(&mut object, given);
        let shown = object.in_api();
        self.schema_mut().objects.insert(key.to_owned(), object);
        Ok(shown)
    }
}

fn describe(object: &mut Object, given: &Value) {
    set_text(&mut object.title, &given["title"]);
    set_text(&mut object.title_pluralized, &given["title_pluralized"]);
    set_text(&mut object.description, &given["description"]);
    object.include_in_list_view =
        given["include_in_list_view"].as_bool().unwrap_or(object.include_in_list_view);
}

pub(super) fn set_text(text: &mut String, given: &Value) {
    if let Some(given) = given.as_str() {
        given.clone_into(text);
    }
}

/// Letters, digits and underscores, not digits only.
pub(super) fn is_key(key: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    !key.is_empty() && key.bytes().all(is_plain) && !key.bytes().all(|it| it.is_ascii_digit())
}
