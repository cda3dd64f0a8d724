//! A template as the recipient will see it.

use crate::template::{
    Button, Header, MediaKind, Origin, Piece, Run, SlotId, Style, Template, UrlTarget, Values,
};

/// What the recipient will see: plain data for a screen to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The part above the body.
    pub header: Option<PreviewHeader>,
    /// The body, formatted.
    pub body: Vec<Run>,
    /// The small line below.
    pub footer: Option<String>,
    /// The buttons in order.
    pub buttons: Vec<PreviewButton>,
}

/// The part above the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewHeader {
    /// A line of text; WhatsApp shows it bold and applies no formatting inside.
    Text(Vec<Run>),
    /// Media, with its URL if there is one already.
    Media {
        /// Its kind.
        kind: MediaKind,
        /// Where it comes from; `None` while its slot has no value.
        url: Option<String>,
    },
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewButton {
    /// Answers with its label.
    QuickReply(String),
    /// Opens this address; the suffix may still be missing.
    Url {
        /// The label.
        text: String,
        /// The address in pieces.
        url: Vec<Run>,
    },
    /// Calls this number.
    Phone {
        /// The label.
        text: String,
        /// The number.
        number: String,
    },
    /// Copies this code.
    CopyCode {
        /// The label.
        text: String,
        /// The code, or what stands for it.
        code: Run,
    },
    /// Anything else: only its label.
    Other(String),
}

pub(super) fn preview(template: &Template, values: &Values) -> Preview {
    let header = template.header.as_ref().map(|header| match header {
        Header::Text(text) => {
            PreviewHeader::Text(Piece::plain(text.pieces(|_| SlotId::HeaderText, |slot| values.get(slot))))
        }
        Header::Media(kind) => PreviewHeader::Media {
            kind: *kind,
            url: values.get(&SlotId::HeaderMedia).filter(|url| !url.is_empty()).map(ToOwned::to_owned),
        },
    });
    let body = template.body.pieces(|placeholder| SlotId::Body(placeholder.clone()), |slot| values.get(slot));
    Preview {
        header,
        body: Piece::format(&body),
        footer: template.footer.clone(),
        buttons: template.buttons.iter().enumerate().map(|(index, b)| button(b, index, values)).collect(),
    }
}

fn button(button: &Button, index: usize, values: &Values) -> PreviewButton {
    let slot = SlotId::Button(index);
    let value = values.get(&slot).filter(|value| !value.is_empty());
    let run = |missing: String| match value {
        Some(value) => {
            Run { text: value.to_owned(), style: Style::default(), origin: Origin::Value(slot.clone()) }
        }
        None => Run { text: missing, style: Style::default(), origin: Origin::Missing(slot.clone()) },
    };
    match button {
        Button::QuickReply { text } => PreviewButton::QuickReply(text.clone()),
        Button::Url { text, target: UrlTarget::Static(url) } => PreviewButton::Url {
            text: text.clone(),
            url: vec![Run { text: url.clone(), style: Style::default(), origin: Origin::Template }],
        },
        Button::Url { text, target: UrlTarget::Dynamic { base, placeholder, .. } } => PreviewButton::Url {
            text: text.clone(),
            url: vec![
                Run { text: base.clone(), style: Style::default(), origin: Origin::Template },
                run(placeholder.in_braces()),
            ],
        },
        Button::Phone { text, number } => PreviewButton::Phone { text: text.clone(), number: number.clone() },
        Button::CopyCode { text, .. } => {
            PreviewButton::CopyCode { text: text.clone(), code: run("{{1}}".to_owned()) }
        }
        Button::OneTimeCode { text } | Button::VoiceCall { text } | Button::Unsupported { text, .. } => {
            PreviewButton::Other(text.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Placeholder, samples};

    #[test]
    fn missing_values_are_shown_as_placeholders_and_marked() {
        let preview = samples::everything().preview(&Values::new());
        let missing: Vec<&Run> =
            preview.body.iter().filter(|run| matches!(run.origin, Origin::Missing(_))).collect();
        assert_eq!(missing.len(), 2);
        assert_eq!(missing[0].text, "{{1}}");
    }

    #[test]
    fn values_fill_header_body_and_buttons() {
        let mut values = Values::new();
        values.set(SlotId::HeaderText, "17");
        values.set(SlotId::Body(Placeholder::Position(1)), "Ana");
        values.set(SlotId::Body(Placeholder::Position(2)), "lunes");
        values.set(SlotId::Button(1), "A-17");
        values.set(SlotId::Button(2), "VERANO");
        insta::assert_debug_snapshot!(samples::everything().preview(&values));
    }
}
