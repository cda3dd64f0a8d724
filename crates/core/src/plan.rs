//! A frozen batch: what exactly will be sent, to whom, before the first call.
//!
//! Planned first (plain data that can be shown and counted), executed second, one message one outcome. The same
//! recipients, template and id give the same plan.

use std::fmt;

use crate::{
    check::Recipient,
    phone::E164,
    problem::{LineNumber, RowNumber},
    template::{Preview, Template, Values},
};

/// Identifies a batch (lote). Made by the shell, since it needs randomness.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchId(String);

impl BatchId {
    /// From an id that nobody else has.
    pub fn new(id: String) -> Self {
        Self(id)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One message of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where its row begins in the file.
    pub line: LineNumber,
    /// Its row in a spreadsheet.
    pub row: RowNumber,
    /// Who gets it.
    pub to: E164,
    /// What the template's slots are filled with.
    pub values: Values,
}

/// Why nothing can be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nobody to send to.
    #[error("there are no recipients")]
    NoRecipients,
    /// The template isn't approved or has parts that can't be sent (V1).
    #[error("the template can't be sent")]
    NotSendable,
}

/// What will be sent, to whom. It doesn't change any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    id: BatchId,
    template: Template,
    messages: Vec<Message>,
}

impl Batch {
    /// Freezes recipients and template.
    pub fn plan(id: BatchId, template: Template, recipients: Vec<Recipient>) -> Result<Self, PlanError> {
        if !template.is_sendable() {
            return Err(PlanError::NotSendable);
        }
        if recipients.is_empty() {
            return Err(PlanError::NoRecipients);
        }
        let messages = recipients
            .into_iter()
            .map(|Recipient { line, row, to, values }| Message { line, row, to, values })
            .collect();
        Ok(Self { id, template, messages })
    }

    /// Its id.
    pub fn id(&self) -> &BatchId {
        &self.id
    }

    /// The template as it was when the batch was planned.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// Its messages in the file's order; a message's place here is its index in the send engine.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// A message as its recipient will see it.
    pub fn preview(&self, message_idx: usize) -> Option<Preview> {
        self.messages.get(message_idx).map(|message| self.template.preview(&message.values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{TemplateStatus, samples};

    fn recipient() -> Recipient {
        Recipient {
            line: LineNumber::new(2),
            row: RowNumber::new(2),
            to: E164::parse_exact("+525512345678").unwrap(),
            values: Values::new(),
        }
    }

    fn plan(template: Template, recipients: Vec<Recipient>) -> Result<Batch, PlanError> {
        Batch::plan(BatchId::new("b1".to_owned()), template, recipients)
    }

    #[test]
    fn one_message_a_recipient_in_the_files_order() {
        let second = Recipient { line: LineNumber::new(3), row: RowNumber::new(3), ..recipient() };
        let batch = plan(samples::plain(), vec![recipient(), second]).unwrap();
        let rows: Vec<_> = batch.messages().iter().map(|message| message.row.get()).collect();
        assert_eq!(rows, [2, 3]);
        assert!(batch.preview(1).is_some());
        assert!(batch.preview(2).is_none());
    }

    #[test]
    fn nothing_is_planned_for_nobody_or_without_approval() {
        assert_eq!(plan(samples::plain(), Vec::new()), Err(PlanError::NoRecipients));
        let paused = Template { status: TemplateStatus::Paused, ..samples::plain() };
        assert_eq!(plan(paused, vec![recipient()]), Err(PlanError::NotSendable));
    }
}
