//! Reads name a conversation, or a user, and no notification (sunco.md §8): every notification of that conversation is read
//! that was sent before, and didn't fail.
//!
//! Whether a notification is read is reckoned anew whenever something is learned of it or of its conversation, from all
//! that is known, so the order in which receipts come changes nothing. Two things need care:
//! - a notification whose arrival was told is read at once. WhatsApp may leave that receipt out if the chat is open (Meta,
//!   "Webhooks: status messages": `delivered` may be missing), so one that was only sent is read, too, but after
//!   [`SETTLE`]: a failure that comes late must not find it read.
//! - `first_at`, the earliest moment that any receipt names, stands for when it was sent.

use serde_json::json;

use super::parse::Fact;
use crate::{
    Ms,
    db::{Db, DbError},
    events,
};

/// How long a failure is waited for before a read conversation makes a notification read that nobody told had arrived.
pub const SETTLE: Ms = 2 * 60 * 60 * 1000;

/// Keeps a read, and lets it count.
pub fn keep<D: Db>(db: &D, fact: &Fact, now: Ms) -> Result<(), DbError> {
    let insert = |key: String| {
        let sql = "INSERT INTO conversation_read VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        db.query(sql, &[(&key).into(), fact.at.into(), now.into()])
    };
    let (which, argument) = match (&fact.conversation, &fact.user) {
        (Some(conversation), user) => {
            insert(["c:", conversation].concat())?;
            if let Some(user) = user {
                // For notifications of which only the user is known.
                insert(["v:", user].concat())?;
            }
            (
                "conversation = ?1 OR (conversation IS NULL AND user = ?2)",
                [conversation.into(), user.as_ref().into()],
            )
        }
        (None, Some(user)) => {
            insert(["u:", user].concat())?;
            ("user = ?1 AND ?2 IS NULL", [user.into(), crate::db::Arg::Null])
        }
        (None, None) => return Ok(()),
    };
    let sql = ["SELECT id FROM notification WHERE (", which, ") AND first_at <= ?3"].concat();
    let [one, other] = argument;
    for row in db.query(&sql, &[one, other, fact.at.into()])? {
        evaluate(db, row.text_or_empty(0), now)?;
    }
    Ok(())
}

/// Whether a notification is read, from all that is known now.
pub fn evaluate<D: Db>(db: &D, id: &str, now: Ms) -> Result<(), DbError> {
    let row = db.first(
        "SELECT n.delivered_at, n.failed_at, n.read_at, r.at, r.received_at FROM notification n \
         JOIN conversation_read r ON r.at >= n.first_at AND r.key IN ('c:' || n.conversation, 'u:' || n.user, \
         CASE WHEN n.conversation IS NULL THEN 'v:' || n.user END) WHERE n.id = ? ORDER BY r.at LIMIT 1",
        &[id.into()],
    )?;
    let Some(row) = row else { return Ok(()) };
    let Some(at) = row.int(3).filter(|at| row.int(2).is_none_or(|before| *at < before)) else {
        return Ok(());
    };
    if row.int(0).is_none() {
        let due = row.int(4).unwrap_or(now).saturating_add(SETTLE);
        let due = if row.int(1).is_some() { None } else { Some(due) };
        db.query("UPDATE notification SET read_due = ? WHERE id = ?", &[due.into(), id.into()])?;
        if due.is_none_or(|due| now < due) {
            return Ok(());
        }
    }
    db.query("UPDATE notification SET read_at = ?, read_due = NULL WHERE id = ?", &[at.into(), id.into()])?;
    let key = ["read|n:", id, "|", &at.to_string()].concat();
    let body = json!({ "kind": "receipt", "status": "read", "at": at, "notification": id });
    events::add(db, now, &events::New { body, dedupe: Some(&key), ..events::New::default() })?;
    Ok(())
}

/// Lets those count whose time has come.
pub(crate) fn settle<D: Db>(db: &D, now: Ms) -> Result<(), DbError> {
    let due = db.query("SELECT id FROM notification WHERE read_due <= ? LIMIT 500", &[now.into()])?;
    for row in due {
        db.atomically(|| evaluate(db, row.text_or_empty(0), now))?;
    }
    Ok(())
}
