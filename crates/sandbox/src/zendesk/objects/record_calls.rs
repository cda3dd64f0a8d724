//! Calls about records: lists, single ones, search and count.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::calls::Reply;
use super::clock::{Millis, iso, millis};
use super::error::Refusal;
use super::page::{Direction, Page, PageRequest};
use super::permissions::{Actor, Right};
use super::query::Query;
use super::record::{Record, seq_of};
use super::search::{Wanted, search};
use super::settings::SearchPaging;
use super::state::State;
use super::table::{Place, SortKey};
use super::write::Unnamed;

/// Ids in a filter at most; how long an address may get is [unknown].
const MAX_IDS: usize = 100;

impl State {
    /// A call under `records`; the asker may read them.
    pub(super) fn record_call(
        &mut self,
        key: &str,
        rest: &[&str],
        call: &Call,
        actor: &Actor,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        // Whoever may not, does not learn whether there is such a record.
        match (&call.method, rest) {
            (&Method::DELETE, _) => actor.needs(Right::Delete, self.object(key)?)?,
            (&Method::PATCH, [_]) => actor.needs(Right::Update, self.object(key)?)?,
            _ => (),
        }
        let given = || call.json_of("custom_object_record");
        match (&call.method, rest) {
            (&Method::GET, []) => self.list(key, call, now),
            (&Method::POST, []) => {
                let record = self.create(key, &given()?, actor, now)?;
                self.shown(key, &record).map(Reply::Created)
            }
            (&Method::PATCH, []) => {
                let external_id = external_id(&call.query)?;
                let record = self.upsert(key, external_id, &given()?, Unnamed::Keep, actor, now)?;
                // 200 whether it was made or changed.
                self.shown(key, &record).map(Reply::Ok)
            }
            (&Method::DELETE, []) => {
                let external_id = external_id(&call.query)?;
                let old = self.record_of_external_id(key, external_id)?.ok_or(Refusal::NotFound)?;
                self.delete(key, &old, actor, now)?;
                Ok(Reply::Gone)
            }
            (&Method::GET, ["count"]) => Ok(Reply::Ok(self.count(key, now))),
            (&Method::GET, ["search"]) => {
                let query = call.query.get("query").ok_or_else(|| Refusal::bad("query is missing"))?;
                self.search_call(key, call, &call.query, None, Some(query), now)
            }
            (&Method::POST, ["search"]) => {
                let body = call.json()?;
                let paging = paging_of(&call.query, &body, self.settings.search_paging);
                let query = call.query.get("query").or_else(|| body["query"].as_str());
                let filter = body.get("filter").filter(|it| !it.is_null());
                if filter.is_none() && query.is_none() {
                    return Err(Refusal::bad("filter is missing"));
                }
                self.search_call(key, call, &paging, filter, query, now)
            }
            (&Method::GET, ["autocomplete"]) => {
                let name = call.query.get("name").ok_or_else(|| Refusal::bad("name is missing"))?;
                let request = PageRequest::read(&call.query, self.settings.page_size)?;
                let wanted = Wanted { filter: None, query: Some(name), is_for_names: true, sort: None };
                self.found(key, call, &call.query, &wanted, &request, now)
            }
            (_, ["count" | "search" | "autocomplete"] | []) => Err(Refusal::NotFound),
            (method, [id]) => {
                let old = self.record_of_id(key, id)?.ok_or(Refusal::NotFound)?;
                match *method {
                    Method::GET => self.shown(key, &old).map(Reply::Ok),
                    Method::PATCH => {
                        let record = self.update(key, &old, &given()?, Unnamed::Keep, actor, now)?;
                        self.shown(key, &record).map(Reply::Ok)
                    }
                    Method::DELETE => {
                        self.delete(key, &old, actor, now)?;
                        Ok(Reply::Gone)
                    }
                    _ => Err(Refusal::NotFound),
                }
            }
            _ => Err(Refusal::NotFound),
        }
    }

    fn shown(&self, key: &str, record: &Record) -> Result<Value, Refusal> {
        Ok(json!({"custom_object_record": record.in_api(self.object(key)?, &self.settings)}))
    }

