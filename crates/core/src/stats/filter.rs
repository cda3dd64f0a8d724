//! What is asked for.

use super::Share;
use crate::{
    dispatch::UnixMillis,
    ledger::{BatchRecord, Figures, MessageRecord, Origin},
    plan::BatchId,
    receipt::{Event, Status},
};

/// A stretch of time; each end may be open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Its first millisecond.
    pub from: Option<UnixMillis>,
    /// The first millisecond after it.
    pub to: Option<UnixMillis>,
}

impl Span {
    /// Whether a moment is in it.
    pub fn contains(self, at: UnixMillis) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

/// Which of the two lists of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Panel {
    /// What the provider took.
    Sent,
    /// What failed, and what nobody knows.
    NotSent,
}

impl Panel {
    /// The states of its messages, in the order in which they can be chosen.
    pub fn statuses(self) -> &'static [Status] {
        match self {
            Self::Sent => &[Status::Accepted, Status::Sent, Status::Delivered, Status::Read],
            Self::NotSent => &[Status::Failed, Status::Unknown],
        }
    }
}

/// What messages, and so what batches, are asked for. A message belongs to the time in which its batch began: so counts, which
/// are the batches', and lists agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// When the batch began.
    pub span: Span,
    /// The template's name.
    pub template: Option<String>,
    /// Who sent it.
    pub agent: Option<String>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The batch.
    pub batch: Option<BatchId>,
    /// Where the message stands.
    pub status: Option<Status>,
    /// A part of the phone: digits.
    pub phone: Option<String>,
}

/// How many messages a filter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusCount {
    /// So many.
    Exactly(u64),
    /// The batches' counters don't tell: they must be counted one by one.
    Unknown,
}

impl Filter {
    /// Whether it means messages of this batch.
    pub fn takes_batch(&self, batch: &BatchRecord) -> bool {
        let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|it| it == value);
        self.span.contains(batch.created)
            && is(&self.template, &batch.template)
            && is(&self.agent, &batch.agent)
            && self.origin.is_none_or(|origin| origin == batch.origin)
            && self.batch.as_ref().is_none_or(|id| *id == batch.id)
    }

    /// Whether it means this message, of those in a panel.
    pub fn takes_message(&self, panel: Panel, message: &MessageRecord) -> bool {
        let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|it| it == value);
        let status = message.status();
        self.span.contains(message.created)
            && is(&self.template, &message.template)
            && is(&self.agent, &message.agent)
            && self.origin.is_none_or(|origin| origin == message.origin)
            && self.batch.as_ref().is_none_or(|id| *id == message.batch)
            && self.statuses(panel).contains(&status)
            && self.phone.as_deref().is_none_or(|digits| message.to.digits().as_str().contains(digits))
    }

    /// The states of a panel that it means.
    pub fn statuses(&self, panel: Panel) -> Vec<Status> {
        let all = panel.statuses().iter().copied();
        all.filter(|status| self.status.is_none_or(|wanted| wanted == *status)).collect()
    }

    /// How many messages of a panel it means, by the counters of the batches that it takes.
    pub fn count(&self, panel: Panel, figures: &Figures) -> StatusCount {
        if self.phone.is_some() {
            return StatusCount::Unknown;
        }
        let n = match (panel, self.status) {
            (Panel::Sent, None) => figures.n_sent,
            (Panel::Sent, Some(Status::Read)) => figures.n_read,
            (Panel::Sent, Some(Status::Delivered)) => figures.n_delivered.saturating_sub(figures.n_read),
            (Panel::Sent, Some(Status::Sent)) => Share::Sent.of(figures),
            (Panel::Sent, Some(Status::Accepted)) => Share::Placed.of(figures),
            (Panel::NotSent, None) => figures.n_failed.saturating_add(figures.n_unknown),
            (Panel::NotSent, Some(Status::Failed)) => figures.n_failed,
            (Panel::NotSent, Some(Status::Unknown)) => figures.n_unknown,
            // Not a state of that panel.
            (_, Some(_)) => 0,
        };
        StatusCount::Exactly(n)
    }
}

/// Digits of what somebody looks for in phones, at least three of them; none if it isn't a part of a phone.
pub(super) fn phone_part(text: &str) -> Option<String> {
    let is_phone = text.chars().all(|c| c.is_ascii_digit() || "+-.() \u{a0}".contains(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // A whole Mexican number with the 1 that was dropped in 2019: no message was sent to it in that form.
    let digits = match digits.strip_prefix("521") {
        Some(national) if national.len() == 10 => format!("52{national}"),
        _ => digits,
    };
    (is_phone && 3 <= digits.len()).then_some(digits)
}

impl Filter {
    /// What somebody looks for in phones: at least three digits, with whatever signs between them. Whether it can be looked for;
    /// nothing at all is fine, too.
    pub fn set_phone(&mut self, text: &str) -> bool {
        self.phone = phone_part(text);
        self.phone.is_some() || text.trim().is_empty()
    }
}

impl MessageRecord {
    /// When it was sent, as far as is known.
    pub fn sent_at(&self) -> UnixMillis {
        let at = |event| self.receipt.at(event);
        at(Event::Claimed)
            .or_else(|| at(Event::Accepted))
            .or_else(|| at(Event::Failed))
            .unwrap_or(self.created)
    }

    /// When something was last learnt of it.
    pub fn updated_at(&self) -> UnixMillis {
        Event::ALL.into_iter().filter_map(|event| self.receipt.at(event)).max().unwrap_or(self.created)
    }
}
