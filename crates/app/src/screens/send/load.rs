//! Fetching numbers and templates.

use std::pin::pin;

use cxconnect_core::{
    ledger::{Fault, Urgency},
    position::{Elsewhere, Positions},
    template::Template,
};

use cxconnect_sunco::{Integration, IntegrationId, IntegrationStatus};
use futures_util::future::{Either, join, select};
use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    screens::send::state::{Load, SendState, Step},
    shell::clock,
};

/// Nobody waits longer than this for the templates' positions: then what was known of them counts.
const POSITIONS_MS: u32 = 5_000;
/// They are looked at no more often than this by themselves.
const BETWEEN_LOOKS_MS: u64 = 30_000;

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
        let backend = state.backend.get();
        let (result, ()) = join(backend.sunco.templates(&sender), read_positions(state)).await;
        if !state.is_current(version) {
            return;
        }
        match result {
            Ok(mut list) => {
                list.templates.sort_unstable_by(|a, b| (&a.name, &a.language).cmp(&(&b.name, &b.language)));
                state.templates.set(Load::Ready(list));
                let_go(state);
            }
            Err(error) => state.templates.set(Load::Failed(error)),
        }
    });
}

/// Whoever comes back to the app after a while sees what admins have changed meanwhile.
pub fn follow_positions(state: SendState) {
    let looked = StoredValue::new(clock::now());
    let listener = window_event_listener(ev::focus, move |_| {
        if looked.get_value() + BETWEEN_LOOKS_MS <= clock::now() {
            looked.set_value(clock::now());
            positions(state);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Looks again where templates show.
pub fn positions(state: SendState) {
    spawn_local(async move {
        read_positions(state).await;
        let_go(state);
    });
}

/// Whether a template is still for this place, right before something is done with it: a page may be open for hours, and
/// nothing that an admin has given to another place alone may go out from here. Where that can't be read now, what was known
/// last counts. Why it isn't, if it isn't.
pub async fn look_at_place(state: SendState, template: &Template) -> Option<Elsewhere> {
    read_positions(state).await;
    state.elsewhere(template)
}

/// Reads where templates show, and keeps what was known of it if that can't be had now.
pub async fn read_positions(state: SendState) {
    let late = pin!(clock::after(POSITIONS_MS));
    let read = match select(pin!(placed(state)), late).await {
        Either::Left((read, _)) => read,
        Either::Right(_) => Err(Fault::Unavailable),
    };
    let mut offer = state.offer.get_untracked();
    offer.take(read);
    // What is as it was needs no new list.
    if state.offer.with_untracked(|before| *before != offer) {
        state.offer.set(offer);
    }
}

async fn placed(state: SendState) -> Result<Positions, Fault> {
    let backend = state.backend.get();
    backend.usage.team().turn_for(Urgency::Sending).await;
    backend.ledger.positions().await.map_err(|error| error.fault())
}

/// A template that is no longer offered is no longer chosen.
pub fn let_go(state: SendState) {
    let Some(chosen) = state.template.get_untracked() else { return };
    let is_offered = untrack(|| {
        state.templates.with(|templates| match templates {
            Load::Ready(list) => state.offered(&list.templates).iter().any(|it| it.key() == chosen),
            Load::Loading | Load::Failed(_) => true,
        })
    });
    // Where the agent has gone on with it, it is theirs until they are back.
    if !is_offered && state.is_at(|step| matches!(step, Step::Compose)) {
        state.template.set(None);
    }
}

/// A number as the agent knows it: its name and its phone.
pub fn sender_name(sender: &Integration, unnamed: &str) -> String {
    let name = sender.display_name.as_deref().unwrap_or(unnamed);
    match &sender.phone {
        Some(phone) => format!("{name} · +{phone}"),
        None => name.to_owned(),
    }
}
