//! One account: its database, what runs for it, and each of its calls.

mod calls;
mod work;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use cxconnect_sunco::Transport;
use serde_json::json;

use crate::{
    Ms, World, admin,
    config::Config,
    db::{Db, DbError},
    failure::{self, Failure},
    http::{Body, Head, Response},
    message,
    pump::Pump,
    receipts,
    route::{MAX_TRIGGER_BYTES, Route},
    schema, secret,
    settings::{Known, Settings},
    setup,
    templates::{self, Key, Prepared},
    trigger::{self, Trigger},
    webhooks::{self, Webhook},
};

/// One account.
pub struct Account<D> {
    db: D,
    name: String,
    pump: RefCell<Pump>,
    /// Only this object changes them, so what was read once is right until it changes something.
    webhooks: Cell<Option<Rc<Vec<Webhook>>>>,
    known: Cell<Option<Rc<Known>>>,
    templates: RefCell<HashMap<Key, Rc<Prepared>>>,
    sunco: Cell<Option<Rc<Sunco>>>,
    last_alarm: Cell<Option<Ms>>,
}

/// What receipts are SunCo's by.
struct Sunco {
    path: Option<String>,
    registered: Option<setup::Registered>,
}

/// An answer, and whether something waits now that didn't before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// The answer.
    pub response: Response,
    /// Whether the alarm has to be set, to this moment or an earlier one.
    pub wake_at: Option<Ms>,
}

impl<D: Db> Account<D> {
    /// Over its database, which is brought to the present form.
    pub fn open(db: D, name: String) -> Result<Self, DbError> {
        schema::prepare(&db)?;
        Ok(Self {
            db,
            name,
            pump: RefCell::default(),
            webhooks: Cell::default(),
            known: Cell::default(),
            templates: RefCell::default(),
            sunco: Cell::default(),
            last_alarm: Cell::default(),
        })
    }

    /// The database.
    pub fn db(&self) -> &D {
        &self.db
    }

    /// Answers a call. `config` is this account's; whether the caller may ask is decided here.
    pub async fn handle<T: Transport>(
        &self,
        world: &impl World,
        config: &Config,
        transport: T,
        head: &Head,
        body: &Body,
    ) -> Handled {
        let answered = self.answer(world, config, transport, head, body).await;
        answered.unwrap_or_else(|failure| Handled { response: failure.response(), wake_at: None })
    }

