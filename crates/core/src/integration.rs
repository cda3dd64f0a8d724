//! What a webhook's payload looks like: the same in the relay, which reads it, and in the app, which shows it.

use serde_json::{Value, json};

use crate::template::{Placeholder, SlotId, Template};

/// Names that mean something else than a variable.
pub const RESERVED: [&str; 5] = ["id", "telefono", "subdominio", "producto_id", "image"];

/// The names by which a payload gives a slot's value; the first is the one that is shown.
pub fn parameters(template: &Template) -> Vec<(SlotId, Vec<String>)> {
    let mut number: usize = 0;
    template
        .slots()
        .into_iter()
        .map(|slot| {
            if slot.id == SlotId::HeaderMedia {
                return (slot.id, vec!["image".to_owned()]);
            }
            number = number.saturating_add(1);
            let mut names = vec![format!("param{number}")];
            if let SlotId::Body(Placeholder::Name(name)) = &slot.id
                && !RESERVED.contains(&name.as_str())
            {
                names.insert(0, name.clone());
            }
            (slot.id, names)
        })
        .collect()
}

/// The payload as it is shown (user manual, "Parametros Webhook").
pub fn payload_preview(account: &str, id: &str, template: &Template) -> Value {
    let mut payload =
        json!({ "id": id, "telefono": "--telefono--", "subdominio": account, "producto_id": "0" });
    if let Value::Object(members) = &mut payload {
        for (_, names) in parameters(template) {
            if let Some(name) = names.into_iter().next() {
                let placeholder = ["--", &name, "--"].concat();
                members.insert(name, Value::String(placeholder));
            }
        }
    }
    payload
}

/// What a payload's `id` says: the provider's id of the template, or its name where it has none.
pub fn payload_id(template: &Template) -> &str {
    template.id.as_ref().map_or(template.name.as_str(), |id| id.as_str())
}

/// The command that calls a webhook, for a POSIX shell; the secret is left for whoever runs it where it isn't known any more.
pub fn curl(url: &str, secret: Option<&str>, payload: &str) -> String {
    let authorization = ["Authorization: Bearer ", secret.unwrap_or("SECRETO")].concat();
    let quoted = [url, &authorization, "Content-Type: application/json", payload].map(shell_quoted);
    let [url, authorization, content_type, payload] = quoted;
    format!("curl -X POST {url} \\\n  -H {authorization} \\\n  -H {content_type} \\\n  -d {payload}")
}

/// One word of a POSIX shell, whatever is in it.
fn shell_quoted(text: &str) -> String {
    ["'", &text.replace('\'', r"'\''"), "'"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::samples;

    #[test]
    fn a_payload_has_an_entry_for_each_variable() {
        let template = samples::everything();
        let payload = payload_preview("acme", payload_id(&template), &template);
        let names: Vec<&String> = payload.as_object().unwrap().keys().collect();
        let slots = parameters(&template);
        assert_eq!(names.len(), 4 + slots.len());
        for (_, names) in slots {
            let name = names.first().unwrap();
            assert_eq!(payload[name], ["--", name, "--"].concat());
        }
    }

    #[test]
    fn a_command_is_one_word_for_each_part_whatever_it_says() {
        let line = curl(
            "https://relay.acme.mx/api/v2/webhook",
            Some("cxw_acme_00"),
            "{\"param1\": \"it's $HOME `x`\"}",
        );
        assert_eq!(
            line,
            "curl -X POST 'https://relay.acme.mx/api/v2/webhook' \\\n  -H 'Authorization: Bearer cxw_acme_00' \\\n  \
             -H 'Content-Type: application/json' \\\n  -d '{\"param1\": \"it'\\''s $HOME `x`\"}'"
        );
        assert!(curl("https://x.mx", None, "{}").contains("Bearer SECRETO"));
    }
}
