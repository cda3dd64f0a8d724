//! Calls about single fields, and what a field may be.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::calls::Reply;
use super::clock::Millis;
use super::error::Refusal;
use super::schema::{Field, FieldOption, FieldType};
use super::schema_calls::{MAX_FIELDS, is_key, set_text};
use super::state::State;

/// Lookup fields of an object on the larger plans.
const MAX_LOOKUPS: usize = 10;

impl State {
    pub(super) fn field_call(
        &mut self,
        key: &str,
        place: usize,
        method: &Method,
        call: &Call,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        match *method {
            Method::DELETE => {
                // The values stay where they are, but nothing shows them any more.
                self.object_mut(key)?.fields.remove(place);
                return Ok(Reply::Gone);
            }
            Method::PATCH => {
                let given = call.json_of("custom_object_field")?;
                let options = self.options(&given["custom_field_options"], key, Some(place))?;
                let fields = &mut self.object_mut(key)?.fields;
                let field = fields.get_mut(place).ok_or(Refusal::NotFound)?;
                let same = |name: &str, is: &Value| given.get(name).is_none_or(|it| it == is);
                if !same("key", &json!(field.key)) || !same("type", &json!(field.kind)) {
                    return Err(Refusal::invalid("type", "Immutable", "Key and type cannot be changed"));
                }
                if !same("relationship_target_type", &json!(field.target)) {
                    let text = "The target cannot be changed";
                    return Err(Refusal::invalid("relationship_target_type", "Immutable", text));
                }
                set_text(&mut field.title, &given["title"]);
                set_text(&mut field.description, &given["description"]);
                field.is_active = given["active"].as_bool().unwrap_or(field.is_active);
                field.is_required = given["required"].as_bool().unwrap_or(field.is_required);
                if given.get("custom_field_options").is_some() {
                    field.options = options;
                }
                field.updated_at = now;
            }
            Method::GET => (),
            _ => return Err(Refusal::NotFound),
        }
        let field = self.object(key)?.fields.get(place).ok_or(Refusal::NotFound)?;
        Ok(Reply::Ok(json!({"custom_object_field": field.in_api(key, place)})))
    }

    /// Makes a field, as an admin or an installer does.
    pub(super) fn make_field(&mut self, key: &str, given: &Value, now: Millis) -> Result<Value, Refusal> {
        let object = self.object(key)?;
        let name = given["key"].as_str().unwrap_or_default();
        if !is_key(name) {
            return Err(Refusal::invalid("key", "InvalidFormat", "Key: is invalid"));
        }
        if object.field(name).is_some() {
            return Err(Refusal::invalid("key", "DuplicateValue", "Key: has already been taken"));
        }
        let title = given["title"].as_str().unwrap_or_default();
        if title.trim().is_empty() {
            return Err(Refusal::invalid("title", "BlankValue", "Title: cannot be blank"));
        }
        let kind = match &given["type"] {
            Value::Null => FieldType::Text,
            it => serde_json::from_value(it.clone())
                .map_err(|_| Refusal::invalid("type", "InvalidValue", "Type: is invalid"))?,
        };
        if MAX_FIELDS <= object.fields.len() {
            return Err(Refusal::invalid("base", "TooManyFields", "An object has 100 fields at most"));
        }
        let target = given["relationship_target_type"].as_str().map(str::to_owned);
        if kind == FieldType::Lookup {
            let n_lookups = object.fields.iter().filter(|it| it.kind == kind).count();
            if MAX_LOOKUPS <= n_lookups {
                return Err(Refusal::invalid(
                    "base",
                    "TooManyFields",
                    "An object has 10 lookup fields at most",
                ));
            }
            if !target.as_deref().is_some_and(|it| self.is_target(it)) {
                let text = "The lookup's target is invalid";
                return Err(Refusal::invalid("relationship_target_type", "InvalidValue", text));
            }
        }
        let options = if kind.has_options() {
            self.options(&given["custom_field_options"], key, None)?
        } else {
            Vec::new()
        };
        let field = Field {
            id: self.schema_mut().new_id(),
            key: name.to_owned(),
            kind,
            title: title.to_owned(),
            description: given["description"].as_str().unwrap_or_default().to_owned(),
            is_active: given["active"].as_bool().unwrap_or(true),
            is_required: given["required"].as_bool().unwrap_or(false),
            options,
            target: target.filter(|_| kind == FieldType::Lookup),
            created_at: now,
            updated_at: now,
        };
        let fields = &mut self.object_mut(key)?.fields;
        let shown = field.in_api(key, fields.len());
        fields.push(field);
        Ok(shown)
    }

    fn is_target(&self, target: &str) -> bool {
        matches!(target, "zen:user" | "zen:ticket" | "zen:organization")
            || target
                .strip_prefix("zen:custom_object:")
                .is_some_and(|it| self.schema.objects.contains_key(it))
    }

    /// Options for a field; `place` is the field's own, if it is there already.
    fn options(
        &mut self,
        given: &Value,
        key: &str,
        place: Option<usize>,
    ) -> Result<Vec<FieldOption>, Refusal> {
        let mut options: Vec<FieldOption> = Vec::new();
        for option in given.as_array().into_iter().flatten() {
            let text = |name: &str| option[name].as_str().filter(|it| !it.is_empty());
            let (Some(name), Some(value)) = (text("name"), text("value")) else {
                let text = "An option needs name and value";
                return Err(Refusal::invalid("custom_field_options", "BlankValue", text));
            };
            let mut others = self.schema.objects.values().flat_map(|object| {
                let fields = object.fields.iter().enumerate();
                fields.filter(move |(at, _)| object.key != key || Some(*at) != place).map(|(_, field)| field)
            });
            let is_taken = options.iter().any(|it| it.value == value)
                || (self.settings.unique_options
                    && others.any(|field| field.options.iter().any(|it| it.value == value)));
            if is_taken {
                let text = format!("The option {value} has already been taken");
                return Err(Refusal::invalid("custom_field_options", "DuplicateValue", text));
            }
            let (name, value) = (name.to_owned(), value.to_owned());
            options.push(FieldOption { id: self.schema_mut().new_id(), name, value });
        }
        Ok(options)
    }
}
