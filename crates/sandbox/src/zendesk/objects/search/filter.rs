//! What a filter may say: the operators that each kind of field has, and nothing else.

use std::ops::Bound;

use serde_json::Value;

use super::super::clock::{is_date, seconds_of};
use super::super::error::Refusal;
use super::super::schema::{FieldType, Object};
use super::index::{Number, Term};

/// A filter that can be asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    /// Created or updated after that second.
    After(TimeField, i64),
    /// A comparison with a field, by the name that filters use.
    Is(String, Comparison),
}

/// The two times that every record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeField {
    Created,
    Updated,
}

/// A comparison with a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Comparison {
    In(Vec<Term>),
    NotIn(Vec<Term>),
    Contains(String),
    NotContains(String),
    /// Has a value between these.
    Between(Bound<Term>, Bound<Term>),
    Missing,
}

/// A kind of field, as far as operators differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    Name,
    Text,
    Multiselect,
    Number,
    Date,
    Flag,
    Lookup,
}

impl Kind {
    fn of(field: FieldType) -> Self {
        match field {
            // Of regexp fields the documentation says nothing; choice: they are texts.
            FieldType::Text | FieldType::Textarea | FieldType::Dropdown | FieldType::Regexp => Self::Text,
            FieldType::Multiselect => Self::Multiselect,
            FieldType::Integer | FieldType::Decimal => Self::Number,
            FieldType::Date => Self::Date,
            FieldType::Checkbox => Self::Flag,
            FieldType::Lookup => Self::Lookup,
        }
    }

    fn operators(self) -> &'static [&'static str] {
        match self {
            Self::Id | Self::Flag => &["$eq"],
            Self::Name => &["$contains"],
            Self::Text => &["$eq", "$noteq", "$contains", "$notcontains", "$exists"],
            Self::Multiselect => &["$eq", "$noteq", "$contains", "$notcontains", "$exists", "$in", "$notin"],
            Self::Number => &["$eq", "$noteq", "$gt", "$gte", "$lt", "$lte", "$exists", "$in", "$notin"],
            Self::Date => &["$eq", "$noteq", "$gt", "$gte", "$lt", "$lte", "$exists"],
            Self::Lookup => &["$eq", "$noteq", "$exists"],
        }
    }

    fn operand(self, value: &Value) -> Option<Term> {
        match (self, value) {
            (Self::Flag, Value::Bool(it)) => Some(Term::Flag(*it)),
            (Self::Number, Value::Number(it)) => it.as_f64().map(|it| Term::Number(Number(it))),
            (Self::Date, Value::String(it)) if is_date(it) => Some(Term::text(it)),
            (Self::Id | Self::Lookup, Value::Number(it)) => Some(Term::text(&it.to_string())),
            (Self::Id | Self::Lookup | Self::Text | Self::Multiselect | Self::Name, Value::String(it)) => {
                Some(Term::text(it))
            }
            _ => None,
        }
    }
}

/// Reads a filter: one comparison, or `$and` and `$or` with comparisons. Choice: no deeper nesting, and one operator
/// in each comparison.
pub(crate) fn read(filter: &Value, object: &Object) -> Result<Filter, Refusal> {
    let Value::Object(parts) = filter else { return Err(invalid("The filter has to be an object")) };
    let is_joined = parts.keys().any(|it| it.starts_with('$'));
    if !is_joined {
        return comparison(filter, object);
    }
    let mut both = Vec::new();
    for (join, list) in parts {
        let Value::Array(list) = list else { return Err(invalid(format!("{join} has to be an array"))) };
        let list = list.iter().map(|it| comparison(it, object)).collect::<Result<Vec<_>, _>>()?;
        match join.as_str() {
            _ if list.is_empty() => return Err(invalid(format!("{join} is empty"))),
            "$and" => both.push(Filter::And(with_windows(list))),
            "$or" => both.push(Filter::Or(list)),
            _ => return Err(invalid(format!("{join} is not known here"))),
        }
    }
    Ok(Filter::And(both))
}

