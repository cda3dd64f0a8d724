//! Facts → events of the feed, and what is known of each notification.

use cxconnect_core::reasons::Concern;
use serde_json::{Value, json};

use super::{
    parse::{self, Fact, Kind},
    reads,
};
use crate::{
    Ms,
    db::{Db, DbError, Row},
    events, holds, limits, message,
};

/// Keeps facts, all or none. How many were new.
pub fn store<D: Db>(db: &D, facts: &[Fact], now: Ms) -> Result<usize, DbError> {
    db.atomically(|| {
        facts
            .iter()
            .try_fold(0_usize, |n_new, fact| Ok(n_new.saturating_add(usize::from(one(db, fact, now)?))))
    })
}

fn one<D: Db>(db: &D, fact: &Fact, now: Ms) -> Result<bool, DbError> {
    if let (Kind::Sent | Kind::Delivered | Kind::Failed { .. }, Some(id)) = (&fact.kind, &fact.notification) {
        return learn(db, fact, id, now);
    }
    let new = events::New { body: body(fact), dedupe: Some(&fact.key), ..events::New::default() };
    if events::add(db, now, &new)?.is_none() {
        return Ok(false);
    }
    // Ordinary messages' receipts, and what nobody here knows, are in the feed and mean nothing more.
    if fact.kind == Kind::Read {
        reads::keep(db, fact, now)?;
    }
    Ok(true)
}

/// The event as the app reads it.
fn body(fact: &Fact) -> Value {
    let kind = match &fact.kind {
        Kind::Other(_) => "other",
        Kind::Read => "conversation_read",
        _ if fact.notification.is_some() => "receipt",
        _ => "message_receipt",
    };
    let mut body = json!({ "kind": kind, "status": fact.kind.name(), "at": fact.at });
    let Value::Object(members) = &mut body else { return body };
    let ids = [
        ("notification", &fact.notification),
        ("sunco_message", &fact.message),
        ("conversation", &fact.conversation),
        ("user", &fact.user),
    ];
    for (name, id) in ids {
        if let Some(id) = id {
            members.insert(name.to_owned(), json!(id));
        }
    }
    if let Kind::Failed { code, text } = &fact.kind {
        let reason = parse::reason(text);
        let concern = reason.map(|reason| match reason.concern() {
            Concern::Message => "message",
            Concern::Template => "template",
            Concern::Account => "account",
        });
        for (name, value) in [
            ("code", json!(code)),
            ("text", json!(text)),
            ("reason", json!(reason.map(cxconnect_core::reasons::Reason::key))),
            ("concern", json!(concern)),
        ] {
            members.insert(name.to_owned(), value);
        }
    }
    body
}

/// What is known of a notification after this, too. Each kind of event has its first moment, as in `core::receipt`, so order
/// and repetition change nothing: whether it was new. What is not, such as a later moment of the same, is no event.
fn learn<D: Db>(db: &D, fact: &Fact, id: &str, now: Ms) -> Result<bool, DbError> {
    let at = |is_it: bool| is_it.then_some(fact.at);
    let (code, text) = match &fact.kind {
        Kind::Failed { code, text } => (code.as_deref(), Some(text.as_str())),
        _ => (None, None),
    };
    let row = db.first(
        "INSERT INTO notification (id, conversation, user, first_at, sent_at, delivered_at, failed_at, failed_code, \
         failed_text, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET \
         conversation = coalesce(conversation, excluded.conversation), user = coalesce(user, excluded.user), \
         first_at = min(first_at, excluded.first_at), \
         sent_at = coalesce(min(sent_at, excluded.sent_at), sent_at, excluded.sent_at), \
         delivered_at = coalesce(min(delivered_at, excluded.delivered_at), delivered_at, excluded.delivered_at), \
         failed_code = CASE WHEN failed_at IS NULL OR (excluded.failed_at, excluded.failed_text) < (failed_at, failed_text) \
         THEN excluded.failed_code ELSE failed_code END, \
         failed_text = CASE WHEN failed_at IS NULL OR (excluded.failed_at, excluded.failed_text) < (failed_at, failed_text) \
         THEN excluded.failed_text ELSE failed_text END, \
         failed_at = coalesce(min(failed_at, excluded.failed_at), failed_at, excluded.failed_at), seen_at = excluded.seen_at \
         WHERE (excluded.conversation IS NOT NULL AND conversation IS NULL) OR (excluded.user IS NOT NULL AND user IS NULL) \
         OR excluded.sent_at < coalesce(sent_at, excluded.sent_at + 1) \
         OR excluded.delivered_at < coalesce(delivered_at, excluded.delivered_at + 1) \
         OR (excluded.failed_at IS NOT NULL AND (failed_at IS NULL \
         OR (excluded.failed_at, excluded.failed_text) < (failed_at, failed_text))) RETURNING conversation, user, first_at, delivered_at, failed_at, read_at, (SELECT 1 FROM conversation_read r \
         WHERE r.key IN ('c:' || notification.conversation, 'u:' || notification.user, 'v:' || notification.user) LIMIT 1)",
        &[
            id.into(),
            fact.conversation.as_ref().into(),
            fact.user.as_ref().into(),
            fact.at.into(),
            at(fact.kind == Kind::Sent).into(),
            at(fact.kind == Kind::Delivered).into(),
            at(matches!(fact.kind, Kind::Failed { .. })).into(),
            code.into(),
            text.into(),
            now.into(),
        ],
    )?;
    let Some(row) = row else { return Ok(false) };
    events::add(db, now, &events::New { body: body(fact), ..events::New::default() })?;
    if row.int(6).is_some() {
        reads::evaluate(db, id, now)?;
    }
    if row.int(4).is_some() {
        concerns_messages(db, fact, id, &row, now)?;
    }
    Ok(true)
}

/// A failure changes what the allotment has left, and may say that others would fail, too.
fn concerns_messages<D: Db>(db: &D, fact: &Fact, id: &str, row: &Row, now: Ms) -> Result<(), DbError> {
    let message =
        db.first("SELECT id, template, language FROM message WHERE notification = ?", &[id.into()])?;
    if let Some(message) = &message {
        limits::count(db, message.text_or_empty(0), !message::has_failed(db, id)?)?;
    }
    let Kind::Failed { text, .. } = &fact.kind else { return Ok(()) };
    // Yesterday's failure, told late, says nothing about now.
    let is_recent = now.saturating_sub(fact.at) < holds::LONGEST && row.int(3).is_none();
    let Some(reason) = parse::reason(text).filter(|_| is_recent) else { return Ok(()) };
    let scope = match reason.concern() {
        Concern::Message => return Ok(()),
        Concern::Account => holds::ACCOUNT.to_owned(),
        Concern::Template => match &message {
            Some(message) => holds::template(message.text_or_empty(1), message.text_or_empty(2)),
            // The app's own message: its batch learns it from the feed.
            None => return Ok(()),
        },
    };
    holds::hold(
        db,
        &scope,
        &["receipt:", reason.key()].concat(),
        text,
        now,
        now.saturating_add(holds::wait(reason)),
    )
}
