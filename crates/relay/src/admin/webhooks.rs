//! Webhooks as the app sees and changes them.

use cxconnect_core::{
    integration::{payload_id, payload_preview},
    template::Template,
};
use serde_json::{Value, json};

use crate::{
    Ms,
    db::{Db, DbError},
    failure::Failure,
    secret,
    settings::Settings,
    templates::{self, Key},
    webhooks::{self, MOST, Webhook},
};

/// A webhook as the app shows it. `origin` is where the relay is reached.
pub fn view<D: Db>(db: &D, account: &str, origin: &str, webhook: &Webhook) -> Result<Value, DbError> {
    let kept = templates::load(db, &webhook.template)?;
    let template = kept.as_ref().map(|kept| &kept.template);
    let is_sendable = template.is_some_and(Template::is_sendable);
    let is_offered = match template {
        Some(template) => templates::is_offered(db, template)?,
        None => false,
    };
    let id = template.map_or(webhook.template.name.as_str(), payload_id);
    let url = [origin, "/api/v2/webhook"].concat();
    Ok(json!({
        "id": webhook.id,
        "template": webhook.template.name,
        "language": webhook.template.language,
        "template_id": template.and_then(|it| it.id.as_ref()).map(cxconnect_core::template::TemplateId::as_str),
        "sender": webhook.template.sender,
        "active": webhook.is_active,
        "sendable": is_sendable,
        "offered": is_offered,
        "created_at": webhook.created_at,
        "rotated_at": webhook.rotated_at,
        "secret_hint": webhook.secret_hint,
        "url": url,
        "payload": template.map(|template| payload_preview(account, id, template)),
    }))
}

/// All of them.
pub fn list<D: Db>(db: &D, account: &str, origin: &str, settings: &Settings) -> Result<Value, DbError> {
    let webhooks = webhooks::load(db)?;
    let n_active = webhooks.iter().filter(|webhook| webhook.is_active).count();
    let views =
        webhooks.iter().map(|webhook| view(db, account, origin, webhook)).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "webhooks": views, "active": n_active, "limit": settings.webhook_limit }))
}

/// Makes one, of a template that was just fetched. Returns it with its secret, which is never shown again.
pub fn create<D: Db>(
    db: &D,
    account: &str,
    settings: &Settings,
    (sender, template): (&str, &Template),
    random: (&[u8; 32], &[u8; 32]),
    now: Ms,
) -> Result<(Webhook, String), Failure> {
    if !template.is_sendable() {
        let text = "La plantilla no está aprobada, o tiene partes que no se pueden enviar.";
        return Err(
            Failure::new(422, "template_unavailable", text, "Elija una plantilla aprobada.").of("template")
        );
    }
    if !templates::is_offered(db, template)? {
        let text = "La plantilla no está en la posición Custom ni Todos.";
        return Err(
            Failure::new(422, "template_not_offered", text, "Cambie su posición y repita.").of("template")
        );
    }
    let secret = secret::mint(account, random.1);
    let webhook = Webhook {
        id: ["w_", secret::hex(random.0).get(..16).unwrap_or_default()].concat(),
        template: Key {
            sender: sender.to_owned(),
            name: template.name.as_str().to_owned(),
            language: template.language.as_str().to_owned(),
        },
        secret_hash: secret::digest(&secret),
        secret_hint: webhooks::hint(&secret).to_owned(),
        is_active: true,
        created_at: now,
        rotated_at: None,
    };
    db.atomically(|| -> Result<(), Failure> {
        room_for_one(db, settings)?;
        templates::save(db, sender, template, now)?;
        db.query(
            "INSERT INTO webhook (id, template, language, sender, secret_hash, secret_hint, active, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
            &[
                (&webhook.id).into(),
                (&webhook.template.name).into(),
                (&webhook.template.language).into(),
                sender.into(),
                (&webhook.secret_hash).into(),
                (&webhook.secret_hint).into(),
                now.into(),
            ],
        )?;
        Ok(())
    })?;
    Ok((webhook, secret))
}

fn room_for_one<D: Db>(db: &D, settings: &Settings) -> Result<(), Failure> {
    let webhooks = webhooks::load(db)?;
    let n_active = webhooks.iter().filter(|webhook| webhook.is_active).count();
    if usize::try_from(settings.webhook_limit).unwrap_or(usize::MAX) <= n_active || MOST <= webhooks.len() {
        let text = format!("Webhook activos {n_active}/{}: el plan no permite más.", settings.webhook_limit);
        return Err(Failure::new(409, "webhook_limit", &text, "Desactive o elimine uno, y repita."));
    }
    Ok(())
}

fn find<D: Db>(db: &D, id: &str) -> Result<Webhook, Failure> {
    webhooks::load(db)?.into_iter().find(|webhook| webhook.id == id).ok_or_else(|| {
        Failure::new(
            404,
            "webhook_not_found",
            "No hay ningún webhook con ese identificador.",
            "Actualice la lista.",
        )
    })
}

/// Switches one on or off. Messages that it had taken before are sent all the same.
pub fn change<D: Db>(db: &D, settings: &Settings, id: &str, body: &Value) -> Result<Webhook, Failure> {
    let is_active = body.get("active").and_then(Value::as_bool);
    let is_active =
        is_active.ok_or_else(|| crate::failure::invalid("active", "Falta, o no es true ni false."))?;
    let webhook = find(db, id)?;
    db.atomically(|| -> Result<(), Failure> {
        if is_active && !webhook.is_active {
            room_for_one(db, settings)?;
        }
        db.query("UPDATE webhook SET active = ? WHERE id = ?", &[i64::from(is_active).into(), id.into()])?;
        Ok(())
    })?;
    Ok(Webhook { is_active, ..webhook })
}

/// Gives one another secret; the one before is worth nothing from now on.
pub fn rotate<D: Db>(
    db: &D,
    account: &str,
    id: &str,
    random: &[u8; 32],
    now: Ms,
) -> Result<(Webhook, String), Failure> {
    let webhook = find(db, id)?;
    let secret = secret::mint(account, random);
    let (secret_hash, secret_hint) = (secret::digest(&secret), webhooks::hint(&secret).to_owned());
    db.query(
        "UPDATE webhook SET secret_hash = ?, secret_hint = ?, rotated_at = ? WHERE id = ?",
        &[(&secret_hash).into(), (&secret_hint).into(), now.into(), id.into()],
    )?;
    Ok((Webhook { secret_hash, secret_hint, rotated_at: Some(now), ..webhook }, secret))
}

/// Removes one.
pub fn delete<D: Db>(db: &D, id: &str) -> Result<(), Failure> {
    find(db, id)?;
    db.query("DELETE FROM webhook WHERE id = ?", &[id.into()])?;
    Ok(())
}
