//! What fills which slot of the template: a column of the file, or one value for all rows.
//!
//! The manual's rule goes by place (A is the phone, B the media, from C on the variables). A file whose header names
//! something else is matched by names ([`propose`]); what the agent makes of it can be kept for the next file of the
//! same template ([`Kept`]).

mod kept;
mod names;

pub use kept::Kept;
pub use names::names_phones;

use crate::{
    phone,
    problem::ColumnIdx,
    sheet::{Cells, Sheet},
    template::{Slot, SlotId, Template},
};

/// The manual's format has `dato1` to `dato7`; a template that needs more gets more.
const MIN_DATA_COLUMNS: usize = 7;
/// So many rows tell what a column has.
const SAMPLE_ROWS: usize = 50;
const PHONE: ColumnIdx = ColumnIdx::new(0);
const HEADER_MEDIA: ColumnIdx = ColumnIdx::new(1);
const FIRST_DATA: usize = 2;

/// What fills a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The cells of this column.
    Column(ColumnIdx),
    /// The same value in every row.
    Fixed(String),
}

/// What fills which slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The recipient's phone.
    pub phone: Option<ColumnIdx>,
    /// The template's slots in its own order, and what fills them; `None` for those that nothing fills yet.
    pub slots: Vec<(SlotId, Option<Source>)>,
}

/// How a mapping was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// By the manual's places.
    Place,
    /// By the header's names.
    Names,
    /// By what the agent chose for an earlier file.
    Kept,
}

impl Mapping {
    /// The manual's rule: A is the phone and B the header's media, whether there is one or not; from C on the header
    /// text's variable if there is one, the body's variables, and the values of dynamic buttons.
    pub fn manual(template: &Template) -> Self {
        let slots = columns(template).into_iter().filter_map(|spec| match spec.purpose {
            ColumnPurpose::Slot(slot) => Some((slot.id, Some(Source::Column(spec.column)))),
            ColumnPurpose::Phone | ColumnPurpose::Unused => None,
        });
        Self { phone: Some(PHONE), slots: slots.collect() }
    }

    /// What fills a slot.
    pub fn source(&self, slot: &SlotId) -> Option<&Source> {
        self.slots.iter().find(|(id, _)| id == slot).and_then(|(_, source)| source.as_ref())
    }

    /// Lets a slot be filled by something else, or by nothing yet.
    pub fn set_source(&mut self, slot: &SlotId, source: Option<Source>) {
        if let Some((_, old)) = self.slots.iter_mut().find(|(id, _)| id == slot) {
            *old = source;
        }
    }

    /// Whether everything is filled. A phone or slot without source keeps the whole file from being sent.
    pub fn is_complete(&self) -> bool {
        self.phone.is_some() && self.slots.iter().all(|(_, source)| source.is_some())
    }

    /// How many columns a row must have at least.
    pub fn n_columns(&self) -> usize {
        let column = |source: &Option<Source>| match source {
            Some(Source::Column(column)) => Some(column.get() + 1),
            Some(Source::Fixed(_)) | None => None,
        };
        let phone = self.phone.map_or(0, |phone| phone.get() + 1);
        self.slots.iter().filter_map(|(_, source)| column(source)).fold(phone, usize::max)
    }
}

/// The mapping for a file: the manual's where the header agrees with it or there is none, else what its names say. A
/// column whose cells all look like phones is taken for the phones where no name says so.
pub fn propose(
    template: &Template,
    header: &[String],
    phone_column: Option<ColumnIdx>,
) -> (Mapping, FoundBy) {
    let manual = Mapping::manual(template);
    if header.is_empty() || names::agree_with_manual(template, header) {
        return (manual, FoundBy::Place);
    }
    let mut mapping = names::matched(template, header);
    mapping.phone = mapping.phone.or(phone_column);
    (mapping, FoundBy::Names)
}

