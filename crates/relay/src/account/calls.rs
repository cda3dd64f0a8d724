//! The app's calls.

use cxconnect_core::template::TemplateName;
use cxconnect_sunco::{ApiError, IntegrationId, SunCo, Transport};
use serde_json::{Value, json};

use super::{Account, Handled};
use crate::{
    World, admin,
    config::Config,
    db::Db,
    events,
    failure::{self, Failure},
    holds,
    http::{Body, Head, Response},
    route::Admin,
    secret, setup,
    webhooks::Webhook,
};

impl<D: Db> Account<D> {
    pub(super) async fn admin<T: Transport>(
        &self,
        world: &impl World,
        config: &Config,
        transport: T,
        head: &Head,
        body: &Body,
        call: &Admin<'_>,
    ) -> Result<Handled, Failure> {
        let (db, now) = (&self.db, world.now());
        let origin = config.public_url.as_deref().unwrap_or(&head.origin);
        let settings = self.known()?.settings.clone();
        let with_secret = |webhook: &Webhook, secret: &str| -> Result<Value, Failure> {
            let mut view = admin::view(db, &self.name, origin, webhook)?;
            if let Value::Object(members) = &mut view {
                members.insert("secret".to_owned(), json!(secret));
            }
            Ok(json!({ "webhook": view }))
        };
        let (status, answer) = match call {
            Admin::Status => (200, admin::status(db, &self.name, &settings, now)?),
            Admin::Settings => (200, json!({ "settings": settings })),
            Admin::ChangeSettings => {
                let changed = settings.changed(&admin::json(body)?)?;
                changed.save(db)?;
                self.known.set(None);
                (200, json!({ "settings": changed }))
            }
            Admin::Positions => (200, admin::positions(db)?),
            Admin::ReplacePositions => {
                self.forget_templates();
                (200, admin::replace_positions(db, &admin::json(body)?)?)
            }
            Admin::Webhooks => (200, admin::list(db, &self.name, origin, &settings)?),
            Admin::CreateWebhook => {
                let sunco = SunCo::new(transport, config.sunco.clone());
                let (webhook, secret) = self.create(world, config, &sunco, &admin::json(body)?).await?;
                (201, with_secret(&webhook, &secret)?)
            }
            Admin::ChangeWebhook(id) => {
                self.webhooks.set(None);
                let webhook = admin::change(db, &settings, id, &admin::json(body)?)?;
                (200, json!({ "webhook": admin::view(db, &self.name, origin, &webhook)? }))
            }
            Admin::RotateWebhook(id) => {
                self.webhooks.set(None);
                let (webhook, secret) = admin::rotate(db, &self.name, id, &world.random(), now)?;
                (200, with_secret(&webhook, &secret)?)
            }
            Admin::DeleteWebhook(id) => {
                self.webhooks.set(None);
                admin::delete(db, id)?;
                return Ok(Handled { response: Response::json(204, String::new()), wake_at: None });
            }
            Admin::TestWebhook(id) => {
                let webhooks = self.webhooks()?;
                let webhook = webhooks.iter().find(|webhook| webhook.id == *id).ok_or_else(|| {
                    Failure::new(
                        404,
                        "webhook_not_found",
                        "No hay ningún webhook con ese identificador.",
                        "Actualice la lista.",
                    )
                })?;
                return self.trigger(world, head, body, webhook, None, true);
            }
            Admin::Events => {
                let number = |name: &str| match head.parameter(name) {
                    None | Some("") => Ok::<_, Failure>(None),
                    Some(text) => {
                        let number =
                            text.parse::<u32>().map_err(|_| failure::invalid(name, "No es un número."))?;
                        Ok(Some(i64::from(number)))
                    }
                };
                let page = events::page(db, number("after")?, number("limit")?.unwrap_or(events::PAGE))?;
                return Ok(Handled { response: Response::json(200, page), wake_at: None });
            }
            Admin::Collected => {
                let through = admin::json(body)?.get("through").and_then(Value::as_i64).filter(|it| 0 <= *it);
                let through =
                    through.ok_or_else(|| failure::invalid("through", "Falta, o no es un número."))?;
                let collected = db.atomically(|| events::collect(db, through))?;
                (200, json!({ "collected": collected }))
            }
            Admin::Setup => {
                let sunco = SunCo::new(transport, config.sunco.clone());
                (200, self.set_up(world, origin, &sunco, &admin::json(body)?).await?)
            }
            Admin::Resume => {
                let n_released = holds::release(db, now, true)?;
                let response = Response::json(200, json!({ "released": n_released }).to_string());
                return Ok(Handled { response, wake_at: Some(now) });
            }
        };
        Ok(Handled { response: Response::json(status, answer.to_string()), wake_at: None })
    }

