//! Filtered search: what is asked for, in Zendesk's words, and going through what is found page by page
//! (<https://developer.zendesk.com/documentation/custom-data/v2/searching-custom-object-records/>).

use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use cxconnect_sunco::Transport;
use serde_json::{Value, json};

use crate::{LedgerError, Objects, Page, Record};

/// What records are to be found: all conditions hold, and one of the alternatives, if there are any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    all: Vec<Value>,
    any: Vec<Value>,
}

impl Conditions {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A field has this value.
    #[must_use]
    pub fn is(self, field: &'static str, value: &str) -> Self {
        self.and(field, "$eq", value.into())
    }

    /// A text has this in it.
    #[must_use]
    pub fn contains(self, field: &'static str, part: &str) -> Self {
        self.and(field, "$contains", part.into())
    }

    /// A day is before this one.
    #[must_use]
    pub fn before(self, field: &'static str, day: NaiveDate) -> Self {
        self.and(field, "$lt", day.to_string().into())
    }

    /// A day is this one or a later one.
    #[must_use]
    pub fn from(self, field: &'static str, day: NaiveDate) -> Self {
        self.and(field, "$gte", day.to_string().into())
    }

    /// A day is this one or an earlier one.
    #[must_use]
    pub fn until(self, field: &'static str, day: NaiveDate) -> Self {
        self.and(field, "$lte", day.to_string().into())
    }

    /// A field has one of these values. For one field only: Zendesk takes no deeper nesting.
    #[must_use]
    pub fn one_of(mut self, field: &'static str, values: &[String]) -> Self {
        // There is no `$in` for texts and dropdowns.
        if let [value] = values {
            return self.is(field, value);
        }
        self.any = values.iter().map(|value| comparison(field, "$eq", value.as_str().into())).collect();
        self
    }

    fn and(mut self, field: &'static str, operator: &str, value: Value) -> Self {
        self.all.push(comparison(field, operator, value));
        self
    }

    pub(crate) fn to_json(&self) -> Value {
        match (self.all.as_slice(), self.any.as_slice()) {
            ([only], []) => only.clone(),
            (all, []) => json!({ "$and": all }),
            ([], any) => json!({ "$or": any }),
            (all, any) => json!({ "$and": all, "$or": any }),
        }
    }
}

fn comparison(field: &str, operator: &str, value: Value) -> Value {
    let mut operation = serde_json::Map::new();
    operation.insert(operator.to_owned(), value);
    let mut comparison = serde_json::Map::new();
    comparison.insert(["custom_object_fields.", field].concat(), operation.into());
    comparison.into()
}

/// The order of what is found. Zendesk sorts by none of our own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Those first that were made last.
    NewestFirst,
    /// Those first that were made first.
    OldestFirst,
    /// Those first that were changed last.
    ChangedFirst,
}

impl Order {
    fn name(self) -> &'static str {
        match self {
            Self::NewestFirst => "-created_at",
            Self::OldestFirst => "created_at",
            Self::ChangedFirst => "-updated_at",
        }
    }
}

/// A walk through what is found.
#[derive(Clone, Debug)]
pub struct Search {
    object: &'static str,
    filter: Value,
    order: Order,
    size: u32,
    after: Option<String>,
    is_over: bool,
    /// The ids of the first page, by which it is seen that the second one repeats it.
    first: Vec<String>,
    n_pages: u32,
}

impl Search {
    /// Begins one; nothing is asked yet.
    pub fn new(object: &'static str, conditions: &Conditions, order: Order, size: u32) -> Self {
        Self {
            object,
            filter: conditions.to_json(),
            order,
            size,
            after: None,
            is_over: false,
            first: Vec::new(),
            n_pages: 0,
        }
    }

