//! The feed: everything the app has to know, in order, without gaps.
//!
//! A page is put together by SQLite, so that a hundred thousand events are read as quickly as they are sent.

use serde_json::Value;

use crate::{
    Ms,
    db::{Arg, Db, DbError},
    schema,
};

/// Events of one page, unless fewer are asked for.
pub const PAGE: i64 = 500;
/// The most events of one page: half a megabyte, as they are.
pub const MOST: i64 = 2_000;
/// Where the app's own place is kept.
const COLLECTED: &str = "collected";

/// One event to add.
#[derive(Debug, Default)]
pub struct New<'a> {
    /// Members of the JSON object, `kind` among them.
    pub body: Value,
    /// An event of this key is added once.
    pub dedupe: Option<&'a str>,
    /// The message that it is about.
    pub message: Option<&'a str>,
    /// Members that are erased once they have been collected.
    pub private: Option<Value>,
}

/// Adds an event; its number, or `None` if it is there already.
pub fn add<D: Db>(db: &D, now: Ms, new: &New<'_>) -> Result<Option<i64>, DbError> {
    let body = members(&new.body);
    let private = new.private.as_ref().map(members);
    let row = db.first(
        "INSERT INTO event (at, body, dedupe, message, private) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING seq",
        &[now.into(), (&body).into(), new.dedupe.into(), new.message.into(), private.as_ref().into()],
    )?;
    Ok(row.and_then(|row| row.int(0)))
}

/// `"a":1,"b":2`: an object without its braces, so that pages are put together from texts.
fn members(object: &Value) -> String {
    let json = object.to_string();
    let inner = json.strip_prefix('{').and_then(|json| json.strip_suffix('}'));
    inner.unwrap_or_default().to_owned()
}

/// A page of the feed as JSON.
pub fn page<D: Db>(db: &D, after: Option<i64>, limit: i64) -> Result<String, DbError> {
    let collected = collected(db)?;
    let after = after.unwrap_or(collected).max(0);
    let limit = limit.clamp(1, MOST);
    let row = db.first(
        "SELECT group_concat('{\"seq\":' || seq || ',\"received_at\":' || at || ',' || body || \
         CASE WHEN private IS NULL THEN '' ELSE ',' || private END || '}', ','), max(seq), count(*) \
         FROM (SELECT seq, at, body, private FROM event WHERE seq > ? ORDER BY seq LIMIT ?)",
        &[after.into(), limit.into()],
    )?;
    let ends = db.first("SELECT min(seq), max(seq) FROM event", &[])?.unwrap_or_default();
    let (oldest, last) = (ends.int(0).unwrap_or(1), ends.int(1).unwrap_or(0));
    let row = row.unwrap_or_default();
    let next = row.int(1).unwrap_or(after);
    let (events, more) = (row.text_or_empty(0), next < last);
    Ok(format!(
        r#"{{"events":[{events}],"next":{next},"more":{more},"oldest":{oldest},"last":{last},"collected":{collected}}}"#
    ))
}

/// Up to where everything is in the team's record.
pub fn collected<D: Db>(db: &D) -> Result<i64, DbError> {
    Ok(schema::meta(db, COLLECTED)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The app has brought everything up to there into the team's record. What only served that is erased.
pub fn collect<D: Db>(db: &D, through: i64) -> Result<i64, DbError> {
    let last = db.first("SELECT max(seq) FROM event", &[])?.and_then(|row| row.int(0)).unwrap_or(0);
    let before = collected(db)?;
    let through = through.min(last);
    if through <= before {
        return Ok(before);
    }
    schema::set_meta(db, COLLECTED, &through.to_string())?;
    erase(db, "outcome_seq <= ?", through.into())?;
    Ok(through)
}

/// Erases the phones and parameters of messages, wherever they are.
pub(crate) fn erase<D: Db>(db: &D, which: &str, argument: Arg<'_>) -> Result<(), DbError> {
    // Those that haven't left yet need theirs.
    let of = ["phone IS NOT NULL AND state > 1 AND ", which].concat();
    let events = [
        "UPDATE event SET private = NULL WHERE private IS NOT NULL AND message IN (SELECT id FROM message WHERE ",
        &of,
        ")",
    ];
    db.query(&events.concat(), &[argument])?;
    db.query(&["UPDATE message SET phone = NULL, params = NULL WHERE ", &of].concat(), &[argument])?;
    Ok(())
}
