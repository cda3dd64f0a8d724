//! The template's slots as the check needs them: with their columns, and all that is the same for every row worked out.

use std::borrow::Cow;

use crate::{
    check::{media, text},
    mapping::{Mapping, Source},
    problem::{ColumnIdx, ProblemKind},
    sheet::Cells,
    template::{
        Button, Header, MAX_COPY_CODE_CHARS, MAX_URL_CHARS, MediaKind, Part, Placeholder, Slot, SlotId,
        SlotKind, Template, TemplateText, encode_url_suffix,
    },
};

/// The longest code of a copy-code button on which all of Meta's pages agree.
const SAFE_COPY_CODE_CHARS: usize = 15;
/// The longest one-time code (Meta, "Authentication templates").
const MAX_ONE_TIME_CODE_CHARS: usize = 15;

/// All slots of a template.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) all: Vec<Field>,
    /// How many of them are variables; the header's media is none.
    pub(super) n_variables: usize,
    /// How many columns a row must have.
    pub(super) n_columns: usize,
    /// UTF-16 units of the header's own text; `None` without a text header with a variable.
    pub(super) header_chars: Option<usize>,
    /// UTF-16 units of the body's own text.
    pub(super) body_chars: Option<usize>,
}

/// One slot.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) slot: SlotId,
    /// Where its values come from. `None` if the mapping leaves it out: then it never has one.
    pub(super) source: Option<Source>,
    pub(super) kind: FieldKind,
}

/// What a slot takes.
#[derive(Clone, Debug)]
pub(super) enum FieldKind {
    Media(MediaKind),
    HeaderText {
        /// How often it stands in the header.
        times: usize,
    },
    Body {
        /// How often it stands in the body.
        times: usize,
        is_one_time_code: bool,
    },
    UrlSuffix {
        base: String,
        /// UTF-16 units of the base.
        base_chars: usize,
    },
    CopyCode,
}

impl FieldKind {
    pub(super) fn is_variable(&self) -> bool {
        !matches!(self, Self::Media(_))
    }
}

impl Fields {
    pub(super) fn new(template: &Template, mapping: &Mapping) -> Self {
        let has_one_time_code =
            template.buttons.iter().any(|button| matches!(button, Button::OneTimeCode { .. }));
        let all: Vec<Field> = template
            .slots()
            .into_iter()
            .map(|slot| Field {
                source: mapping.source(&slot.id).cloned(),
                kind: kind(template, &slot, has_one_time_code),
                slot: slot.id,
            })
            .collect();
        let header_chars = match &template.header {
            Some(Header::Text(text)) => Some(literal_chars(text)),
            Some(Header::Media(_)) | None => None,
        };
        Self {
            n_variables: all.iter().filter(|field| field.kind.is_variable()).count(),
            n_columns: mapping.n_columns(),
            all,
            header_chars,
            body_chars: Some(literal_chars(&template.body)),
        }
    }
}

impl Field {
    /// The column of the file that fills it, if one does.
    pub(super) fn column(&self) -> Option<ColumnIdx> {
        match self.source {
            Some(Source::Column(column)) => Some(column),
            Some(Source::Fixed(_)) | None => None,
        }
    }

    /// What a row has for it; `None` if the row ends before.
    pub(super) fn value<'a>(&'a self, cells: &'a Cells<'_>) -> Option<&'a str> {
        match &self.source {
            Some(Source::Column(column)) => cells.value(*column),
            Some(Source::Fixed(value)) => Some(value),
            None => None,
        }
    }

    /// A value as it is sent.
    pub(super) fn sent<'v>(&self, value: &'v str, collapses_blanks: bool) -> Cow<'v, str> {
        let value = if collapses_blanks && !matches!(self.kind, FieldKind::Media(_)) {
            text::collapsed(value)
        } else {
            Cow::Borrowed(value)
        };
        match self.kind {
            FieldKind::UrlSuffix { .. } => Cow::Owned(encode_url_suffix(&value)),
            _ => value,
        }
    }

    /// Checks a value that is there.
    pub(super) fn check(&self, value: &str, collapses_blanks: bool, report: &mut dyn FnMut(ProblemKind)) {
        if let FieldKind::Media(expected) = self.kind {
            if let Some(kind) = media::check(value, expected) {
                report(kind);
            }
            return;
        }
        text::check(value, collapses_blanks, report);
        match &self.kind {
            FieldKind::UrlSuffix { base, base_chars } => {
                if !base.is_empty() && value.starts_with(base.as_str()) {
                    report(ProblemKind::UrlNotSuffix { base: base.clone() });
                }
                // What is encoded is ASCII.
                let chars = base_chars + self.sent(value, collapses_blanks).len();
                if MAX_URL_CHARS < chars {
                    report(ProblemKind::UrlTooLong { chars, max: MAX_URL_CHARS });
                }
            }
            FieldKind::CopyCode => {
                let chars = text::utf16_chars(value);
                if MAX_COPY_CODE_CHARS < chars {
                    report(ProblemKind::CopyCodeTooLong { chars, max: MAX_COPY_CODE_CHARS });
                } else if SAFE_COPY_CODE_CHARS < chars {
                    report(ProblemKind::CopyCodeLong { chars, safe: SAFE_COPY_CODE_CHARS });
                }
            }
            FieldKind::Body { is_one_time_code: true, .. } => {
                let chars = text::utf16_chars(value);
                if MAX_ONE_TIME_CODE_CHARS < chars {
                    report(ProblemKind::OneTimeCodeTooLong { chars, max: MAX_ONE_TIME_CODE_CHARS });
                }
            }
            FieldKind::Body { .. } | FieldKind::HeaderText { .. } | FieldKind::Media(_) => {}
        }
    }
}

fn kind(template: &Template, slot: &Slot, has_one_time_code: bool) -> FieldKind {
    match (&slot.id, &slot.kind) {
        (_, SlotKind::Media(kind)) => FieldKind::Media(*kind),
        (_, SlotKind::UrlSuffix { base }) => {
            FieldKind::UrlSuffix { base_chars: text::utf16_chars(base), base: base.clone() }
        }
        (_, SlotKind::CopyCode) => FieldKind::CopyCode,
        (SlotId::Body(placeholder), SlotKind::Text) => FieldKind::Body {
            times: occurrences(&template.body, |found| found == placeholder),
            is_one_time_code: has_one_time_code && template.body.placeholders().first() == Some(placeholder),
        },
        (_, SlotKind::Text) => FieldKind::HeaderText {
            // Whatever the placeholder, the header's one value fills it.
            times: match &template.header {
                Some(Header::Text(text)) => occurrences(text, |_| true),
                Some(Header::Media(_)) | None => 0,
            },
        },
    }
}

fn occurrences(text: &TemplateText, is_it: impl Fn(&Placeholder) -> bool) -> usize {
    let is_it = |part: &&Part| matches!(part, Part::Placeholder(placeholder) if is_it(placeholder));
    text.parts().iter().filter(is_it).count()
}

fn literal_chars(text: &TemplateText) -> usize {
    let chars = |part: &Part| match part {
        Part::Literal(literal) => text::utf16_chars(literal),
        Part::Placeholder(_) => 0,
    };
    text.parts().iter().map(chars).sum()
}
