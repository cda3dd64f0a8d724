//! The app's manifest.json, as far as the sandbox acts on it (zaf.md §4.2).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// A manifest that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file is missing or unreadable.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The manifest's path.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The file is not a manifest.
    #[error("{path} is not a valid manifest: {source}")]
    Parse {
        /// The manifest's path.
        path: PathBuf,
        /// What went wrong.
        source: serde_json::Error,
    },
}

/// What the sandbox reads from manifest.json.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The app's name.
    pub name: String,
    /// The app's version.
    #[serde(default)]
    pub version: String,
    /// Settings that an admin fills in.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Hosts to which secure settings may go.
    #[serde(default)]
    pub domain_whitelist: Option<Vec<String>>,
    /// Where the app shows, by product and location.
    #[serde(default)]
    pub location: BTreeMap<String, BTreeMap<String, Location>>,
}

/// One place where the app shows: its page, with or without options.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Location {
    /// Only the page.
    Url(String),
    /// The page and its options.
    Options {
        /// The page, relative to the package's root.
        url: Option<String>,
    },
}

impl Location {
    /// The page, relative to the package's root.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Url(url) => Some(url),
            Self::Options { url } => url.as_deref(),
        }
    }
}

/// One setting.
#[derive(Debug, Clone, Deserialize)]
pub struct Parameter {
    /// The setting's name.
    pub name: String,
    /// `text` if absent; decides whether a value is text, a number or a boolean.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Never shown to the browser.
    #[serde(default)]
    pub secure: bool,
    /// Its value when none was given.
    #[serde(default)]
    pub default: Option<Value>,
    /// The places of a request where a secure setting may be inserted; absent: anywhere.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
}

impl Manifest {
    /// Reads manifest.json at the package's root.
    pub fn read(app_dir: &Path) -> Result<Self, ManifestError> {
        let path = app_dir.join("manifest.json");
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(source) => return Err(ManifestError::Read { path, source }),
        };
        serde_json::from_slice(&text).map_err(|source| ManifestError::Parse { path, source })
    }

    /// Zendesk Support's page for a location.
    pub fn page(&self, location: &str) -> Option<&str> {
        self.location.get("support")?.get(location)?.url()
    }

    /// The setting of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|it| it.name == name)
    }
}
