//! A trigger: a payload becomes a message that waits for its call, by the same rules as a file's row.

use cxconnect_core::{
    check::{Checked, PHONE_COLUMN, check, sheet_of_one, slot_in},
    integration::{parameters, payload_id},
    mapping::Mapping,
    phone::E164,
    problem::{Problem, ProblemKind},
    sheet::Sheet,
    template::{Template, Values},
};
use serde_json::json;

use crate::{
    Ms,
    db::Db,
    events,
    failure::{self, Detail, Failure},
    limits, message,
    payload::{Payload, unprocessable},
    secret,
    settings::Known,
    templates::Prepared,
    webhooks::Webhook,
};

/// The longest `Idempotency-Key`.
const MAX_KEY_CHARS: usize = 255;
/// A key is remembered for so long.
pub const KEY_KEPT: Ms = 24 * 60 * 60 * 1000;

/// What a trigger brings.
#[derive(Clone, Copy, Debug)]
pub struct Trigger<'a> {
    /// The account.
    pub account: &'a str,
    /// Whose secret it came with.
    pub webhook: &'a Webhook,
    /// The webhook's template.
    pub template: &'a Prepared,
    /// What follows `/webhook/` in its address.
    pub path_id: Option<&'a str>,
    /// The payload.
    pub body: &'a [u8],
    /// `Idempotency-Key`.
    pub key: Option<&'a str>,
    /// Whether it is a test from the app, which may be sent while the webhook is switched off.
    pub is_test: bool,
}

/// Stores the message. Its id; the same one for a repetition under the same key.
pub fn accept<D: Db>(
    db: &D,
    known: &Known,
    trigger: &Trigger<'_>,
    random: &[u8; 32],
    now: Ms,
) -> Result<String, Failure> {
    let Trigger { account, webhook, body, .. } = *trigger;
    let payload = Payload::parse(body)?;
    let subdomain = payload.text("subdominio")?.unwrap_or_else(|| account.to_owned());
    if !subdomain.eq_ignore_ascii_case(account) {
        let text = "El secreto no es de la cuenta que indica `subdominio`.";
        return Err(
            Failure::new(404, "account_not_found", text, "Use el subdominio de su Zendesk.").of("subdominio")
        );
    }
    let template = trigger.template.kept.as_ref().map(|kept| &kept.template);
    for id in [payload.text("id")?.as_deref(), trigger.path_id].into_iter().flatten() {
        let is_own = id == webhook.id
            || id == webhook.template.name
            || template.is_some_and(|it| payload_id(it) == id);
        if !is_own {
            let text = "El secreto es de un webhook con otra plantilla.";
            return Err(Failure::new(
                404,
                "webhook_not_found",
                text,
                "Revise `id`: es el de la plantilla, como lo muestra CXConnect.",
            )
            .of("id"));
        }
    }
    let body_hash = secret::digest(&secret::hex(body));
    if let Some(id) = repeated(db, webhook, trigger.key, &body_hash, now)? {
        return Ok(id);
    }
    if !(webhook.is_active || trigger.is_test) {
        return Err(Failure::new(
            403,
            "webhook_inactive",
            "Este webhook está desactivado.",
            "Un administrador puede activarlo en CXConnect.",
        ));
    }
    let Some(kept) = trigger.template.kept.as_ref().filter(|kept| kept.template.is_sendable()) else {
        let text = "La plantilla ya no está aprobada, o cambió a una forma que no se puede enviar.";
        return Err(Failure::new(403, "template_unavailable", text, "Revise la plantilla en Meta."));
    };
    if !trigger.template.is_offered {
        let text = "La plantilla no está en la posición Custom ni Todos.";
        return Err(Failure::new(
            403,
            "template_not_offered",
            text,
            "Cambie su posición en CXConnect, Configuración.",
        ));
    }
    let (to, values) = checked(&kept.template, known, &payload)?;

    let message_id = ["m_", secret::hex(random).get(..32).unwrap_or_default()].concat();
    db.atomically(|| -> Result<(), Failure> {
        let period = limits::reserve(db, &known.settings, &webhook.id, now)?;
        let (phone, params) = (to.to_string(), message::write_values(&values));
        db.query(
            "INSERT INTO message (id, webhook, sender, template, language, version, phone, params, state, created_at, period) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
            &[
                (&message_id).into(),
                (&webhook.id).into(),
                (&webhook.template.sender).into(),
                (&webhook.template.name).into(),
                (&webhook.template.language).into(),
                (&kept.version).into(),
                (&phone).into(),
                (&params).into(),
                now.into(),
                (&period).into(),
            ],
        )?;
        let event = events::New {
            body: json!({
                "kind": "message", "state": "queued", "message": message_id, "at": now, "webhook": webhook.id,
                "sender": webhook.template.sender, "template": webhook.template.name,
                "language": webhook.template.language, "producto_id": payload.product(), "test": trigger.is_test,
            }),
            message: Some(&message_id),
            private: Some(json!({ "phone": phone, "values": serde_json::from_str::<serde_json::Value>(&params).ok() })),
            ..events::New::default()
        };
        events::add(db, now, &event)?;
        if let Some(key) = trigger.key {
            db.query(
                "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?) ON CONFLICT (webhook, key) DO UPDATE SET \
                 body_hash = excluded.body_hash, message = excluded.message, created_at = excluded.created_at",
                &[(&webhook.id).into(), key.into(), (&body_hash).into(), (&message_id).into(), now.into()],
            )?;
        }
        Ok(())
    })?;
    Ok(message_id)
}

