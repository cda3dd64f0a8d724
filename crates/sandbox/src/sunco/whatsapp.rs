//! What WhatsApp makes of a template and the parameters that came with it: the message as the recipient
//! sees it, or the error Meta would report afterwards.
//!
//! Written from Meta's documentation (whatsapp.md §1–3 and §6) on its own, so that it can be compared with
//! what the app previews. SunCo accepts such messages first and reports the failure later (sunco.md §13.5).

use serde::Serialize;
use serde_json::Value;

/// A message as it shows on the recipient's phone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rendered {
    /// The header, if the template has one.
    pub header: Option<RenderedHeader>,
    /// The body with its variables filled.
    pub body: String,
    /// The footer, if any.
    pub footer: Option<String>,
    /// The buttons in the template's order.
    pub buttons: Vec<RenderedButton>,
}

/// A header as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenderedHeader {
    /// `text`, `image`, `video`, `document`, `location`.
    pub kind: String,
    /// The text of a text header.
    pub text: Option<String>,
    /// The address of a media header.
    pub link: Option<String>,
    /// A document's file name.
    pub filename: Option<String>,
}

/// A button as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenderedButton {
    /// The template's button type, lower case.
    pub kind: String,
    /// Its label.
    pub text: String,
    /// Where it leads: the whole URL, the phone number, the code.
    pub value: Option<String>,
}

/// Why WhatsApp would not deliver the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Meta's error code.
    pub code: u32,
    /// Meta's title for it.
    pub title: &'static str,
    /// What exactly is wrong.
    pub details: String,
}

impl Failure {
    pub(crate) fn new(code: u32, details: impl Into<String>) -> Self {
        Self { code, title: title_of(code), details: details.into() }
    }
}

fn title_of(code: u32) -> &'static str {
    match code {
        131_008 => "Required parameter is missing",
        131_026 => "Message undeliverable",
        131_053 => "Media upload error",
        132_000 => "Number of parameters does not match the expected number of params",
        132_001 => "Template name does not exist in the translation",
        132_005 => "Translated text too long",
        132_012 => "Parameter format does not match format in the created template",
        132_015 => "Template is Paused",
        132_016 => "Template is Disabled",
        132_018 => "Template parameter validation failed",
        _ => "Something went wrong",
    }
}

/// Fills a template with the parameters that were sent. The rendering is always there, with unfilled
/// variables left as they are; the failure is the first thing WhatsApp would object to.
pub(crate) fn compose(template: &Value, sent: &Value) -> (Rendered, Option<Failure>) {
    let mut composer = Composer {
        is_named: is(&template["parameter_format"], "NAMED"),
        sent: sent["components"].as_array().map(Vec::as_slice).unwrap_or_default(),
        failure: None,
    };
    let mut rendered = Rendered::default();
    for component in template["components"].as_array().into_iter().flatten() {
        match text(&component["type"]).to_ascii_uppercase().as_str() {
            "HEADER" => rendered.header = Some(composer.header(component)),
            "BODY" => rendered.body = composer.text_of("body", component, body_limit(template)),
            "FOOTER" => rendered.footer = Some(footer(component)),
            "BUTTONS" => rendered.buttons = composer.buttons(component),
            kind => composer.fail(132_012, format!("{kind}: component is not supported")),
        }
    }
    (rendered, composer.failure)
}

struct Composer<'a> {
    is_named: bool,
    sent: &'a [Value],
    failure: Option<Failure>,
}

impl<'a> Composer<'a> {
    fn header(&mut self, component: &Value) -> RenderedHeader {
        let format = text(&component["format"]).to_ascii_uppercase();
        let mut header =
            RenderedHeader { kind: format.to_ascii_lowercase(), text: None, link: None, filename: None };
        if format == "TEXT" || format.is_empty() {
            header.kind = "text".into();
            header.text = Some(self.text_of("header", component, 60));
            return header;
        }
        let parameters = self.parameters("header");
        let received =
            parameters.first().map_or("UNKNOWN".into(), |it| text(&it["type"]).to_ascii_uppercase());
        if received != format || parameters.len() != 1 {
            self.fail(132_012, format!("header: Format mismatch, expected {format}, received {received}"));
            return header;
        }
        let media = &parameters[0][header.kind.as_str()];
        header.link = media["link"].as_str().map(str::to_owned);
        header.filename = media["filename"].as_str().map(str::to_owned);
        if format != "LOCATION" {
            self.check_link(header.link.as_deref().unwrap_or_default());
        }
        header
    }

