//! The tab "Configuración", for admins: the state of the installation, templates' positions, integrations, and what is kept of
//! people. Its code travels by itself: few people open it.

mod fault;
mod installation;
mod integrations;
mod patience;
mod positions;
mod progress;
mod repair;
mod retention;
mod roles;

use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    components::dynamic,
    part,
    screens::{
        configuration::{
            installation::InstallationPage, integrations::IntegrationsPage, positions::PositionsPage,
            retention::RetentionPage,
        },
        later::later,
    },
    shell::{focus, texts::t},
};

/// Opens the tab, from wherever something there mends what is wrong. Only admins are given it.
#[derive(Clone, Copy)]
pub struct WayToConfiguration(pub Callback<()>);

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Installation,
    Positions,
    Integrations,
    Retention,
}

impl Section {
    const ALL: [Self; 4] = [Self::Installation, Self::Positions, Self::Integrations, Self::Retention];

    fn key(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Positions => "positions",
            Self::Integrations => "integrations",
            Self::Retention => "retention",
        }
    }

    /// Its heading, to which the focus goes.
    fn heading(self) -> &'static str {
        match self {
            Self::Installation => "#installation-title",
            Self::Positions => "#positions-title",
            Self::Integrations => "#integrations-title",
            Self::Retention => "#retention-title",
        }
    }
}

/// The tab's place; its code may still be on its way. `on_change` hears that
/// something was changed that the send screen shows.
pub fn configuration(backend: BackendRef, on_change: Callback<()>) -> AnyView {
    later(load_page, move || page(backend, on_change))
}

part! {
    configuration, load_page:
    fn page(backend: BackendRef, on_change: Callback<()>) -> AnyView {
        view! { <Configuration backend on_change /> }.into_any()
    }
}

#[component]
fn Configuration(backend: BackendRef, on_change: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(Section::Installation);
    let page = move |section: Section| {
        // Once opened it stays: what was begun there goes on, and what came of it can be read.
        let was_opened = Memo::new(move |was| was == Some(&true) || open.get() == section);
        let draw = move || match section {
            Section::Installation => view! { <InstallationPage backend /> }.into_any(),
            Section::Positions => view! { <PositionsPage backend on_change /> }.into_any(),
            Section::Integrations => view! { <IntegrationsPage backend /> }.into_any(),
            Section::Retention => view! { <RetentionPage backend on_change /> }.into_any(),
        };
        view! {
            <section
                class="card configuration-page"
                aria-label=t(&format!("configuration.{}", section.key()))
                hidden=move || open.get() != section
            >
                {dynamic(move || was_opened.get().then(draw))}
            </section>
        }
        .into_any()
    };
    let entry = move |section: Section| {
        let go = move |_| {
            open.set(section);
            focus::move_to(section.heading());
        };
        view! {
            <li>
                <button
                    type="button"
                    class="support-link"
                    aria-current=move || (open.get() == section).then_some("page")
                    on:click=go
                >
                    {t(&format!("configuration.{}", section.key()))}
                </button>
            </li>
        }
        .into_any()
    };
    view! {
            <div class="support configuration">
                <nav class="support-nav" aria-label=t("configuration.nav")>
                    <ul>{Section::ALL.map(entry).into_iter().collect_view()}</ul>
                </nav>
    <div>{Section::ALL.map(page).into_iter().collect_view()}</div>
            </div>
        }
}
