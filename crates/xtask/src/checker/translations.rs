//! The rules of translations/*.json.

use serde_json::Value;

use super::manifest::Manifest;
use super::{Package, Report, Rule, json};

/// Keys below `app` that Zendesk reads in its own way.
const RESERVED: &[&str] = &["package", "support", "chat", "sell", "standalone_chat"];

pub fn check(package: &Package, manifest: Option<&Manifest>, report: &mut Report) {
    for (path, bytes) in package.below("translations/") {
        let name = path.trim_start_matches("translations/").strip_suffix(".json");
        report.require(name.is_some_and(is_locale), Rule::TranslationName, path, || {
            "its name is no locale".into()
        });
        match json::parse(bytes) {
            Ok(json) if json.is_object() => texts(path, &json, manifest, report),
            Ok(_) => report.breach(Rule::TranslationJson, path, "it is not an object"),
            Err(error) => report.breach(Rule::TranslationJson, path, error),
        }
    }
}

fn texts(path: &str, json: &Value, manifest: Option<&Manifest>, report: &mut Report) {
    let app = &json["app"];
    let has_name = app["name"].as_str().is_some_and(|name| !name.is_empty());
    report.require(has_name, Rule::AppName, path, || "app.name is missing".into());
    for key in RESERVED {
        report
            .require(app.get(key).is_none(), Rule::TranslationReserved, path, || format!("it has app.{key}"));
    }

    let Some(manifest) = manifest else { return };
    let labels = app["parameters"].as_object();
    for parameter in &manifest.parameters {
        let has_label =
            labels.is_some_and(|labels| labels.get(parameter).is_some_and(|it| it["label"].is_string()));
        report.require(has_label, Rule::TranslationLabel, path, || {
            format!("app.parameters.{parameter}.label is missing")
        });
    }
    for key in labels.into_iter().flat_map(|labels| labels.keys()) {
        let is_parameter = manifest.parameters.contains(key);
        report.require(is_parameter, Rule::TranslationLabel, path, || {
            format!("app.parameters.{key} is no parameter of the manifest")
        });
    }
}

/// `^[a-z]{2,3}(-\w{2,3})?$`, the validator's own pattern: es, es-419, pt-BR, but not zh-Hant.
pub fn is_locale(text: &str) -> bool {
    let (language, region) = match text.split_once('-') {
        Some((language, region)) => (language, Some(region)),
        None => (text, None),
    };
    let fits = |part: &str, is_allowed: fn(char) -> bool| {
        matches!(part.chars().count(), 2 | 3) && part.chars().all(is_allowed)
    };
    fits(language, |c| c.is_ascii_lowercase())
        && region.is_none_or(|region| fits(region, |c| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::is_locale;

    #[test]
    fn locales_are_those_of_zendesk() {
        for good in ["es", "en", "es-419", "pt-BR", "fil"] {
            assert!(is_locale(good), "{good}");
        }
        for bad in ["", "ES", "e", "zh-Hant", "es-", "es_MX", "en-US-x"] {
            assert!(!is_locale(bad), "{bad}");
        }
    }
}
