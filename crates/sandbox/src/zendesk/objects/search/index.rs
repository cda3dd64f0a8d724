//! Where values lead to records: for each field, its values in order, each with the records that have it.

use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash as _, Hasher as _};
use std::ops::{Bound, RangeBounds as _};
use std::sync::Arc;

use serde_json::Value;

use super::super::clock::Millis;
use super::super::record::Record;
use super::super::table::{Place, SortKey};
use super::posting::Posting;

/// Longer texts are found by the whole and by being there, not by their parts. Choice: search engines have such
/// a limit, and it keeps the copy small.
const MAX_TEXT: usize = 512;

/// A value that can be looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Term {
    Flag(bool),
    Number(Number),
    Text(Arc<str>),
    /// The hash of a text that is too long.
    Long(u64),
}

/// A number with an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number(pub f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Term {
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(Self::Flag(*flag)),
            Value::Number(number) => number.as_f64().map(|it| Self::Number(Number(it))),
            Value::String(text) => Some(Self::text(text)),
            _ => None,
        }
    }

    pub(crate) fn text(text: &str) -> Self {
        if text.len() <= MAX_TEXT {
            return Self::Text(text.into());
        }
        let mut hash = DefaultHasher::new();
        text.hash(&mut hash);
        Self::Long(hash.finish())
    }
}

/// A field's values.
pub(crate) type Terms = BTreeMap<Term, Posting>;

/// What search keeps of a record.
#[derive(Debug)]
pub(crate) struct Row {
    pub name: Arc<str>,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// Its values by field, so that they can be taken out again.
    terms: Vec<(u16, Term)>,
}

/// Search's copy.
#[derive(Debug, Default)]
pub(crate) struct Index {
    rows: HashMap<u64, Row>,
    /// Numbers of the fields, by the name that filters use.
    numbers: HashMap<String, u16>,
    fields: Vec<Terms>,
    pub by_id: BTreeSet<Place>,
    pub by_name: BTreeSet<Place>,
    pub by_created: BTreeSet<Place>,
    pub by_updated: BTreeSet<Place>,
}

impl Index {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn holds(&self, seq: u64) -> bool {
        self.rows.contains_key(&seq)
    }

    pub(crate) fn row(&self, seq: u64) -> Option<&Row> {
        self.rows.get(&seq)
    }

    /// A field's number and values, by the name that filters use.
    pub(crate) fn terms(&self, field: &str) -> Option<(u16, &Terms)> {
        let number = *self.numbers.get(field)?;
        Some((number, self.fields.get(usize::from(number))?))
    }

    /// Whether a record has one of a field's values between these.
    pub(crate) fn has_between(&self, seq: u64, number: u16, bounds: &(Bound<Term>, Bound<Term>)) -> bool {
        let terms = self.rows.get(&seq).map(|it| it.terms.as_slice()).unwrap_or_default();
        terms.iter().any(|(other, term)| *other == number && bounds.contains(term))
    }

    /// Takes a record in, in place of its earlier form.
    pub(crate) fn put(&mut self, record: &Record) {
        self.remove(record.seq);
        let seq = record.seq;
        let mut terms = Vec::with_capacity(record.fields.len() + 4);
        let mut add = |field: &str, term: Term| {
            let number = self.number(field);
            terms.push((number, self.insert(number, term, seq)));
        };
        if let Some(id) = &record.external_id {
            add("external_id", Term::text(id));
        }
        add("created_by_user", Term::text(&record.created_by.to_string()));
        add("updated_by_user", Term::text(&record.updated_by.to_string()));
        for (key, value) in &record.fields {
            let field = format!("custom_object_fields.{key}");
            match value {
                Value::Array(values) => values.iter().filter_map(Term::of).for_each(|it| add(&field, it)),
                value => Term::of(value).into_iter().for_each(|it| add(&field, it)),
            }
        }
        let name: Arc<str> = record.name.as_str().into();
        add("name", Term::text(&name));
        let row = Row { name, created_at: record.created_at, updated_at: record.updated_at, terms };
        for (order, place) in self.orders(&row, seq) {
            order.insert(place);
        }
        self.rows.insert(seq, row);
    }

    pub(crate) fn remove(&mut self, seq: u64) {
        let Some(row) = self.rows.remove(&seq) else { return };
        for (number, term) in &row.terms {
            if let Some(terms) = self.fields.get_mut(usize::from(*number))
                && terms.get_mut(term).is_some_and(|it| it.remove(seq))
            {
                terms.remove(term);
            }
        }
        for (order, place) in self.orders(&row, seq) {
            order.remove(&place);
        }
    }

    fn orders(&mut self, row: &Row, seq: u64) -> [(&mut BTreeSet<Place>, Place); 4] {
        [
            (&mut self.by_id, (SortKey::Number(0), seq)),
            (&mut self.by_name, (SortKey::Text(row.name.clone()), seq)),
            (&mut self.by_created, (SortKey::Number(row.created_at), seq)),
            (&mut self.by_updated, (SortKey::Number(row.updated_at), seq)),
        ]
    }

    fn number(&mut self, field: &str) -> u16 {
        if let Some(number) = self.numbers.get(field) {
            return *number;
        }
        // An object has a hundred fields at most.
        let number = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        self.numbers.insert(field.to_owned(), number);
        self.fields.push(Terms::new());
        number
    }

    /// Notes that a record has a value; the value comes back as the one that all its records share.
    fn insert(&mut self, number: u16, term: Term, seq: u64) -> Term {
        let Some(terms) = self.fields.get_mut(usize::from(number)) else { return term };
        match terms.entry(term) {
            Entry::Occupied(mut entry) => {
                entry.get_mut().insert(seq);
                entry.key().clone()
            }
            Entry::Vacant(entry) => {
                let term = entry.key().clone();
                entry.insert(Posting::One(seq));
                term
            }
        }
    }
}
