//! The rules of manifest.json.

use serde_json::{Map, Value};

use super::{Package, Report, Rule, json, parameters, translations};

const FILE: &str = "manifest.json";

/// Where Zendesk Support can show an app (documentation: "Manifest reference", App locations).
const SUPPORT_LOCATIONS: &[&str] = &[
    "top_bar",
    "nav_bar",
    "ticket_sidebar",
    "new_ticket_sidebar",
    "user_sidebar",
    "organization_sidebar",
    "background",
    "modal",
    "ticket_editor",
    "system_top_bar",
];

/// What the other rules need of a manifest that could be read.
pub struct Manifest {
    pub parameters: Vec<String>,
    pub has_nav_bar: bool,
}

/// Checks the manifest. Returns none if it is missing or no JSON object.
pub fn check(package: &Package, version: &str, report: &mut Report) -> Option<Manifest> {
    let Some(bytes) = package.files.get(FILE) else {
        let nested = package.files.keys().find(|path| path.ends_with("/manifest.json"));
        let what = nested.map_or("it is missing".to_owned(), |path| format!("it is in a folder: {path}"));
        report.breach(Rule::ManifestAtRoot, FILE, what);
        return None;
    };
    let manifest = match json::parse(bytes) {
        Ok(Value::Object(manifest)) => manifest,
        Ok(_) => {
            report.breach(Rule::ManifestJson, FILE, "it is not an object");
            return None;
        }
        Err(error) => {
            report.breach(Rule::ManifestJson, FILE, error);
            return None;
        }
    };

    types(&manifest, report);
    author(&manifest, report);
    report.require(
        manifest.get("frameworkVersion") == Some(&"2.0".into()),
        Rule::FrameworkVersion,
        FILE,
        || "frameworkVersion is missing or another".into(),
    );
    report.require(manifest.get("version") == Some(&version.into()), Rule::Version, FILE, || {
        format!("version has to be \"{version}\"")
    });
    let has_nav_bar = locations(&manifest, package, report);
    default_locale(&manifest, package, report);
    whitelist(&manifest, report);
    let parameters = parameters::check(manifest.get("parameters"), report);
    Some(Manifest { parameters, has_nav_bar })
}

fn types(manifest: &Map<String, Value>, report: &mut Report) {
    let strings = ["name", "version", "defaultLocale", "remoteInstallationURL", "termsConditionsURL", "gaID"];
    let booleans = ["private", "singleInstall", "signedUrls", "requirementsOnly", "marketingOnly"];
    for key in strings {
        let fits = manifest.get(key).is_none_or(Value::is_string);
        report.require(fits, Rule::ManifestTypes, FILE, || format!("{key} has to be a string"));
    }
    for key in booleans {
        let fits = manifest.get(key).is_none_or(Value::is_boolean);
        report.require(fits, Rule::ManifestTypes, FILE, || format!("{key} has to be true or false"));
    }
    let fits = manifest.get("experiments").is_none_or(Value::is_object);
    report.require(fits, Rule::ManifestTypes, FILE, || "experiments has to be an object".into());
    let has_no_template = manifest.contains_key("noTemplate");
    report
        .require(!has_no_template, Rule::ManifestTypes, FILE, || "noTemplate is of the old framework".into());
}

fn author(manifest: &Map<String, Value>, report: &mut Report) {
    let Some(author) = manifest.get("author").and_then(Value::as_object) else {
        report.breach(Rule::ManifestAuthor, FILE, "author is missing");
        return;
    };
    for key in ["name", "email", "url"] {
        let fits = author.get(key).is_none_or(Value::is_string);
        report.require(fits, Rule::ManifestAuthor, FILE, || format!("author.{key} has to be a string"));
    }
    if let Some(url) = author.get("url").and_then(Value::as_str) {
        let is_web = ["http://", "https://"].iter().any(|scheme| {
            url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        });
        report
            .require(is_web, Rule::ManifestAuthor, FILE, || format!("author.url {url:?} is no web address"));
    }
}

/// Checks the locations. Returns whether there is a `nav_bar`.
fn locations(manifest: &Map<String, Value>, package: &Package, report: &mut Report) -> bool {
    let location = manifest.get("location").and_then(Value::as_object);
    let Some(location) = location.filter(|location| !location.is_empty()) else {
        report.breach(Rule::Location, FILE, "location is missing or empty");
        return false;
    };
    let mut has_nav_bar = false;
    for (product, places) in location {
        let Some(places) = places.as_object().filter(|places| product == "support" && !places.is_empty())
        else {
            report.breach(Rule::Location, FILE, format!("location.{product} is not what Support has"));
            continue;
        };
        for (place, value) in places {
            has_nav_bar |= place == "nav_bar";
            let is_known = SUPPORT_LOCATIONS.contains(&place.as_str());
            report.require(is_known, Rule::Location, FILE, || format!("Support has no location {place:?}"));
            location_url(place, value, package, report);
        }
    }
    has_nav_bar
}

fn location_url(place: &str, value: &Value, package: &Package, report: &mut Report) {
    if let Some(flexible) = value.get("flexible") {
        let fits = flexible.is_boolean();
        report.require(fits, Rule::Location, FILE, || format!("{place}.flexible has to be true or false"));
    }
    let Some(url) = value.as_str().or_else(|| value.get("url").and_then(Value::as_str)) else {
        let needs_none = value.get("autoLoad") == Some(&false.into());
        report.require(needs_none, Rule::LocationUrl, FILE, || format!("{place} has no url"));
        return;
    };
    if url.contains("{{setting.") || url.starts_with("https://") || url.starts_with("http://localhost") {
        return;
    }
    let file = url.split(['?', '#']).next().unwrap_or_default();
    if !file.starts_with("assets/") {
        report.breach(Rule::LocationUrl, FILE, format!("{place}: {url:?} does not start with assets/"));
    } else if !package.files.contains_key(file) {
        report.breach(Rule::LocationUrl, FILE, format!("{place}: {file} is not in the package"));
    }
}

fn default_locale(manifest: &Map<String, Value>, package: &Package, report: &mut Report) {
    let Some(locale) = manifest.get("defaultLocale").and_then(Value::as_str) else {
        report.breach(Rule::DefaultLocale, FILE, "defaultLocale is missing");
        return;
    };
    if !translations::is_locale(locale) {
        report.breach(Rule::DefaultLocale, FILE, format!("{locale:?} is no locale"));
    } else if !package.files.contains_key(&format!("translations/{locale}.json")) {
        report.breach(Rule::DefaultLocale, FILE, format!("translations/{locale}.json is missing"));
    }
}

fn whitelist(manifest: &Map<String, Value>, report: &mut Report) {
    let hosts = match manifest.get("domainWhitelist") {
        None | Some(Value::Null) => return,
        Some(Value::Array(hosts)) => hosts,
        Some(_) => {
            report.breach(Rule::DomainWhitelist, FILE, "domainWhitelist is not a list");
            return;
        }
    };
    for host in hosts {
        // Zendesk takes any string, and then secure settings silently do not work.
        let is_host = host.as_str().is_some_and(|host| host.starts_with("{{setting.") || is_host_name(host));
        report.require(is_host, Rule::DomainWhitelist, FILE, || format!("{host} is no host name"));
    }
}

fn is_host_name(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    name.contains('.')
        && name
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
}
