//! A filter made of sets of records, which are small where the filter says much.

use std::collections::HashSet;
use std::ops::Bound;

use super::filter::{Comparison, Filter, TimeField};
use super::index::{Index, Term, Terms};
use super::posting::Posting;

/// So many postings are asked one by one; more become one set.
const MAX_POSTINGS: usize = 16;

/// Which records are meant.
#[derive(Debug)]
pub(crate) enum Matcher<'a> {
    Everything,
    Postings(Vec<&'a Posting>),
    Set(HashSet<u64>),
    /// Those that have one of a field's values between these. A record's own values are asked, so that a wide window
    /// costs nothing until it is looked at.
    Between(u16, &'a Terms, (Bound<Term>, Bound<Term>)),
    Not(Box<Matcher<'a>>),
    And(Vec<Matcher<'a>>),
    Or(Vec<Matcher<'a>>),
    After(TimeField, i64),
}

impl<'a> Matcher<'a> {
    pub(crate) fn of(filter: &Filter, index: &'a Index) -> Self {
        let all = |list: &[Filter]| list.iter().map(|it| Self::of(it, index)).collect();
        match filter {
            Filter::And(list) => Self::And(all(list)),
            Filter::Or(list) => Self::Or(all(list)),
            Filter::After(time, seconds) => Self::After(*time, *seconds),
            Filter::Is(field, comparison) => match (index.terms(field), comparison) {
                (Some((number, terms)), _) => compared(number, terms, comparison),
                // No record has a value there.
                (None, Comparison::NotIn(_) | Comparison::NotContains(_) | Comparison::Missing) => {
                    Self::Everything
                }
                (None, _) => Self::Postings(Vec::new()),
            },
        }
    }

    /// Records with a word, in one of the fields, that begins as each of the given words does.
    pub(crate) fn with_words(words: &str, fields: &[String], index: &'a Index) -> Self {
        let begins = |text: &str, wanted: &str| {
            text.split(|it: char| !it.is_alphanumeric()).any(|word| word.to_lowercase().starts_with(wanted))
        };
        let words = words.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        let with_word = |wanted: &str| {
            let wanted = wanted.to_lowercase();
            let values = fields.iter().filter_map(|it| index.terms(it)).flat_map(|it| it.1);
            Self::any(values.filter_map(|(term, posting)| match term {
                Term::Text(text) if begins(text, &wanted) => Some(posting),
                _ => None,
            }))
        };
        let all: Vec<Self> = words.map(with_word).collect();
        // Choice: a query without any word finds nothing.
        if all.is_empty() { Self::Postings(Vec::new()) } else { Self::And(all) }
    }

    fn any(postings: impl Iterator<Item = &'a Posting>) -> Self {
        let postings: Vec<&Posting> = postings.collect();
        if postings.len() <= MAX_POSTINGS {
            Self::Postings(postings)
        } else {
            Self::Set(postings.iter().flat_map(|it| it.iter()).collect())
        }
    }

    pub(crate) fn matches(&self, seq: u64, index: &Index) -> bool {
        match self {
            Self::Everything => true,
            Self::Postings(postings) => postings.iter().any(|it| it.contains(seq)),
            Self::Set(set) => set.contains(&seq),
            Self::Between(number, _, bounds) => index.has_between(seq, *number, bounds),
            Self::Not(inner) => !inner.matches(seq, index),
            Self::And(list) => list.iter().all(|it| it.matches(seq, index)),
            Self::Or(list) => list.iter().any(|it| it.matches(seq, index)),
            Self::After(time, seconds) => index.row(seq).is_some_and(|row| {
                let at = match time {
                    TimeField::Created => row.created_at,
                    TimeField::Updated => row.updated_at,
                };
                // Times count in whole seconds, as they are shown.
                *seconds < at.div_euclid(1000)
            }),
        }
    }

    /// How many records it means at most.
    pub(crate) fn at_most(&self, index: &Index) -> usize {
        match self {
            Self::Everything | Self::After(..) | Self::Not(_) => index.len(),
            Self::Postings(postings) => postings.iter().map(|it| it.len()).sum(),
            Self::Set(set) => set.len(),
            Self::Between(_, terms, bounds) => between(terms, bounds).map(Posting::len).sum(),
            Self::And(list) => list.iter().map(|it| it.at_most(index)).min().unwrap_or(index.len()),
            Self::Or(list) => list.iter().map(|it| it.at_most(index)).sum(),
        }
    }

    /// The records it means, each once, gathered from its smallest part.
    pub(crate) fn gather(&self, index: &Index) -> Vec<u64> {
        match self {
            Self::Everything | Self::After(..) | Self::Not(_) => {
                index.by_id.iter().map(|it| it.1).filter(|seq| self.matches(*seq, index)).collect()
            }
            Self::Postings(postings) => once(postings.iter().flat_map(|it| it.iter())),
            Self::Set(set) => set.iter().copied().collect(),
            Self::Between(_, terms, bounds) => once(between(terms, bounds).flat_map(Posting::iter)),
            Self::And(list) => {
                let smallest = list.iter().min_by_key(|it| it.at_most(index));
                let mut seqs = smallest.map(|it| it.gather(index)).unwrap_or_default();
                seqs.retain(|seq| self.matches(*seq, index));
                seqs
            }
            Self::Or(list) => once(list.iter().flat_map(|it| it.gather(index))),
        }
    }
}

/// A record may have several of the values that are meant.
fn once(seqs: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut seqs: Vec<u64> = seqs.collect();
    seqs.sort_unstable();
    seqs.dedup();
    seqs
}

/// The postings of the values between two. Where the first is beyond the last, there are none.
fn between<'a>(
    terms: &'a Terms,
    bounds: &(Bound<Term>, Bound<Term>),
) -> Box<dyn Iterator<Item = &'a Posting> + 'a> {
    if let (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) =
        (&bounds.0, &bounds.1)
        && (to < from || (to == from && matches!(bounds, (Bound::Excluded(_), _) | (_, Bound::Excluded(_)))))
    {
        return Box::new(std::iter::empty());
    }
    Box::new(terms.range((bounds.0.clone(), bounds.1.clone())).map(|it| it.1))
}

fn compared<'a>(number: u16, terms: &'a Terms, comparison: &Comparison) -> Matcher<'a> {
    let not = |it: Matcher<'a>| Matcher::Not(Box::new(it));
    let any_of = |wanted: &[Term]| Matcher::any(wanted.iter().filter_map(|it| terms.get(it)));
    let range = |from: Bound<Term>, to: Bound<Term>| Matcher::Between(number, terms, (from, to));
    let containing = |wanted: &str| {
        Matcher::any(terms.iter().filter_map(|(term, posting)| match term {
            Term::Text(text) if text.to_lowercase().contains(wanted) => Some(posting),
            _ => None,
        }))
    };
    match comparison {
        Comparison::In(wanted) => any_of(wanted),
        // Choice: what is not set is not equal, so it is among these.
        Comparison::NotIn(wanted) => not(any_of(wanted)),
        Comparison::Contains(wanted) => containing(wanted),
        Comparison::NotContains(wanted) => not(containing(wanted)),
        Comparison::Between(from, to) => range(from.clone(), to.clone()),
        Comparison::Missing => not(range(Bound::Unbounded, Bound::Unbounded)),
    }
}
