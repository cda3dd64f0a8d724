//! The tab "Configuración", for admins: the state of the installation, templates' positions, and what is kept of people. Its
//! code travels by itself: few people open it.

mod fault;
mod installation;
mod patience;
mod positions;
mod progress;
mod repair;
mod roles;

use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    components::dynamic,
    part,
    screens::{
        configuration::{installation::InstallationPage, positions::PositionsPage},
        later::later,
    },
    shell::{focus, texts::t},
};

/// The heading of whatever is open; the focus goes there.
const HEADING: &str = "#configuration-title";

/// Opens the tab, from wherever something there mends what is wrong. Only admins are given it.
#[derive(Clone, Copy)]
pub struct WayToConfiguration(pub Callback<()>);

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Installation,
    Positions,
}

impl Section {
    const ALL: [Self; 2] = [Self::Installation, Self::Positions];

    fn key(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Positions => "positions",
        }
    }
}

/// The tab's place; its code may still be on its way. `on_place` hears that templates show elsewhere from now on.
pub fn configuration(backend: BackendRef, on_place: Callback<()>) -> AnyView {
    later(load_page, move || page(backend, on_place))
}

part! {
    configuration, load_page:
    fn page(backend: BackendRef, on_place: Callback<()>) -> AnyView {
        view! { <Configuration backend on_place /> }.into_any()
    }
}

#[component]
fn Configuration(backend: BackendRef, on_place: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(Section::Installation);
    let content = dynamic(move || match open.get() {
        Section::Installation => view! { <InstallationPage backend /> }.into_any(),
        Section::Positions => view! { <PositionsPage backend on_change=on_place /> }.into_any(),
    });
    let entry = move |section: Section| {
        let go = move |_| {
            open.set(section);
            focus::move_to(HEADING);
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
            <section class="card configuration-page" aria-labelledby="configuration-title">
                {content}
            </section>
        </div>
    }
}
