//! A mapping as it is kept for the next file of the same template: by the columns' names.

use serde::{Deserialize, Serialize};

use crate::{
    mapping::{Mapping, Source},
    problem::ColumnIdx,
    template::{Placeholder, SlotId},
};

/// What the agent chose, in a form that outlives the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Each slot's name and what fills it; the phone's is `phone`.
    slots: Vec<(String, KeptSource)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum KeptSource {
    /// The column of this name.
    Named(String),
    /// This value.
    Fixed(String),
}

const PHONE: &str = "phone";

impl Kept {
    /// What can be kept of a mapping: a file without header has no names to keep. `None` if something isn't filled.
    pub fn of(mapping: &Mapping, header: &[String]) -> Option<Self> {
        let named = |column: ColumnIdx| {
            let name = header.get(column.get()).filter(|name| !name.is_empty())?;
            // Two columns of one name can't be told apart the next time.
            (header.iter().filter(|other| *other == name).count() == 1).then(|| name.clone())
        };
        let mut slots = vec![(PHONE.to_owned(), KeptSource::Named(named(mapping.phone?)?))];
        for (slot, source) in &mapping.slots {
            let kept = match source.as_ref()? {
                Source::Column(column) => KeptSource::Named(named(*column)?),
                Source::Fixed(value) => KeptSource::Fixed(value.clone()),
            };
            slots.push((slot_name(slot), kept));
        }
        Some(Self { slots })
    }

    /// The mapping for another file, if it has all the columns and the template still has the same slots.
    pub fn restore(&self, wanted: &Mapping, header: &[String]) -> Option<Mapping> {
        let find = |slot: &str| self.slots.iter().find(|(name, _)| name == slot).map(|(_, source)| source);
        let column = |name: &str| header.iter().position(|other| other == name).map(ColumnIdx::new);
        let KeptSource::Named(phone) = find(PHONE)? else { return None };
        let mut mapping = Mapping { phone: Some(column(phone)?), slots: Vec::new() };
        for (slot, _) in &wanted.slots {
            let source = match find(&slot_name(slot))? {
                KeptSource::Named(name) => Source::Column(column(name)?),
                KeptSource::Fixed(value) => Source::Fixed(value.clone()),
            };
            mapping.slots.push((slot.clone(), Some(source)));
        }
        (mapping.slots.len() + 1 == self.slots.len()).then_some(mapping)
    }
}

/// A slot's stable name.
fn slot_name(slot: &SlotId) -> String {
    match slot {
        SlotId::HeaderMedia => "media".to_owned(),
        SlotId::HeaderText => "header".to_owned(),
        SlotId::Body(Placeholder::Position(position)) => format!("body.{position}"),
        SlotId::Body(Placeholder::Name(name)) => format!("body.{name}"),
        SlotId::Button(index) => format!("button.{index}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::samples;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(ToOwned::to_owned).collect()
    }

    #[test]
    fn the_next_file_is_mapped_by_the_same_names() {
        let template = samples::with_body("{{1}} {{2}}");
        let mut mapping = Mapping::manual(&template);
        let slot = |position| SlotId::Body(Placeholder::Position(position));
        mapping.phone = Some(ColumnIdx::new(1));
        mapping.set_source(&slot(1), Some(Source::Column(ColumnIdx::new(0))));
        mapping.set_source(&slot(2), Some(Source::Fixed("hoy".to_owned())));
        let kept = Kept::of(&mapping, &header("cliente,móvil")).unwrap();

        let wanted = Mapping::manual(&template);
        let next = kept.restore(&wanted, &header("móvil,id,cliente")).unwrap();
        assert_eq!(next.phone, Some(ColumnIdx::new(0)));
        assert_eq!(next.source(&slot(1)), Some(&Source::Column(ColumnIdx::new(2))));
        assert_eq!(next.source(&slot(2)), Some(&Source::Fixed("hoy".to_owned())));

        assert_eq!(kept.restore(&wanted, &header("móvil,id")), None, "a column is gone");
        let other = Mapping::manual(&samples::with_body("{{1}}"));
        assert_eq!(kept.restore(&other, &header("cliente,móvil")), None, "the template has changed");
    }

    #[test]
    fn what_has_no_name_is_not_kept() {
        let template = samples::plain();
        let mapping = Mapping::manual(&template);
        assert_eq!(Kept::of(&mapping, &[]), None);
        assert_eq!(Kept::of(&mapping, &header("tel,tel")), None);
        assert!(Kept::of(&mapping, &header("tel")).is_some());
    }
}
