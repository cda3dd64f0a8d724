//! What makes a row good: its phone and its values, without regard to other rows.

use std::borrow::Cow;

use crate::{
    check::{
        CheckConfig,
        fields::{Field, FieldKind, Fields},
        text,
    },
    example,
    mapping::{Mapping, Source},
    phone::{self, E164, LineKind, PhoneProblem},
    problem::{ColumnIdx, ProblemKind},
    sheet::Cells,
    template::{Category, MAX_BODY_CHARS, MAX_HEADER_CHARS, SlotId, Template, TemplateName, Values},
};

/// The rules for the rows of one file: those of its template, its mapping and its settings.
#[derive(Clone, Debug)]
pub struct Rules {
    template: TemplateName,
    is_marketing: bool,
    /// The values of the downloadable format's example.
    example: Values,
    pub(super) phone: Option<ColumnIdx>,
    pub(super) fields: Fields,
    pub(super) config: CheckConfig,
}

impl Rules {
    pub(super) fn new(template: &Template, mapping: &Mapping, config: CheckConfig) -> Self {
        Self {
            template: template.name.clone(),
            is_marketing: template.category == Category::Marketing,
            example: example::values(template),
            phone: mapping.phone,
            fields: Fields::new(template, mapping),
            config,
        }
    }

    /// What is sent for a row: a value for every slot that has one.
    pub fn values(&self, cells: &Cells<'_>) -> Values {
        let values = self.fields.all.iter().zip(self.values_in_order(cells));
        values.filter_map(|(field, value)| Some((field.slot.clone(), value?.into_owned()))).collect()
    }

