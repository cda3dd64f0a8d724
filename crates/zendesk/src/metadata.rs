//! This installation of the app and its settings.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Id, Scalar, scalar::or_default};

/// `client.metadata()`. Zendesk keeps it until the app is reloaded.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The app.
    #[serde(default)]
    pub app_id: Id,
    /// Its installation in this account: a number, or a UUID on Zendesk's development server.
    #[serde(default)]
    pub installation_id: Id,
    /// The app's version, from the manifest.
    #[serde(default, deserialize_with = "or_default")]
    pub version: String,
    /// What the admin set. Secure settings are never here.
    #[serde(default, deserialize_with = "or_default")]
    pub settings: Settings,
}

/// The installation's settings, by parameter name.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, Scalar>);

impl Settings {
    /// A setting as text, without blanks around it; `None` if it is unset or blank.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.0.get(name)?.to_text()?;
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// A setting as a number, also when it was typed into a text field; `None` if it is unset or no finite number.
    pub fn number(&self, name: &str) -> Option<f64> {
        let number = match self.0.get(name)? {
            Scalar::Number(number) => Some(*number),
            Scalar::Text(text) => text.trim().parse().ok(),
            Scalar::Bool(_) | Scalar::Empty => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }

    /// A setting as a whole number; `None` if it is unset, no number, negative, or not whole.
    pub fn count(&self, name: &str) -> Option<u32> {
        let number = self.number(name)?;
        let is_count = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked on the line above"
        )]
        is_count.then_some(number as u32)
    }

    /// A checkbox.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name)? {
            Scalar::Bool(flag) => Some(*flag),
            Scalar::Text(text) if text == "true" => Some(true),
            Scalar::Text(text) if text == "false" => Some(false),
            Scalar::Text(_) | Scalar::Number(_) | Scalar::Empty => None,
        }
    }
}

impl FromIterator<(String, Scalar)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, Scalar)>>(settings: I) -> Self {
        Self(settings.into_iter().collect())
    }
}
