//! A planned batch: what exactly would be sent, to whom, before anything is kept.
//!
//! Planned first (plain data that can be shown and counted), then frozen ([`crate::frozen`]), then sent, one message one
//! outcome. The same recipients, template and id give the same plan.

use std::{fmt, sync::Arc};

use crate::{
    check::{Checked, Rules, Target},
    phone::E164,
    problem::{LineNumber, RowNumber},
    sheet::{Cells, Sheet},
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

/// What would be sent, to whom, over the sheet that it comes from.
///
/// A message's values are taken from the sheet when they are asked for: sheet, rules and template are the batch's own and
/// stay as they were, so the answer is the same each time, and a million messages need no more memory than their rows.
#[derive(Clone, Debug)]
pub struct Batch {
    id: BatchId,
    template: Template,
    sheet: Arc<Sheet>,
    rules: Rules,
    targets: Vec<Target>,
}

impl Batch {
    /// Takes the rows that can be sent, and the template.
    pub fn plan(
        id: BatchId,
        template: Template,
        sheet: Arc<Sheet>,
        checked: &Checked,
    ) -> Result<Self, PlanError> {
        if !template.is_sendable() {
            return Err(PlanError::NotSendable);
        }
        let targets = checked.targets();
        if targets.is_empty() {
            return Err(PlanError::NoRecipients);
        }
        Ok(Self { id, template, sheet, rules: checked.rules().clone(), targets })
    }

    /// Its id.
    pub fn id(&self) -> &BatchId {
        &self.id
    }

    /// The template as it was when the batch was planned.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The file that it was made of.
    pub fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    /// Its recipients in the file's order; a message's place here is its index in the send engine.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// What fills a message from its row.
    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How many messages there are.
    pub fn n_messages(&self) -> usize {
        self.targets.len()
    }

    /// A message; `None` if there are fewer.
    pub fn message(&self, message_idx: usize) -> Option<Message> {
        let target = self.targets.get(message_idx)?;
        let row_idx = usize::try_from(target.row).ok()?;
        let mut cells = Cells::new();
        self.sheet.cells(row_idx, &mut cells);
        Some(Message {
            line: self.sheet.line(row_idx),
            row: self.sheet.row_number(row_idx),
            to: target.to,
            values: self.rules.values(&cells),
        })
    }

    /// A message as its recipient will see it.
    pub fn preview(&self, message_idx: usize) -> Option<Preview> {
        self.message(message_idx).map(|message| self.template.preview(&message.values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check::{CheckConfig, check},
        mapping::Mapping,
        sheet::{self, ReadOptions},
        template::{Placeholder, SlotId, TemplateStatus, samples},
    };

    fn plan(template: Template, csv: &str) -> Result<Batch, PlanError> {
        let sheet = Arc::new(sheet::read(csv.as_bytes(), ReadOptions::default()).unwrap());
        let checked = check(&sheet, &Mapping::manual(&template), &template, CheckConfig::default());
        Batch::plan(BatchId::new("b1".to_owned()), template, sheet, &checked)
    }

    #[test]
    fn one_message_for_each_row_that_can_be_sent_in_the_files_order() {
        let csv = "telefonos,image,dato1\n525512345678,,Ana\n123,,Lu\n525512345679,,Eva\n525512345678,,Ana\n";
        let batch = plan(samples::with_body("Hola {{1}}"), csv).unwrap();
        let messages: Vec<_> = (0..batch.n_messages()).filter_map(|idx| batch.message(idx)).collect();
        let shown: Vec<_> = messages
            .iter()
            .map(|message| {
                let name = message.values.get(&SlotId::Body(Placeholder::Position(1))).unwrap();
                (message.row.get(), message.to.to_string(), name.to_owned())
            })
            .collect();
        assert_eq!(
            shown,
            [
                (2, "+525512345678".to_owned(), "Ana".to_owned()),
                (4, "+525512345679".to_owned(), "Eva".to_owned())
            ]
        );
        assert!(batch.preview(1).is_some());
        assert!(batch.preview(2).is_none());
    }

    #[test]
    fn nothing_is_planned_for_nobody_or_without_approval() {
        assert_eq!(plan(samples::plain(), "telefonos\n1\n").unwrap_err(), PlanError::NoRecipients);
        let paused = Template { status: TemplateStatus::Paused, ..samples::plain() };
        assert_eq!(plan(paused, "telefonos\n525512345678\n").unwrap_err(), PlanError::NotSendable);
    }
}
