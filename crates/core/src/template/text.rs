//! A template's text: literal parts and placeholders, and how WhatsApp shows it.

use std::fmt;

use crate::template::SlotId;

mod markup;

/// A variable of a template.
///
/// Meta numbers them from 1 or gives them lower-case names (`parameter_format`); spaces inside the braces are tolerated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Placeholder {
    /// `{{1}}`
    Position(u16),
    /// `{{first_name}}`
    Name(String),
}

impl Placeholder {
    fn parse(inner: &str) -> Option<Self> {
        let inner = inner.trim();
        if let Ok(position) = inner.parse() {
            return Some(Self::Position(position));
        }
        let is_name =
            !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        is_name.then(|| Self::Name(inner.to_owned()))
    }
}

impl Placeholder {
    /// As a template writes it: `{{1}}`.
    pub fn in_braces(&self) -> String {
        format!("{{{{{self}}}}}")
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(position) => write!(f, "{position}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A stretch of a template's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that is the same in every message.
    Literal(String),
    /// A variable.
    Placeholder(Placeholder),
}

/// Text with placeholders, and the template's example for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateText {
    parts: Vec<Part>,
    examples: Vec<(Placeholder, String)>,
}

impl TemplateText {
    /// Reads `Hola {{1}}`. Never fails: braces that aren't a placeholder are text.
    pub fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            literal.push_str(before);
            let found = after
                .split_once("}}")
                .and_then(|(inner, after)| Placeholder::parse(inner).map(|placeholder| (placeholder, after)));
            if let Some((placeholder, after)) = found {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                parts.push(Part::Placeholder(placeholder));
                rest = after;
            } else {
                literal.push_str("{{");
                rest = after;
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Self { parts, examples: Vec::new() }
    }

    /// Adds the template's examples; ones for placeholders that the text doesn't have are dropped.
    #[must_use]
    pub fn with_examples(mut self, examples: impl IntoIterator<Item = (Placeholder, String)>) -> Self {
        let known = self.placeholders();
        self.examples = examples.into_iter().filter(|(placeholder, _)| known.contains(placeholder)).collect();
        self
    }

    /// Its parts in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The distinct placeholders (V3): numbered ones by number, whatever their order in the text (V4); named ones in the
    /// text's order.
    pub fn placeholders(&self) -> Vec<Placeholder> {
        let mut distinct: Vec<Placeholder> = Vec::new();
        for part in &self.parts {
            if let Part::Placeholder(placeholder) = part
                && !distinct.contains(placeholder)
            {
                // Numbers before greater numbers and before names; names keep the order of the text.
                let place = distinct.partition_point(|earlier| match (earlier, placeholder) {
                    (Placeholder::Position(earlier), Placeholder::Position(position)) => earlier < position,
                    (Placeholder::Name(_), Placeholder::Position(_)) => false,
                    (_, Placeholder::Name(_)) => true,
                });
                distinct.insert(place, placeholder.clone());
            }
        }
        distinct
    }

    /// The template's example for a placeholder.
    pub fn example(&self, placeholder: &Placeholder) -> Option<String> {
        self.examples.iter().find(|(known, _)| known == placeholder).map(|(_, example)| example.clone())
    }

    /// The template's examples, in the order in which they were added.
    pub fn examples(&self) -> &[(Placeholder, String)] {
        &self.examples
    }

    /// The text with values put in; a placeholder without value stays as `{{1}}`.
    pub fn filled<'v>(&self, value: impl Fn(&Placeholder) -> Option<&'v str>) -> String {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => filled.push_str(text),
                Part::Placeholder(placeholder) => match value(placeholder) {
                    Some(value) => filled.push_str(value),
                    None => filled.push_str(&placeholder.in_braces()),
                },
            }
        }
        filled
    }

    /// The text in pieces, each knowing where it comes from.
    pub fn pieces<'v>(
        &self,
        slot_id: impl Fn(&Placeholder) -> SlotId,
        value: impl Fn(&SlotId) -> Option<&'v str>,
    ) -> Vec<Piece> {
        let piece = |part: &Part| match part {
            Part::Literal(text) => Piece { text: text.clone(), origin: Origin::Template },
            Part::Placeholder(placeholder) => {
                let slot = slot_id(placeholder);
                match value(&slot).filter(|value| !value.is_empty()) {
                    Some(value) => Piece { text: value.to_owned(), origin: Origin::Value(slot) },
                    None => Piece { text: placeholder.in_braces(), origin: Origin::Missing(slot) },
                }
            }
        };
        self.parts.iter().map(piece).collect()
    }
}

/// Where a stretch of shown text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The template itself.
    Template,
    /// The value of this slot.
    Value(SlotId),
    /// This slot has no value: the placeholder is shown instead.
    Missing(SlotId),
}

/// A stretch of text with its origin, before WhatsApp's formatting is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl Piece {
    /// Applies WhatsApp's `*bold*`, `_italic_`, `~strike~`, `` `mono` `` and ```` ```mono``` ```` to a whole text. Values
    /// take part in it, as they do in WhatsApp: a value `*hoy*` shows in bold.
    pub fn format(pieces: &[Self]) -> Vec<Run> {
        markup::format(pieces)
    }

    /// The pieces as they are, for texts in which WhatsApp applies no formatting (header, footer, buttons).
    pub fn plain(pieces: Vec<Self>) -> Vec<Run> {
        pieces
            .into_iter()
            .map(|piece| Run { text: piece.text, style: Style::default(), origin: piece.origin })
            .collect()
    }
}

/// How a run of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent toggles are what WhatsApp has")]
pub struct Style {
    /// `*bold*`
    pub bold: bool,
    /// `_italic_`
    pub italic: bool,
    /// `~strike~`
    pub strike: bool,
    /// `` `mono` ``
    pub mono: bool,
}

/// A stretch of text of one style and one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The text, without formatting marks.
    pub text: String,
    /// How it looks.
    pub style: Style,
    /// Where it comes from.
    pub origin: Origin,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        TemplateText::parse(text).placeholders().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn placeholders_are_distinct_and_in_number_order() {
        assert_eq!(names("{{2}} y {{1}}, otra vez {{2}}"), ["1", "2"]);
        assert_eq!(names("{{ 1 }}"), ["1"]);
        assert_eq!(names("{{day}} for {{guests}}"), ["day", "guests"]);
    }

    #[test]
    fn braces_that_are_no_placeholder_are_text() {
        for text in ["{{}}", "{{1", "}}", "{1}", "{{a b}}", "{{{{"] {
            let parsed = TemplateText::parse(text);
            assert_eq!(parsed.placeholders(), []);
            assert_eq!(parsed.filled(|_| None), text);
        }
    }

    #[test]
    fn a_placeholder_after_stray_braces_is_found() {
        assert_eq!(names("{{x y {{1}}"), ["1"]);
    }

    #[test]
    fn filled_text_keeps_placeholders_without_value() {
        let text = TemplateText::parse("Hola {{1}}, {{2}}.");
        let filled = text.filled(|p| (*p == Placeholder::Position(1)).then_some("Ana"));
        assert_eq!(filled, "Hola Ana, {{2}}.");
    }

    #[test]
    fn examples_for_unknown_placeholders_are_dropped() {
        let text = TemplateText::parse("{{1}}").with_examples([
            (Placeholder::Position(1), "Ana".to_owned()),
            (Placeholder::Position(2), "x".to_owned()),
        ]);
        assert_eq!(text.example(&Placeholder::Position(1)).as_deref(), Some("Ana"));
        assert_eq!(text.example(&Placeholder::Position(2)), None);
    }
}
