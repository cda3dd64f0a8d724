//! WhatsApp's text formatting (<https://faq.whatsapp.com/539178204879377>).
//!
//! A mark opens where a word begins and closes where one ends, on the same line, with something between; anything else
//! is plain text. Inside monospace nothing else counts.

use super::{Origin, Piece, Run, Style};

/// Each character with the piece it came from.
type Chars = Vec<(char, usize)>;

/// The formatting marks, longest first so that three backticks aren't read as three single ones.
const MARKS: [(&str, Mark); 5] = [
    ("```", Mark::Mono { may_span_lines: true }),
    ("`", Mark::Mono { may_span_lines: false }),
    ("*", Mark::Bold),
    ("_", Mark::Italic),
    ("~", Mark::Strike),
];

#[derive(Clone, Copy)]
enum Mark {
    Bold,
    Italic,
    Strike,
    Mono { may_span_lines: bool },
}

impl Mark {
    fn applied_to(self, mut style: Style) -> Style {
        match self {
            Self::Bold => style.bold = true,
            Self::Italic => style.italic = true,
            Self::Strike => style.strike = true,
            Self::Mono { .. } => style.mono = true,
        }
        style
    }
}

pub(super) fn format(pieces: &[Piece]) -> Vec<Run> {
    let chars: Chars = pieces
        .iter()
        .enumerate()
        .flat_map(|(idx, piece)| piece.text.chars().map(move |c| (c, idx)))
        .collect();
    let mut runs = Vec::new();
    format_into(&mut runs, pieces, &chars, Style::default());
    runs
}

fn format_into(runs: &mut Vec<Run>, pieces: &[Piece], chars: &[(char, usize)], style: Style) {
    let mut at = 0;
    while at < chars.len() {
        match closed_mark(chars, at) {
            Some((mark, width, end)) if !style.mono => {
                let inner = chars.get(at + width..end).unwrap_or_default();
                format_into(runs, pieces, inner, mark.applied_to(style));
                at = end + width;
            }
            _ => {
                if let Some(&(c, piece_idx)) = chars.get(at) {
                    push(runs, pieces, c, piece_idx, style);
                }
                at += 1;
            }
        }
    }
}

/// The mark that opens at `at` and where it closes, if it does both.
fn closed_mark(chars: &[(char, usize)], at: usize) -> Option<(Mark, usize, usize)> {
    let (mark, text) =
        MARKS.iter().find_map(|(text, mark)| stands_at(chars, at, text).then_some((*mark, *text)))?;
    let width = text.len();
    let opens = is_boundary(at.checked_sub(1).and_then(|before| chars.get(before)));
    let starts_with_text = chars.get(at + width).is_some_and(|(c, _)| !c.is_whitespace());
    if !opens || !starts_with_text {
        return None;
    }
    let spans_lines = matches!(mark, Mark::Mono { may_span_lines: true });
    let mut end = at + width + 1;
    while end < chars.len() {
        let (previous, _) = *chars.get(end - 1)?;
        if previous == '\n' && !spans_lines {
            return None;
        }
        if stands_at(chars, end, text) && !previous.is_whitespace() && is_boundary(chars.get(end + width)) {
            return Some((mark, width, end));
        }
        end += 1;
    }
    None
}

fn stands_at(chars: &[(char, usize)], at: usize, text: &str) -> bool {
    text.chars().enumerate().all(|(offset, mark)| chars.get(at + offset).is_some_and(|(c, _)| *c == mark))
}

/// Whether a mark may stand next to this: the text's edge, a blank or punctuation, but no letter or digit.
fn is_boundary(neighbour: Option<&(char, usize)>) -> bool {
    neighbour.is_none_or(|(c, _)| !c.is_alphanumeric())
}

fn push(runs: &mut Vec<Run>, pieces: &[Piece], c: char, piece_idx: usize, style: Style) {
    let origin = pieces.get(piece_idx).map_or(Origin::Template, |piece| piece.origin.clone());
    match runs.last_mut() {
        Some(run) if run.style == style && run.origin == origin => run.text.push(c),
        _ => runs.push(Run { text: c.to_string(), style, origin }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Placeholder, SlotId};

    fn show(text: &str) -> String {
        let piece = Piece { text: text.to_owned(), origin: Origin::Template };
        format(&[piece])
            .iter()
            .map(|run| {
                let marks = [
                    (run.style.bold, 'b'),
                    (run.style.italic, 'i'),
                    (run.style.strike, 's'),
                    (run.style.mono, 'm'),
                ];
                let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect();
                if marks.is_empty() { run.text.clone() } else { format!("<{marks}:{}>", run.text) }
            })
            .collect()
    }

    #[test]
    fn marks_around_words_format_them() {
        assert_eq!(show("*hola* mundo"), "<b:hola> mundo");
        assert_eq!(show("(_hola_), ~no~ `x` ```y```"), "(<i:hola>), <s:no> <m:x> <m:y>");
        assert_eq!(show("*muy _bien_*"), "<b:muy ><bi:bien>");
    }

    #[test]
    fn marks_inside_words_or_beside_blanks_are_text() {
        for text in ["2*3*4", "snake_case_name", "* no*", "*no *", "*a\nb*", "**", "*", "a ~ b ~ c"] {
            assert_eq!(show(text), text);
        }
    }

    #[test]
    fn nothing_counts_inside_monospace() {
        assert_eq!(show("`*x*`"), "<m:*x*>");
        assert_eq!(show("```a\n*b*```"), "<m:a\n*b*>");
    }

    #[test]
    fn values_take_part_and_keep_their_origin() {
        let slot = SlotId::Body(Placeholder::Position(1));
        let pieces = [
            Piece { text: "*Hola ".into(), origin: Origin::Template },
            Piece { text: "Ana".into(), origin: Origin::Value(slot.clone()) },
            Piece { text: "*".into(), origin: Origin::Template },
        ];
        let runs = format(&pieces);
        assert_eq!(runs.len(), 2);
        assert!(runs.iter().all(|run| run.style.bold));
        assert_eq!(runs[1].origin, Origin::Value(slot));
    }
}
