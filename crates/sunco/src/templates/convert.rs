//! A template object → a [`Template`].

use cxconnect_core::template::{
    Button, Category, Header, LanguageCode, MediaKind, Placeholder, Template, TemplateId, TemplateName,
    TemplateStatus, TemplateText, Unsupported, UrlTarget,
};
use serde_json::{Value, value::RawValue};

use super::{TemplateError, wire};

/// Where the button of an authentication template leads in a listing: its code is the body's own.
const ONE_TIME_CODE_URL: &str = "https://www.whatsapp.com/otp/";

/// Meta writes an authentication template's body itself and may list it without its words; this much is certain of it.
const PRESET_BODY: &str = "*{{1}}*";

pub(super) fn template(wire: &wire::Template) -> Result<Template, TemplateError> {
    let mut template = Template {
        id: wire.id.and_then(id),
        name: TemplateName::parse(wire.name.or_empty()).map_err(TemplateError::Name)?,
        language: LanguageCode::parse(wire.language.or_empty()).map_err(TemplateError::Language)?,
        category: Category::parse(wire.category.or_empty()),
        status: TemplateStatus::parse(wire.status.or_empty()),
        header: None,
        body: TemplateText::default(),
        footer: None,
        buttons: Vec::new(),
        unsupported: Vec::new(),
    };
    for component in wire.components.iter().flatten() {
        add(&mut template, component);
    }
    if template.body.is_empty() {
        let has_code = template.buttons.iter().any(|button| matches!(button, Button::OneTimeCode { .. }));
        if has_code && template.category == Category::Authentication {
            template.body = TemplateText::parse(PRESET_BODY);
        } else {
            template.unsupported.push(Unsupported::NoBody);
        }
    }
    Ok(template)
}

/// An id's digits or text, exactly as they came.
fn id(raw: &RawValue) -> Option<TemplateId> {
    let raw = raw.get();
    let text = if raw.starts_with('"') { serde_json::from_str(raw).ok()? } else { raw.to_owned() };
    let is_id = raw.starts_with(['"', '-']) || raw.starts_with(|c: char| c.is_ascii_digit());
    TemplateId::parse(&text).ok().filter(|_| is_id)
}

fn add(template: &mut Template, component: &wire::Component) {
    match component.kind.or_empty().to_ascii_uppercase().as_str() {
        "HEADER" => add_header(template, component),
        "BODY" => template.body = example_text(component, "body_text", "body_text_named_params"),
        "FOOTER" => template.footer = component.text.0.clone().filter(|text| !text.is_empty()),
        "BUTTONS" => {
            for wire in component.buttons.iter().flatten() {
                let button = button(wire);
                if let Button::Unsupported { kind, .. } = &button {
                    template.unsupported.push(Unsupported::Button(kind.clone()));
                }
                template.buttons.push(button);
            }
        }
        _ => template.unsupported.push(Unsupported::Component(component.kind.or_empty().to_owned())),
    }
}

fn add_header(template: &mut Template, component: &wire::Component) {
    template.header = match component.format.or_empty().to_ascii_uppercase().as_str() {
        "IMAGE" => Some(Header::Media(MediaKind::Image)),
        "VIDEO" => Some(Header::Media(MediaKind::Video)),
        "DOCUMENT" => Some(Header::Media(MediaKind::Document)),
        // Without a format, a header that has a text is a text.
        "TEXT" | "" if !component.text.or_empty().is_empty() => {
            Some(Header::Text(example_text(component, "header_text", "header_text_named_params")))
        }
        _ => {
            template.unsupported.push(Unsupported::Header(component.format.or_empty().to_owned()));
            None
        }
    };
}

/// A text with its examples. `parameter_format` isn't asked: Sunshine Conversations may leave it out, and the
/// placeholders themselves say whether they are numbers or names.
fn example_text(component: &wire::Component, positional: &str, named: &str) -> TemplateText {
    let text = TemplateText::parse(component.text.or_empty());
    let placeholders = text.placeholders();
    if let Some(Value::Array(params)) = component.example.get(named) {
        let examples = params.iter().filter_map(|param| {
            let name = param.get("param_name").and_then(wire::text)?;
            let placeholder = placeholders.iter().find(|placeholder| is_named(placeholder, &name))?;
            Some((placeholder.clone(), param.get("example").and_then(wire::text)?))
        });
        let examples: Vec<_> = examples.collect();
        return text.with_examples(examples);
    }
    let values = match component.example.get(positional) {
        // `body_text` is a list of lists, of which only the first is used; `header_text` is a plain list.
        Some(Value::Array(values)) => match values.first() {
            Some(Value::Array(values)) => values.as_slice(),
            _ => values.as_slice(),
        },
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let examples: Vec<_> = placeholders
        .into_iter()
        .zip(values)
        .filter_map(|(placeholder, value)| Some((placeholder, wire::text(value)?)))
        .collect();
    text.with_examples(examples)
}

fn is_named(placeholder: &Placeholder, name: &str) -> bool {
    match placeholder {
        Placeholder::Name(own) => own == name,
        Placeholder::Position(position) => position.to_string() == name,
    }
}

fn button(wire: &wire::Button) -> Button {
    let text = wire.text.or_empty().to_owned();
    match wire.kind.or_empty().to_ascii_uppercase().as_str() {
        "QUICK_REPLY" => Button::QuickReply { text },
        "URL" if wire.url.or_empty().starts_with(ONE_TIME_CODE_URL) => Button::OneTimeCode { text },
        "URL" => {
            Button::Url { text, target: UrlTarget::parse(wire.url.or_empty(), first_example(&wire.example)) }
        }
        "PHONE_NUMBER" => {
            let number = wire.phone_number.0.as_ref().or(wire.phone_number_zendesk.0.as_ref());
            Button::Phone { text, number: number.cloned().unwrap_or_default() }
        }
        "COPY_CODE" => Button::CopyCode { text, example: first_example(&wire.example) },
        "OTP" => Button::OneTimeCode { text },
        "VOICE_CALL" => Button::VoiceCall { text },
        _ => Button::Unsupported { text, kind: wire.kind.or_empty().to_owned() },
    }
}

/// A button's example: `["…"]`, or a bare text.
fn first_example(example: &Value) -> Option<String> {
    let first = match example {
        Value::Array(values) => values.first()?,
        value => value,
    };
    wire::text(first).filter(|text| !text.is_empty())
}
