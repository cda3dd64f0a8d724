//! The page that the navigation bar opens: header with tabs, panel, and the open tab.

use leptos::{ev, prelude::*};

use crate::{
    backend::BackendRef,
    components::{Icon, Tabs, dynamic},
    screens::{
        panel::Panel,
        send::{Send, SendState},
        soon::Soon,
        support::support,
    },
    shell::texts::t,
};

/// The tabs after the first, by their keys.
const LATER_TABS: [&str; 5] = ["statistics", "logs", "settings", "subscription", "support"];
/// The last of them.
const SUPPORT: usize = LATER_TABS.len();

/// The page.
#[component]
pub fn NavBar(backend: BackendRef) -> impl IntoView {
    let open = RwSignal::new(0_usize);
    // Another tab has counted.
    let usage = backend.get().usage;
    let listener = window_event_listener(ev::storage, move |_| usage.refresh());
    on_cleanup(move || listener.remove());
    // Lives as long as the page: a sending goes on whatever tab is open.
    let send = SendState::new(backend);
    let mut names = vec![t("tabs.send")];
    names.extend(LATER_TABS.iter().map(|tab| t(&format!("tabs.{tab}"))));
    let later = dynamic(move || {
        let open = open.get();
        let tab = open.checked_sub(1).filter(|_| open != SUPPORT).and_then(|place| LATER_TABS.get(place))?;
        Some(view! { <Soon tab /> }.into_any())
    });
    // Once opened it stays, with what was read and looked for: who looks for an error goes to and fro.
    let was_helped = Memo::new(move |was: Option<&bool>| was == Some(&true) || open.get() == SUPPORT);
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
                <div hidden=move || open.get() != SUPPORT>
                    {dynamic(move || was_helped.get().then(support))}
                </div>
            </main>
        </div>
    }
}
