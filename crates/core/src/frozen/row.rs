//! A row of a frozen batch.

use std::borrow::Cow;

use crate::{
    dispatch::MessageIdx,
    frozen::{Damage, line},
    phone::E164,
    problem::{LineNumber, RowNumber},
};

/// What was decided about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<'f> {
    /// It is this message.
    Message {
        /// Its place among the messages.
        idx: MessageIdx,
        /// Who gets it.
        to: E164,
    },
    /// It is left out.
    LeftOut {
        /// Why, in the words of the agent who made the batch.
        why: Cow<'f, str>,
    },
}

/// A row of a frozen batch.
#[derive(Clone, Debug)]
pub struct FrozenRow<'f> {
    /// Its row in a spreadsheet.
    pub row: RowNumber,
    /// Where it begins in the file.
    pub line: LineNumber,
    /// What was decided about it.
    pub outcome: Outcome<'f>,
    /// Its own cells, as they are kept.
    pub(super) cells: &'f str,
    /// Its values or why it is left out, and its own cells, as they are kept.
    pub(super) text: &'f str,
}

impl<'f> FrozenRow<'f> {
    /// Its own cells, one for each of the file's columns.
    pub fn cells(&self) -> impl Iterator<Item = Cow<'f, str>> + use<'f> {
        // They were looked through when the batch was made or read.
        self.cells.split('\t').skip(1).map(|cell| line::part(cell).unwrap_or_default())
    }

    /// All that it says: its values, or why it is left out, and its own cells, with tabs between.
    pub(crate) fn text(&self) -> Cow<'f, str> {
        line::text(self.text)
    }
}

/// A line's parts before they are made what they were.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept<'f> {
    pub(super) row: &'f str,
    pub(super) line: &'f str,
    pub(super) content: Content<'f>,
    /// A tab before each; empty if the file has no columns.
    pub(super) cells: &'f str,
    /// All but the numbers and the phone.
    pub(super) text: &'f str,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'f> {
    /// The phone, and the values with a tab before each.
    Message(&'f str, &'f str),
    /// Why it is left out.
    LeftOut(&'f str),
}

/// Stands in the phone's place of a row that is left out.
pub(super) const LEFT_OUT: &str = "-";

impl<'f> Kept<'f> {
    /// Parts a line. The cells are what is left.
    pub(super) fn part(text: &'f str, n_slots: usize) -> Option<Self> {
        let (row, text) = text.split_once('\t')?;
        let (line, text) = text.split_once('\t')?;
        let (phone, rest) = text.split_at(text.find('\t').unwrap_or(text.len()));
        let (content, cells) = if phone == LEFT_OUT {
            let rest = rest.strip_prefix('\t')?;
            let (why, cells) = rest.split_at(rest.find('\t').unwrap_or(rest.len()));
            (Content::LeftOut(why), cells)
        } else {
            // The tab before the first cell is that after the last value.
            let end = rest.match_indices('\t').nth(n_slots).map_or(rest.len(), |(at, _)| at);
            let (values, cells) = rest.split_at(end);
            (Content::Message(phone, values), cells)
        };
        Some(Self { row, line, content, cells, text: rest })
    }

    pub(super) fn numbers(&self) -> Result<(RowNumber, LineNumber), Damage> {
        let number = |text: &str| text.parse::<usize>().map_err(|_| Damage::Number);
        Ok((RowNumber::new(number(self.row)?), LineNumber::new(number(self.line)?)))
    }
}
