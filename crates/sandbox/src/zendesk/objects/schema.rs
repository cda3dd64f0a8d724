//! Objects, their fields and who may touch their records: what an admin sets up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::BASE;
use super::clock::{Millis, iso};
use super::permissions::Policy;

/// Everything an admin sets up.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Schema {
    pub objects: BTreeMap<String, Object>,
    /// How many ids were given to fields and options.
    n_ids: u64,
}

impl Schema {
    /// An id for a field or an option, of the size that real ones have.
    pub(crate) fn new_id(&mut self) -> u64 {
        self.n_ids += 1;
        6_678_128_886_399 + self.n_ids * 32
    }
}

/// A custom object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Object {
    pub key: String,
    pub title: String,
    pub title_pluralized: String,
    pub description: String,
    pub include_in_list_view: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub created_by: u64,
    pub updated_by: u64,
    pub fields: Vec<Field>,
    /// What each custom role may do; roles that are not here may do nothing.
    #[serde(default)]
    pub policies: BTreeMap<u64, Policy>,
    /// What end users may do.
    #[serde(default)]
    pub end_users: Policy,
}

impl Object {
    /// A field by its key.
    pub(crate) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|it| it.key == key)
    }

    /// The object as the API shows it.
    pub(crate) fn in_api(&self) -> Value {
        json!({
            "key": self.key, "title": self.title, "title_pluralized": self.title_pluralized,
            "raw_title": self.title, "raw_title_pluralized": self.title_pluralized,
            "description": self.description, "raw_description": self.description,
            "include_in_list_view": self.include_in_list_view,
            "created_at": iso(self.created_at), "updated_at": iso(self.updated_at),
            "created_by_user_id": self.created_by.to_string(), "updated_by_user_id": self.updated_by.to_string(),
            "url": format!("{BASE}/api/v2/custom_objects/{}.json", self.key),
        })
    }
}

/// A field's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldType {
    #[default]
    Text,
    Textarea,
    Checkbox,
    Date,
    Integer,
    Decimal,
    Regexp,
    Dropdown,
    Multiselect,
    Lookup,
}

impl FieldType {
    pub(crate) fn has_options(self) -> bool {
        matches!(self, Self::Dropdown | Self::Multiselect)
    }
}

/// A choice of a dropdown or multiselect field.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FieldOption {
    pub id: u64,
    pub name: String,
    pub value: String,
}

/// A custom field.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Field {
    pub id: u64,
    pub key: String,
    pub kind: FieldType,
    pub title: String,
    pub description: String,
    pub is_active: bool,
    pub is_required: bool,
    pub options: Vec<FieldOption>,
    /// A lookup's target, e.g. `zen:user`.
    pub target: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl Field {
    /// The field as the API shows it, at a place among its object's fields.
    pub(crate) fn in_api(&self, object_key: &str, position: usize) -> Value {
        let mut field = json!({
            "id": self.id, "key": self.key, "type": self.kind, "title": self.title, "raw_title": self.title,
            "description": self.description, "raw_description": self.description, "active": self.is_active,
            "required": self.is_required, "position": position, "system": false, "regexp_for_validation": null,
            "created_at": iso(self.created_at), "updated_at": iso(self.updated_at),
            "url": format!("{BASE}/api/v2/custom_objects/{object_key}/fields/{}.json", self.id),
        });
        if self.kind.has_options() {
            let option = |it: &FieldOption| json!({"id": it.id, "name": it.name, "raw_name": it.name, "value": it.value});
            field["custom_field_options"] = self.options.iter().map(option).collect();
        }
        if let Some(target) = &self.target {
            field["relationship_target_type"] = Value::from(target.clone());
            field["relationship_filter"] = json!({"all": [], "any": []});
        }
        field
    }
}

/// The fields that every object has; shown only if asked for.
pub(crate) fn standard_fields(object_key: &str) -> Vec<Value> {
    let names = [
        ("standard::name", "text", "Name"),
        ("standard::external_id", "text", "External ID"),
        ("standard::created_at", "date", "Created at"),
        ("standard::updated_at", "date", "Updated at"),
        ("standard::created_by_user", "lookup", "Created by"),
        ("standard::updated_by_user", "lookup", "Updated by"),
    ];
    let field = |((key, kind, title), n): ((&str, &str, &str), u64)| {
        json!({"id": 6_600_000_000_000 + n, "key": key, "type": kind, "title": title, "active": true, "system": true,
               "required": key == "standard::name", "position": 0, "created_at": null, "updated_at": null,
               "url": format!("{BASE}/api/v2/custom_objects/{object_key}/fields/{key}.json")})
    };
    names.into_iter().zip(1..).map(field).collect()
}