    /// Links to Meta's own sample files answer 403 (whatsapp.md V9).
    fn check_link(&mut self, link: &str) {
        let Some((_, rest)) =
            link.split_once("://").filter(|(scheme, _)| *scheme == "https" || *scheme == "http")
        else {
            return self.fail(131_053, "The media link is not an http(s) address");
        };
        let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
        if host == "scontent.whatsapp.net" || host == "lookaside.fbsbx.com" || host.ends_with(".fbcdn.net") {
            self.fail(
                131_053,
                "Downloading media from weblink failed with http code 403, status message Forbidden",
            );
        }
    }

    fn buttons(&mut self, component: &Value) -> Vec<RenderedButton> {
        let buttons = component["buttons"].as_array().map(Vec::as_slice).unwrap_or_default();
        buttons.iter().enumerate().map(|(index, button)| self.button(index, button)).collect()
    }

    fn button(&mut self, index: usize, button: &Value) -> RenderedButton {
        let kind = text(&button["type"]).to_ascii_lowercase();
        let parameters = self.button_parameters(index);
        let value = match kind.as_str() {
            "url" => Some(self.url(index, text(&button["url"]), parameters)),
            "phone_number" => {
                button["phone_number"].as_str().or(button["phoneNumber"].as_str()).map(str::to_owned)
            }
            "copy_code" => {
                let code = parameters.first().and_then(|it| it["coupon_code"].as_str());
                if code.is_none_or(str::is_empty) {
                    self.fail(
                        131_008,
                        format!("buttons: Button at index {index} of type CopyCode requires a parameter"),
                    );
                }
                code.map(str::to_owned)
            }
            _ => parameters.first().and_then(|it| it["payload"].as_str()).map(str::to_owned),
        };
        RenderedButton { kind, text: text(&button["text"]).to_owned(), value }
    }

    fn url(&mut self, index: usize, url: &str, parameters: &[Value]) -> String {
        let names = placeholders(url);
        let Some(name) = names.first() else {
            if !parameters.is_empty() {
                self.fail(
                    132_000,
                    format!("buttons: Button at index {index} of type Url takes no parameter"),
                );
            }
            return url.to_owned();
        };
        let Some(value) = parameters.first().and_then(|it| it["text"].as_str()).filter(|it| !it.is_empty())
        else {
            self.fail(131_008, format!("buttons: Button at index {index} of type Url requires a parameter"));
            return url.to_owned();
        };
        if value.contains([' ', '|', '\n', '\t']) {
            self.fail(132_018, format!("buttons: the value of button {index} is not percent-encoded"));
        }
        url.replace(&format!("{{{{{name}}}}}"), value)
    }

    /// The text of a header or body with its variables filled.
    fn text_of(&mut self, place: &str, component: &Value, limit: usize) -> String {
        let pattern = text(&component["text"]);
        let names = placeholders(pattern);
        let parameters = self.parameters(place);
        if names.len() != parameters.len() {
            self.fail(
                132_000,
                format!(
                    "{place}: number of localizable_params ({}) does not match the expected number of params ({})",
                    parameters.len(),
                    names.len()
                ),
            );
        }
        let is_named = self.is_named || names.iter().any(|name| name.parse::<u32>().is_err());
        let mut values: Vec<(&str, String)> = Vec::new();
        for (position, name) in names.iter().enumerate() {
            let parameter = if is_named {
                parameters.iter().find(|it| it["parameter_name"] == name.as_str())
            } else {
                parameters.get(position)
            };
            let Some(parameter) = parameter else {
                self.fail(132_012, format!("{place}: Parameter name is missing or invalid: {name}"));
                continue;
            };
            let value = value_of(parameter);
            self.check_value(place, &value);
            values.push((name, value));
        }
        let filled = fill(pattern, &values);
        if limit < filled.encode_utf16().count() {
            self.fail(132_005, format!("{place}: translated text is longer than {limit}"));
        }
        filled
    }

    fn check_value(&mut self, place: &str, value: &str) {
        if value.trim().is_empty() {
            self.fail(131_008, format!("{place}: Parameter of type text is missing text value"));
        }
        if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
            self.fail(
                132_018,
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            );
        }
    }

    fn parameters(&self, place: &str) -> &'a [Value] {
        let component = self.sent.iter().find(|it| is(&it["type"], place));
        component.and_then(|it| it["parameters"].as_array()).map(Vec::as_slice).unwrap_or_default()
    }

    /// A button's index may come as a number or as text.
    fn button_parameters(&self, index: usize) -> &'a [Value] {
        let is_its_index = |it: &Value| match it {
            Value::String(text) => text.parse() == Ok(index),
            other => other.as_u64() == u64::try_from(index).ok(),
        };
        let component = self.sent.iter().find(|it| is(&it["type"], "button") && is_its_index(&it["index"]));
        component.and_then(|it| it["parameters"].as_array()).map(Vec::as_slice).unwrap_or_default()
    }

    fn fail(&mut self, code: u32, details: impl Into<String>) {
        self.failure.get_or_insert_with(|| Failure::new(code, details));
    }
}

