//! Sheet × mapping × template → who gets which values, and what is wrong with the rest.
//!
//! The rules are those of Meta's documentation (V3–V15 of the project's table); the ones about a template as a whole
//! (V1, V2) and about the payload (V12) are elsewhere. V16, a variable at the start or end of a text, is a rule for
//! making templates: approved ones break it, so nothing is blocked for it.
//!
//! A screen that must stay smooth checks slice by slice: [`Checker::rows`] as often as needed, then [`Checker::finish`].
//! What comes out, [`Checked`], follows edits: [`Checked::recheck`] looks at one row again.

mod checked;
mod duplicates;
mod fields;
mod media;
mod media_files;
mod opt_out;
mod rules;
mod single;
mod text;

use std::ops::Range;

use crate::{
    mapping::Mapping,
    phone::Country,
    problem::ProblemKind,
    sheet::{Cells, Sheet},
    template::{SlotId, Template},
};
pub use checked::{Checked, Fate, Summary, Target};
pub use media_files::{MediaFacts, MediaFile, MediaSize};
pub use opt_out::OptOuts;
pub use rules::Rules;
pub use single::{PHONE_COLUMN, sheet_of_one, slot_in};

/// What the rules depend on besides the template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckConfig {
    /// The country in which a number without country code would be dialled.
    pub default_country: Option<Country>,
    /// To whom nothing may be sent.
    pub opt_outs: OptOuts,
    /// What the agent has decided.
    pub decisions: Decisions,
}

/// What the agent has decided about all rows at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Numbers without country code get the default country's where that makes a number.
    pub accepts_country_codes: bool,
    /// The same person gets a message for each row.
    pub includes_duplicates: bool,
    /// Line breaks, tabs and runs of blanks in values become one blank.
    pub collapses_blanks: bool,
}

/// Checks a whole file at once.
pub fn check(sheet: &Sheet, mapping: &Mapping, template: &Template, config: CheckConfig) -> Checked {
    let mut checker = Checker::new(template, mapping, config, sheet);
    checker.rows(sheet, 0..sheet.n_rows());
    checker.finish(sheet)
}

/// What is wrong with a value that fills a slot in every row.
pub fn fixed_value(template: &Template, slot: &SlotId, value: &str) -> Vec<ProblemKind> {
    rules::fixed_value(template, slot, value)
}

/// Checks rows one after the other. It owns all that it needs, so it can wait between slices.
#[derive(Clone, Debug)]
pub struct Checker {
    checked: Checked,
}

impl Checker {
    /// For the rows of one file.
    pub fn new(template: &Template, mapping: &Mapping, config: CheckConfig, sheet: &Sheet) -> Self {
        Self { checked: Checked::new(Rules::new(template, mapping, config), sheet.n_rows()) }
    }

    /// Checks these rows, which follow those checked before.
    pub fn rows(&mut self, sheet: &Sheet, rows: Range<usize>) {
        let mut cells = Cells::new();
        for idx in rows {
            sheet.cells(idx, &mut cells);
            self.checked.push(sheet, idx, &cells);
        }
    }

    /// Adds what concerns the file as a whole and returns the outcome.
    pub fn finish(self, sheet: &Sheet) -> Checked {
        self.checked.finished(sheet)
    }
}

#[cfg(test)]
mod tests;
