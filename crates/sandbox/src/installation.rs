//! The installed app's settings: what an admin would have filled in, and who may see and change them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::manifest::{Manifest, Parameter};
use crate::sunco::auth::Credentials;

/// The app's id in the fake Zendesk.
pub const APP_ID: u64 = 1_081_440;
/// The installation's id.
pub const INSTALLATION_ID: u64 = 47_110_815;

/// The installed app's settings.
#[derive(Debug, Clone)]
pub struct Installation {
    manifest: Manifest,
    settings: BTreeMap<String, Value>,
}

impl Installation {
    /// Installs the app: the manifest's defaults, then plausible values for what it declares.
    pub fn new(manifest: Manifest, credentials: &Credentials) -> Self {
        let mut settings = BTreeMap::new();
        let filled_in = [
            ("sunco_app_id", credentials.app_id.clone()),
            ("sunco_key_id", credentials.key_id.clone()),
            ("sunco_secret", credentials.secret.clone()),
            ("sunco_token", credentials.basic_token()),
            ("plan_name", "Paquete".to_owned()),
            ("package_size", "1000".to_owned()),
            ("renewal_day", "10".to_owned()),
            ("default_country", "MX".to_owned()),
        ];
        for parameter in &manifest.parameters {
            let value = filled_in.iter().find(|(name, _)| *name == parameter.name);
            let value = value.map(|(_, it)| typed(parameter, it)).or_else(|| parameter.default.clone());
            if let Some(value) = value {
                settings.insert(parameter.name.clone(), value);
            }
        }
        Self { manifest, settings }
    }

    /// The app's manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A setting's value as text, as the proxy inserts it.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.settings.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// Gives a declared setting a value; `false` if the manifest does not declare it.
    pub fn set(&mut self, name: &str, value: Value) -> bool {
        let is_declared = self.manifest.parameter(name).is_some();
        if is_declared {
            self.settings.insert(name.to_owned(), value);
        }
        is_declared
    }

    /// The settings that the browser may see: never the secure ones (zaf.md §2.2).
    pub fn visible_settings(&self) -> Map<String, Value> {
        let mut visible = Map::new();
        for parameter in self.manifest.parameters.iter().filter(|it| !it.secure) {
            visible.insert(
                parameter.name.clone(),
                self.settings.get(&parameter.name).cloned().unwrap_or(Value::Null),
            );
        }
        visible
    }

    /// The payload of `client.metadata()`.
    pub fn metadata(&self) -> Value {
        let mut settings = self.visible_settings();
        settings.insert("title".into(), Value::from(self.manifest.name.clone()));
        json!({
            "appId": APP_ID, "installationId": INSTALLATION_ID,
            "name": self.manifest.name, "version": self.manifest.version, "settings": settings,
        })
    }

    /// The installation as the REST API shows it.
    pub fn in_rest(&self, is_enabled: bool) -> Value {
        json!({
            "id": INSTALLATION_ID, "app_id": APP_ID, "product": "support", "enabled": is_enabled, "paid": false,
            "settings": self.metadata()["settings"],
            "settings_objects": [],
        })
    }
}

/// A value as its parameter's type has it.
fn typed(parameter: &Parameter, text: &str) -> Value {
    let number = || text.parse::<u64>().ok().map(Value::from);
    match parameter.kind.as_deref() {
        Some("number") => number().unwrap_or_else(|| Value::from(text)),
        _ => Value::from(text),
    }
}
