//! What becomes of the objects and fields that the app's requirements.json declares. What a real installation does is
//! [unknown], so every way in which it may go wrong can be had.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clock;
use super::requirements::{items, problems};
use super::state::State;
use super::store::StoreError;
use super::{Objects, lock};

/// How the installation went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallMode {
    /// Objects and fields were created.
    #[default]
    Created,
    /// Nothing was created.
    NotCreated,
    /// Objects were created, fields were not.
    WithoutFields,
    /// Nothing was created, and the app is disabled, silently.
    Disabled,
}

/// What was installed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InstallReport {
    /// How it went.
    pub mode: InstallMode,
    /// What is wrong with requirements.json, or could not be created.
    pub problems: Vec<String>,
    /// The objects that it declares.
    pub declared: Vec<String>,
}

impl Objects {
    /// How the installation went.
    pub fn installation(&self) -> InstallMode {
        lock(&self.state).store().kept("installation").ok().flatten().unwrap_or_default()
    }

    /// Installs once more: what requirements.json declares is removed, with all records, and made again in that way.
    pub fn install(&self, mode: InstallMode) -> Result<InstallReport, StoreError> {
        let declared = self.declared();
        let mut state = lock(&self.state);
        for object in items(&declared, "objects") {
            if let Some(key) = object["key"].as_str() {
                state.remove_object(key)?;
            }
        }
        state.store().keep("installation", &mode)?;
        state.install(&declared, mode)
    }

    /// At the start: makes what is missing, as an update of the app would.
    pub(crate) fn install_what_is_missing(&self) -> Result<InstallReport, StoreError> {
        let mode = self.installation();
        lock(&self.state).install(&self.declared(), mode)
    }

    /// What requirements.json declares; it need not be there.
    fn declared(&self) -> Value {
        let text = std::fs::read_to_string(self.app_dir.join("requirements.json")).unwrap_or_default();
        let mut requirements: Value = serde_json::from_str(&text).unwrap_or_default();
        requirements["custom_objects_v2"].take()
    }
}

impl State {
    fn install(&mut self, declared: &Value, mode: InstallMode) -> Result<InstallReport, StoreError> {
        let keys =
            items(declared, "objects").filter_map(|it| it["key"].as_str().map(str::to_owned)).collect();
        let mut report = InstallReport { mode, problems: Vec::new(), declared: keys };
        if declared.is_null() {
            return Ok(report);
        }
        report.problems = problems(declared);
        if !report.problems.is_empty() || matches!(mode, InstallMode::NotCreated | InstallMode::Disabled) {
            return Ok(report);
        }
        let (now, admin) = (clock::now(), self.people.agents.first().map_or(0, |it| it.id));
        for object in items(declared, "objects") {
            let is_there = object["key"].as_str().is_some_and(|it| self.schema.objects.contains_key(it));
            if !is_there && let Err(refusal) = self.make_object(object, admin, now) {
                report.problems.push(format!("{}: {}", object["key"], refusal.details()));
            }
        }
        if mode == InstallMode::Created {
            for field in items(declared, "object_fields") {
                let key = field["object_key"].as_str().unwrap_or_default();
                let name = field["key"].as_str().unwrap_or_default();
                let is_there = self.schema.objects.get(key).is_some_and(|it| it.field(name).is_some());
                if !is_there && let Err(refusal) = self.make_field(key, field, now) {
                    report.problems.push(format!("{key}.{name}: {}", refusal.details()));
                }
            }
        }
        self.flush()?;
        Ok(report)
    }
}
