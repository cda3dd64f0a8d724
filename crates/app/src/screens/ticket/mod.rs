//! The ticket's sidebar: one message to the person who wrote the ticket, by the same checks and the same engine as a file's.
//!
//! [`draft`] is what the agent has written and what is wrong with it, [`form`] its inputs, [`doubts`]
//! what may have reached the same person before, [`sending`] what follows Enviar.

mod doubts;
mod draft;
mod form;
mod sending;

use cxconnect_core::position::Place;
use cxconnect_zendesk::{Requester, Route, ZafError};
use leptos::{ev, html, prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    components::{Notice, Tone, dynamic},
    part,
    screens::{
        later::later,
        send::SendState,
        ticket::{
            doubts::Doubts,
            draft::Draft,
            form::{Form, OfPhone},
            sending::{Sending, Stage},
        },
    },
    shell::{
        height,
        texts::{t, tr},
    },
};

/// The person who wrote the ticket, as far as they are known.
#[derive(Clone, Debug)]
enum Person {
    Loading,
    Known(Requester),
    Failed(ZafError),
}

/// The sidebar's page. Its code travels by itself: the navigation bar's page has no use for it.
pub fn ticket(backend: BackendRef) -> AnyView {
    later(load_page, move || page(backend))
}

part! {
    ticket, load_page:
    fn page(backend: BackendRef) -> AnyView {
        view! { <Ticket backend /> }.into_any()
    }
}

#[component]
fn Ticket(backend: BackendRef) -> impl IntoView {
    let person = RwSignal::new(Person::Loading);
    let draft = Draft::new(SendState::new(backend, Place::Ticket));
    let load = move || {
        let requester = draft.forget_requester();
        person.set(Person::Loading);
        spawn_local(async move {
            let found = backend.get().zaf.get_requester().await;
            // An answer about the requester before is late.
            if !draft.is_for(requester) {
                return;
            }
            let name = found.as_ref().ok().and_then(|requester| requester.name.clone());
            draft.name.set(name.unwrap_or_default());
            draft.profile.set(found.as_ref().ok().and_then(|requester| requester.phone.clone()));
            person.set(found.map_or_else(Person::Failed, Person::Known));
        });
    };
    load();
    // A message that is written for one person must not go to another: what was written stays, the number changes.
    std::mem::forget(backend.get().zaf.on_requester_changed(load));

    // Another tab has counted.
    let usage = backend.get().usage;
    let listener = window_event_listener(ev::storage, move |_| usage.refresh());
    on_cleanup(move || listener.remove());

    let page = NodeRef::<html::Main>::new();
    page.on_load(move |page| {
        height::follow(&page, move |height| {
            spawn_local(async move {
                // A panel of Zendesk's own height only shows a scroll bar.
                let _ = backend.get().zaf.resize(height).await;
            });
        });
    });
    let known = move || match person.get() {
        Person::Loading => view! {
            <p class="row muted" role="status">
                <span class="spinner"></span>
                {t("ticket.loading")}
            </p>
        }
        .into_any(),
        Person::Failed(error) => view! {
            <Notice tone=Tone::Danger title=t("ticket.failed.title")>
                <p>{t("ticket.failed.fix")}</p>
                <p class="hint">{tr("api.detail", &[("text", &error.to_string())])}</p>
                <button type="button" class="button button-small" on:click=move |_| load()>
                    {t("api.retry")}
                </button>
            </Notice>
        }
        .into_any(),
        Person::Known(requester) => view! { <Known requester draft /> }.into_any(),
    };
    // A message that was handed over stays in sight, whoever the requester is by now, until the agent leaves it.
    let sent = Memo::new(move |_| draft.stage.with(Stage::sent));
    let content = dynamic(move || match sent.get() {
        Some(sent) => view! { <Sending draft sent /> }.into_any(),
        None => dynamic(known).into_any(),
    });
    view! {
        <main class="ticket stack" node_ref=page>
            {content}
        </main>
    }
}

/// Who gets it, and then what.
#[component]
fn Known(requester: Requester, draft: Draft) -> impl IntoView {
    let id = requester.id.to_string();
    let profile = move |_| {
        let id = id.clone();
        spawn_local(async move {
            // Where Zendesk doesn't go there, the agent knows the way.
            let _ = draft.send().backend.get().zaf.route_to(Route::User(&id)).await;
        });
    };
    let Some(phone) = requester.phone else {
        return view! {
            <Notice tone=Tone::Warning title=t("ticket.no_phone.title")>
                <p>{t("ticket.no_phone.fix")}</p>
                <button type="button" class="button button-small" id="ticket-profile" on:click=profile>
                    {t("ticket.profile")}
                </button>
            </Notice>
        }
        .into_any();
    };
    let name = requester.name.unwrap_or_default();
    view! {
        <p>
            <strong>{name}</strong>
            <br/>
            <span id="ticket-phone" class="numeric">
                {move || {
                    let number = draft.number().map(|number| number.to_string());
                    tr("ticket.phone", &[("phone", &number.unwrap_or_else(|| phone.clone()))])
                }}
            </span>
            " "
            <button type="button" class="link" id="ticket-profile" on:click=profile>
                {t("ticket.profile")}
            </button>
        </p>
        <OfPhone draft />
        <Doubts draft />
        <Form draft />
    }
    .into_any()
}