/// What was answered under this key within a day.
fn repeated<D: Db>(
    db: &D,
    webhook: &Webhook,
    key: Option<&str>,
    body_hash: &str,
    now: Ms,
) -> Result<Option<String>, Failure> {
    let Some(key) = key else { return Ok(None) };
    if key.is_empty() || MAX_KEY_CHARS < key.len() || !key.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        let text = "La clave va de 1 a 255 caracteres ASCII visibles.";
        return Err(
            Failure::new(400, "idempotency_key", text, "Use, por ejemplo, un UUID.").of("Idempotency-Key")
        );
    }
    let row = db.first(
        "SELECT body_hash, message FROM idempotency WHERE webhook = ? AND key = ? AND created_at > ?",
        &[(&webhook.id).into(), key.into(), now.saturating_sub(KEY_KEPT).into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    if row.text_or_empty(0) == body_hash {
        return Ok(row.string(1));
    }
    let text = "Esa clave ya se usó con otro contenido en las últimas 24 horas.";
    Err(Failure::new(409, "idempotency_conflict", text, "Use otra clave para otro mensaje.")
        .of("Idempotency-Key"))
}

/// Who gets what, if the rules let it go.
fn checked(template: &Template, known: &Known, payload: &Payload<'_>) -> Result<(E164, Values), Failure> {
    let refused = |details: Vec<Detail>| {
        let field = details.first().and_then(|detail| detail.field.clone());
        Failure { field, details, ..unprocessable() }
    };
    let phone = payload.text("telefono")?.unwrap_or_default();
    let values = payload.values(template).map_err(refused)?;
    let mapping = Mapping::manual(template);
    let Some(sheet) = sheet_of_one(template, &mapping, &phone, &values) else {
        return Err(unprocessable());
    };
    let checked = check(&sheet, &mapping, template, known.check.clone());
    let target = checked.targets().first().copied();
    let blocks = |problem: &&Problem| problem.is_error() || problem.kind.excludes();
    match target {
        Some(target) if !checked.problems_of(&sheet, 0).iter().any(|it| blocks(&it)) => {
            Ok((target.to, checked.values(&sheet, 0)))
        }
        _ => {
            let problems = checked.problems().iter().filter(blocks);
            Err(refused(
                problems.map(|problem| told(template, &mapping, &checked, &sheet, problem)).collect(),
            ))
        }
    }
}

fn told(
    template: &Template,
    mapping: &Mapping,
    checked: &Checked,
    sheet: &Sheet,
    problem: &Problem,
) -> Detail {
    let field = match problem.column {
        Some(PHONE_COLUMN) => Some("telefono".to_owned()),
        None if matches!(problem.kind, ProblemKind::PhoneMissing) => Some("telefono".to_owned()),
        None => None,
        Some(column) => slot_in(template, mapping, column).and_then(|slot| {
            parameters(template)
                .into_iter()
                .find(|(id, _)| *id == slot)
                .and_then(|(_, names)| names.into_iter().next())
        }),
    };
    failure::detail(problem.code(), field, &checked.arguments(sheet, problem))
}
