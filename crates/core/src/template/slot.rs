//! Slots: what must be supplied for each message of a template.

use std::collections::BTreeMap;

use crate::template::{Button, Header, Placeholder, Template, UrlTarget};

/// The kind of a header's media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MediaKind {
    /// JPEG or PNG.
    Image,
    /// MP4 or 3GPP.
    Video,
    /// PDF.
    Document,
}

/// Identifies a slot within its template.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SlotId {
    /// The URL of the header's image, video or document.
    HeaderMedia,
    /// The header text's one placeholder.
    HeaderText,
    /// One of the body's placeholders.
    Body(Placeholder),
    /// The value of the button at this index of the template's buttons.
    Button(usize),
}

/// What kind of value a slot takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// A public https URL of this kind of media.
    Media(MediaKind),
    /// A text.
    Text,
    /// The end of a URL that begins with `base`.
    UrlSuffix {
        /// The URL up to the suffix.
        base: String,
    },
    /// A code of at most 20 characters.
    CopyCode,
}

/// One thing that must be supplied for each message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which one.
    pub id: SlotId,
    /// What it takes.
    pub kind: SlotKind,
    /// The template's own example, where it is one that may be sent: a media header's example never is (V9).
    pub example: Option<String>,
}

/// The values of one message, by slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<SlotId, String>);

impl Values {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a slot's value.
    pub fn set(&mut self, slot: SlotId, value: impl Into<String>) {
        self.0.insert(slot, value.into());
    }

    /// A slot's value.
    pub fn get(&self, slot: &SlotId) -> Option<&str> {
        self.0.get(slot).map(String::as_str)
    }

    /// All of them, in slot order.
    pub fn iter(&self) -> impl Iterator<Item = (&SlotId, &str)> {
        self.0.iter().map(|(id, value)| (id, value.as_str()))
    }
}

impl FromIterator<(SlotId, String)> for Values {
    fn from_iter<I: IntoIterator<Item = (SlotId, String)>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

pub(super) fn slots(template: &Template) -> Vec<Slot> {
    let mut slots = Vec::new();
    match &template.header {
        Some(Header::Media(kind)) => {
            slots.push(Slot { id: SlotId::HeaderMedia, kind: SlotKind::Media(*kind), example: None });
        }
        // Meta allows one placeholder in a header; a second would be filled with the same value.
        Some(Header::Text(text)) => slots.extend(text.placeholders().first().map(|placeholder| Slot {
            id: SlotId::HeaderText,
            kind: SlotKind::Text,
            example: text.example(placeholder),
        })),
        None => {}
    }
    slots.extend(template.body.placeholders().into_iter().map(|placeholder| Slot {
        example: template.body.example(&placeholder),
        id: SlotId::Body(placeholder),
        kind: SlotKind::Text,
    }));
    for (index, button) in template.buttons.iter().enumerate() {
        match button {
            Button::Url { target: UrlTarget::Dynamic { base, example, .. }, .. } => slots.push(Slot {
                id: SlotId::Button(index),
                kind: SlotKind::UrlSuffix { base: base.clone() },
                example: example
                    .as_ref()
                    .map(|example| example.strip_prefix(base.as_str()).unwrap_or(example).to_owned()),
            }),
            Button::CopyCode { example, .. } => slots.push(Slot {
                id: SlotId::Button(index),
                kind: SlotKind::CopyCode,
                example: example.clone(),
            }),
            Button::Url { target: UrlTarget::Static(_), .. }
            | Button::QuickReply { .. }
            | Button::Phone { .. }
            | Button::OneTimeCode { .. }
            | Button::VoiceCall { .. }
            | Button::Unsupported { .. } => {}
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::samples;

    fn ids(template: &Template) -> Vec<SlotId> {
        template.slots().into_iter().map(|slot| slot.id).collect()
    }

    #[test]
    fn slots_come_in_the_order_of_the_files_columns() {
        assert_eq!(
            ids(&samples::everything()),
            [
                SlotId::HeaderText,
                SlotId::Body(Placeholder::Position(1)),
                SlotId::Body(Placeholder::Position(2)),
                SlotId::Button(1),
                SlotId::Button(2),
            ]
        );
    }

    #[test]
    fn a_media_header_is_a_slot_without_example() {
        let slots = samples::with_image().slots();
        assert_eq!(slots[0].kind, SlotKind::Media(MediaKind::Image));
        assert_eq!(slots[0].example, None);
    }

    #[test]
    fn a_url_buttons_example_is_reduced_to_its_suffix() {
        let slots = samples::everything().slots();
        assert_eq!(slots[3].example.as_deref(), Some("A-17"));
    }

    #[test]
    fn a_template_without_placeholders_needs_nothing() {
        assert!(samples::plain().slots().is_empty());
    }
}
