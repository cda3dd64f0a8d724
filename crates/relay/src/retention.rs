//! What is removed, and when. The app's pages on privacy promise these times.

use crate::{
    Ms,
    db::{Db, DbError},
    events, receipts, schema,
    trigger::KEY_KEPT,
};

const DAY: Ms = 24 * 60 * 60 * 1000;
/// Phones and parameters of messages whose outcome nobody collected.
const PRIVATE: Ms = 30 * DAY;
/// Receipts, events, and messages without their phones.
const RECEIPTS: Ms = 90 * DAY;
/// How often this is done.
pub const EVERY: Ms = 60 * 60 * 1000;
/// Rows of one kind that go at once: the rest goes an hour later.
const AT_ONCE: i64 = 20_000;
/// When it was done last.
const KEY: &str = "housekeeping_at";

/// When it is due next.
pub fn due<D: Db>(db: &D) -> Result<Ms, DbError> {
    let last = schema::meta(db, KEY)?.and_then(|text| text.parse::<Ms>().ok());
    Ok(last.map_or(0, |last| last.saturating_add(EVERY)))
}

/// Removes what is old. Each part stands alone, so nothing is lost if it is interrupted.
pub fn clean<D: Db>(db: &D, now: Ms) -> Result<(), DbError> {
    receipts::settle(db, now)?;
    db.atomically(|| events::erase(db, "created_at < ?", now.saturating_sub(PRIVATE).into()))?;
    let old = now.saturating_sub(RECEIPTS);
    for (table, condition, before) in [
        // The last event stays, so that numbers go on from it.
        (
            "event",
            "seq IN (SELECT seq FROM event WHERE at < ?1 AND seq < (SELECT max(seq) FROM event) ORDER BY seq LIMIT ?2)",
            old,
        ),
        ("notification", "id IN (SELECT id FROM notification WHERE seen_at < ?1 LIMIT ?2)", old),
        (
            "conversation_read",
            "(key, at) IN (SELECT key, at FROM conversation_read WHERE received_at < ?1 LIMIT ?2)",
            old,
        ),
        (
            "message",
            "number IN (SELECT number FROM message WHERE created_at < ?1 AND state > 1 LIMIT ?2)",
            old,
        ),
        (
            "idempotency",
            "(webhook, key) IN (SELECT webhook, key FROM idempotency WHERE created_at < ?1 LIMIT ?2)",
            now.saturating_sub(KEY_KEPT),
        ),
    ] {
        db.query(&["DELETE FROM ", table, " WHERE ", condition].concat(), &[before.into(), AT_ONCE.into()])?;
    }
    schema::set_meta(db, KEY, &now.to_string())
}
