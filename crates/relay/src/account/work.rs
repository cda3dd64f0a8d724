//! What an alarm does.

use cxconnect_core::template::TemplateName;
use cxconnect_sunco::{IntegrationId, SunCo, Transport};

use super::Account;
use crate::{
    Ms, World,
    config::Config,
    db::{Db, DbError},
    holds,
    pump::{Begin, drive},
    receipts, retention, secret, setup,
    templates::{self, Key},
};

/// An alarm works for so long at most; what is left is the next one's.
const WORK_FOR: Ms = 60_000;
/// Definitions that one alarm fetches again at most.
const MOST_FETCHES: usize = 5;
/// How long a template waits whose definition could not be fetched.
const FETCH_AGAIN: Ms = 60_000;

impl<D: Db> Account<D> {
    /// What an alarm does: sends what waits, and keeps the house. Nothing of it is lost if it is interrupted anywhere.
    pub async fn work<T: Transport>(
        &self,
        world: &impl World,
        config: &Config,
        transport: T,
    ) -> Result<(), DbError> {
        let began = world.now();
        self.last_alarm.set(Some(began));
        let sunco = SunCo::new(transport, config.sunco.clone());
        let mut n_fetches: usize = 0;
        while world.now() < began.saturating_add(WORK_FOR) {
            let settings = self.known()?.settings.clone();
            let seed = seed(&world.random());
            let next = self.with_pump(|pump| pump.begin(&self.db, &settings, seed, world.now()));
            match next.unwrap_or(Ok(Begin::Idle(None)))? {
                Begin::Idle(Some(at)) if at <= world.now().saturating_add(1_000) => {
                    world.sleep(at.saturating_sub(world.now()).max(1)).await;
                }
                Begin::Stale(key) if n_fetches < MOST_FETCHES => {
                    n_fetches = n_fetches.saturating_add(1);
                    self.fetch(world, &sunco, &key).await?;
                }
                Begin::Idle(_) | Begin::Stale(_) => break,
                Begin::Run(steps) => {
                    let take_in = |answered| {
                        let now = world.now();
                        self.last_alarm.set(Some(now));
                        let steps = self.with_pump(|pump| match answered {
                            Some(answered) => pump.answered(&self.db, answered, now),
                            None => pump.woke(&self.db, now),
                        });
                        steps.unwrap_or_default()
                    };
                    let outgoing =
                        |run, message| self.with_pump(|pump| pump.outgoing(run, message)).flatten();
                    drive(world, &sunco, steps, take_in, outgoing).await;
                }
            }
        }
        if retention::due(&self.db)? <= world.now() {
            retention::clean(&self.db, world.now())?;
            self.look_after_webhook(world, &sunco).await?;
        }
        receipts::settle(&self.db, world.now())
    }

    /// When the alarm has to come next.
    pub fn next_due(&self, now: Ms) -> Result<Ms, DbError> {
        let mut due = retention::due(&self.db)?.max(now);
        let read = self.db.first("SELECT min(read_due) FROM notification WHERE read_due IS NOT NULL", &[])?;
        if let Some(at) = read.and_then(|row| row.int(0)) {
            due = due.min(at);
        }
        let waiting = self.db.first("SELECT 1 FROM message WHERE state < 2 LIMIT 1", &[])?;
        if waiting.is_some() {
            // What nothing holds waits for its recipient's rest, or for the next look at a run.
            let is_free = self.db.first(
                "SELECT 1 FROM message WHERE state < 2 AND NOT EXISTS (SELECT 1 FROM hold WHERE scope = '' \
                 OR scope = template || ' ' || language) LIMIT 1",
                &[],
            )?;
            let at =
                if is_free.is_some() { Some(now.saturating_add(250)) } else { holds::next_end(&self.db)? };
            due = due.min(at.unwrap_or(now));
        }
        Ok(due.max(now))
    }

    /// Fetches a template's definition again. If that fails, its messages wait a while.
    async fn fetch<T: Transport>(
        &self,
        world: &impl World,
        sunco: &SunCo<T>,
        key: &Key,
    ) -> Result<(), DbError> {
        let (Ok(sender), Ok(name)) = (IntegrationId::parse(&key.sender), TemplateName::parse(&key.name))
        else {
            return Ok(());
        };
        let list = sunco.template_translations(&sender, &name).await;
        let now = world.now();
        self.forget_templates();
        match list {
            Ok(list) => {
                let template = list.templates.iter().find(|it| it.language.as_str() == key.language);
                match template {
                    Some(template) => templates::save(&self.db, &key.sender, template, now),
                    None => templates::forget(&self.db, key, now),
                }
            }
            Err(error) => {
                let scope = holds::template(&key.name, &key.language);
                let code = setup::told(&error).code;
                self.db.atomically(|| {
                    holds::hold(&self.db, &scope, code, "", now, now.saturating_add(FETCH_AGAIN))
                })
            }
        }
    }

    /// Looks whether SunCo's webhook is still there, and mends it.
    async fn look_after_webhook<T: Transport>(
        &self,
        world: &impl World,
        sunco: &SunCo<T>,
    ) -> Result<(), DbError> {
        let Some(known) = setup::registered(&self.db)? else { return Ok(()) };
        let Some(path) = setup::known_path_secret(&self.db)? else { return Ok(()) };
        if world.now() < known.checked_at.saturating_add(setup::CHECK_EVERY) {
            return Ok(());
        }
        let registered = match setup::register(sunco, &known.url, &path).await {
            Ok(webhook) => setup::Registered {
                id: webhook.id,
                key_hash: secret::digest(&webhook.secret),
                checked_at: world.now(),
                problem: None,
                ..known
            },
            Err(failure) => setup::Registered { problem: Some(failure.code.to_owned()), ..known },
        };
        self.sunco.set(None);
        setup::remember(&self.db, &registered)
    }
}

fn seed(random: &[u8; 32]) -> u64 {
    random.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
