//! Which column of the file fills which slot of the template.

use crate::{
    problem::ColumnIdx,
    template::{Slot, SlotId, Template},
};

/// The manual's format has `dato1` to `dato7`; a template that needs more gets more.
const MIN_DATA_COLUMNS: usize = 7;
const PHONE: ColumnIdx = ColumnIdx::new(0);
const HEADER_MEDIA: ColumnIdx = ColumnIdx::new(1);
const FIRST_DATA: usize = 2;

/// Which column fills which slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The recipient's phone.
    pub phone: ColumnIdx,
    /// The template's slots and the columns that fill them, in the template's order.
    pub slots: Vec<(SlotId, ColumnIdx)>,
}

impl Mapping {
    /// The manual's rule: A is the phone and B the header's media, whether there is one or not; from C on the header
    /// text's variable if there is one, the body's variables, and the values of dynamic buttons.
    pub fn manual(template: &Template) -> Self {
        let slots = columns(template).into_iter().filter_map(|spec| match spec.purpose {
            ColumnPurpose::Slot(slot) => Some((slot.id, spec.column)),
            ColumnPurpose::Phone | ColumnPurpose::Unused => None,
        });
        Self { phone: PHONE, slots: slots.collect() }
    }

    /// How many columns a row must have at least.
    pub fn n_columns(&self) -> usize {
        self.slots.iter().map(|(_, column)| column.get()).fold(self.phone.get(), usize::max) + 1
    }
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
            [(SlotId::Body(Placeholder::Position(1)), ColumnIdx::new(2))]
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
