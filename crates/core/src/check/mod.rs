//! Sheet × mapping × template → who gets which values, and what is wrong with the rest.
//!
//! The rules are those of Meta's documentation (V3–V13, V15 of the project's table); the ones about a template as a whole
//! (V1, V2) and about the payload (V12) are elsewhere. Every row ends as a [`Recipient`] or with at least one error.
//!
//! A screen that must stay smooth checks slice by slice: [`Checker::rows`] as often as needed, then [`Checker::finish`].

mod fields;
mod media;
mod text;

use std::collections::{HashMap, hash_map::Entry};

use crate::{
    mapping::Mapping,
    phone::{self, Country, E164, Phone},
    problem::{ColumnIdx, LineNumber, Problem, ProblemKind, RowNumber},
    sheet::{Row, Sheet},
    template::{MAX_BODY_CHARS, MAX_HEADER_CHARS, Template, TemplateName, Values},
};
use fields::{Field, FieldKind, Fields};

/// What the rules depend on besides the template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckConfig {
    /// The country in which a number without country code would be dialled.
    pub default_country: Option<Country>,
}

/// A row that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The row's physical line.
    pub line: LineNumber,
    /// The row as a spreadsheet shows it.
    pub row: RowNumber,
    /// The number.
    pub to: E164,
    /// A value for every slot of the template, as they are sent.
    pub values: Values,
}

/// The outcome of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The rows that can be sent, in the file's order.
    pub recipients: Vec<Recipient>,
    /// Everything that is wrong, in the file's order.
    pub problems: Vec<Problem>,
}

/// Checks a whole file at once.
pub fn check(sheet: &Sheet, mapping: &Mapping, template: &Template, config: CheckConfig) -> Checked {
    let mut checker = Checker::new(template, mapping, config).with_header(&sheet.header);
    checker.rows(&sheet.rows);
    checker.finish(sheet)
}

/// Checks rows one after the other. It owns all that it needs, so it can wait between slices.
#[derive(Clone, Debug)]
pub struct Checker {
    template: TemplateName,
    phone: ColumnIdx,
    fields: Fields,
    header: Vec<String>,
    config: CheckConfig,
    /// The first row of each recipient, by the number's comparable form.
    first_rows: HashMap<u64, RowNumber>,
    checked: Checked,
}

impl Checker {
    /// For the rows of one file. [`Checker::with_header`] lets problems name their columns.
    pub fn new(template: &Template, mapping: &Mapping, config: CheckConfig) -> Self {
        Self {
            template: template.name.clone(),
            phone: mapping.phone,
            fields: Fields::new(template, mapping),
            header: Vec::new(),
            config,
            first_rows: HashMap::new(),
            checked: Checked::default(),
        }
    }

    /// Gives it the columns' names.
    #[must_use]
    pub fn with_header(mut self, header: &[String]) -> Self {
        self.header = header.to_vec();
        self
    }

    /// Checks the next rows of the file.
    pub fn rows(&mut self, rows: &[Row]) {
        let mut problems = std::mem::take(&mut self.checked.problems);
        for row in rows {
            let recipient = self.row(row, &mut problems);
            self.checked.recipients.extend(recipient);
        }
        self.checked.problems = problems;
    }

    /// Adds what concerns the file as a whole and returns the outcome.
    pub fn finish(self, sheet: &Sheet) -> Checked {
        let Checked { recipients, problems: of_rows } = self.checked;
        // Both are in the file's order, and problems of one row are in the order of its columns.
        let mut blank_lines = sheet.blank_lines.iter().peekable();
        let mut problems = Vec::with_capacity(of_rows.len() + sheet.blank_lines.len());
        for problem in of_rows {
            while let Some(&(line, row)) = blank_lines.next_if(|(_, row)| *row < problem.row) {
                problems.push(blank_line(line, row));
            }
            problems.push(problem);
        }
        problems.extend(blank_lines.map(|&(line, row)| blank_line(line, row)));
        Checked { recipients, problems }
    }

    /// Checks one row: adds what is wrong with it, and returns the recipient if none of it is an error.
    pub fn row(&mut self, row: &Row, problems: &mut Vec<Problem>) -> Option<Recipient> {
        let n_before = problems.len();
        let to = self.to(row, problems);
        let values = self.values(row, problems);
        if problems.iter().skip(n_before).any(Problem::is_error) {
            return None;
        }
        Some(Recipient { line: row.line, row: row.row, to: to?, values })
    }

