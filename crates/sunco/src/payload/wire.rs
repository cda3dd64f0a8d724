//! The send's JSON, field by field.

use std::borrow::Cow;

use cxconnect_core::template::Placeholder;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<'a> {
    pub destination: Destination<'a>,
    pub author: Author,
    pub message_schema: &'static str,
    pub message: Message<'a>,
    pub metadata: Metadata<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Destination<'a> {
    pub integration_id: &'a str,
    pub destination_id: &'a str,
}

#[derive(Serialize)]
pub(super) struct Author {
    pub role: &'static str,
}

#[derive(Serialize)]
pub(super) struct Message<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub template: Template<'a>,
}

#[derive(Serialize)]
pub(super) struct Template<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<&'a str>,
    pub name: &'a str,
    pub language: Language<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component<'a>>,
}

#[derive(Serialize)]
pub(super) struct Language<'a> {
    pub policy: &'static str,
    pub code: &'a str,
}

#[derive(Serialize)]
pub(super) struct Metadata<'a> {
    pub batch: &'a str,
    pub row: usize,
}

#[derive(Serialize)]
pub(super) struct Component<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<&'static str>,
    /// The button's place among all of the template's buttons. A number, as Zendesk's own apps send it.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    parameters: Vec<Parameter<'a>>,
}

impl<'a> Component<'a> {
    pub fn header(parameter: Parameter<'a>) -> Self {
        Self { kind: "header", sub_type: None, index: None, parameters: vec![parameter] }
    }

    pub fn body(parameters: Vec<Parameter<'a>>) -> Self {
        Self { kind: "body", sub_type: None, index: None, parameters }
    }

    pub fn button(sub_type: &'static str, index: usize, parameter: Parameter<'a>) -> Self {
        Self { kind: "button", sub_type: Some(sub_type), index: Some(index), parameters: vec![parameter] }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Parameter<'a> {
    Text {
        /// Only for named variables (V4).
        #[serde(skip_serializing_if = "Option::is_none")]
        parameter_name: Option<String>,
        text: Cow<'a, str>,
    },
    Image {
        image: Media<'a>,
    },
    Video {
        video: Media<'a>,
    },
    Document {
        document: Document<'a>,
    },
    CouponCode {
        coupon_code: &'a str,
    },
}

impl<'a> Parameter<'a> {
    pub fn text(placeholder: Placeholder, text: Cow<'a, str>) -> Self {
        let parameter_name = match placeholder {
            Placeholder::Position(_) => None,
            Placeholder::Name(name) => Some(name),
        };
        Self::Text { parameter_name, text }
    }
}

#[derive(Serialize)]
pub(super) struct Media<'a> {
    pub link: &'a str,
}

#[derive(Serialize)]
pub(super) struct Document<'a> {
    pub link: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
}
