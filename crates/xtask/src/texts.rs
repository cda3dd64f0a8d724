//! Hands out the translations: each side gets only what it reads, and without blanks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use crate::checker::json;

/// The screen's texts, beside those that Zendesk reads.
const SCREEN: &str = "ui";

/// From the sources in `from`: `zendesk` gets what Zendesk reads, `app` what the screen does.
pub fn hand_out(from: &Path, zendesk: &Path, app: &Path) -> Result<()> {
    fs::create_dir_all(zendesk)?;
    fs::create_dir_all(app)?;
    for entry in fs::read_dir(from).context("translations")? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let (for_zendesk, for_app) = parted(&fs::read(&path)?)
            .map_err(|error| anyhow!("{error}"))
            .with_context(|| path.display().to_string())?;
        fs::write(zendesk.join(&name), for_zendesk.to_string())?;
        fs::write(app.join(&name), for_app.to_string())?;
    }
    Ok(())
}

fn parted(file: &[u8]) -> Result<(Value, Value), String> {
    let mut texts = json::parse(file)?;
    let screen = texts.as_object_mut().and_then(|texts| texts.remove(SCREEN));
    Ok((texts, json!({ SCREEN: screen.unwrap_or_default() })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_gets_its_own() {
        let (zendesk, app) =
            parted(br#"{ "app": { "name": "N" }, "ui": { "tabs": { "send": "S" } } }"#).unwrap();
        assert_eq!(zendesk.to_string(), r#"{"app":{"name":"N"}}"#);
        assert_eq!(app.to_string(), r#"{"ui":{"tabs":{"send":"S"}}}"#);
    }

    /// The checker sees only what is handed out.
    #[test]
    fn a_key_that_is_given_twice_is_seen() {
        assert!(parted(br#"{ "ui": { "a": "1", "a": "2" } }"#).is_err());
    }
}