    /// The same by the order of the template's slots, for whoever has many rows.
    pub(crate) fn values_in_order<'c>(
        &'c self,
        cells: &'c Cells<'_>,
    ) -> impl Iterator<Item = Option<Cow<'c, str>>> {
        self.fields.all.iter().map(|field| {
            let value = field.value(cells).filter(|value| !value.is_empty())?;
            Some(field.sent(value, self.config.decisions.collapses_blanks))
        })
    }

    /// The phone (V13, V14), and what is wrong with it or was changed.
    pub(super) fn phone(&self, cells: &Cells<'_>, report: &mut Report<'_>) -> Option<E164> {
        let text = self.phone.and_then(|column| cells.value(column)).unwrap_or_default();
        if text.is_empty() {
            report.add(ProblemKind::PhoneMissing, self.phone);
            return None;
        }
        let number = match phone::read(text, self.config.default_country.as_ref()) {
            Ok(phone) => {
                if let Some(rewriting) = phone.rewritten {
                    report.add(ProblemKind::PhoneRewritten { rewriting, after: phone.number }, self.phone);
                }
                match phone.kind {
                    LineKind::Mobile | LineKind::FixedOrMobile => {}
                    LineKind::FixedLine => report.add(ProblemKind::Landline, self.phone),
                    LineKind::Other => report.add(ProblemKind::NotMobile, self.phone),
                }
                phone.number
            }
            Err(PhoneProblem::NoCountryCode { suggestion })
                if self.config.decisions.accepts_country_codes =>
            {
                report.add(ProblemKind::CountryCodeAdded { after: suggestion }, self.phone);
                suggestion
            }
            Err(problem) => {
                report.add(ProblemKind::Phone(problem), self.phone);
                return None;
            }
        };
        if self.config.opt_outs.has(&number) {
            report.add(ProblemKind::OptedOut, self.phone);
        } else if self.is_marketing && phone::is_us(&number) {
            report.add(ProblemKind::UsMarketing, self.phone);
        }
        if example::is_left(&self.example, number, || self.values(cells)) {
            report.add(ProblemKind::ExampleRow, self.phone);
        }
        Some(number)
    }

    /// The values (V3–V11), and what is wrong with them.
    pub(super) fn values_problems(&self, cells: &Cells<'_>, report: &mut Report<'_>) {
        let mut lengths = Lengths { header: self.fields.header_chars, body: self.fields.body_chars };
        // Only a row that lacks one can lack all.
        let mut lacks_all = None;
        let mut ends_too_soon = false;
        for field in &self.fields.all {
            let column = field.column();
            let value = field.value(cells);
            let text = value.unwrap_or_default();
            if text.is_empty() {
                let lacks_all = *lacks_all.get_or_insert_with(|| self.lacks_all_variables(cells));
                match field.kind {
                    FieldKind::Media(expected) => report.add(ProblemKind::MediaMissing { expected }, column),
                    _ if lacks_all => {}
                    // One problem says it for all the columns that the row doesn't have.
                    _ if value.is_none() && column.is_some() => ends_too_soon = true,
                    _ => report.add(ProblemKind::ValueEmpty { slot: field.slot.clone() }, column),
                }
                lengths.forget(&field.kind);
                continue;
            }
            lengths.add(&field.kind, text);
            if column.is_some() {
                if column.is_some_and(|column| cells.was_cleaned(column)) {
                    // Of a garbled í the second half is a soft hyphen, and is gone by now.
                    let raw = column.and_then(|column| cells.raw(column)).unwrap_or_default();
                    let is_garbled = text::is_garbled(raw) && !text::is_garbled(text);
                    let kind =
                        if is_garbled { ProblemKind::AccentsGarbled } else { ProblemKind::ValueCleaned };
                    report.add(kind, column);
                }
                field.check(text, self.config.decisions.collapses_blanks, &mut |kind| {
                    report.add(kind, column);
                });
            }
        }
        if lacks_all == Some(true) {
            let expected = self.fields.n_variables;
            report.add(ProblemKind::MissingVariables { template: self.template.clone(), expected }, None);
        } else if ends_too_soon {
            let expected = self.fields.n_columns;
            report.add(ProblemKind::TooFewColumns { found: cells.len(), expected }, None);
        }
        lengths.report(report);
    }

    /// The address of the row's own media, if the file gives one.
    pub(super) fn media_url<'c>(&self, cells: &'c Cells<'_>) -> Option<&'c str> {
        let is_media = |field: &&Field| matches!(field.kind, FieldKind::Media(_));
        let column = self.fields.all.iter().find(is_media)?.column()?;
        cells.value(column).filter(|url| !url.is_empty())
    }

    /// Whether a column is part of the message.
    pub(super) fn uses(&self, column: ColumnIdx) -> bool {
        self.phone == Some(column) || self.fields.all.iter().any(|field| field.column() == Some(column))
    }

    /// The manual's case: a template that needs variables from the file, and a row without any.
    fn lacks_all_variables(&self, cells: &Cells<'_>) -> bool {
        let mut variables = self.fields.all.iter().filter(|field| field.kind.is_variable());
        0 < self.fields.n_variables && variables.all(|field| field.value(cells).is_none_or(str::is_empty))
    }
}

/// What is wrong with a value that fills a slot in every row.
pub(super) fn fixed_value(template: &Template, slot: &SlotId, value: &str) -> Vec<ProblemKind> {
    let mut mapping = Mapping::manual(template);
    mapping.set_source(slot, Some(Source::Fixed(value.to_owned())));
    let fields = Fields::new(template, &mapping);
    let mut found = Vec::new();
    if let Some(field) = fields.all.iter().find(|field| field.slot == *slot) {
        if value.is_empty() {
            found.push(ProblemKind::ValueEmpty { slot: slot.clone() });
        } else {
            field.check(value, false, &mut |kind| found.push(kind));
        }
    }
    found
}

/// Where problems of one row are put.
pub(super) struct Report<'p> {
    pub(super) add: &'p mut dyn FnMut(ProblemKind, Option<ColumnIdx>),
}

impl Report<'_> {
    pub(super) fn add(&mut self, kind: ProblemKind, column: Option<ColumnIdx>) {
        (self.add)(kind, column);
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

    fn report(self, report: &mut Report<'_>) {
        if let Some(chars) = self.header.filter(|&chars| MAX_HEADER_CHARS < chars) {
            report.add(ProblemKind::HeaderTooLong { chars, max: MAX_HEADER_CHARS }, None);
        }
        if let Some(chars) = self.body.filter(|&chars| MAX_BODY_CHARS < chars) {
            report.add(ProblemKind::BodyTooLong { chars, max: MAX_BODY_CHARS }, None);
        }
    }
}
