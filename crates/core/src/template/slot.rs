//! Slots: what must be supplied for each message of a template.

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

/// The values of one message, by slot. A template has a handful of slots, so a sorted list does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(Vec<(SlotId, String)>);

impl Values {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a slot's value.
    pub fn set(&mut self, slot: SlotId, value: impl Into<String>) {
        let value = value.into();
        match self.place(&slot) {
            Ok(place) => {
                if let Some((_, old)) = self.0.get_mut(place) {
                    *old = value;
                }
            }
            Err(place) => self.0.insert(place, (slot, value)),
        }
    }

    /// A slot's value.
    pub fn get(&self, slot: &SlotId) -> Option<&str> {
        let place = self.place(slot).ok()?;
        self.0.get(place).map(|(_, value)| value.as_str())
    }

    /// All of them, in slot order.
    pub fn iter(&self) -> impl Iterator<Item = (&SlotId, &str)> {
        self.0.iter().map(|(id, value)| (id, value.as_str()))
    }

    fn place(&self, slot: &SlotId) -> Result<usize, usize> {
        self.0.binary_search_by(|(id, _)| id.cmp(slot))
    }
}

impl FromIterator<(SlotId, String)> for Values {
    fn from_iter<I: IntoIterator<Item = (SlotId, String)>>(iter: I) -> Self {
        let mut values = Self::new();
        for (slot, value) in iter {
            values.set(slot, value);
        }
        values
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
    fn a_slot_has_the_value_that_was_set_last() {
        let body = |position| SlotId::Body(Placeholder::Position(position));
        let mut values: Values =
            [(body(2), "b".to_owned()), (SlotId::HeaderText, "h".to_owned()), (body(1), "a".to_owned())]
                .into_iter()
                .collect();
        values.set(body(2), "c");
        assert_eq!(values.get(&body(2)), Some("c"));
        assert_eq!(values.get(&SlotId::Button(0)), None);
        let all: Vec<_> = values.iter().collect();
        assert_eq!(all, [(&SlotId::HeaderText, "h"), (&body(1), "a"), (&body(2), "c")]);
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