/// The column whose cells look like phones, if there is exactly one: most of the first rows decide.
pub fn find_phone_column(sheet: &Sheet) -> Option<ColumnIdx> {
    let n_rows = sheet.n_rows().min(SAMPLE_ROWS);
    let mut counts = vec![0; sheet.read_as().n_columns];
    let mut cells = Cells::new();
    for idx in 0..n_rows {
        sheet.cells(idx, &mut cells);
        for (count, cell) in counts.iter_mut().zip(cells.iter()) {
            *count += usize::from(phone::looks_like_number(cell));
        }
    }
    let mut columns = counts.iter().enumerate().filter(|(_, count)| n_rows < 2 * **count);
    let found = columns.next().map(|(idx, _)| ColumnIdx::new(idx));
    found.filter(|_| columns.next().is_none())
}

/// What a column of the downloadable format is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnPurpose {
    /// The recipient's phone.
    Phone,
    /// The value of this slot.
    Slot(Slot),
    /// Nothing in this template: the column is there because the manual's format has it.
    Unused,
}

/// A column of the downloadable format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Its place.
    pub column: ColumnIdx,
    /// Its name in the header line: `telefonos`, `image`, `dato1`, ….
    pub name: String,
    /// What it is for.
    pub purpose: ColumnPurpose,
}

/// The columns of a template's downloadable format, in order.
pub fn columns(template: &Template) -> Vec<ColumnSpec> {
    let (media, data): (Vec<Slot>, Vec<Slot>) =
        template.slots().into_iter().partition(|slot| slot.id == SlotId::HeaderMedia);
    let purpose = |slot: Option<Slot>| slot.map_or(ColumnPurpose::Unused, ColumnPurpose::Slot);
    let mut columns = vec![
        ColumnSpec { column: PHONE, name: "telefonos".to_owned(), purpose: ColumnPurpose::Phone },
        ColumnSpec {
            column: HEADER_MEDIA,
            name: "image".to_owned(),
            purpose: purpose(media.into_iter().next()),
        },
    ];
    let n_data = data.len().max(MIN_DATA_COLUMNS);
    let mut data = data.into_iter();
    columns.extend((0..n_data).map(|index| ColumnSpec {
        column: ColumnIdx::new(FIRST_DATA + index),
        name: format!("dato{}", index + 1),
        purpose: purpose(data.next()),
    }));
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Placeholder, samples};

    fn shown(template: &Template) -> String {
        let names = columns(template).into_iter().map(|spec| {
            let purpose = match spec.purpose {
                ColumnPurpose::Phone => "phone".to_owned(),
                ColumnPurpose::Slot(slot) => format!("{:?}", slot.id),
                ColumnPurpose::Unused => "-".to_owned(),
            };
            format!("{} {} {purpose}\n", spec.column, spec.name)
        });
        names.collect()
    }

    #[test]
    fn without_a_header_variable_the_body_begins_in_c() {
        insta::assert_snapshot!(shown(&samples::with_image()), @"
        A telefonos phone
        B image HeaderMedia
        C dato1 Body(Position(1))
        D dato2 -
        E dato3 -
        F dato4 -
        G dato5 -
        H dato6 -
        I dato7 -
        ");
        assert_eq!(
            Mapping::manual(&samples::with_body("{{1}}")).slots,
            [(SlotId::Body(Placeholder::Position(1)), Some(Source::Column(ColumnIdx::new(2))))]
        );
    }

    #[test]
    fn a_header_variable_takes_c_and_buttons_follow_the_body() {
        insta::assert_snapshot!(shown(&samples::everything()), @"
        A telefonos phone
        B image -
        C dato1 HeaderText
        D dato2 Body(Position(1))
        E dato3 Body(Position(2))
        F dato4 Button(1)
        G dato5 Button(2)
        H dato6 -
        I dato7 -
        ");
    }

    #[test]
    fn the_format_grows_with_the_template() {
        let template = samples::with_body("{{1}} {{2}} {{3}} {{4}} {{5}} {{6}} {{7}} {{8}} {{9}}");
        assert_eq!(columns(&template).last().unwrap().name, "dato9");
        assert_eq!(Mapping::manual(&template).n_columns(), 11);
        assert_eq!(Mapping::manual(&samples::plain()).n_columns(), 1);
    }
}
