//! The tab "Soporte": the pages of help, and the catalogue of errors to search. Its code travels by itself, and so do the
//! pages ([`crate::shell::help`]).

mod errors;
mod reason_card;
mod topic;

use std::sync::Arc;

use cxconnect_core::help::Help;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic},
    part,
    screens::{
        later::later,
        support::{errors::Errors, topic::topic},
    },
    shell::{
        focus, help,
        texts::{t, tr},
    },
};

/// The heading of whatever is open; the focus goes there.
const HEADING: &str = "#support-title";
/// The page that says whom to ask.
const CONTACT: &str = "contact";

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Errors,
    /// A page, by its place in the list.
    Topic(usize),
}

/// The pages, as far as they have come.
#[derive(Clone, Debug)]
enum Pages {
    Loading,
    Loaded(Arc<Help>),
    Missing { detail: String },
}

/// The tab's place; its code may still be on its way.
pub fn support() -> AnyView {
    later(load_page, page)
}

part! {
    support, load_page:
    fn page() -> AnyView {
        view! { <Support /> }.into_any()
    }
}

#[component]
fn Support() -> impl IntoView {
    let open = RwSignal::new(Place::Errors);
    let pages = RwSignal::new(Pages::Loading);
    load(pages);
    let go = Callback::new(move |place| {
        open.set(place);
        focus::move_to(HEADING);
    });
    let contact = Signal::derive(move || {
        pages.with(|pages| match pages {
            Pages::Loaded(help) => help.topics.iter().position(|topic| topic.key == CONTACT),
            Pages::Loading | Pages::Missing { .. } => None,
        })
    });
    // Stays when a page is read and the agent comes back.
    let wanted = RwSignal::new(String::new());
    let content = dynamic(move || match open.get() {
        Place::Errors => {
            let on_contact = Callback::new(move |()| {
                if let Some(place) = contact.get_untracked() {
                    go.run(Place::Topic(place));
                }
            });
            view! { <Errors wanted has_contact=Signal::derive(move || contact.get().is_some()) on_contact /> }
                .into_any()
        }
        Place::Topic(place) => pages.with(|pages| match pages {
            Pages::Loaded(help) => help.topics.get(place).map(topic).into_any(),
            // A page is opened from the list of pages, so they are there.
            Pages::Loading | Pages::Missing { .. } => ().into_any(),
        }),
    });
    view! {
        <div class="support">
            <nav class="support-nav" aria-label=t("support.nav")>
                <ul>
                    {entry(t("support.errors.title"), Place::Errors, open, go)}
                    {dynamic(move || list(pages, open, go))}
                </ul>
            </nav>
            <section class="card support-page" aria-labelledby="support-title">
                {content}
            </section>
        </div>
    }
}

fn load(pages: RwSignal<Pages>) {
    pages.set(Pages::Loading);
    spawn_local(async move {
        let loaded = match help::load().await {
            Ok(help) => Pages::Loaded(Arc::new(help)),
            Err(error) => Pages::Missing { detail: error.to_string() },
        };
        // The page may be gone by now.
        pages.try_set(loaded);
    });
}

/// The pages in the list, or what is known of them.
fn list(pages: RwSignal<Pages>, open: RwSignal<Place>, go: Callback<Place>) -> AnyView {
    match pages.get() {
        Pages::Loading => view! {
            <li class="row muted" role="status">
                <span class="spinner"></span>
                {t("support.loading")}
            </li>
        }
        .into_any(),
        Pages::Loaded(help) => help
            .topics
            .iter()
            .enumerate()
            .map(|(place, topic)| entry(topic.title.clone(), Place::Topic(place), open, go))
            .collect_view()
            .into_any(),
        Pages::Missing { detail } => view! {
            <li>
                <Notice tone=Tone::Danger title=t("support.missing.title")>
                    <p>{t("support.missing.fix")}</p>
                    <p class="hint">{tr("api.detail", &[("text", &detail)])}</p>
                    <button
                        type="button"
                        class="button button-small"
                        id="support-again"
                        on:click=move |_| load(pages)
                    >
                        {t("api.retry")}
                    </button>
                </Notice>
            </li>
        }
        .into_any(),
    }
}

fn entry(name: String, place: Place, open: RwSignal<Place>, go: Callback<Place>) -> AnyView {
    view! {
        <li>
            <button
                type="button"
                class="support-link"
                aria-current=move || (open.get() == place).then_some("page")
                on:click=move |_| go.run(place)
            >
                {name}
            </button>
        </li>
    }
    .into_any()
}
