//! Which objects and fields the ledger has. `requirements.json` declares the same (a test compares them), but whether an
//! installation or an update creates them isn't certain, so an admin's screen compares and repairs.

use serde_json::{Value, json};

/// Batches.
pub const BATCH: &str = "cxc_batch";
/// Messages.
pub const MESSAGE: &str = "cxc_message";
/// What of a batch is still to be sent.
pub const PLAN: &str = "cxc_plan";
/// What the team has set.
pub const CONFIG: &str = "cxc_config";

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// One line.
    Text,
    /// Long text.
    Textarea,
    /// A whole number.
    Integer,
    /// A day.
    Date,
    /// One of some values.
    Dropdown(&'static [&'static str]),
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key: it never changes.
    pub key: &'static str,
    /// What it holds.
    pub kind: FieldType,
}

/// An object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key: it never changes.
    pub key: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The name of several.
    pub title_pluralized: &'static str,
    /// Its fields, besides Zendesk's own.
    pub fields: &'static [Field],
}

const fn field(key: &'static str, kind: FieldType) -> Field {
    Field { key, kind }
}

use FieldType::{Date, Dropdown, Integer, Text, Textarea};

/// The values of a batch's origin. All values begin with their object's key: it isn't certain that two fields of an account may
/// have the same.
pub const BATCH_ORIGINS: &[&str] = &["cxc_batch_many", "cxc_batch_one", "cxc_batch_test", "cxc_batch_custom"];
/// The values of a batch's state.
pub const STATES: &[&str] =
    &["cxc_batch_running", "cxc_batch_paused", "cxc_batch_completed", "cxc_batch_cancelled"];
/// The values of a message's origin.
pub const MESSAGE_ORIGINS: &[&str] =
    &["cxc_message_many", "cxc_message_one", "cxc_message_test", "cxc_message_custom"];
/// The values of a message's status.
pub const STATUSES: &[&str] = &[
    "cxc_message_planned",
    "cxc_message_claimed",
    "cxc_message_unknown",
    "cxc_message_accepted",
    "cxc_message_sent",
    "cxc_message_delivered",
    "cxc_message_read",
    "cxc_message_failed",
];

/// All of them.
pub const OBJECTS: [Object; 4] = [
    Object {
        key: BATCH,
        title: "CXConnect: lote",
        title_pluralized: "CXConnect: lotes",
        fields: &[
            field("template", Text),
            field("language", Text),
            field("sender", Text),
            field("agent", Text),
            field("origin", Dropdown(BATCH_ORIGINS)),
            field("state", Dropdown(STATES)),
            field("created_at", Text),
            field("created_on", Date),
            field("ended_at", Text),
            field("holder", Text),
            field("holder_seen_at", Text),
            field("retry_of", Text),
            field("n_messages", Integer),
            field("n_sent", Integer),
            field("n_forwarded", Integer),
            field("n_delivered", Integer),
            field("n_read", Integer),
            field("n_failed", Integer),
            field("n_unknown", Integer),
            field("details", Textarea),
        ],
    },
    Object {
        key: MESSAGE,
        title: "CXConnect: mensaje",
        title_pluralized: "CXConnect: mensajes",
        fields: &[
            field("batch_id", Text),
            field("row_no", Integer),
            field("phone", Text),
            field("template", Text),
            field("language", Text),
            field("agent", Text),
            field("origin", Dropdown(MESSAGE_ORIGINS)),
            field("status", Dropdown(STATUSES)),
            field("sent_on", Date),
            field("notification_id", Text),
            field("planned_at", Text),
            field("claimed_at", Text),
            field("unknown_at", Text),
            field("accepted_at", Text),
            field("sent_at", Text),
            field("delivered_at", Text),
            field("read_at", Text),
            field("failed_at", Text),
            field("failure", Textarea),
        ],
    },
    Object {
        key: PLAN,
        title: "CXConnect: plan",
        title_pluralized: "CXConnect: planes",
        fields: &[
            field("batch_id", Text),
            field("chunk", Integer),
            field("n_parts", Integer),
            field("body", Textarea),
            field("claimed_by", Text),
            field("claimed_at", Text),
        ],
    },
    Object {
        key: CONFIG,
        title: "CXConnect: configuración",
        title_pluralized: "CXConnect: configuraciones",
        fields: &[field("body", Textarea), field("schema_version", Integer)],
    },
];

impl FieldType {
    /// Zendesk's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Text => "text",
            Textarea => "textarea",
            Integer => "integer",
            Date => "date",
            Dropdown(_) => "dropdown",
        }
    }

    /// A dropdown's option.
    pub(crate) fn option(value: &str) -> Value {
        json!({"name": value, "value": value})
    }
}

impl Field {
    /// What creates it.
    pub fn to_json(self) -> Value {
        let mut json = json!({"key": self.key, "type": self.kind.name(), "title": self.key});
        if let Dropdown(values) = self.kind {
            json["custom_field_options"] = values.iter().map(|value| FieldType::option(value)).collect();
        }
        json
    }
}

impl Object {
    /// What creates it, without its fields. Only admins see its own page in Zendesk.
    pub fn to_json(self) -> Value {
        json!({
            "key": self.key,
            "title": self.title,
            "title_pluralized": self.title_pluralized,
            "include_in_list_view": false,
        })
    }
}

/// The value of an object's dropdown field for one of core's names.
pub(crate) fn option(object: &str, key: &str) -> String {
    [object, "_", key].concat()
}

/// Core's name for a value of an object's dropdown field.
pub(crate) fn key<'v>(object: &str, value: &'v str) -> Option<&'v str> {
    value.strip_prefix(object)?.strip_prefix('_')
}

/// The whole of `requirements.json`.
pub fn requirements() -> Value {
    let objects: Vec<Value> = OBJECTS.iter().map(|object| object.to_json()).collect();
    let fields: Vec<Value> = OBJECTS
        .iter()
        .flat_map(|object| {
            object.fields.iter().map(|field| {
                let mut json = field.to_json();
                json["object_key"] = object.key.into();
                json
            })
        })
        .collect();
    json!({"custom_objects_v2": {"objects": objects, "object_fields": fields, "object_triggers": []}})
}

#[cfg(test)]
mod tests {
    use cxconnect_core::{
        ledger::{BatchState, Origin},
        receipt::Status,
    };

    use super::*;

    #[test]
    fn the_package_declares_these_objects() {
        let declared: Value = serde_json::from_str(include_str!("../../../requirements.json")).unwrap();
        assert!(declared == requirements(), "cargo run -p cxconnect-ledger --example make_requirements");
    }

    #[test]
    fn every_state_has_its_value() {
        let values = |object, keys: &[&str]| keys.iter().map(|key| option(object, key)).collect::<Vec<_>>();
        assert_eq!(values(MESSAGE, &Status::ALL.map(Status::key)), STATUSES);
        assert_eq!(values(MESSAGE, &Origin::ALL.map(Origin::key)), MESSAGE_ORIGINS);
        assert_eq!(values(BATCH, &Origin::ALL.map(Origin::key)), BATCH_ORIGINS);
        assert_eq!(values(BATCH, &BatchState::ALL.map(BatchState::key)), STATES);
        assert_eq!(key(BATCH, "cxc_batch_one"), Some("one"));
    }

    #[test]
    fn zendesks_validator_takes_them() {
        for object in OBJECTS {
            assert!(object.fields.len() <= 20, "{}", object.key);
            let dropdowns = object.fields.iter().filter(|field| matches!(field.kind, Dropdown(_)));
            assert!(dropdowns.count() <= 5);
        }
        assert!(STATUSES.len() <= 10);
    }
}