fn value_of(parameter: &Value) -> String {
    let kind = text(&parameter["type"]).to_ascii_lowercase();
    let value = match kind.as_str() {
        "currency" | "date_time" => &parameter[kind.as_str()]["fallback_value"],
        _ => &parameter["text"],
    };
    text(value).to_owned()
}

fn footer(component: &Value) -> String {
    match (component["text"].as_str(), &component["code_expiration_minutes"]) {
        (Some(text), _) => text.to_owned(),
        (None, Value::Null) => String::new(),
        (None, minutes) => format!("Este código caduca en {minutes} minutos."),
    }
}

fn body_limit(template: &Value) -> usize {
    let components = template["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    if components.iter().any(|it| is(&it["type"], "LIMITED_TIME_OFFER")) { 600 } else { 1024 }
}

/// Replaces placeholders in one pass: a value that itself looks like a placeholder stays as it is.
fn fill(pattern: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            rest = &rest[before.len()..];
            break;
        };
        match values.iter().find(|(it, _)| *it == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.extend(["{{", name, "}}"]),
        }
        rest = tail;
    }
    filled + rest
}

/// The distinct names between double braces, in order of appearance; positional ones by number.
fn placeholders(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else { break };
        if !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
        rest = tail;
    }
    if names.iter().all(|name| name.parse::<u32>().is_ok()) {
        names.sort_by_key(|name| name.parse::<u32>().unwrap_or_default());
    }
    names
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn is(value: &Value, expected: &str) -> bool {
    text(value).eq_ignore_ascii_case(expected)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template() -> Value {
        json!({"components": [
            {"type": "HEADER", "format": "TEXT", "text": "Hola {{1}}"},
            {"type": "body", "text": "{{2}} antes que {{1}}, y {{1}} otra vez"},
            {"type": "FOOTER", "text": "Acme"},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Sí"},
                {"type": "URL", "text": "Ver", "url": "https://x/{{1}}"}]}]})
    }

    fn sent(body: &[&str]) -> Value {
        let text = |value: &&str| json!({"type": "text", "text": value});
        json!({"components": [
            {"type": "header", "parameters": [{"type": "text", "text": "Ana"}]},
            {"type": "BODY", "parameters": body.iter().map(text).collect::<Vec<_>>()},
            {"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "n3"}]}]})
    }

    #[test]
    fn the_message_shows_every_value_in_its_place() {
        let (rendered, failure) = compose(&template(), &sent(&["uno", "dos"]));
        assert_eq!(failure, None);
        assert_eq!(rendered.header.unwrap().text.unwrap(), "Hola Ana");
        assert_eq!(rendered.body, "dos antes que uno, y uno otra vez");
        assert_eq!(rendered.buttons[1].value.as_deref(), Some("https://x/n3"));
    }

    #[test]
    fn whatsapp_objects_to_wrong_parameters() {
        let code = |sent: &Value| compose(&template(), sent).1.map(|failure| failure.code);
        assert_eq!(code(&sent(&["uno"])), Some(132_000));
        assert_eq!(code(&sent(&["uno", " "])), Some(131_008));
        assert_eq!(code(&sent(&["uno", "a\nb"])), Some(132_018));
        assert_eq!(code(&sent(&["uno", &"x".repeat(1100)])), Some(132_005));
    }

    #[test]
    fn media_must_be_of_the_headers_kind() {
        let template =
            json!({"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "x"}]});
        let with = |kind: &str, link: &str| {
            let parameter = json!({"type": kind, kind: {"link": link}});
            let sent = json!({"components": [{"type": "header", "parameters": [parameter]}]});
            compose(&template, &sent).1.map(|failure| failure.code)
        };
        assert_eq!(with("image", "https://h.example/a.jpg"), None);
        assert_eq!(with("document", "https://h.example/a.pdf"), Some(132_012));
        assert_eq!(with("image", "https://scontent.whatsapp.net/v/a.jpg"), Some(131_053));
        assert_eq!(compose(&template, &json!({})).1.map(|it| it.code), Some(132_012));
    }

    #[test]
    fn named_values_go_by_their_name() {
        let template =
            json!({"parameter_format": "NAMED", "components": [{"type": "BODY", "text": "{{a}} y {{b}}"}]});
        let parameters = json!([
            {"type": "text", "parameter_name": "b", "text": "dos"},
            {"type": "text", "parameter_name": "a", "text": "uno"}]);
        let (rendered, failure) =
            compose(&template, &json!({"components": [{"type": "body", "parameters": parameters}]}));
        assert_eq!((rendered.body.as_str(), failure), ("uno y dos", None));
    }
}
