//! The page that the navigation bar opens: header with tabs, panel, and the open tab.

use cxconnect_core::position::Place;
use leptos::{ev, prelude::*};

use crate::{
    backend::BackendRef,
    components::{Icon, Tabs, dynamic},
    screens::{
        configuration::{WayToConfiguration, configuration},
        panel::Panel,
        send::{Send, SendState, load, parts},
        soon::Soon,
        support::support,
    },
    shell::texts::t,
};

/// The tabs after the first, by their keys.
const LATER_TABS: [&str; 5] = ["statistics", "logs", "settings", "subscription", "support"];
/// The one that only admins see.
const SETTINGS: &str = "settings";
const SUPPORT: &str = "support";

/// The page.
#[component]
pub fn NavBar(backend: BackendRef) -> impl IntoView {
    let open = RwSignal::new(0_usize);
    // Another tab has counted.
    let usage = backend.get().usage;
    let listener = window_event_listener(ev::storage, move |_| usage.refresh());
    on_cleanup(move || listener.remove());
    // Lives as long as the page: a sending goes on whatever tab is open.
    let send = SendState::new(backend, Place::Many);
    let look_again = Callback::new(move |()| {
        load::positions(send);
        parts::look_again(send);
    });
    let may_configure = backend.get().memory.may_be_admin();
    let tabs = LATER_TABS.into_iter().filter(|tab| may_configure || *tab != SETTINGS);
    let tabs = StoredValue::new(tabs.collect::<Vec<_>>());
    let open_tab = Memo::new(move |_| tabs.with_value(|tabs| tabs.get(open.get().checked_sub(1)?).copied()));
    let place_of = move |tab| tabs.with_value(|tabs| tabs.iter().position(|it| *it == tab)).map(|at| at + 1);
    if let Some(place) = place_of(SETTINGS) {
        provide_context(WayToConfiguration(Callback::new(move |()| open.set(place))));
    }
    let mut names = vec![t("tabs.send")];
    tabs.with_value(|tabs| names.extend(tabs.iter().map(|tab| t(&format!("tabs.{tab}")))));
    let later = dynamic(move || {
        let tab = open_tab.get().filter(|tab| ![SETTINGS, SUPPORT].contains(tab))?;
        Some(view! { <Soon tab /> }.into_any())
    });
    // Once opened it stays, with what was read and looked for: who looks for an error goes to and fro, and a repair goes on.
    let was_opened = move |tab| Memo::new(move |was| was == Some(&true) || open_tab.get() == Some(tab));
    let (was_configured, was_helped) = (was_opened(SETTINGS), was_opened(SUPPORT));
    view! {
        <div class="page">
            <header class="page-header">
                <h1 class="brand">{Icon::Brand.view()} "CXConnect"</h1>
                <Tabs label=t("tabs.label") names open />
            </header>
            <main
                class="page-body"
                role="tabpanel"
                id="tab-content"
                aria-labelledby=move || format!("tab-{}", open.get())
            >
                <Panel backend />
                // Hidden rather than removed, so that what was chosen and scrolled is still there.
                <div class="stack" hidden=move || open.get() != 0>
                    <Send state=send />
                </div>
                {later}
                <div hidden=move || open_tab.get() != Some(SETTINGS)>
                    {dynamic(move || was_configured.get().then(|| configuration(backend, look_again)))}
                </div>
                <div hidden=move || open_tab.get() != Some(SUPPORT)>
                    {dynamic(move || was_helped.get().then(support))}
                </div>
            </main>
        </div>
    }
}
