//! The rules of the manifest's parameters: the settings an administrator fills in.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Report, Rule};

const FILE: &str = "manifest.json";
const TYPES: &[&str] = &["text", "checkbox", "url", "number", "multiline", "hidden", "oauth"];
const SCOPES: &[&str] =
    &["header", "body", "url", "jwt_secret_key", "jwt_claim", "basic_auth_username", "basic_auth_password"];

/// Checks the parameters. Returns the names of those that an administrator sees.
pub fn check(parameters: Option<&Value>, report: &mut Report) -> Vec<String> {
    let parameters = match parameters {
        None => return Vec::new(),
        Some(Value::Array(parameters)) => parameters,
        Some(_) => {
            report.breach(Rule::Parameters, FILE, "parameters is not a list");
            return Vec::new();
        }
    };
    let mut names = BTreeSet::new();
    let mut visible = Vec::new();
    let mut n_oauth = 0;
    for parameter in parameters {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let Some(parameter) = parameter.as_object().filter(|_| !name.is_empty()) else {
            report.breach(Rule::Parameters, FILE, format!("{parameter} has no name"));
            continue;
        };
        report.require(name != "name", Rule::Parameters, FILE, || "\"name\" is the app's own".into());
        let is_new = names.insert(name.to_owned());
        report.require(is_new, Rule::Parameters, FILE, || format!("{name} is there twice"));
        let kind = one(name, parameter, report);
        n_oauth += usize::from(kind == "oauth");
        if kind != "hidden" {
            visible.push(name.to_owned());
        }
    }
    report.require(n_oauth < 2, Rule::Parameters, FILE, || "there is more than one of type oauth".into());
    visible
}

/// Checks one parameter. Returns its type.
fn one<'a>(name: &str, parameter: &'a Map<String, Value>, report: &mut Report) -> &'a str {
    for key in ["required", "secure"] {
        let fits = parameter.get(key).is_none_or(Value::is_boolean);
        report.require(fits, Rule::Parameters, FILE, || format!("{name}.{key} has to be true or false"));
    }
    let is = |key: &str| parameter.get(key) == Some(&Value::Bool(true));
    let kind = match parameter.get("type") {
        None => "text",
        Some(kind) => kind.as_str().unwrap_or_default(),
    };
    report.require(TYPES.contains(&kind), Rule::Parameters, FILE, || format!("{name} has the type {kind:?}"));
    let is_asked_in_vain = kind == "hidden" && is("required");
    report.require(!is_asked_in_vain, Rule::Parameters, FILE, || format!("{name} is hidden and required"));
    let is_secure_oauth = kind == "oauth" && is("secure");
    report.require(!is_secure_oauth, Rule::Parameters, FILE, || format!("{name} is oauth and secure"));

    let is_secure = is("secure");
    match parameter.get("scopes") {
        None => {
            report
                .require(!is_secure, Rule::SecureScopes, FILE, || format!("{name} is secure without scopes"));
        }
        Some(scopes) => {
            let are_known = scopes.as_array().is_some_and(|scopes| {
                !scopes.is_empty()
                    && scopes.iter().all(|scope| scope.as_str().is_some_and(|scope| SCOPES.contains(&scope)))
            });
            report.require(are_known, Rule::Parameters, FILE, || format!("{name}.scopes is {scopes}"));
            report.require(is_secure, Rule::Parameters, FILE, || {
                format!("{name} has scopes but is not secure")
            });
        }
    }
    let has_secure_default = is_secure && parameter.contains_key("default");
    report.require(!has_secure_default, Rule::SecureScopes, FILE, || {
        format!("{name} is secure with a default")
    });
    kind
}
