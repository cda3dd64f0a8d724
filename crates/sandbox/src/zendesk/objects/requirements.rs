//! The rules for `custom_objects_v2` in requirements.json, in their order: a stage that fails hides the later ones.

use std::collections::BTreeMap;

use serde_json::Value;

const MAX_BYTES: usize = 1_048_576;
const MAX_OBJECTS: usize = 50;
const MAX_FIELDS: usize = 20;
const MAX_CHOICE_FIELDS: usize = 5;
const MAX_OPTIONS: usize = 10;
const MAX_FILTER_CONDITIONS: usize = 20;
const MAX_TRIGGERS: usize = 10;
const MAX_CONDITIONS: usize = 50;
const MAX_ACTIONS: usize = 25;

/// What is wrong with a declaration.
pub(crate) fn problems(declared: &Value) -> Vec<String> {
    let stages = [shape, size, limits, settings, references];
    stages.iter().map(|stage| stage(declared)).find(|it| !it.is_empty()).unwrap_or_default()
}

/// Items that are not objects are skipped silently.
pub(crate) fn items<'a>(declared: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    declared[name].as_array().into_iter().flatten().filter(|it| it.is_object())
}

fn shape(declared: &Value) -> Vec<String> {
    let names = ["objects", "object_fields", "object_triggers"];
    let Some(parts) = declared.as_object().filter(|it| !it.is_empty()) else {
        return vec!["custom_objects_v2 has to be an object that is not empty".into()];
    };
    let is_empty = |name: &&str| parts.get(*name).is_some_and(|it| it.as_array().is_some_and(Vec::is_empty));
    if names.iter().all(is_empty) {
        return vec!["custom_objects_v2 declares nothing".into()];
    }
    let wrong = names.iter().filter(|it| parts.get(**it).is_some_and(|it| !it.is_array()));
    wrong.map(|it| format!("{it} has to be an array")).collect()
}

fn size(declared: &Value) -> Vec<String> {
    let is_large = MAX_BYTES < declared.to_string().len();
    is_large.then(|| "custom_objects_v2 is larger than 1 MB".to_owned()).into_iter().collect()
}

fn limits(declared: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut at_most = |what: String, n: usize, limit: usize| {
        if limit < n {
            found.push(format!("{what}: {n}, at most {limit}"));
        }
    };
    at_most("objects".into(), items(declared, "objects").count(), MAX_OBJECTS);
    for (object, fields) in by_object(declared, "object_fields") {
        at_most(format!("fields of {object}"), fields.len(), MAX_FIELDS);
        for kind in ["dropdown", "multiselect"] {
            let n = fields.iter().filter(|it| it["type"] == kind).count();
            at_most(format!("{kind} fields of {object}"), n, MAX_CHOICE_FIELDS);
        }
        for field in fields {
            let key = &field["key"];
            at_most(format!("options of {key}"), n_in(&field["custom_field_options"]), MAX_OPTIONS);
            let filter = &field["relationship_filter"];
            let n = n_in(&filter["all"]) + n_in(&filter["any"]);
            at_most(format!("conditions of {key}"), n, MAX_FILTER_CONDITIONS);
        }
    }
    for (object, triggers) in by_object(declared, "object_triggers") {
        at_most(format!("triggers of {object}"), triggers.len(), MAX_TRIGGERS);
        for trigger in triggers {
            let conditions = &trigger["conditions"];
            let n = n_in(&conditions["all"]) + n_in(&conditions["any"]);
            at_most(format!("conditions of {}", trigger["key"]), n, MAX_CONDITIONS);
            at_most(format!("actions of {}", trigger["key"]), n_in(&trigger["actions"]), MAX_ACTIONS);
        }
    }
    let required: [(&str, &[&str]); 3] = [
        ("objects", &["key", "title", "title_pluralized", "include_in_list_view"]),
        ("object_fields", &["key", "title", "type", "object_key"]),
        ("object_triggers", &["key", "object_key", "title", "conditions", "actions"]),
    ];
    for (part, keys) in required {
        for item in items(declared, part) {
            let missing = keys.iter().filter(|it| item.get(**it).is_none());
            found.extend(missing.map(|it| format!("{part}: {} has no {it}", item["key"])));
        }
    }
    for trigger in items(declared, "object_triggers") {
        let conditions = &trigger["conditions"];
        if n_in(&conditions["all"]) + n_in(&conditions["any"]) == 0 || n_in(&trigger["actions"]) == 0 {
            found.push(format!("object_triggers: {} needs conditions and actions", trigger["key"]));
        }
    }
    found
}

fn settings(declared: &Value) -> Vec<String> {
    let is_there = declared.to_string().contains("{{setting.");
    is_there.then(|| "custom_objects_v2 names a setting".to_owned()).into_iter().collect()
}

fn references(declared: &Value) -> Vec<String> {
    let is_declared = |key: &Value| items(declared, "objects").any(|it| it["key"] == *key);
    let others = items(declared, "object_fields").chain(items(declared, "object_triggers"));
    let lost = others.filter(|it| !is_declared(&it["object_key"]));
    lost.map(|it| format!("{} belongs to an object that is not declared", it["key"])).collect()
}

fn by_object<'a>(declared: &'a Value, part: &str) -> BTreeMap<&'a str, Vec<&'a Value>> {
    let mut all: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for item in items(declared, part) {
        all.entry(item["object_key"].as_str().unwrap_or_default()).or_default().push(item);
    }
    all
}

fn n_in(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_rule_finds_what_it_is_for() {
        let object =
            json!({"key": "a", "title": "A", "title_pluralized": "As", "include_in_list_view": false});
        let field = |n: usize, key: &str| json!({"key": format!("f{n}"), "title": "F", "type": "text", "object_key": key});
        let with = |fields: Vec<Value>| json!({"objects": [object], "object_fields": fields});
        assert_eq!(problems(&with((0..20).map(|n| field(n, "a")).collect())), Vec::<String>::new());
        let wrong = [
            json!([]),
            json!({}),
            json!({"objects": [], "object_fields": [], "object_triggers": []}),
            json!({"objects": {}}),
            with((0..21).map(|n| field(n, "a")).collect()),
            with(vec![field(1, "b")]),
            with(vec![json!({"key": "f", "object_key": "a", "title": "{{setting.x}}", "type": "text"})]),
            with(vec![json!({"key": "f", "object_key": "a", "type": "text"})]),
            json!({"objects": [{"key": "a", "title": "A"}]}),
        ];
        for declared in wrong {
            assert_ne!(problems(&declared), Vec::<String>::new(), "{declared}");
        }
    }
}
