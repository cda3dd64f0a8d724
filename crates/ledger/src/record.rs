//! A record of any object: its own id, and values by the fields' keys.

use serde_json::{Map, Value, json};

use crate::moment;

/// A record, as it is written or as it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The id that the app gives it: unique in its object. It is its name, too.
    pub external_id: String,
    /// Zendesk's id; none for one that is to be written.
    pub id: Option<String>,
    /// When it was last written, as Zendesk says it.
    pub updated_at: Option<String>,
    fields: Map<String, Value>,
}

impl Record {
    /// One to be written.
    pub fn new(external_id: String) -> Self {
        Self { external_id, id: None, updated_at: None, fields: Map::new() }
    }

    /// With a text; an empty one is written as none.
    #[must_use]
    pub fn text(self, key: &'static str, value: &str) -> Self {
        self.value(key, if value.is_empty() { Value::Null } else { value.into() })
    }

    /// With a text, if there is one: what Zendesk has there is left as it is otherwise.
    #[must_use]
    pub fn optional(self, key: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.value(key, value.into()),
            None => self,
        }
    }

    /// With a number, unless it is zero: what Zendesk has there is left as it is then.
    #[must_use]
    pub fn number_if_any(self, key: &'static str, value: u64) -> Self {
        if value == 0 { self } else { self.number(key, value) }
    }

    /// With a whole number.
    #[must_use]
    pub fn number(self, key: &'static str, value: u64) -> Self {
        self.value(key, value.into())
    }

    /// When it was last written, by Zendesk's clock.
    pub(crate) fn written(&self) -> Option<u64> {
        self.updated_at.as_deref().and_then(moment::parse)
    }

    fn value(mut self, key: &'static str, value: Value) -> Self {
        self.fields.insert(key.to_owned(), value);
        self
    }

    /// A field's text.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.fields.get(key)?.as_str()
    }

    /// A field's whole number, which Zendesk may give as a text.
    pub fn get_number(&self, key: &str) -> Option<u64> {
        let value = self.fields.get(key)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    }

    /// As an item of a request.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": self.external_id,
            "external_id": self.external_id,
            "custom_object_fields": self.fields,
        })
    }

    pub(crate) fn from_json(json: &Value) -> Option<Self> {
        let text = |key: &str| json[key].as_str().map(ToOwned::to_owned);
        Some(Self {
            external_id: text("external_id").or_else(|| text("name"))?,
            id: text("id").or_else(|| json["id"].as_u64().map(|id| id.to_string())),
            updated_at: text("updated_at"),
            fields: json["custom_object_fields"].as_object().cloned().unwrap_or_default(),
        })
    }
}
