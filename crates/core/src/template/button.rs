//! A template's buttons.

use crate::template::{Placeholder, TemplateText};

/// One button, in the template's own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// Sends its label back as a message. Nothing to supply.
    QuickReply {
        /// The label.
        text: String,
    },
    /// Opens a web page.
    Url {
        /// The label.
        text: String,
        /// Where it leads.
        target: UrlTarget,
    },
    /// Calls a number. Nothing to supply.
    Phone {
        /// The label.
        text: String,
        /// The number as the template has it.
        number: String,
    },
    /// Copies a code that is supplied for each message (Meta, "Coupon code templates").
    CopyCode {
        /// The label.
        text: String,
        /// The template's example code.
        example: Option<String>,
    },
    /// The one-time code of an authentication template. It is sent as a URL button whose value is the body's own code,
    /// so nothing more is supplied (Meta, "Authentication templates: sending").
    OneTimeCode {
        /// The label.
        text: String,
    },
    /// Starts a call in WhatsApp. Nothing to supply.
    VoiceCall {
        /// The label.
        text: String,
    },
    /// A kind that can't be sent yet; it stands in `Template::unsupported` too.
    Unsupported {
        /// The label, or nothing.
        text: String,
        /// The provider's word for its kind.
        kind: String,
    },
}

/// Where a URL button leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlTarget {
    /// Always to the same page.
    Static(String),
    /// To `base` + a suffix that is supplied for each message (V11).
    Dynamic {
        /// The URL up to the placeholder.
        base: String,
        /// The placeholder at its end.
        placeholder: Placeholder,
        /// The template's example, as given: a whole URL or a suffix.
        example: Option<String>,
    },
}

impl UrlTarget {
    /// Reads a template's URL: dynamic when it has a placeholder, which Meta allows once and at the end only.
    pub fn parse(url: &str, example: Option<String>) -> Self {
        let text = TemplateText::parse(url);
        match text.placeholders().first() {
            Some(placeholder) => {
                let base = url.split("{{").next().unwrap_or_default().to_owned();
                Self::Dynamic { base, placeholder: placeholder.clone(), example }
            }
            None => Self::Static(url.to_owned()),
        }
    }
}

impl Button {
    /// The label.
    pub fn text(&self) -> &str {
        match self {
            Self::QuickReply { text }
            | Self::Url { text, .. }
            | Self::Phone { text, .. }
            | Self::CopyCode { text, .. }
            | Self::OneTimeCode { text }
            | Self::VoiceCall { text }
            | Self::Unsupported { text, .. } => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_with_a_placeholder_is_dynamic() {
        assert_eq!(
            UrlTarget::parse("https://x.example/p/{{1}}", Some("https://x.example/p/9".into())),
            UrlTarget::Dynamic {
                base: "https://x.example/p/".into(),
                placeholder: Placeholder::Position(1),
                example: Some("https://x.example/p/9".into()),
            }
        );
        assert_eq!(
            UrlTarget::parse("https://x.example/", None),
            UrlTarget::Static("https://x.example/".into())
        );
    }
}
