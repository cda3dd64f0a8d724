//! The provider's template objects, field by field, as leniently as they can be read.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, value::RawValue};

/// A template.
#[derive(Deserialize)]
pub(super) struct Template<'a> {
    /// Number or text. Kept raw: numbers beyond 2^53, and even 2^64, must keep every digit.
    #[serde(borrow, default)]
    pub id: Option<&'a RawValue>,
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub language: Text,
    #[serde(default)]
    pub category: Text,
    #[serde(default)]
    pub status: Text,
    #[serde(default)]
    pub components: Option<Vec<Component>>,
}

/// A part of a template. Which fields there are depends on its kind.
#[derive(Deserialize)]
pub(super) struct Component {
    #[serde(rename = "type", default)]
    pub kind: Text,
    #[serde(default)]
    pub format: Text,
    #[serde(default)]
    pub text: Text,
    /// `header_text`, `body_text`, `header_text_named_params`, `body_text_named_params`, or a media handle.
    #[serde(default)]
    pub example: Value,
    #[serde(default)]
    pub buttons: Option<Vec<Button>>,
}

/// A button.
#[derive(Deserialize)]
pub(super) struct Button {
    #[serde(rename = "type", default)]
    pub kind: Text,
    #[serde(default)]
    pub text: Text,
    #[serde(default)]
    pub url: Text,
    /// Meta's spelling.
    #[serde(default)]
    pub phone_number: Text,
    /// Zendesk's spelling (zendesk/zaf-toolbox).
    #[serde(default, rename = "phoneNumber")]
    pub phone_number_zendesk: Text,
    /// `["…"]`, or a bare text.
    #[serde(default)]
    pub example: Value,
}

/// A text, or a number read as its digits; anything else counts as absent.
#[derive(Clone, Debug, Default)]
pub(super) struct Text(pub Option<String>);

impl Text {
    /// The text, or an empty one.
    pub fn or_empty(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(text(&Value::deserialize(deserializer)?)))
    }
}

/// A value as text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