    async fn create<T: Transport>(
        &self,
        world: &impl World,
        config: &Config,
        sunco: &SunCo<T>,
        body: &Value,
    ) -> Result<(Webhook, String), Failure> {
        let name = TemplateName::parse(admin::text(body, "template")?)
            .map_err(|_| failure::invalid("template", "No es el nombre de una plantilla."))?;
        let language = admin::text(body, "language")?;
        let sender = match body.get("sender") {
            None | Some(Value::Null) => config.integration.clone(),
            Some(_) => IntegrationId::parse(admin::text(body, "sender")?)
                .map_err(|_| failure::invalid("sender", "No es el identificador de un número."))?,
        };
        let list = sunco.template_translations(&sender, &name).await.map_err(|error| match error {
            // An unknown integration (sunco.md §5).
            ApiError::Refused { status: 400, .. } | ApiError::NotFound { .. }
                if body.get("sender").is_some() =>
            {
                failure::invalid("sender", "Sunshine Conversations no conoce ese número.")
            }
            error => setup::told(&error),
        })?;
        let template = list.templates.into_iter().find(|template| template.language.as_str() == language);
        let template = template.ok_or_else(|| {
            let text = "Ese número no tiene ninguna plantilla con ese nombre e idioma.";
            Failure::new(422, "template_not_found", text, "Actualice la lista de plantillas.").of("template")
        })?;
        // Whatever happened while SunCo was asked: the limit is looked at now.
        let settings = self.known()?.settings.clone();
        let random = (&world.random(), &world.random());
        let created =
            admin::create(&self.db, &self.name, &settings, (sender.as_str(), &template), random, world.now());
        self.webhooks.set(None);
        self.forget_templates();
        created
    }

    async fn set_up<T: Transport>(
        &self,
        world: &impl World,
        origin: &str,
        sunco: &SunCo<T>,
        body: &Value,
    ) -> Result<Value, Failure> {
        let url = match body.get("url") {
            None | Some(Value::Null) => origin,
            Some(_) => admin::text(body, "url")?,
        };
        let url = url.trim_end_matches('/');
        if !is_reachable(url) {
            let text = "SunCo solo llega a una dirección pública con https.";
            return Err(failure::invalid("url", text));
        }
        let base = [url, "/sunco/", &self.name].concat();
        self.sunco.set(None);
        let path = setup::path_secret(&self.db, &world.random())?;
        let webhook = setup::register(sunco, &base, &path).await?;
        let registered = setup::Registered {
            id: webhook.id,
            url: base,
            key_hash: secret::digest(&webhook.secret),
            checked_at: world.now(),
            problem: None,
        };
        self.sunco.set(None);
        setup::remember(&self.db, &registered)?;
        Ok(json!({ "sunco_webhook": {
            "id": registered.id, "url": registered.url, "checked_at": registered.checked_at, "triggers": webhook.triggers,
        } }))
    }
}

/// Whether SunCo can post there: https, or a machine's own address, where the sandbox is.
fn is_reachable(url: &str) -> bool {
    let host = |rest: &str| rest.split([':', '/']).next().unwrap_or_default().to_owned();
    match url.split_once("://") {
        Some(("https", rest)) => !host(rest).is_empty(),
        Some(("http", rest)) => matches!(host(rest).as_str(), "127.0.0.1" | "localhost"),
        _ => false,
    }
}
