//! What an error's body says, whichever envelope it comes in, and short texts out of unexpected bodies.

use serde_json::{Map, Value};

/// The longest text that is kept of a foreign body, in characters.
const MAX_TEXT_CHARS: usize = 300;

/// A refusal in the provider's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The stable code, such as `bad_request`.
    pub code: Option<String>,
    /// The text for people; several are joined.
    pub text: String,
}

impl Fault {
    /// Reads v1.1's `{"error":{"code","description"}}`, v2's `{"errors":[{"code","title"}]}`, and the looser forms that
    /// proxies answer with. A body that is no JSON gives its own visible text.
    pub(crate) fn read(body: &str) -> Self {
        match serde_json::from_str::<Value>(body) {
            Ok(Value::Object(object)) => Self::from_object(&object),
            Ok(Value::String(text)) => Self { code: None, text: shortened(&text) },
            Ok(_) => Self::default(),
            Err(_) => Self { code: None, text: not_json(body) },
        }
    }

    fn from_object(object: &Map<String, Value>) -> Self {
        let mut fault = Self::default();
        match object.get("error") {
            Some(Value::Object(error)) => fault.add(error),
            // Zendesk's own envelope: `{"error":"InvalidEndpoint","description":"Not found"}`.
            Some(Value::String(code)) => {
                fault.code = Some(code.clone());
                fault.add(object);
            }
            _ => {}
        }
        if let Some(Value::Array(errors)) = object.get("errors") {
            for error in errors {
                match error {
                    Value::Object(error) => fault.add(error),
                    Value::String(text) => fault.add_text(text),
                    _ => {}
                }
            }
        }
        if fault == Self::default() {
            fault.add(object);
        }
        fault.text = shortened(&fault.text);
        fault
    }

    fn add(&mut self, error: &Map<String, Value>) {
        if self.code.is_none() {
            self.code = match error.get("code") {
                Some(Value::String(code)) => Some(code.clone()),
                Some(Value::Number(code)) => Some(code.to_string()),
                _ => None,
            };
        }
        let text = ["description", "title", "message", "detail"]
            .into_iter()
            .find_map(|key| error.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()));
        if let Some(text) = text {
            self.add_text(text);
        }
    }

    fn add_text(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str("; ");
        }
        self.text.push_str(text);
    }
}

/// Names a body that should have been JSON, with the start of its visible text.
fn not_json(body: &str) -> String {
    let text = visible_text(body);
    match (text.is_empty(), looks_like_html(body)) {
        (true, true) => "the answer is HTML instead of JSON".to_owned(),
        (true, false) => String::new(),
        (false, true) => ["the answer is HTML instead of JSON: ", &text].concat(),
        (false, false) => text,
    }
}

fn looks_like_html(body: &str) -> bool {
    body.trim_start().starts_with('<')
}

/// The start of what a reader of this body would see: no tags, no scripts, no control characters, one line.
pub(crate) fn visible_text(body: &str) -> String {
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, tag_and_after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after_tag(tag_and_after);
    }
    text.push_str(rest);
    shortened(&text)
}

/// What follows a tag whose `<` has been read; for a script or style sheet, what follows its end.
fn after_tag(tag_and_after: &str) -> &str {
    for name in ["script", "style"] {
        let is_it = tag_and_after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if is_it {
            let end = ["</", name].concat();
            // ASCII lower-casing keeps every byte's place.
            let Some(at) = tag_and_after.to_ascii_lowercase().find(&end) else { return "" };
            return tag_and_after
                .get(at..)
                .and_then(|tail| tail.split_once('>'))
                .map_or("", |(_, after)| after);
        }
    }
    tag_and_after.split_once('>').map_or("", |(_, after)| after)
}

/// On one line, without control characters, at most [`MAX_TEXT_CHARS`] long.
pub(crate) fn shortened(text: &str) -> String {
    let mut short = String::new();
    let mut n_chars = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if 0 < n_chars {
            short.push(' ');
            n_chars += 1;
        }
        for c in word.chars() {
            if n_chars == MAX_TEXT_CHARS {
                short.push('…');
                return short;
            }
            short.push(c);
            n_chars += 1;
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: Option<&str>, text: &str) -> Fault {
        Fault { code: code.map(ToOwned::to_owned), text: text.to_owned() }
    }

    #[test]
    fn reads_every_envelope() {
        for (body, expected) in [
            (
                r#"{"error":{"code":"bad_request","description":"Integration not found"}}"#,
                fault(Some("bad_request"), "Integration not found"),
            ),
            (
                r#"{"errors":[{"code":"unauthorized","title":"Authorization is required"}]}"#,
                fault(Some("unauthorized"), "Authorization is required"),
            ),
            (
                r#"{"errors":[{"code":"bad_request","title":"a"},{"code":"other","title":"b"}]}"#,
                fault(Some("bad_request"), "a; b"),
            ),
            (
                r#"{"error":"InvalidEndpoint","description":"Not found"}"#,
                fault(Some("InvalidEndpoint"), "Not found"),
            ),
            (r#"{"error":{"title":"Forbidden","message":"No"}}"#, fault(None, "Forbidden")),
            (r#"{"error":{"code":429,"message":"Slow down"}}"#, fault(Some("429"), "Slow down")),
            (r#"{"code":"x","message":"Too Many Requests"}"#, fault(Some("x"), "Too Many Requests")),
            (r#"{"errors":["one","two"]}"#, fault(None, "one; two")),
            (r#""Proxy error""#, fault(None, "Proxy error")),
            (r#"{"error":null,"errors":null}"#, fault(None, "")),
            ("[]", fault(None, "")),
            ("", fault(None, "")),
            ("Bad gateway", fault(None, "Bad gateway")),
        ] {
            assert_eq!(Fault::read(body), expected, "{body}");
        }
    }

    #[test]
    fn html_is_named_as_such_and_loses_its_tags_scripts_and_styles() {
        let body = "<!DOCTYPE html><html><head><style>b{}</style><SCRIPT>alert('<b>')</SCRIPT>\n<title>404</title></head>\
                    <body><h1>Not\u{7} Found</h1></body></html>";
        assert_eq!(Fault::read(body).text, "the answer is HTML instead of JSON: 404 Not Found");
        assert_eq!(Fault::read("<html></html>").text, "the answer is HTML instead of JSON");
        assert_eq!(Fault::read("<script>x").text, "the answer is HTML instead of JSON");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = shortened(&"ñ ".repeat(1000));
        assert_eq!(text.chars().count(), MAX_TEXT_CHARS + 1);
        assert!(text.ends_with('…'));
    }
}
