//! A template as JSON and back. Written by hand, since derived code for so many types takes more room in the app.

use serde_json::{Value, json};

use crate::template::{
    Button, Category, Header, LanguageCode, MediaKind, Placeholder, Template, TemplateId, TemplateName,
    TemplateStatus, TemplateText, Unsupported, UrlTarget,
};

/// A template as it is kept.
pub fn write(template: &Template) -> Value {
    let header = template.header.as_ref().map(|header| match header {
        Header::Text(header) => write_text(header),
        Header::Media(kind) => json!(media_code(*kind)),
    });
    let unsupported = template.unsupported.iter().map(|part| match part {
        Unsupported::Header(kind) => json!(["header", kind]),
        Unsupported::Component(kind) => json!(["component", kind]),
        Unsupported::Button(kind) => json!(["button", kind]),
        Unsupported::NoBody => json!(["no_body", ""]),
    });
    json!({
        "id": template.id.as_ref().map(TemplateId::as_str),
        "name": template.name.as_str(),
        "language": template.language.as_str(),
        "category": match &template.category {
            Category::Marketing => "MARKETING",
            Category::Utility => "UTILITY",
            Category::Authentication => "AUTHENTICATION",
            Category::Other(category) => category,
        },
        "status": match &template.status {
            TemplateStatus::Approved => "APPROVED",
            TemplateStatus::Pending => "PENDING",
            TemplateStatus::Rejected => "REJECTED",
            TemplateStatus::Paused => "PAUSED",
            TemplateStatus::Disabled => "DISABLED",
            TemplateStatus::Other(status) => status,
        },
        "header": header,
        "body": write_text(&template.body),
        "footer": template.footer,
        "buttons": template.buttons.iter().map(write_button).collect::<Value>(),
        "unsupported": unsupported.collect::<Value>(),
    })
}

/// A template that was kept; `None` if it isn't what [`write`] gives.
pub fn read(json: &Value) -> Option<Template> {
    let header = match &json["header"] {
        Value::Null => None,
        Value::String(code) => Some(Header::Media(media_kind(code)?)),
        header => Some(Header::Text(read_text(header)?)),
    };
    let unsupported = json["unsupported"].as_array()?.iter().map(|part| {
        let kind = text(&part[1])?;
        match part[0].as_str()? {
            "header" => Some(Unsupported::Header(kind)),
            "component" => Some(Unsupported::Component(kind)),
            "button" => Some(Unsupported::Button(kind)),
            "no_body" => Some(Unsupported::NoBody),
            _ => None,
        }
    });
    Some(Template {
        id: match optional(&json["id"])?.0 {
            Some(id) => Some(TemplateId::parse(&id).ok()?),
            None => None,
        },
        name: TemplateName::parse(json["name"].as_str()?).ok()?,
        language: LanguageCode::parse(json["language"].as_str()?).ok()?,
        category: Category::parse(json["category"].as_str()?),
        status: TemplateStatus::parse(json["status"].as_str()?),
        header,
        body: read_text(&json["body"])?,
        footer: optional(&json["footer"])?.0,
        buttons: json["buttons"].as_array()?.iter().map(read_button).collect::<Option<_>>()?,
        unsupported: unsupported.collect::<Option<_>>()?,
    })
}

fn write_text(text: &TemplateText) -> Value {
    let examples =
        text.examples().iter().map(|(placeholder, example)| json!([placeholder.to_string(), example]));
    json!({ "text": text.filled(|_| None), "examples": examples.collect::<Value>() })
}

fn read_text(json: &Value) -> Option<TemplateText> {
    let example = |pair: &Value| Some((placeholder(pair[0].as_str()?), text(&pair[1])?));
    let examples = json["examples"].as_array()?.iter().map(example).collect::<Option<Vec<_>>>()?;
    Some(TemplateText::parse(json["text"].as_str()?).with_examples(examples))
}

fn write_button(button: &Button) -> Value {
    match button {
        Button::QuickReply { text } => json!(["quick_reply", text]),
        Button::Url { text, target: UrlTarget::Static(url) } => json!(["url", text, url]),
        Button::Url { text, target: UrlTarget::Dynamic { base, placeholder, example } } => {
            json!(["dynamic_url", text, base, placeholder.to_string(), example])
        }
        Button::Phone { text, number } => json!(["phone", text, number]),
        Button::CopyCode { text, example } => json!(["copy_code", text, example]),
        Button::OneTimeCode { text } => json!(["one_time_code", text]),
        Button::VoiceCall { text } => json!(["voice_call", text]),
        Button::Unsupported { text, kind } => json!(["unsupported", text, kind]),
    }
}

fn read_button(json: &Value) -> Option<Button> {
    let label = text(&json[1])?;
    Some(match json[0].as_str()? {
        "quick_reply" => Button::QuickReply { text: label },
        "url" => Button::Url { text: label, target: UrlTarget::Static(text(&json[2])?) },
        "dynamic_url" => Button::Url {
            text: label,
            target: UrlTarget::Dynamic {
                base: text(&json[2])?,
                placeholder: placeholder(json[3].as_str()?),
                example: optional(&json[4])?.0,
            },
        },
        "phone" => Button::Phone { text: label, number: text(&json[2])? },
        "copy_code" => Button::CopyCode { text: label, example: optional(&json[2])?.0 },
        "one_time_code" => Button::OneTimeCode { text: label },
        "voice_call" => Button::VoiceCall { text: label },
        "unsupported" => Button::Unsupported { text: label, kind: text(&json[2])? },
        _ => return None,
    })
}

fn placeholder(text: &str) -> Placeholder {
    text.parse().map_or_else(|_| Placeholder::Name(text.to_owned()), Placeholder::Position)
}

fn media_code(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Document => "document",
    }
}

fn media_kind(code: &str) -> Option<MediaKind> {
    [MediaKind::Image, MediaKind::Video, MediaKind::Document].into_iter().find(|it| media_code(*it) == code)
}

fn text(json: &Value) -> Option<String> {
    json.as_str().map(ToOwned::to_owned)
}

/// `Some` where there is nothing or a text.
fn optional(json: &Value) -> Option<Optional> {
    if json.is_null() { Some(Optional(None)) } else { text(json).map(|text| Optional(Some(text))) }
}

struct Optional(Option<String>);
