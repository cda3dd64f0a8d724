//! What is kept, and how old versions of it are brought up.
//!
//! Times are milliseconds since 1970. Nothing but `message` and `event.private` holds a phone number or a person's data, and
//! both are erased (see `retention`).

use crate::db::{Db, DbError};

/// The steps from nothing to the present form; a database has done the first so many of them. Only ever added to.
const STEPS: &[&[&str]] = &[&[
    // What there is one of: settings, the SunCo webhook, cursors.
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    // Limits that hold: changed in the same transaction as what they count.
    "CREATE TABLE counters (one INTEGER PRIMARY KEY CHECK (one = 1), queued INTEGER NOT NULL, period TEXT NOT NULL, \
     used INTEGER NOT NULL)",
    "INSERT INTO counters VALUES (1, 0, '', 0)",
    // Integration webhooks. `tat` is when the next call would come if all had come evenly (see `limits`).
    "CREATE TABLE webhook (id TEXT PRIMARY KEY, template TEXT NOT NULL, language TEXT NOT NULL, sender TEXT NOT NULL, \
     secret_hash TEXT NOT NULL, secret_hint TEXT NOT NULL, active INTEGER NOT NULL, created_at INTEGER NOT NULL, \
     rotated_at INTEGER, tat INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
    // The webhooks' templates as SunCo had them last.
    "CREATE TABLE template (sender TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, json TEXT NOT NULL, \
     version TEXT NOT NULL, fetched_at INTEGER NOT NULL, PRIMARY KEY (sender, name, language)) WITHOUT ROWID",
    // Where templates show, as the app says.
    "CREATE TABLE position (name TEXT NOT NULL, language TEXT NOT NULL, position TEXT NOT NULL, \
     PRIMARY KEY (name, language)) WITHOUT ROWID",
    // Messages that webhooks have triggered. `state`: see `message::State`. `number` gives their order.
    "CREATE TABLE message (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, webhook TEXT NOT NULL, \
     sender TEXT NOT NULL, template TEXT NOT NULL, language TEXT NOT NULL, version TEXT NOT NULL, phone TEXT, \
     params TEXT, state INTEGER NOT NULL, created_at INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, \
     claimed_at INTEGER, ended_at INTEGER, notification TEXT, status INTEGER, code TEXT, text TEXT, \
     period TEXT NOT NULL, counts INTEGER NOT NULL DEFAULT 1, outcome_seq INTEGER)",
    "CREATE INDEX message_open ON message (state, number) WHERE state < 2",
    "CREATE INDEX message_notification ON message (notification) WHERE notification IS NOT NULL",
    "CREATE INDEX message_private ON message (outcome_seq, created_at) WHERE phone IS NOT NULL",
    // What was answered under an Idempotency-Key.
    "CREATE TABLE idempotency (webhook TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, message TEXT NOT NULL, \
     created_at INTEGER NOT NULL, PRIMARY KEY (webhook, key)) WITHOUT ROWID",
    "CREATE INDEX idempotency_created ON idempotency (created_at)",
    // All that the app is told, in order. `seq` has no gaps: the last row is never removed, so the next is always one more.
    "CREATE TABLE event (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL, dedupe TEXT, \
     message TEXT, private TEXT)",
    "CREATE UNIQUE INDEX event_dedupe ON event (dedupe) WHERE dedupe IS NOT NULL",
    "CREATE INDEX event_private ON event (message) WHERE private IS NOT NULL",
    // What receipts say of a notification, whoever sent it.
    "CREATE TABLE notification (id TEXT PRIMARY KEY, conversation TEXT, user TEXT, first_at INTEGER NOT NULL, \
     sent_at INTEGER, delivered_at INTEGER, failed_at INTEGER, failed_text TEXT, failed_code TEXT, read_at INTEGER, \
     read_due INTEGER, seen_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX notification_conversation ON notification (conversation) WHERE conversation IS NOT NULL",
    "CREATE INDEX notification_user ON notification (user) WHERE user IS NOT NULL",
    "CREATE INDEX notification_due ON notification (read_due) WHERE read_due IS NOT NULL",
    // Reads, which name a conversation or a user and no notification.
    "CREATE TABLE conversation_read (key TEXT NOT NULL, at INTEGER NOT NULL, received_at INTEGER NOT NULL, \
     PRIMARY KEY (key, at)) WITHOUT ROWID",
    // What keeps messages waiting: the account (scope '') or a template ('name language').
    "CREATE TABLE hold (scope TEXT PRIMARY KEY, cause TEXT NOT NULL, text TEXT NOT NULL, since INTEGER NOT NULL, \
     until INTEGER NOT NULL) WITHOUT ROWID",
]];

/// Brings the database to the present form.
pub(crate) fn prepare<D: Db>(db: &D) -> Result<(), DbError> {
    db.query("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", &[])?;
    let done =
        db.first("SELECT max(version) FROM schema_version", &[])?.and_then(|row| row.int(0)).unwrap_or(0);
    let done = usize::try_from(done).unwrap_or(0);
    for (idx, step) in STEPS.iter().enumerate().skip(done) {
        let version = i64::try_from(idx).unwrap_or(i64::MAX).saturating_add(1);
        db.atomically(|| -> Result<(), DbError> {
            for statement in *step {
                db.query(statement, &[])?;
            }
            db.query("INSERT INTO schema_version VALUES (?)", &[version.into()])?;
            Ok(())
        })?;
    }
    Ok(())
}

/// What is kept under a name.
pub(crate) fn meta<D: Db>(db: &D, key: &str) -> Result<Option<String>, DbError> {
    Ok(db.first("SELECT value FROM meta WHERE key = ?", &[key.into()])?.and_then(|row| row.string(0)))
}

/// Keeps something under a name.
pub(crate) fn set_meta<D: Db>(db: &D, key: &str, value: &str) -> Result<(), DbError> {
    db.query(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        &[key.into(), value.into()],
    )?;
    Ok(())
}
