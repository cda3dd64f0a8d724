//! `GET /v1/status`: what the app shows of the relay.

use serde_json::{Value, json};

use crate::{
    Ms,
    db::{Db, DbError},
    events,
    settings::Settings,
    setup, webhooks,
};

/// All that there is to say.
pub fn status<D: Db>(db: &D, account: &str, settings: &Settings, now: Ms) -> Result<Value, DbError> {
    let one = |sql: &str| Ok::<_, DbError>(db.first(sql, &[])?.unwrap_or_default());
    let period = settings.period(now);
    let counters = one("SELECT queued, period, used FROM counters")?;
    let used = if counters.text(1) == Some(&period.name) { counters.int(2).unwrap_or(0) } else { 0 };
    let open = one("SELECT min(created_at), count(*) FILTER (WHERE state = 1) FROM message WHERE state < 2")?;
    let ends = one("SELECT min(seq), max(seq) FROM event")?;
    let last_receipt = one("SELECT max(seen_at) FROM notification")?;
    let holds = db.query("SELECT scope, cause, text, since, until FROM hold ORDER BY scope", &[])?;
    let holds = holds.iter().map(|row| {
        json!({ "scope": row.text(0), "cause": row.text(1), "text": row.text(2), "since": row.int(3), "until": row.int(4) })
    });
    let webhooks = webhooks::load(db)?;
    let n_active = webhooks.iter().filter(|webhook| webhook.is_active).count();
    let registered = setup::registered(db)?;
    Ok(json!({
        "account": account,
        "version": env!("CARGO_PKG_VERSION"),
        "now": now,
        "queue": {
            "waiting": counters.int(0), "sending": open.int(1), "oldest_at": open.int(0), "limit": settings.queue_limit,
        },
        "holds": holds.collect::<Value>(),
        "webhooks": { "active": n_active, "all": webhooks.len(), "limit": settings.webhook_limit },
        "allotment": {
            "messages": settings.allotment.messages, "used": used, "period": period.name, "renews_at": period.renews_at,
        },
        "events": { "oldest": ends.int(0), "last": ends.int(1).unwrap_or(0), "collected": events::collected(db)? },
        "last_receipt_at": last_receipt.int(0),
        "sunco_webhook": registered.map(|it| json!({
            "id": it.id, "url": it.url, "checked_at": it.checked_at, "problem": it.problem,
        })),
    }))
}

/// Whether messages that may be sent have waited for more than a minute without anything holding them: then the pump
/// stands still, and whoever supervises the process should restart it (relay-runtime.md §6).
pub fn is_stuck<D: Db>(db: &D, last_alarm: Option<Ms>, now: Ms) -> Result<bool, DbError> {
    const MINUTE: Ms = 60_000;
    let row = db.first(
        "SELECT min(created_at) FROM message WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM hold WHERE scope = '' \
         OR scope = template || ' ' || language)",
        &[],
    )?;
    let waits = row.and_then(|row| row.int(0)).is_some_and(|at| at.saturating_add(MINUTE) < now);
    Ok(waits && last_alarm.is_none_or(|at| at.saturating_add(MINUTE.saturating_mul(3)) < now))
}
