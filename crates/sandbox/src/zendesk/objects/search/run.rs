//! A page of what a filter and a query find.

use serde_json::Value;

use super::super::error::Refusal;
use super::super::page::{Direction, From, Page, PageRequest};
use super::super::schema::{FieldType, Object};
use super::super::table::{Place, SortKey};
use super::filter;
use super::index::Index;
use super::matcher::Matcher;

/// Without `sort` only so many results exist.
const MAX_UNSORTED: usize = 10_000;
/// If a filter means at most this part of all records, they are gathered and sorted; else the sorted list is walked.
const GATHERED_PART: usize = 8;

/// What is looked for.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub filter: Option<&'a Value>,
    pub query: Option<&'a str>,
    /// Only in names.
    pub is_for_names: bool,
    pub sort: Option<&'a str>,
}

/// The page of what is found.
pub(crate) fn search(
    wanted: &Wanted<'_>,
    request: &PageRequest,
    object: &Object,
    index: &Index,
) -> Result<Page, Refusal> {
    let mut parts = Vec::new();
    if let Some(filter) = wanted.filter {
        parts.push(Matcher::of(&filter::read(filter, object)?, index));
    }
    if let Some(query) = wanted.query {
        let mut fields = vec!["name".to_owned()];
        if !wanted.is_for_names {
            let texts =
                object.fields.iter().filter(|it| matches!(it.kind, FieldType::Text | FieldType::Textarea));
            fields.extend(texts.map(|it| format!("custom_object_fields.{}", it.key)));
        }
        parts.push(Matcher::with_words(query, &fields, index));
    }
    let matcher = match parts.pop() {
        None => Matcher::Everything,
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Matcher::And(parts)
        }
    };
    let Some(sort) = wanted.sort else { return Ok(unsorted(&matcher, request, index)) };
    let (name, direction) = match sort.strip_prefix('-') {
        Some(name) => (name, Direction::Down),
        None => (sort, Direction::Up),
    };
    let order = match name {
        "name" => Order::Name,
        "created_at" => Order::Created,
        "updated_at" => Order::Updated,
        _ => return Err(Refusal::bad(format!("sort: {name} is not supported"))),
    };
    Ok(page(&matcher, request, index, order, direction))
}

/// What results are sorted by.
#[derive(Debug, Clone, Copy)]
enum Order {
    Id,
    Name,
    Created,
    Updated,
}

fn page(
    matcher: &Matcher<'_>,
    request: &PageRequest,
    index: &Index,
    order: Order,
    direction: Direction,
) -> Page {
    if index.len() / GATHERED_PART < matcher.at_most(index) {
        let sorted = match order {
            Order::Id => &index.by_id,
            Order::Name => &index.by_name,
            Order::Created => &index.by_created,
            Order::Updated => &index.by_updated,
        };
        return request.take(sorted, direction, |seq| matcher.matches(seq, index));
    }
    let place = |seq: u64| -> Option<Place> {
        let row = index.row(seq)?;
        let key = match order {
            Order::Id => SortKey::Number(0),
            Order::Name => SortKey::Text(row.name.clone()),
            Order::Created => SortKey::Number(row.created_at),
            Order::Updated => SortKey::Number(row.updated_at),
        };
        Some((key, seq))
    };
    let found = matcher.gather(index).into_iter().filter_map(place).collect();
    request.take_of(found, direction)
}

/// By relevance, which is the same for all that a filter finds: the order is that of creation, and it ends early.
fn unsorted(matcher: &Matcher<'_>, request: &PageRequest, index: &Index) -> Page {
    let n_seen = match &request.from {
        From::After(cursor) => cursor.n_seen,
        From::Start | From::Before(_) => 0,
    };
    let n_left = MAX_UNSORTED.saturating_sub(n_seen);
    let request = PageRequest { size: request.size.min(n_left), from: request.from.clone() };
    let mut page = page(matcher, &request, index, Order::Id, Direction::Up);
    if n_seen + page.places.len() >= MAX_UNSORTED {
        (page.has_more, page.has_next) = (false, false);
    }
    page
}
