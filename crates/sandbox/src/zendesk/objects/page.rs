//! Pages by cursor: `page[size]`, `page[after]`, `page[before]`.

use std::collections::BTreeSet;
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::BASE;
use super::error::Refusal;
use super::query::Query;
use super::settings::PageSize;
use super::table::{Place, SortKey};

/// Records on a page at most, and if nothing is said.
pub(crate) const MAX_SIZE: usize = 100;

/// Where a page lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum From {
    Start,
    After(Cursor),
    Before(Cursor),
}

/// A place in a list, and how many records a caller who came here page by page has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub place: Place,
    pub n_seen: usize,
}

/// The page that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageRequest {
    pub size: usize,
    pub from: From,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// A page: where its records are, in order.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub places: Vec<Place>,
    /// Whether more lies in the direction that was asked for. Choice: back, too.
    pub has_more: bool,
    /// Whether more lies ahead: from wherever a caller goes back.
    pub has_next: bool,
    /// How many records precede it, as far as the cursor knows.
    pub n_before: usize,
    /// Whether the list begins here.
    pub is_first: bool,
}

impl PageRequest {
    pub(crate) fn read(query: &Query, beyond: PageSize) -> Result<Self, Refusal> {
        let size = match query.get("page[size]") {
            None => MAX_SIZE,
            Some(text) => match text.parse::<usize>() {
                Ok(size) if (1..=MAX_SIZE).contains(&size) => size,
                Ok(size) if MAX_SIZE < size && beyond == PageSize::Clamp => MAX_SIZE,
                _ => return Err(Refusal::bad("page[size] has to be a number from 1 to 100")),
            },
        };
        let cursor = |text: &str| Cursor::read(text).ok_or_else(|| Refusal::bad("The cursor is invalid"));
        let from = match (query.get("page[after]"), query.get("page[before]")) {
            (None, None) => From::Start,
            (Some(after), None) => From::After(cursor(after)?),
            (None, Some(before)) => From::Before(cursor(before)?),
            (Some(_), Some(_)) => {
                return Err(Refusal::bad("page[after] and page[before] cannot be given together"));
            }
        };
        Ok(Self { size, from })
    }

    /// Takes the page out of a sorted list, of which `is_wanted` picks records.
    pub(crate) fn take(
        &self,
        list: &BTreeSet<Place>,
        direction: Direction,
        mut is_wanted: impl FnMut(u64) -> bool,
    ) -> Page {
        let (start, is_forward) = self.start();
        let is_up = (direction == Direction::Up) == is_forward;
        let mut walk: Box<dyn Iterator<Item = &Place>> = match (start, is_up) {
            (None, true) => Box::new(list.iter()),
            (None, false) => Box::new(list.iter().rev()),
            (Some(place), true) => Box::new(list.range((Bound::Excluded(place), Bound::Unbounded))),
            (Some(place), false) => Box::new(list.range(..place).rev()),
        };
        let places = walk.by_ref().filter(|it| is_wanted(it.1)).take(self.size + 1).cloned().collect();
        self.page(places)
    }

    /// Takes the page out of a list without order.
    pub(crate) fn take_of(&self, mut places: Vec<Place>, direction: Direction) -> Page {
        let (start, is_forward) = self.start();
        let is_up = (direction == Direction::Up) == is_forward;
        if let Some(start) = start {
            places.retain(|it| if is_up { start < it } else { it < start });
        }
        let compare = |a: &Place, b: &Place| if is_up { a.cmp(b) } else { b.cmp(a) };
        // Only what comes first has to be in order.
        if self.size + 1 < places.len() {
            places.select_nth_unstable_by(self.size, compare);
            places.truncate(self.size + 1);
        }
        places.sort_unstable_by(compare);
        self.page(places)
    }

    /// Where to begin, and whether the way leads on or back.
    fn start(&self) -> (Option<&Place>, bool) {
        match &self.from {
            From::Start => (None, true),
            From::After(cursor) => (Some(&cursor.place), true),
            From::Before(cursor) => (Some(&cursor.place), false),
        }
    }

    /// The page of what was met on the way: one more than it holds, if there is more.
    fn page(&self, mut places: Vec<Place>) -> Page {
        let has_more = self.size < places.len();
        places.truncate(self.size);
        let (_, is_forward) = self.start();
        if !is_forward {
            places.reverse();
        }
        let n_before = match &self.from {
            From::Start => 0,
            From::After(cursor) => cursor.n_seen,
            From::Before(cursor) => cursor.n_seen.saturating_sub(places.len() + 1),
        };
        let is_first = self.from == From::Start || (!is_forward && !has_more);
        Page { places, has_more, has_next: has_more || !is_forward, n_before, is_first }
    }
}

