//! The body of a send: a template and one message's values → JSON.
//!
//! The template object inside is Meta's, passed through (Meta documentation, "Send message templates"); the envelope is
//! Sunshine Conversations' (API v1.1, "Notifications"). Only dynamic parts get a component (V12).

use cxconnect_core::{
    phone::E164,
    plan::BatchId,
    problem::RowNumber,
    template::{
        Button, Header, MediaKind, Placeholder, SlotId, Template, UrlTarget, Values, encode_url_suffix,
    },
};

use crate::IntegrationId;

mod filename;
mod wire;

/// One message to send.
#[derive(Clone, Copy, Debug)]
pub struct Notification<'a> {
    /// The number it is sent from.
    pub integration: &'a IntegrationId,
    /// The number it is sent to.
    pub to: &'a E164,
    /// What it says.
    pub template: &'a Template,
    /// What its slots are filled with.
    pub values: &'a Values,
    /// The templates' namespace: legacy, sent only where a setting gives it.
    pub namespace: Option<&'a str>,
    /// What the provider may echo.
    pub metadata: Metadata<'a>,
}

/// What identifies a message on our side. Whether receipts echo it isn't known, so nothing relies on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// The batch's id.
    pub batch: &'a BatchId,
    /// The row of the file.
    pub row: RowNumber,
}

/// Why a message can't be built. Checks come before, so this is a last guard: it never leaves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// A slot has no value, or an empty one (V5).
    #[error("a value is missing: {0:?}")]
    MissingValue(SlotId),
    /// The template has parts that can't be sent yet.
    #[error("the template has parts that can't be sent")]
    Unsupported,
    /// The JSON is larger than Sunshine Conversations takes.
    #[error("the message has {bytes} bytes, at most {MAX_BODY_BYTES} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It can't be written as JSON.
    #[error("the message can't be written: {0}")]
    Json(String),
}

impl PayloadError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingValue(_) => "missing_value",
            Self::Unsupported => "unsupported_template",
            Self::TooLarge { .. } => "too_large",
            Self::Json(_) => "json",
        }
    }
}

/// The largest JSON body that Sunshine Conversations takes (API reference, "Size limits": 100 kB).
pub const MAX_BODY_BYTES: usize = 100_000;

/// The JSON of a send. The same message always gives the same text, byte for byte.
pub fn payload(notification: &Notification<'_>) -> Result<String, PayloadError> {
    let Notification { integration, to, template, values, namespace, metadata } = *notification;
    if !template.unsupported.is_empty() {
        return Err(PayloadError::Unsupported);
    }
    let digits = to.digits();
    let body = wire::Envelope {
        destination: wire::Destination {
            integration_id: integration.as_str(),
            destination_id: digits.with_plus(),
        },
        author: wire::Author { role: "appMaker" },
        message_schema: "whatsapp",
        message: wire::Message {
            kind: "template",
            template: wire::Template {
                namespace,
                name: template.name.as_str(),
                language: wire::Language { policy: "deterministic", code: template.language.as_str() },
                components: components(template, values)?,
            },
        },
        metadata: wire::Metadata { batch: metadata.batch.as_str(), row: metadata.row.get() },
    };
    let json = serde_json::to_string(&body).map_err(|error| PayloadError::Json(error.to_string()))?;
    if MAX_BODY_BYTES <= json.len() {
        return Err(PayloadError::TooLarge { bytes: json.len() });
    }
    Ok(json)
}

fn components<'a>(
    template: &'a Template,
    values: &'a Values,
) -> Result<Vec<wire::Component<'a>>, PayloadError> {
    let mut components = Vec::new();
    if let Some(parameter) = header(template, values)? {
        components.push(wire::Component::header(parameter));
    }
    let body = template
        .body
        .placeholders()
        .into_iter()
        .map(|placeholder| {
            let text = value(values, SlotId::Body(placeholder.clone()))?;
            Ok(wire::Parameter::text(placeholder, text.into()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if !body.is_empty() {
        components.push(wire::Component::body(body));
    }
    for (index, button) in template.buttons.iter().enumerate() {
        components.extend(button_component(template, values, index, button)?);
    }
    Ok(components)
}

fn header<'a>(
    template: &'a Template,
    values: &'a Values,
) -> Result<Option<wire::Parameter<'a>>, PayloadError> {
    Ok(match &template.header {
        None => None,
        Some(Header::Text(text)) => match text.placeholders().into_iter().next() {
            Some(placeholder) => {
                Some(wire::Parameter::text(placeholder, value(values, SlotId::HeaderText)?.into()))
            }
            None => None,
        },
        Some(Header::Media(kind)) => {
            let link = value(values, SlotId::HeaderMedia)?;
            Some(match kind {
                MediaKind::Image => wire::Parameter::Image { image: wire::Media { link } },
                MediaKind::Video => wire::Parameter::Video { video: wire::Media { link } },
                MediaKind::Document => wire::Parameter::Document {
                    document: wire::Document { link, filename: filename::of_url(link) },
                },
            })
        }
    })
}

fn button_component<'a>(
    template: &'a Template,
    values: &'a Values,
    index: usize,
    button: &'a Button,
) -> Result<Option<wire::Component<'a>>, PayloadError> {
    Ok(match button {
        Button::Url { target: UrlTarget::Dynamic { placeholder, .. }, .. } => {
            // V11. Encoding twice changes nothing, so a value that is encoded already stays as it is.
            let suffix = encode_url_suffix(value(values, SlotId::Button(index))?);
            let parameter = wire::Parameter::text(placeholder.clone(), suffix.into());
            Some(wire::Component::button("url", index, parameter))
        }
        Button::CopyCode { .. } => {
            let coupon_code = value(values, SlotId::Button(index))?;
            Some(wire::Component::button("copy_code", index, wire::Parameter::CouponCode { coupon_code }))
        }
        // The code goes out twice, exactly as it is in the body (Meta, "Authentication templates: sending").
        Button::OneTimeCode { .. } => {
            let code = template.body.placeholders().into_iter().next().unwrap_or(Placeholder::Position(1));
            let text = value(values, SlotId::Body(code))?;
            let parameter = wire::Parameter::Text { parameter_name: None, text: text.into() };
            Some(wire::Component::button("url", index, parameter))
        }
        Button::Unsupported { .. } => return Err(PayloadError::Unsupported),
        Button::Url { target: UrlTarget::Static(_), .. }
        | Button::QuickReply { .. }
        | Button::Phone { .. }
        | Button::VoiceCall { .. } => None,
    })
}

fn value(values: &Values, slot: SlotId) -> Result<&str, PayloadError> {
    match values.get(&slot) {
        Some(value) if !value.trim().is_empty() => Ok(value),
        Some(_) | None => Err(PayloadError::MissingValue(slot)),
    }
}
