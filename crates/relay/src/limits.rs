//! Limits that hold: what is counted is changed in the transaction that counts it, and there is one writer.

use crate::{
    Ms,
    db::{Db, DbError},
    failure::Failure,
    settings::Settings,
};

/// So many calls of a webhook may come at once before the rate counts: a tenth of a minute's.
const BURST: Ms = 6_000;

/// Takes a place in the queue and one message of the allotment. To be called in the transaction that stores the message.
pub fn reserve<D: Db>(db: &D, settings: &Settings, webhook: &str, now: Ms) -> Result<String, Failure> {
    let period = settings.period(now);
    // The webhook's own rate: the generic cell rate algorithm (ITU-T I.371, annex A), whose one number is `tat`.
    let interval =
        60_000_i64.checked_div(i64::from(settings.webhook_rate_per_minute)).unwrap_or(60_000).max(1);
    let latest = now.saturating_add(BURST);
    let passed = db.first(
        "UPDATE webhook SET tat = max(tat, ?1) + ?2 WHERE id = ?3 AND tat <= ?4 RETURNING tat",
        &[now.into(), interval.into(), webhook.into(), latest.into()],
    )?;
    if passed.is_none() {
        let tat =
            db.first("SELECT tat FROM webhook WHERE id = ?", &[webhook.into()])?.and_then(|row| row.int(0));
        let wait = tat.unwrap_or(now).saturating_sub(latest);
        return Err(Failure::new(
            429,
            "rate_limited",
            "Este webhook recibe más llamadas por minuto de las que tiene permitidas.",
            "Espere lo que indica Retry-After y repita la llamada.",
        )
        .after(wait.saturating_add(999).checked_div(1000).unwrap_or(1)));
    }
    let row = db.first(
        "UPDATE counters SET queued = queued + 1, used = CASE WHEN period = ?1 THEN used ELSE 0 END + 1, period = ?1 \
         WHERE queued < ?2 AND CASE WHEN period = ?1 THEN used ELSE 0 END < ?3 RETURNING used",
        &[
            (&period.name).into(),
            i64::from(settings.queue_limit).into(),
            i64::from(settings.allotment.messages).into(),
        ],
    )?;
    if row.is_some() {
        return Ok(period.name);
    }
    let queued = db.first("SELECT queued FROM counters", &[])?.and_then(|row| row.int(0)).unwrap_or(0);
    if i64::from(settings.queue_limit) <= queued {
        return Err(Failure::new(
            429,
            "queue_full",
            "Hay demasiados mensajes esperando su turno.",
            "Espere lo que indica Retry-After y repita la llamada.",
        )
        .after(30));
    }
    let wait = period.renews_at.saturating_sub(now).checked_div(1000).unwrap_or(0);
    Err(Failure::new(
        429,
        "package_exhausted",
        "No quedan mensajes del paquete para integraciones en este período.",
        "Un administrador puede asignar más en CXConnect; si no, el paquete se renueva cuando indica Retry-After.",
    )
    .after(wait))
}

/// Whether a message counts against the allotment has changed: those that failed consume nothing (user manual,
/// "Enviados" and "No enviados").
pub fn count<D: Db>(db: &D, message: &str, counts: bool) -> Result<(), DbError> {
    let changed = db.first(
        "UPDATE message SET counts = ?1 WHERE id = ?2 AND counts <> ?1 RETURNING period",
        &[i64::from(counts).into(), message.into()],
    )?;
    if let Some(period) = changed.and_then(|row| row.string(0)) {
        let by = if counts { 1_i64 } else { -1 };
        db.query(
            "UPDATE counters SET used = max(0, used + ?1) WHERE period = ?2",
            &[by.into(), (&period).into()],
        )?;
    }
    Ok(())
}