impl Page {
    /// Records of the page as the API shows a list. `count` is the number in this page.
    pub(crate) fn in_api(&self, name: &str, records: &[Value], path: &str, query: &Query) -> Value {
        let cursor = |place: Option<&Place>, n_seen: usize| {
            place.map(|place| Cursor { place: place.clone(), n_seen }.to_string())
        };
        let after = cursor(self.places.last(), self.n_before + self.places.len());
        let before = cursor(self.places.first(), self.n_before + 1);
        let link = |param: &str, cursor: Option<&String>| {
            let cursor = cursor?;
            let query = query.with_cursor(param, cursor);
            Some(format!("{BASE}/api/v2/{path}?{query}"))
        };
        let next = link("page[after]", after.as_ref().filter(|_| self.has_next));
        let prev = link("page[before]", before.as_ref().filter(|_| !self.is_first));
        json!({
            "count": records.len(), name: records,
            "meta": {"has_more": self.has_more, "after_cursor": after, "before_cursor": before},
            "links": {"next": next, "prev": prev},
        })
    }
}

impl Cursor {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (key, seq, n_seen): (Value, u64, usize) = serde_json::from_slice(&bytes).ok()?;
        let key = match key {
            Value::String(text) => SortKey::Text(text.into()),
            number => SortKey::Number(number.as_i64()?),
        };
        Some(Self { place: (key, seq), n_seen })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = match &self.place.0 {
            SortKey::Number(number) => json!(number),
            SortKey::Text(text) => json!(&**text),
        };
        out.write_str(&URL_SAFE_NO_PAD.encode(json!([key, self.place.1, self.n_seen]).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> BTreeSet<Place> {
        (1..=7).map(|seq| (SortKey::Number(seq / 3), u64::try_from(seq).unwrap())).collect()
    }

    fn seqs(page: &Page) -> Vec<u64> {
        page.places.iter().map(|it| it.1).collect()
    }

    #[test]
    fn pages_follow_each_other_both_ways_in_both_orders() {
        for (direction, all) in
            [(Direction::Up, [1, 2, 3, 4, 5, 6, 7]), (Direction::Down, [7, 6, 5, 4, 3, 2, 1])]
        {
            let take = |from| {
                let request = PageRequest { size: 3, from };
                let sorted = request.take(&list(), direction, |_| true);
                let picked = request.take_of(list().into_iter().rev().collect(), direction);
                assert_eq!((&sorted.places, sorted.has_more), (&picked.places, picked.has_more));
                sorted
            };
            let first = take(From::Start);
            let at = |place: &Place| {
                Cursor::read(&Cursor { place: place.clone(), n_seen: 0 }.to_string()).unwrap()
            };
            let second = take(From::After(at(&first.places[2])));
            let third = take(From::After(at(&second.places[2])));
            assert_eq!([seqs(&first), seqs(&second), seqs(&third)].concat(), all);
            assert_eq!([first.has_more, second.has_more, third.has_more], [true, true, false]);
            let back = take(From::Before(at(&third.places[0])));
            assert_eq!((seqs(&back), back.has_more, back.is_first), (seqs(&second), true, false));
            let start = take(From::Before(at(&second.places[0])));
            assert_eq!((seqs(&start), start.has_more, start.is_first), (seqs(&first), false, true));
        }
    }

    #[test]
    fn sizes_and_cursors_are_checked() {
        let read = |text: &str, beyond| PageRequest::read(&Query::read(text), beyond);
        assert_eq!(read("page[size]=101", PageSize::Clamp).unwrap().size, 100);
        assert!(read("page[size]=101", PageSize::Refuse).is_err());
        assert!(read("page[size]=0", PageSize::Clamp).is_err());
        assert!(read("page[after]=x", PageSize::Clamp).is_err());
        let cursor = Cursor { place: (SortKey::Text("ñ".into()), 3), n_seen: 2 }.to_string();
        assert!(read(&format!("page%5Bafter%5D={cursor}"), PageSize::Clamp).is_ok());
        assert!(read(&format!("page[after]={cursor}&page[before]={cursor}"), PageSize::Clamp).is_err());
    }
}
