//! The rules of requirements.json, if there is one.

use serde_json::Value;

use super::{Package, Report, Rule, json};

const FILE: &str = "requirements.json";
const MAX_ITEMS: usize = 5000;
const TYPES: &[&str] = &[
    "automations",
    "channel_integrations",
    "custom_objects",
    "custom_objects_v2",
    "macros",
    "organization_fields",
    "targets",
    "ticket_fields",
    "triggers",
    "user_fields",
    "views",
    "webhooks",
];

pub fn check(package: &Package, report: &mut Report) {
    let Some(bytes) = package.files.get(FILE) else { return };
    let requirements = match json::parse(bytes) {
        Ok(Value::Object(requirements)) => requirements,
        Ok(_) => return report.breach(Rule::Requirements, FILE, "it is not an object"),
        Err(error) => return report.breach(Rule::Requirements, FILE, error),
    };
    for kind in requirements.keys() {
        let is_known = TYPES.contains(&kind.as_str());
        report.require(is_known, Rule::Requirements, FILE, || format!("{kind:?} is no type of requirement"));
    }
    let n_items: usize =
        requirements.values().map(|items| items.as_object().map_or(1, serde_json::Map::len)).sum();
    report.require(n_items <= MAX_ITEMS, Rule::Requirements, FILE, || format!("it has {n_items} items"));
}