    /// Whether all was found.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The next page. After an error it may be asked for again.
    pub async fn next<T: Transport>(&mut self, objects: &Objects<T>) -> Result<Vec<Record>, LedgerError> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let mut page = self.ask(objects).await?;
        if self.repeats(&page) && !objects.pages_in_body.swap(true, Ordering::Relaxed) {
            // It isn't certain where Zendesk looks for the page: not in the address, it seems. The walk begins again, in the
            // right order now; what the first page had comes only once.
            self.after = None;
            page = self.ask(objects).await?;
            if page.records.iter().all(|record| self.first.contains(&record.external_id)) {
                self.after.clone_from(&page.after);
                if self.after.is_some() {
                    page = self.ask(objects).await?;
                }
            }
        }
        // A page that comes again and again would come forever.
        let is_stuck = self.repeats(&page);
        let ids = || page.records.iter().map(|record| record.external_id.clone()).collect();
        if self.n_pages == 0 {
            self.first = ids();
        }
        self.n_pages += 1;
        self.after.clone_from(&page.after);
        self.is_over = page.after.is_none() || is_stuck;
        let is_new = |record: &Record| self.n_pages == 1 || !self.first.contains(&record.external_id);
        page.records.retain(is_new);
        Ok(page.records)
    }

    fn repeats(&self, page: &Page) -> bool {
        let first = page.records.first().map(|record| &record.external_id);
        1 <= self.n_pages && first.is_some() && first == self.first.first()
    }

    async fn ask<T: Transport>(&self, objects: &Objects<T>) -> Result<Page, LedgerError> {
        objects.search(self.object, &self.filter, self.order.name(), self.size, self.after.as_deref()).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use cxconnect_sunco::{Request, Response, TransportError};

    use super::*;

    /// A Zendesk with seven records that looks for the page in one place only.
    #[derive(Clone)]
    struct Fake {
        in_body: bool,
        asked: Arc<Mutex<Vec<String>>>,
    }

    impl Transport for Fake {
        async fn call(&self, request: Request) -> Result<Response, TransportError> {
            let body: Value = serde_json::from_str(request.body.as_deref().unwrap_or("{}")).unwrap();
            self.asked.lock().unwrap().push(request.url.clone());
            let after = if self.in_body {
                body["page"]["after"].as_str().map(ToOwned::to_owned)
            } else {
                request.url.split_once("page%5Bafter%5D=").map(|(_, after)| after.to_owned())
            };
            let from: usize = after.map_or(0, |after| after.parse().unwrap());
            let end = (from + 3).min(7);
            let records: Vec<_> = (from..end).map(|n| json!({"external_id": n.to_string()})).collect();
            let meta = json!({"has_more": end < 7, "after_cursor": end.to_string()});
            let body = json!({"custom_object_records": records, "meta": meta}).to_string();
            Ok(Response { status: 200, body, retry_after_s: None })
        }
    }

    async fn walk(in_body: bool) -> (Vec<String>, usize) {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let objects = Objects::new(Fake { in_body, asked: Arc::clone(&asked) });
        let mut search = Search::new("x", &Conditions::new().is("a", "b"), Order::NewestFirst, 3);
        let mut found = Vec::new();
        while !search.is_over() {
            let page = search.next(&objects).await.unwrap();
            found.extend(page.into_iter().map(|record| record.external_id));
        }
        let n_asked = asked.lock().unwrap().len();
        (found, n_asked)
    }

    #[tokio::test]
    async fn all_is_found_wherever_zendesk_looks_for_the_page() {
        let all: Vec<String> = (0..7).map(|n: u32| n.to_string()).collect();
        assert_eq!(walk(false).await, (all.clone(), 3));
        let (found, n_asked) = walk(true).await;
        assert_eq!((found, n_asked), (all, 5));
    }

    #[test]
    fn conditions_are_zendesks_words() {
        let day = |text: &str| text.parse().unwrap();
        let conditions = Conditions::new()
            .from("sent_on", day("2026-11-01"))
            .until("sent_on", day("2026-11-30"))
            .one_of("status", &["a".to_owned(), "b".to_owned()]);
        let field = |name: &str, operation: Value| {
            let mut json = serde_json::Map::new();
            json.insert(format!("custom_object_fields.{name}"), operation);
            Value::from(json)
        };
        assert_eq!(
            conditions.to_json(),
            json!({
                "$and": [
                    field("sent_on", json!({"$gte": "2026-11-01"})),
                    field("sent_on", json!({"$lte": "2026-11-30"})),
                ],
                "$or": [field("status", json!({"$eq": "a"})), field("status", json!({"$eq": "b"}))],
            })
        );
        let one = Conditions::new().one_of("status", &["a".to_owned()]);
        assert_eq!(one.to_json(), field("status", json!({"$eq": "a"})));
        assert_eq!(
            Conditions::new().contains("phone", "55").to_json(),
            field("phone", json!({"$contains": "55"}))
        );
    }
}
