//! WhatsApp message templates: what they say, what must be supplied to send one, and how the result looks.
//!
//! The shape follows Meta's template object
//! (<https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview>). Parsing from JSON is
//! the client crate's business; here a template is already made of types that cannot be wrong. What this version
//! can't send is kept and named in [`Template::unsupported`], never dropped.

mod button;
mod ident;
mod preview;
mod slot;
mod text;
mod url_suffix;

pub use button::{Button, UrlTarget};
pub use ident::{Category, IdentError, LanguageCode, TemplateId, TemplateName, TemplateStatus};
pub use preview::{Preview, PreviewButton, PreviewHeader};
pub use slot::{MediaKind, Slot, SlotId, SlotKind, Values};
pub use text::{Origin, Part, Piece, Placeholder, Run, Style, TemplateText};
pub use url_suffix::{MAX_URL_CHARS, encode_url_suffix};

/// The longest header text, values filled in (V7; Meta's components page).
pub const MAX_HEADER_CHARS: usize = 60;
/// The longest body, values filled in (V7; Meta's components page).
pub const MAX_BODY_CHARS: usize = 1024;
/// The longest code of a copy-code button that any of Meta's pages allows.
pub const MAX_COPY_CODE_CHARS: usize = 20;

/// The part of a template above its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// A line of text with at most one placeholder.
    Text(TemplateText),
    /// An image, video or document that is given by its URL at send time.
    Media(MediaKind),
}

/// A part of a template that this version can't send: the template is shown, with why, and can't be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// A header format such as `LOCATION`, as the provider spells it.
    Header(String),
    /// A component such as `CAROUSEL`, as the provider spells it.
    Component(String),
    /// A button type such as `FLOW`, as the provider spells it.
    Button(String),
    /// There is no body text to send.
    NoBody,
}

/// One translation of a message template: (name, language) is its key, since placeholders can differ by language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The provider's id, kept as text because it may exceed 2^53.
    pub id: Option<TemplateId>,
    /// The name, which is sent.
    pub name: TemplateName,
    /// The exact language code of the list, which is sent (V2: `es` is not `es_MX`).
    pub language: LanguageCode,
    /// What Meta files it under; decides price and some limits.
    pub category: Category,
    /// Whether it may be sent (V1).
    pub status: TemplateStatus,
    /// The part above the body.
    pub header: Option<Header>,
    /// The body's text.
    pub body: TemplateText,
    /// The small line below the body; never has placeholders.
    pub footer: Option<String>,
    /// Buttons in the template's own order, static ones included: a button's index is its place here.
    pub buttons: Vec<Button>,
    /// What keeps this template from being sent by this version; empty for an ordinary one.
    pub unsupported: Vec<Unsupported>,
}

/// (name, language): what identifies one translation.
pub type TemplateKey = (TemplateName, LanguageCode);

impl Template {
    /// Whether an agent may choose it: approved by Meta (V1) and made only of parts that can be sent.
    pub fn is_sendable(&self) -> bool {
        self.status.is_approved() && self.unsupported.is_empty()
    }

    /// (name, language).
    pub fn key(&self) -> TemplateKey {
        (self.name.clone(), self.language.clone())
    }

    /// The kind of media its header needs, if any.
    pub fn header_media(&self) -> Option<MediaKind> {
        match self.header {
            Some(Header::Media(kind)) => Some(kind),
            Some(Header::Text(_)) | None => None,
        }
    }

    /// The header text's one placeholder, if it has one.
    pub fn header_placeholder(&self) -> Option<Placeholder> {
        match &self.header {
            Some(Header::Text(text)) => text.placeholders().into_iter().next(),
            Some(Header::Media(_)) | None => None,
        }
    }

    /// What must be supplied for each message, in the order of the file's columns: header media, header text, the
    /// body's distinct placeholders (V3, V4), then dynamic buttons.
    pub fn slots(&self) -> Vec<Slot> {
        slot::slots(self)
    }

    /// The message as the recipient will see it. Slots without a value show as what they are waiting for.
    pub fn preview(&self, values: &Values) -> Preview {
        preview::preview(self, values)
    }

    /// Header text with the values filled in; `None` without a text header.
    pub fn filled_header(&self, values: &Values) -> Option<String> {
        match &self.header {
            Some(Header::Text(text)) => Some(text.filled(|_| values.get(&SlotId::HeaderText))),
            Some(Header::Media(_)) | None => None,
        }
    }

    /// The body with the values filled in.
    pub fn filled_body(&self, values: &Values) -> String {
        self.body.filled(|placeholder| values.get(&SlotId::Body(placeholder.clone())))
    }
}

#[cfg(test)]
pub(crate) mod samples;