    /// V13, V15.
    fn to(&mut self, row: &Row, problems: &mut Vec<Problem>) -> Option<E164> {
        let text = row.value(self.phone).unwrap_or_default();
        let kind = if text.is_empty() {
            ProblemKind::PhoneMissing
        } else {
            match phone::read(text, self.config.default_country.as_ref()) {
                Ok(Phone { number, .. }) => match self.first_rows.entry(phone::comparable_key(&number)) {
                    Entry::Vacant(vacant) => {
                        vacant.insert(row.row);
                        return Some(number);
                    }
                    Entry::Occupied(first) => {
                        let kind = ProblemKind::DuplicatePhone { first_row: *first.get() };
                        problems.push(self.problem(kind, row, Some(self.phone)));
                        return Some(number);
                    }
                },
                Err(problem) => ProblemKind::Phone(problem),
            }
        };
        problems.push(self.problem(kind, row, Some(self.phone)));
        None
    }

    fn values(&self, row: &Row, problems: &mut Vec<Problem>) -> Values {
        let mut values = Values::new();
        let mut lengths = Lengths { header: self.fields.header_chars, body: self.fields.body_chars };
        let lacks_all = self.lacks_all_variables(row);
        let mut ends_too_soon = false;
        for field in &self.fields.all {
            let cell = field.column.and_then(|column| row.value(column));
            let value = cell.unwrap_or_default();
            if value.is_empty() {
                match field.kind {
                    FieldKind::Media(expected) => {
                        let kind = ProblemKind::MediaMissing { expected };
                        problems.push(self.problem(kind, row, field.column));
                    }
                    _ if lacks_all => {}
                    // One problem says it for all the columns that the row doesn't have.
                    _ if cell.is_none() && field.column.is_some() => ends_too_soon = true,
                    _ => {
                        let kind = ProblemKind::ValueEmpty { slot: field.slot.clone() };
                        problems.push(self.problem(kind, row, field.column));
                    }
                }
                lengths.forget(&field.kind);
                continue;
            }
            lengths.add(&field.kind, value);
            let mut report = |kind| problems.push(self.problem(kind, row, field.column));
            values.set(field.slot.clone(), field.check(value, &mut report));
        }
        let whole_row = if lacks_all {
            let expected = self.fields.n_variables;
            Some(ProblemKind::MissingVariables { template: self.template.clone(), expected })
        } else if ends_too_soon {
            Some(ProblemKind::TooFewColumns { found: row.cells.len(), expected: self.fields.n_columns })
        } else {
            None
        };
        problems.extend(
            whole_row.into_iter().chain(lengths.problems()).map(|kind| self.problem(kind, row, None)),
        );
        values
    }

    /// The manual's case: a template that needs variables, and a row without any.
    fn lacks_all_variables(&self, row: &Row) -> bool {
        let is_lacking =
            |field: &Field| field.column.and_then(|column| row.value(column)).is_none_or(str::is_empty);
        0 < self.fields.n_variables
            && self.fields.all.iter().filter(|field| field.kind.is_variable()).all(is_lacking)
    }

    fn problem(&self, kind: ProblemKind, row: &Row, column: Option<ColumnIdx>) -> Problem {
        let name = |column: ColumnIdx| self.header.get(column.get()).filter(|name| !name.is_empty()).cloned();
        let value =
            |column: ColumnIdx| row.value(column).filter(|value| !value.is_empty()).map(str::to_owned);
        Problem {
            kind,
            line: column.map_or(row.line, |column| row.line_of(column)),
            row: row.row,
            column,
            column_name: column.and_then(name),
            value: column.and_then(value),
        }
    }
}

/// How long header and body are with the values in (V7); `None` where a value is missing, which is said already.
struct Lengths {
    header: Option<usize>,
    body: Option<usize>,
}

impl Lengths {
    fn forget(&mut self, kind: &FieldKind) {
        match kind {
            FieldKind::HeaderText { .. } => self.header = None,
            FieldKind::Body { .. } => self.body = None,
            FieldKind::Media(_) | FieldKind::UrlSuffix { .. } | FieldKind::CopyCode => {}
        }
    }

    fn add(&mut self, kind: &FieldKind, value: &str) {
        let (chars, times) = match kind {
            FieldKind::HeaderText { times } => (&mut self.header, times),
            FieldKind::Body { times, .. } => (&mut self.body, times),
            FieldKind::Media(_) | FieldKind::UrlSuffix { .. } | FieldKind::CopyCode => return,
        };
        *chars = chars.map(|chars| chars + times * text::utf16_chars(value));
    }

    fn problems(self) -> impl Iterator<Item = ProblemKind> {
        let header = self.header.filter(|&chars| MAX_HEADER_CHARS < chars);
        let body = self.body.filter(|&chars| MAX_BODY_CHARS < chars);
        header
            .map(|chars| ProblemKind::HeaderTooLong { chars, max: MAX_HEADER_CHARS })
            .into_iter()
            .chain(body.map(|chars| ProblemKind::BodyTooLong { chars, max: MAX_BODY_CHARS }))
    }
}

fn blank_line(line: LineNumber, row: RowNumber) -> Problem {
    Problem { kind: ProblemKind::BlankLine, line, row, column: None, column_name: None, value: None }
}

#[cfg(test)]
mod tests;