/// Two open ranges of one field, of which one has a beginning and the other an end, are one window: what lies in it
/// is a fraction of what lies in either.
fn with_windows(list: Vec<Filter>) -> Vec<Filter> {
    let mut joined: Vec<Filter> = Vec::new();
    for part in list {
        let window = match &part {
            Filter::Is(field, Comparison::Between(from, to)) => Some((field, from, to)),
            _ => None,
        };
        let other = joined.iter_mut().find_map(|it| match (it, window) {
            (Filter::Is(field, Comparison::Between(from, to)), Some((name, new_from, new_to)))
                if field == name =>
            {
                match (&*from, &*to, new_from, new_to) {
                    (Bound::Unbounded, _, _, Bound::Unbounded) => Some((from, new_from)),
                    (_, Bound::Unbounded, Bound::Unbounded, _) => Some((to, new_to)),
                    _ => None,
                }
            }
            _ => None,
        });
        match other {
            Some((bound, new)) => *bound = new.clone(),
            None => joined.push(part),
        }
    }
    joined
}

fn comparison(value: &Value, object: &Object) -> Result<Filter, Refusal> {
    let (field, comparison) = only(value).ok_or_else(|| invalid("A comparison has to name one field"))?;
    let (operator, operand) =
        only(comparison).ok_or_else(|| invalid(format!("{field}: a comparison has one operator")))?;
    let time = match field {
        "created_at" => Some(TimeField::Created),
        "updated_at" => Some(TimeField::Updated),
        _ => None,
    };
    if let Some(time) = time {
        if operator != "$gt" {
            return Err(invalid(format!("{field}: {operator} is not supported")));
        }
        let seconds = operand.as_str().and_then(seconds_of);
        return seconds
            .map(|it| Filter::After(time, it))
            .ok_or_else(|| invalid(format!("{field}: not a time")));
    }
    let kind = match field {
        "external_id" | "created_by_user" | "updated_by_user" => Kind::Id,
        "name" => Kind::Name,
        _ => {
            let custom = field.strip_prefix("custom_object_fields.").and_then(|key| object.field(key));
            Kind::of(custom.ok_or_else(|| invalid(format!("{field}: no such field")))?.kind)
        }
    };
    if !kind.operators().contains(&operator) {
        return Err(invalid(format!("{field}: {operator} is not supported")));
    }
    let wrong = || invalid(format!("{field}: {operator} does not take this value"));
    let term = || kind.operand(operand).ok_or_else(wrong);
    let terms = || -> Result<Vec<Term>, Refusal> {
        let list = operand.as_array().ok_or_else(wrong)?;
        list.iter().map(|it| kind.operand(it).ok_or_else(wrong)).collect()
    };
    let text = || operand.as_str().map(str::to_lowercase).ok_or_else(wrong);
    let comparison = match operator {
        "$eq" => Comparison::In(vec![term()?]),
        "$noteq" => Comparison::NotIn(vec![term()?]),
        "$in" => Comparison::In(terms()?),
        "$notin" => Comparison::NotIn(terms()?),
        "$contains" => Comparison::Contains(text()?),
        "$notcontains" => Comparison::NotContains(text()?),
        "$gt" => Comparison::Between(Bound::Excluded(term()?), Bound::Unbounded),
        "$gte" => Comparison::Between(Bound::Included(term()?), Bound::Unbounded),
        "$lt" => Comparison::Between(Bound::Unbounded, Bound::Excluded(term()?)),
        "$lte" => Comparison::Between(Bound::Unbounded, Bound::Included(term()?)),
        _ => match operand {
            Value::Bool(true) => Comparison::Between(Bound::Unbounded, Bound::Unbounded),
            Value::Bool(false) => Comparison::Missing,
            _ => return Err(wrong()),
        },
    };
    Ok(Filter::Is(field.to_owned(), comparison))
}

fn only(value: &Value) -> Option<(&str, &Value)> {
    let parts = value.as_object()?;
    let mut parts = parts.iter();
    let first = parts.next()?;
    parts.next().is_none().then_some((first.0.as_str(), first.1))
}

fn invalid(text: impl Into<String>) -> Refusal {
    Refusal::invalid("filter", "InvalidFilter", text)
}