    async fn answer<T: Transport>(
        &self,
        world: &impl World,
        config: &Config,
        transport: T,
        head: &Head,
        body: &Body,
    ) -> Result<Handled, Failure> {
        let route = crate::route::route(head)?;
        let now = world.now();
        let plain =
            |status: u16, body: String| Handled { response: Response::json(status, body), wake_at: None };
        match &route {
            Route::Health => {
                let is_stuck = admin::is_stuck(&self.db, self.last_alarm.get(), now)?;
                Ok(if is_stuck {
                    plain(503, r#"{"status":"stuck"}"#.to_owned())
                } else {
                    plain(200, r#"{"status":"ok"}"#.to_owned())
                })
            }
            Route::Trigger(path_id) => {
                let webhooks = self.webhooks()?;
                let webhook = head.token().and_then(|token| webhooks::find(&webhooks, token));
                let webhook = webhook.ok_or_else(failure::unauthorized)?;
                self.trigger(world, head, body, webhook, *path_id, false)
            }
            Route::Message(id) => {
                let webhooks = self.webhooks()?;
                let webhook = head.token().and_then(|token| webhooks::find(&webhooks, token));
                let webhook = webhook.ok_or_else(failure::unauthorized)?;
                Ok(plain(200, message::describe(&self.db, &webhook.id, id)?))
            }
            Route::Receipts { secret, .. } => Ok(plain(200, self.receipts(head, body, secret, now)?)),
            Route::Admin(call) => {
                let is_own = head
                    .token()
                    .is_some_and(|token| secret::is_same(&secret::digest(token), &config.relay_token_hash));
                if !is_own {
                    return Err(failure::unauthorized());
                }
                if route.max_body().is_some() {
                    readable(head, body, crate::route::MAX_ADMIN_BYTES)?;
                }
                self.admin(world, config, transport, head, body, call).await
            }
        }
    }

    fn trigger(
        &self,
        world: &impl World,
        head: &Head,
        body: &Body,
        webhook: &Webhook,
        path_id: Option<&str>,
        is_test: bool,
    ) -> Result<Handled, Failure> {
        let now = world.now();
        let body = readable(head, body, MAX_TRIGGER_BYTES)?;
        let key = head.idempotency_key.as_deref();
        let template = &*self.prepared(&webhook.template)?;
        let trigger = Trigger { account: &self.name, webhook, template, path_id, body, key, is_test };
        let known = self.known()?;
        let id = trigger::accept(&self.db, &known, &trigger, &world.random(), now)?;
        let response = Response::json(202, json!({ "message_id": id }).to_string());
        Ok(Handled { response, wake_at: Some(now) })
    }

    /// Receipts are SunCo's if they come to the secret address with the webhook's own key. As long as that key isn't known
    /// here, which passes, the answer is one after which SunCo tries again (sunco.md §7.2).
    fn receipts(&self, head: &Head, body: &Body, path: &str, now: Ms) -> Result<String, Failure> {
        let own = self.sunco()?;
        if !own.path.as_ref().is_some_and(|own| secret::is_same(own, path)) {
            return Err(failure::unknown_path());
        }
        let Some(registered) = &own.registered else {
            return Err(Failure::new(
                503,
                "not_registered",
                "El webhook todavía no se registró.",
                "Repita en un minuto.",
            )
            .after(60));
        };
        let key = head.api_key.as_deref().unwrap_or_default();
        if !secret::is_same(&secret::digest(key), &registered.key_hash) {
            return Err(failure::unauthorized());
        }
        let bytes = match body {
            Body::Bytes(bytes) => bytes.as_slice(),
            Body::Empty => b"",
            Body::TooLarge => return Err(failure::too_large(crate::route::MAX_RECEIPT_BYTES)),
        };
        let facts = receipts::parse(bytes, now).ok_or_else(|| failure::malformed("no es JSON"))?;
        let n_new = receipts::store(&self.db, &facts, now)?;
        Ok(json!({ "events": facts.len(), "new": n_new }).to_string())
    }

    fn webhooks(&self) -> Result<Rc<Vec<Webhook>>, DbError> {
        let webhooks = match self.webhooks.take() {
            Some(webhooks) => webhooks,
            None => Rc::new(webhooks::load(&self.db)?),
        };
        self.webhooks.set(Some(webhooks.clone()));
        Ok(webhooks)
    }

    fn prepared(&self, key: &Key) -> Result<Rc<Prepared>, DbError> {
        let found = self.templates.try_borrow().ok().and_then(|templates| templates.get(key).cloned());
        if let Some(prepared) = found {
            return Ok(prepared);
        }
        let prepared = Rc::new(templates::prepare(&self.db, key)?);
        if let Ok(mut templates) = self.templates.try_borrow_mut() {
            templates.insert(key.clone(), prepared.clone());
        }
        Ok(prepared)
    }

    /// Definitions or positions have changed. Never borrowed across a wait, so always free.
    fn forget_templates(&self) {
        if let Ok(mut templates) = self.templates.try_borrow_mut() {
            templates.clear();
        }
    }

    fn sunco(&self) -> Result<Rc<Sunco>, DbError> {
        let sunco = match self.sunco.take() {
            Some(sunco) => sunco,
            None => Rc::new(Sunco {
                path: setup::known_path_secret(&self.db)?,
                registered: setup::registered(&self.db)?,
            }),
        };
        self.sunco.set(Some(sunco.clone()));
        Ok(sunco)
    }

    fn known(&self) -> Result<Rc<Known>, DbError> {
        let known = match self.known.take() {
            Some(known) => known,
            None => Rc::new(Settings::load(&self.db)?.known()),
        };
        self.known.set(Some(known.clone()));
        Ok(known)
    }

    /// Never held across a wait, so it is always free; if it weren't, nothing would be done rather than a panic.
    fn with_pump<R>(&self, work: impl FnOnce(&mut Pump) -> R) -> Option<R> {
        self.pump.try_borrow_mut().ok().map(|mut pump| work(&mut pump))
    }
}

/// The body, if it is JSON of a size that is taken.
fn readable<'b>(head: &Head, body: &'b Body, max: usize) -> Result<&'b [u8], Failure> {
    match body {
        Body::TooLarge => Err(failure::too_large(max)),
        _ if !head.is_json() => Err(failure::not_json()),
        Body::Bytes(bytes) => Ok(bytes),
        Body::Empty => Ok(b""),
    }
}
