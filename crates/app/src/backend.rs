//! What every screen needs of the world: Zendesk, Sunshine Conversations, the settings.

use std::{cell::Cell, rc::Rc};

use cxconnect_ledger::Ledger;
use cxconnect_relay_client::Relay;
use cxconnect_sunco::SunCo;
use cxconnect_zendesk::{AgentTransport, ProxyTransport, RelayTransport, ZafClient};
use leptos::prelude::*;

use crate::{
    memory::Memory,
    settings::Settings,
    shell::journal::{Journal, KeepError},
    usage::UsageCount,
};

/// The app's connections. One for the page's whole life.
pub struct Backend {
    /// Zendesk.
    pub zaf: ZafClient,
    /// Sunshine Conversations, through Zendesk's proxy.
    pub sunco: SunCo<ProxyTransport>,
    /// The team's shared record.
    pub ledger: Ledger<AgentTransport>,
    /// The relay, where the account has one.
    pub relay: Option<Relay<RelayTransport>>,
    /// The account's name in Zendesk's address.
    pub subdomain: String,
    /// The admin's settings.
    pub settings: Settings,
    /// What was sent.
    pub usage: UsageCount,
    /// The page's own scope: what is made in it lives as long as the page, whatever is shown.
    pub owner: Owner,
    /// Who uses the app, and what this browser keeps of their batches.
    pub memory: Memory,
    /// This page has written a message to the team's shared record: the agent may.
    pub may_record: Cell<bool>,
}

impl Backend {
    /// What this browser keeps of the agent's batches, if it can be had now.
    pub async fn journal(&self) -> Result<Journal, KeepError> {
        let journal = self.memory.journal().await;
        // Who they are may be known only now.
        if let Some(id) = self.memory.user_id() {
            self.usage.set_agent(&id);
        }
        journal
    }
}

/// A handle that screens can copy. The browser's objects stay in their one thread.
#[derive(Clone, Copy)]
pub struct BackendRef(StoredValue<Rc<Backend>, LocalStorage>);

impl BackendRef {
    /// Wraps the one backend. Call it at the page's root, so that it lives as long as the page.
    pub fn new(backend: Backend) -> Self {
        Self(StoredValue::new_local(Rc::new(backend)))
    }

    /// The backend.
    pub fn get(self) -> Rc<Backend> {
        self.0.get_value()
    }
}
