//! What keeps messages waiting for a while: a template that Meta has paused, a key that SunCo refuses, a provider that is down.
//!
//! A hold ends by itself: the next message tries again. Messages that wait longer than the account's setting are given up.

use cxconnect_core::reasons::{Reason, Retry};
use serde_json::json;

use crate::{
    Ms,
    db::{Db, DbError},
    events,
};

/// The scope of what concerns all messages.
pub const ACCOUNT: &str = "";

/// The scope of one template.
pub fn template(name: &str, language: &str) -> String {
    [name, " ", language].concat()
}

/// Of a reason that says nothing about how long: an hour, which is what Meta's own allowances are counted over.
pub const LONGEST: Ms = 60 * 60 * 1000;
/// Of a reason that may pass at once.
const SHORTEST: Ms = 60 * 1000;

/// How long a reason keeps others waiting before it is tried again.
pub fn wait(reason: Reason) -> Ms {
    match reason.retry() {
        Retry::Now => SHORTEST,
        Retry::Later { wait } => Ms::try_from(wait).unwrap_or(LONGEST).clamp(SHORTEST, LONGEST),
        Retry::Never => LONGEST,
    }
}

/// Keeps messages waiting until then; a hold that lasts longer stays.
pub fn hold<D: Db>(db: &D, scope: &str, cause: &str, text: &str, now: Ms, until: Ms) -> Result<(), DbError> {
    let row = db.first(
        "INSERT INTO hold VALUES (?, ?, ?, ?, ?) ON CONFLICT (scope) DO UPDATE SET cause = excluded.cause, \
         text = excluded.text, until = excluded.until WHERE excluded.until > until RETURNING since",
        &[scope.into(), cause.into(), text.into(), now.into(), until.into()],
    )?;
    if row.is_some() {
        let body = json!({ "kind": "hold", "scope": scope, "cause": cause, "text": text, "at": now, "until": until });
        events::add(db, now, &events::New { body, ..events::New::default() })?;
    }
    Ok(())
}

/// Ends the holds whose time has come, or, if a person says so, all. How many.
pub fn release<D: Db>(db: &D, now: Ms, all: bool) -> Result<usize, DbError> {
    db.atomically(|| {
        let ended = db.query(
            "DELETE FROM hold WHERE until <= ?1 OR ?2 RETURNING scope",
            &[now.into(), i64::from(all).into()],
        )?;
        for row in &ended {
            let body = json!({ "kind": "release", "scope": row.text_or_empty(0), "at": now });
            events::add(db, now, &events::New { body, ..events::New::default() })?;
        }
        Ok(ended.len())
    })
}

/// When the first hold ends that is in force.
pub fn next_end<D: Db>(db: &D) -> Result<Option<Ms>, DbError> {
    Ok(db.first("SELECT min(until) FROM hold", &[])?.and_then(|row| row.int(0)))
}