    /// The list sees every change at once.
    fn list(&mut self, key: &str, call: &Call, now: Millis) -> Result<Reply, Refusal> {
        let query = &call.query;
        let request = PageRequest::read(query, self.settings.page_size)?;
        let (is_by_time, direction) = match query.get("sort") {
            None | Some("id") => (false, Direction::Up),
            Some("-id") => (false, Direction::Down),
            Some("updated_at") => (true, Direction::Up),
            Some("-updated_at") => (true, Direction::Down),
            Some(other) => return Err(Refusal::bad(format!("sort: {other} is not supported"))),
        };
        let (ids, external_ids) = (query.list("filter[ids]"), query.list("filter[external_ids]"));
        let n_ids = ids.as_ref().map_or(0, Vec::len) + external_ids.as_ref().map_or(0, Vec::len);
        if MAX_IDS < n_ids {
            return Err(Refusal::bad("A filter takes 100 ids at most"));
        }
        let table = self.table(key, now);
        let order = if is_by_time { &table.by_updated } else { &table.by_id };
        if ids.is_none() && external_ids.is_none() {
            let page = request.take(order, direction, |_| true);
            return self.page(key, call, query, &page);
        }
        let by_external_id = |it: &&str| table.by_external_id.get(*it).copied();
        let seqs: Vec<u64> = match (ids, external_ids) {
            (Some(_), Some(_)) => {
                return Err(Refusal::bad("filter[ids] and filter[external_ids] cannot be given together"));
            }
            (Some(ids), None) => ids.into_iter().filter_map(seq_of).collect(),
            (None, external_ids) => external_ids.iter().flatten().filter_map(by_external_id).collect(),
        };
        let mut places = BTreeSet::<Place>::new();
        for record in self.records(key, &seqs)?.iter().filter(|it| !it.is_deleted) {
            let sort_key = SortKey::Number(if is_by_time { record.updated_at } else { 0 });
            places.insert((sort_key, record.seq));
        }
        let page = request.take(&places, direction, |_| true);
        self.page(key, call, query, &page)
    }

    fn page(&self, key: &str, call: &Call, query: &Query, page: &Page) -> Result<Reply, Refusal> {
        let seqs: Vec<u64> = page.places.iter().map(|it| it.1).collect();
        let object = self.object(key)?;
        let records = self.records(key, &seqs)?;
        let records: Vec<Value> = records.iter().map(|it| it.in_api(object, &self.settings)).collect();
        Ok(Reply::Ok(page.in_api("custom_object_records", &records, &call.path(), query)))
    }

    fn search_call(
        &mut self,
        key: &str,
        call: &Call,
        paging: &Query,
        filter: Option<&Value>,
        query: Option<&str>,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        let request = PageRequest::read(paging, self.settings.page_size)?;
        let wanted = Wanted { filter, query, is_for_names: false, sort: paging.get("sort") };
        self.found(key, call, paging, &wanted, &request, now)
    }

    fn found(
        &mut self,
        key: &str,
        call: &Call,
        paging: &Query,
        wanted: &Wanted<'_>,
        request: &PageRequest,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        self.table(key, now);
        let Some(table) = self.known(key) else { return Err(Refusal::NotFound) };
        let object = self.object(key)?;
        let page = search(wanted, request, object, &table.index)?;
        // Search shows records as it knows them: changed or deleted ones in their old form until its lag is over.
        let seqs: Vec<u64> = page.places.iter().map(|it| it.1).collect();
        let fresh: Vec<u64> = seqs.iter().copied().filter(|it| table.stale(*it).is_none()).collect();
        let mut fresh = self.records(key, &fresh)?.into_iter().peekable();
        let mut records = Vec::with_capacity(seqs.len());
        for seq in seqs {
            if let Some(stale) = table.stale(seq) {
                records.push(stale.in_api(object, &self.settings));
            } else if let Some(record) = fresh.next_if(|it| it.seq == seq) {
                records.push(record.in_api(object, &self.settings));
            }
        }
        Ok(Reply::Ok(page.in_api("custom_object_records", &records, &call.path(), paging)))
    }

    /// Lags as search does.
    fn count(&mut self, key: &str, now: Millis) -> Value {
        let seen_until = now - millis(self.settings.search_lag_ms);
        let value = self.table(key, now).index.len();
        json!({"count": {"value": value, "refreshed_at": iso(seen_until)}})
    }
}

/// The external id that an upsert or a deletion names.
fn external_id(query: &Query) -> Result<&str, Refusal> {
    match (query.get("external_id"), query.get("name")) {
        (Some(_), Some(_)) => Err(Refusal::bad("external_id and name cannot be given together")),
        (Some(external_id), None) if !external_id.is_empty() => Ok(external_id),
        // Names are unique only in objects that are set up so, which these never are.
        (None, Some(_)) => Err(Refusal::bad("Names are not unique in this object")),
        _ => Err(Refusal::bad("external_id is missing")),
    }
}

/// Where `sort` and `page` are taken from: the spec says the address, a library uses the body.
fn paging_of(query: &Query, body: &Value, from: SearchPaging) -> Query {
    let mut paging = match from {
        SearchPaging::Query | SearchPaging::Both => query.clone(),
        SearchPaging::Body => query.without_paging(),
    };
    if from == SearchPaging::Query {
        return paging;
    }
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let page = &body["page"];
    let parts = [("sort", &body["sort"]), ("page[size]", &page["size"])];
    for (name, value) in
        parts.into_iter().chain([("page[after]", &page["after"]), ("page[before]", &page["before"])])
    {
        if let Some(value) = text(value) {
            paging.fill(name, value);
        }
    }
    paging
}
