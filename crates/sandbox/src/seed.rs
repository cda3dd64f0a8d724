//! The data that the fake SunCo starts with, from the files in `seed/`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

/// What exists before anything was done.
#[derive(Debug, Clone)]
pub struct Seed {
    /// Integrations in v2's form.
    pub integrations: Vec<Value>,
    /// Each WhatsApp integration's templates.
    pub templates: HashMap<String, Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    integration_id: Option<String>,
    data: Vec<Value>,
}

const TEMPLATES: &[&str] = &[
    include_str!("../seed/templates-ventas.json"),
    include_str!("../seed/templates-soporte.json"),
    include_str!("../seed/templates-colombia.json"),
];

impl Seed {
    /// Reads the built-in files; sample media are at `media_base`.
    pub fn load(media_base: &str) -> Result<Self, serde_json::Error> {
        let integrations: File = serde_json::from_str(include_str!("../seed/integrations.json"))?;
        let mut templates = HashMap::new();
        for file in TEMPLATES {
            let file: File = serde_json::from_str(&file.replace("MEDIA_BASE", media_base))?;
            templates.insert(file.integration_id.unwrap_or_default(), file.data);
        }
        Ok(Self { integrations: integrations.data, templates })
    }
}
