//! The incremental export: everything by the time of its last change, deleted records too, never the latest minute.

use std::ops::Bound;

use serde_json::{Value, json};

use super::BASE;
use super::call::Call;
use super::clock::{Millis, iso};
use super::error::Refusal;
use super::page::Cursor;
use super::permissions::{Actor, Right};
use super::state::State;
use super::table::{Place, SortKey};

/// Records at once, at most and if nothing is said.
const MAX_SIZE: usize = 1000;

impl State {
    pub(super) fn export(
        &mut self,
        key: &str,
        call: &Call,
        actor: &Actor,
        now: Millis,
    ) -> Result<Value, Refusal> {
        actor.needs(Right::Read, self.object(key)?)?;
        let query = &call.query;
        let until = now - Millis::from(self.settings.export_hold_back_s) * 1000;
        let size = match query.get("per_page").map(str::parse::<usize>) {
            None => MAX_SIZE,
            Some(Ok(size)) if (1..=MAX_SIZE).contains(&size) => size,
            Some(_) => return Err(Refusal::bad("per_page has to be a number from 1 to 1000")),
        };
        let from = match (query.get("cursor"), query.get("start_time")) {
            (Some(cursor), _) => Bound::Excluded(
                Cursor::read(cursor).ok_or_else(|| Refusal::bad("The cursor is invalid"))?.place,
            ),
            (None, Some(time)) => {
                let seconds: Millis =
                    time.parse().map_err(|_| Refusal::bad("start_time has to be a number"))?;
                let at = seconds.saturating_mul(1000);
                if until < at {
                    let text = "start_time has to be at least 60 seconds ago";
                    return Err(Refusal::invalid("start_time", "StartTimeTooRecent", text));
                }
                Bound::Included((SortKey::Number(at), 0))
            }
            (None, None) => return Err(Refusal::bad("start_time or cursor is missing")),
        };
        let is_without_deleted = query.get("filter[exclude_deleted]") == Some("true");
        let to: Bound<Place> = Bound::Included((SortKey::Number(until), u64::MAX));
        let is_over = matches!(&from, Bound::Excluded(place) | Bound::Included(place) if place.0 > SortKey::Number(until));
        let table = self.table(key, now);
        let mut places: Vec<&Place> = Vec::new();
        if !is_over {
            places.extend(table.by_updated.range((from.clone(), to.clone())).take(size + 1));
            if !is_without_deleted {
                places.extend(table.tombstones.range((from.clone(), to)).take(size + 1));
            }
        }
        places.sort();
        let has_more = size < places.len();
        places.truncate(size);
        let shown = |place: &Place| Cursor { place: place.clone(), n_seen: 0 }.to_string();
        // At the end the cursor stays where it is, so that it can be asked again later.
        let given = match &from {
            Bound::Excluded(place) | Bound::Included(place) => shown(place),
            Bound::Unbounded => String::new(),
        };
        let after = places.last().map_or_else(|| given.clone(), |it| shown(it));
        let before = places.first().map_or(given, |it| shown(it));
        let seqs: Vec<u64> = places.iter().map(|it| it.1).collect();
        let object = self.object(key)?;
        let records: Vec<Value> =
            self.records(key, &seqs)?.iter().map(|it| it.in_api(object, &self.settings)).collect();
        let url = |cursor: &str| format!("{BASE}/api/v2/{}?cursor={cursor}", call.path());
        Ok(json!({
            "custom_object_records": records, "after_url": url(&after), "before_url": url(&before),
            "after_cursor": after, "before_cursor": before,
            "filter": {"exclude_deleted": is_without_deleted}, "meta": {"has_more": has_more},
            "end_time": iso(until),
        }))
    }
}
