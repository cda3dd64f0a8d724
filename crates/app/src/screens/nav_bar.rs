//! The page that the navigation bar opens: header with tabs, panel, and the open tab.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    components::{Icon, Tabs, dynamic},
    screens::{
        logs::{LogsPlace, logs},
        panel::Panel,
        send::{Send, SendState, can_show_kept, kept_batches, load_show_kept, show_kept},
        soon::Soon,
        statistics::statistics,
        subscription::subscription,
        support::support,
    },
    shell::texts::t,
};

/// The tabs after the first, by their keys.
const LATER_TABS: [&str; 5] = ["statistics", "logs", "settings", "subscription", "support"];
/// Those that are drawn in a way of their own, by their places in the row.
const STATISTICS: usize = 1;
const LOGS: usize = 2;
const SUBSCRIPTION: usize = 4;
/// The last of them.
const SUPPORT: usize = LATER_TABS.len();
const BUILT: [usize; 4] = [STATISTICS, LOGS, SUBSCRIPTION, SUPPORT];

/// The page.
#[component]
pub fn NavBar(backend: BackendRef) -> impl IntoView {
    let open = RwSignal::new(0_usize);
    // Another tab has counted.
    let usage = backend.get().usage;
    let listener = window_event_listener(ev::storage, move |_| usage.refresh());
    on_cleanup(move || listener.remove());
    usage.team().watch();
    // Lives as long as the page: a sending goes on whatever tab is open.
    let send = SendState::new(backend);
    let mut names = vec![t("tabs.send")];
    names.extend(LATER_TABS.iter().map(|tab| t(&format!("tabs.{tab}"))));
    let later = dynamic(move || {
        let open = open.get();
        let tab =
            open.checked_sub(1).filter(|_| !BUILT.contains(&open)).and_then(|place| LATER_TABS.get(place))?;
        Some(view! { <Soon tab /> }.into_any())
    });
    let log = RwSignal::new(None);
    let open_batch = Callback::new(move |id| {
        log.set(Some(id));
        open.set(LOGS);
    });
    let place = LogsPlace {
        backend,
        open: log,
        is_shown: Signal::derive(move || open.get() == LOGS),
        show_own: Callback::new(move |id| {
            open.set(0);
            spawn_local(async move {
                // Where the code of batches doesn't arrive, the tab that is open now says so.
                if load_show_kept().await.is_ok() {
                    let _ = show_kept(send, id).await;
                }
            });
        }),
        own: Signal::derive(move || kept_batches(send)),
        can_show: Callback::new(move |id| can_show_kept(send, &id)),
    };
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
                {stays(open, STATISTICS, move || statistics(backend, open_batch))}
                {stays(open, LOGS, move || logs(place))}
                {stays(open, SUBSCRIPTION, move || subscription(backend))}
                {stays(open, SUPPORT, support)}
            </main>
        </div>
    }
}

/// A tab that stays once it was opened, with what was read and looked for: who looks for something goes to and fro.
fn stays(open: RwSignal<usize>, place: usize, draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let was_opened = Memo::new(move |was: Option<&bool>| was == Some(&true) || open.get() == place);
    view! {
        <div hidden=move || open.get() != place>{dynamic(move || was_opened.get().then(|| untrack(&draw)))}</div>
    }
    .into_any()
}
