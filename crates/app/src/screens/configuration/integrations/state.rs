//! What the page knows of the relay, and what it asks of it.

use std::future::Future;

use cxconnect_relay_client::{Relay, RelayError, Status, Webhook, Webhooks};
use cxconnect_zendesk::RelayTransport;
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

use crate::{backend::BackendRef, screens::configuration::patience::patiently};

/// Where the page is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    Loading,
    /// The relay could not be asked.
    Failed(RelayError),
    Ready,
}

/// What the page knows. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct IntegrationsState {
    pub backend: BackendRef,
    relay: StoredValue<Relay<RelayTransport>, LocalStorage>,
    pub stage: RwSignal<Stage>,
    pub status: RwSignal<Option<Status>>,
    pub webhooks: RwSignal<Option<Webhooks>>,
    /// A webhook whose secret was just made; it is told once.
    pub fresh: RwSignal<Option<Webhook>>,
    /// Whether something is being changed.
    pub is_busy: RwSignal<bool>,
    /// Why the last change came to nothing.
    pub trouble: RwSignal<Option<RelayError>>,
}

impl IntegrationsState {
    /// Nothing known; begins to ask. None where the settings name no relay.
    pub fn new(backend: BackendRef) -> Option<Self> {
        let relay = backend.get().relay.clone()?;
        let state = Self {
            backend,
            relay: StoredValue::new_local(relay),
            stage: RwSignal::new(Stage::Loading),
            status: RwSignal::new(None),
            webhooks: RwSignal::new(None),
            fresh: RwSignal::new(None),
            is_busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        };
        state.load();
        Some(state)
    }

    /// The relay.
    pub fn relay(self) -> Relay<RelayTransport> {
        self.relay.get_value()
    }

    /// Asks how the relay is, tells it what the app's settings and the team's record say, and asks for its webhooks.
    pub fn load(self) {
        self.stage.set(Stage::Loading);
        self.trouble.set(None);
        spawn_local(async move {
            let loaded = self.fetch().await;
            // The page may be gone by now.
            self.stage.try_set(match loaded {
                Ok(()) => Stage::Ready,
                Err(error) => Stage::Failed(error),
            });
        });
    }

    async fn fetch(self) -> Result<(), RelayError> {
        self.look().await?;
        // What the relay has to know of the app is told whenever somebody looks here: it may be new, or have been away.
        self.tell_settings().await?;
        self.tell_positions().await?;
        self.look_at_webhooks().await
    }

    async fn look(self) -> Result<(), RelayError> {
        let status = self.relay().status().await?;
        self.status.try_set(Some(status));
        Ok(())
    }

    async fn look_at_webhooks(self) -> Result<(), RelayError> {
        let webhooks = self.relay().webhooks().await?;
        self.webhooks.try_set(Some(webhooks));
        Ok(())
    }

    async fn tell_settings(self) -> Result<(), RelayError> {
        let backend = self.backend.get();
        let settings = &backend.settings;
        let changes = json!({
            "default_country": settings.default_country.as_ref().map(ToString::to_string),
            "opt_outs": settings.opt_outs,
            "namespace": settings.namespace,
        });
        self.relay().change_settings(changes).await
    }

    /// Where there is no record of positions, every template shows everywhere.
    async fn tell_positions(self) -> Result<(), RelayError> {
        let backend = self.backend.get();
        let Ok(placed) = patiently(|| backend.ledger.placed()).await else { return Ok(()) };
        self.relay().set_positions(placed.iter().map(|placed| (&placed.key, placed.position))).await
    }

    /// Does something at the relay, one thing at a time; then looks at it anew.
    pub fn change<F>(self, act: impl FnOnce(Relay<RelayTransport>) -> F + 'static)
    where
        F: Future<Output = Result<(), RelayError>> + 'static,
    {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let mut done = act(self.relay()).await;
            if done.is_ok() {
                done = self.look().await;
            }
            // Whatever came of it: it may have been done.
            let looked = self.look_at_webhooks().await;
            self.trouble.try_set(done.and(looked).err());
            self.is_busy.try_set(false);
        });
    }
}
