//! Fetching numbers and templates.

use cxconnect_sunco::{Integration, IntegrationId, IntegrationStatus};
use leptos::{prelude::*, task::spawn_local};

use crate::screens::send::state::{Load, SendState};

/// Fetches the active numbers and chooses one: the setting's, else the first.
pub fn senders(state: SendState) {
    let version = state.begin();
    state.senders.set(Load::Loading);
    spawn_local(async move {
        let backend = state.backend.get();
        let result = backend.sunco.integrations().await;
        if !state.is_current(version) {
            return;
        }
        match result {
            Ok(mut all) => {
                all.retain(|integration| integration.status == IntegrationStatus::Active);
                let default = backend.settings.default_integration.as_ref();
                let chosen = all.iter().find(|sender| Some(&sender.id) == default).or_else(|| all.first());
                let chosen = chosen.map(|sender| sender.id.clone());
                state.senders.set(Load::Ready(all));
                if let Some(chosen) = chosen {
                    choose_sender(state, chosen);
                }
            }
            Err(error) => state.senders.set(Load::Failed(error)),
        }
    });
}

/// Takes this number; its templates follow, and a template of another number is no longer chosen.
pub fn choose_sender(state: SendState, sender: IntegrationId) {
    if state.sender.get_untracked().as_ref() != Some(&sender) {
        state.sender.set(Some(sender));
        state.template.set(None);
    }
    templates(state);
}

/// Fetches the chosen number's templates.
pub fn templates(state: SendState) {
    let Some(sender) = state.sender.get_untracked() else { return };
    let version = state.begin();
    state.templates.set(Load::Loading);
    spawn_local(async move {
        let result = state.backend.get().sunco.templates(&sender).await;
        if !state.is_current(version) {
            return;
        }
        match result {
            Ok(mut list) => {
                list.templates.sort_unstable_by(|a, b| (&a.name, &a.language).cmp(&(&b.name, &b.language)));
                state.templates.set(Load::Ready(list));
            }
            Err(error) => state.templates.set(Load::Failed(error)),
        }
    });
}

/// A number as the agent knows it: its name and its phone.
pub fn sender_name(sender: &Integration, unnamed: &str) -> String {
    let name = sender.display_name.as_deref().unwrap_or(unnamed);
    match &sender.phone {
        Some(phone) => format!("{name} · +{phone}"),
        None => name.to_owned(),
    }
}
