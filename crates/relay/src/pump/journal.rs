//! The send engine's records → the messages' rows, the counters and the feed, all of a write or nothing of it.

use cxconnect_core::{
    dispatch::{Doubt, Entry, PauseCause, Record, StopKind},
    reasons::Reason,
};
use serde_json::{Value, json};

use super::PAUSE;
use crate::{
    Ms,
    db::{Db, DbError},
    events, holds, limits,
    message::{self, State, Waiting},
    templates::{FRESH_FOR, Key},
};

/// How a message ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// SunCo took it, under this id.
    Accepted(&'a str),
    /// It was refused, or given up.
    Failed {
        /// The HTTP status; 0 if there was no call.
        status: u16,
        /// A stable code.
        code: Option<&'a str>,
        /// The provider's words.
        text: &'a str,
    },
    /// Nobody knows; why.
    Doubt(&'static str),
}

/// Keeps a write.
pub fn keep<D: Db>(db: &D, messages: &[Waiting], key: &Key, entries: &[Entry]) -> Result<(), DbError> {
    db.atomically(|| {
        for entry in entries {
            one(db, messages, key, entry)?;
        }
        Ok(())
    })
}

fn one<D: Db>(db: &D, messages: &[Waiting], key: &Key, entry: &Entry) -> Result<(), DbError> {
    let now = Ms::try_from(entry.time).unwrap_or(Ms::MAX);
    let id = |message: usize| {
        let waiting = messages.get(message);
        waiting.map(|waiting| waiting.id.as_str()).ok_or_else(|| DbError("no such message".to_owned()))
    };
    match &entry.record {
        Record::Claimed { message, .. } => claim(db, id(*message)?, now),
        Record::TurnedAway { message } => back(db, id(*message)?),
        Record::Accepted { message, id: notification } => {
            end(db, id(*message)?, Outcome::Accepted(notification.as_str()), now)
        }
        Record::Refused { message, refusal } => {
            let outcome = Outcome::Failed {
                status: refusal.status,
                code: refusal.code.as_deref(),
                text: &refusal.text,
            };
            end(db, id(*message)?, outcome, now)
        }
        Record::InDoubt { message, doubt } => end(db, id(*message)?, Outcome::Doubt(doubt_code(*doubt)), now),
        Record::Paused(cause) => pause(db, key, cause, now),
        Record::Started
        | Record::Resumed
        | Record::Cancelled
        | Record::Opened
        | Record::MarkedSent { .. }
        | Record::SendAgain { .. }
        | Record::Retried { .. }
        | Record::Ended(_) => Ok(()),
    }
}

/// Only what waits can be claimed: the last guard against a second send.
fn claim<D: Db>(db: &D, id: &str, now: Ms) -> Result<(), DbError> {
    let claimed = db.first(
        "UPDATE message SET state = ?, claimed_at = ?, attempt = attempt + 1 WHERE id = ? AND state = ? RETURNING 1",
        &[State::Sending.code().into(), now.into(), id.into(), State::Queued.code().into()],
    )?;
    claimed.map(|_| ()).ok_or_else(|| DbError("the message was claimed already".to_owned()))
}

fn back<D: Db>(db: &D, id: &str) -> Result<(), DbError> {
    db.query(
        "UPDATE message SET state = ?, claimed_at = NULL WHERE id = ? AND state = ?",
        &[State::Queued.code().into(), id.into(), State::Sending.code().into()],
    )?;
    Ok(())
}

/// A message ends, once. To be called in a transaction.
pub fn end<D: Db>(db: &D, id: &str, outcome: Outcome<'_>, now: Ms) -> Result<(), DbError> {
    let (state, notification, status, code, text) = match outcome {
        Outcome::Accepted(notification) => (State::Accepted, Some(notification), None, None, None),
        Outcome::Failed { status, code, text } => {
            (State::Failed, None, Some(i64::from(status)), code, Some(text))
        }
        Outcome::Doubt(doubt) => (State::Unknown, None, None, Some(doubt), None),
    };
    let ended = db.first(
        "UPDATE message SET state = ?, notification = ?, status = ?, code = ?, text = ?, ended_at = ? \
         WHERE id = ? AND state < 2 RETURNING webhook, template, language, sender, created_at, claimed_at",
        &[
            state.code().into(),
            notification.into(),
            status.into(),
            code.into(),
            text.into(),
            now.into(),
            id.into(),
        ],
    )?;
    let Some(row) = ended else { return Ok(()) };
    db.query("UPDATE counters SET queued = max(0, queued - 1)", &[])?;
    let mut body = json!({
        "kind": "message", "message": id, "at": now, "webhook": row.text(0), "template": row.text(1),
        "language": row.text(2), "sender": row.text(3), "created_at": row.int(4), "claimed_at": row.int(5),
        "state": match state { State::Accepted => "accepted", State::Failed => "failed", _ => "unknown" },
    });
    if let Value::Object(members) = &mut body {
        let reason = text.and_then(Reason::find).map(Reason::key);
        let more = [
            ("notification", json!(notification)),
            ("status", json!(status)),
            ("code", json!(code)),
            ("text", json!(text)),
            ("reason", json!(reason)),
        ];
        members
            .extend(more.into_iter().filter(|(_, it)| !it.is_null()).map(|(name, it)| (name.to_owned(), it)));
    }
    let new = events::New { body, message: Some(id), ..events::New::default() };
    let seq = events::add(db, now, &new)?;
    db.query("UPDATE message SET outcome_seq = ? WHERE id = ?", &[seq.into(), id.into()])?;
    let counts = match outcome {
        Outcome::Failed { .. } => false,
        Outcome::Doubt(_) => true,
        // Its failure may have been told before SunCo's own answer came.
        Outcome::Accepted(notification) => !message::has_failed(db, notification)?,
    };
    limits::count(db, id, counts)
}

/// The engine's pauses, as holds that end by themselves.
fn pause<D: Db>(db: &D, key: &Key, cause: &PauseCause, now: Ms) -> Result<(), DbError> {
    let template = || holds::template(&key.name, &key.language);
    let account = || holds::ACCOUNT.to_owned();
    let (scope, code, text, wait) = match cause {
        // The run's own end, and nothing that keeps messages waiting.
        PauseCause::Agent | PauseCause::Reopened | PauseCause::Journal(_) => return Ok(()),
        PauseCause::Doubts => (account(), "doubts", "", PAUSE),
        PauseCause::Failures => (account(), "failures", "", PAUSE),
        PauseCause::Stopped(cause) => {
            let code = match cause.kind {
                StopKind::Unauthorized => "unauthorized",
                StopKind::PaymentRequired => "payment_required",
                StopKind::Forbidden => "forbidden",
                StopKind::ProxyRefused => "refused",
            };
            (account(), code, cause.text.as_str(), PAUSE)
        }
        PauseCause::Template(reason) => (template(), reason.key(), "", FRESH_FOR),
        PauseCause::Account(reason) => (account(), reason.key(), "", holds::wait(*reason)),
    };
    holds::hold(db, &scope, code, text, now, now.saturating_add(wait))
}

fn doubt_code(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Timeout => "timeout",
        Doubt::ConnectionLost => "connection_lost",
        Doubt::Server { .. } => "server_error",
        Doubt::NotUnderstood { .. } => "not_understood",
        Doubt::Interrupted => "interrupted",
    }
}
