//! SunCo's webhook: made, found again and mended by itself.
//!
//! An app has at most ten webhooks (sunco.md §7.1), so all events are put into one, and one that posts to this relay already
//! is used again. What others made is never changed.

use cxconnect_sunco::{ApiError, MAX_WEBHOOKS, SunCo, Transport, Webhook};
use serde::{Deserialize, Serialize};

use crate::{
    Ms,
    db::{Db, DbError},
    failure::Failure,
    schema, secret,
};

/// Where what is known of it is kept.
const KEY: &str = "sunco_webhook";
/// Where the address's own secret is kept.
const PATH: &str = "sunco_path";
/// The events that are asked for (sunco.md §7.1).
const TRIGGERS: [&str; 5] = [
    "notification:delivery:channel",
    "notification:delivery:user",
    "notification:delivery:failure",
    "conversation:read",
    "notification:match:failure",
];
/// Those that every SunCo knows: `notification:match:failure` is of 2026.
const KNOWN: usize = 4;
/// How often the pump looks whether it is still there.
pub const CHECK_EVERY: Ms = 6 * 60 * 60 * 1000;

/// What is known of SunCo's webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Its id.
    pub id: String,
    /// Where it posts to, without the secret at the end.
    pub url: String,
    /// SHA-256 of what it sends as `X-API-Key`.
    pub key_hash: String,
    /// When SunCo last said that it is there.
    pub checked_at: Ms,
    /// What was wrong at the last look, if anything: a stable code.
    pub problem: Option<String>,
}

/// What is known.
pub fn registered<D: Db>(db: &D) -> Result<Option<Registered>, DbError> {
    Ok(schema::meta(db, KEY)?.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Keeps it.
pub fn remember<D: Db>(db: &D, registered: &Registered) -> Result<(), DbError> {
    let json = serde_json::to_string(registered).map_err(|error| DbError(error.to_string()))?;
    schema::set_meta(db, KEY, &json)
}

/// The address's own secret, made at the first need.
pub fn path_secret<D: Db>(db: &D, random: &[u8; 32]) -> Result<String, DbError> {
    if let Some(secret) = schema::meta(db, PATH)? {
        return Ok(secret);
    }
    let secret = secret::hex(random);
    schema::set_meta(db, PATH, &secret)?;
    Ok(secret)
}

/// The address's own secret, if there is one.
pub fn known_path_secret<D: Db>(db: &D) -> Result<Option<String>, DbError> {
    schema::meta(db, PATH)
}

/// Makes or mends SunCo's webhook. `base` is `{relay}/sunco/{account}`, `path` the secret that follows it.
pub async fn register<T: Transport>(sunco: &SunCo<T>, base: &str, path: &str) -> Result<Webhook, Failure> {
    let target = [base, "/", path].concat();
    let (webhooks, n_all) = sunco.webhooks().await.map_err(|error| told(&error))?;
    // One of an earlier secret, or another's of the same relay and account, is this one.
    let prefix = [base, "/"].concat();
    let own =
        webhooks.into_iter().find(|webhook| webhook.target == target || webhook.target.starts_with(&prefix));
    match own {
        Some(webhook) if webhook.target == target && has_all(&webhook) => Ok(webhook),
        Some(webhook) => {
            let triggers =
                |all: bool| if all { TRIGGERS.as_slice() } else { TRIGGERS.get(..KNOWN).unwrap_or_default() };
            match sunco.update_webhook(&webhook.id, &target, triggers(true)).await {
                Err(ApiError::Refused { status: 400, .. }) => {
                    sunco.update_webhook(&webhook.id, &target, triggers(false)).await
                }
                answered => answered,
            }
        }
        .map_err(|error| told(&error)),
        None if MAX_WEBHOOKS <= n_all => Err(Failure::new(
            409,
            "sunco_webhooks_full",
            "La app de Sunshine Conversations ya tiene 10 webhooks, el máximo.",
            "Elimine uno que ya no se use en Sunshine Conversations y repita.",
        )),
        None => match sunco.create_webhook(&target, &TRIGGERS).await {
            Err(ApiError::Refused { status: 400, .. }) => {
                sunco.create_webhook(&target, TRIGGERS.get(..KNOWN).unwrap_or_default()).await
            }
            answered => answered,
        }
        .map_err(|error| told(&error)),
    }
}

/// Whether it is asked for all that every SunCo knows.
fn has_all(webhook: &Webhook) -> bool {
    let asked = |trigger: &str| webhook.triggers.iter().any(|it| it == trigger);
    TRIGGERS.into_iter().take(KNOWN).all(asked)
}

/// What SunCo's refusal means for whoever set the relay up.
pub fn told(error: &ApiError) -> Failure {
    let (code, fix) = match error {
        ApiError::Unauthorized { .. } => {
            ("sunco_unauthorized", "Revise `key_id` y `secret` en la configuración del relay.")
        }
        ApiError::PaymentRequired { .. } | ApiError::Forbidden { .. } => (
            "sunco_forbidden",
            "La clave no puede usar esa app, o al plan le falta la API de conversaciones.",
        ),
        ApiError::NotFound { .. } => {
            ("sunco_not_found", "Revise `app_id` e `integration_id` en la configuración del relay.")
        }
        ApiError::RateLimited { .. } => ("sunco_rate_limited", "Repita en un minuto."),
        ApiError::Refused { .. } => {
            ("sunco_refused", "Revise `app_id` e `integration_id` en la configuración del relay.")
        }
        ApiError::Server { .. }
        | ApiError::NotJson { .. }
        | ApiError::NotUnderstood { .. }
        | ApiError::TooManyPages { .. }
        | ApiError::Transport(_) => ("sunco_unavailable", "Repita en un minuto."),
    };
    Failure::new(502, code, &format!("Sunshine Conversations respondió: {error}"), fix).after(60)
}
