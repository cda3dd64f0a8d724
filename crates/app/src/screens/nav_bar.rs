//! The page that the navigation bar opens: header with tabs, panel, and the open tab.

use cxconnect_core::position::Place;
use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    components::{Icon, Tabs, dynamic},
    screens::{
        configuration::{WayToConfiguration, configuration},
        logs::{LogsPlace, logs},
        panel::Panel,
        send::{Send, SendState, can_show_kept, kept_batches, load, load_show_kept, parts, show_kept},
        statistics::statistics,
        subscription::subscription,
        support::support,
    },
    shell::texts::t,
};

/// The tabs, in their order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Send,
    Statistics,
    Logs,
    /// Only admins have it.
    Settings,
    Subscription,
    Support,
}

impl Tab {
    const ALL: [Self; 6] =
        [Self::Send, Self::Statistics, Self::Logs, Self::Settings, Self::Subscription, Self::Support];

    fn name(self) -> String {
        match self {
            Self::Send => t("tabs.send"),
            Self::Statistics => t("tabs.statistics"),
            Self::Logs => t("tabs.logs"),
            Self::Settings => t("tabs.settings"),
            Self::Subscription => t("tabs.subscription"),
            Self::Support => t("tabs.support"),
        }
    }
}

/// The tabs that this agent has, and which of them is open.
#[derive(Clone, Copy)]
struct Row {
    tabs: StoredValue<Vec<Tab>>,
    place: RwSignal<usize>,
}

impl Row {
    fn is_open(self, tab: Tab) -> bool {
        let open = self.place.get();
        self.tabs.with_value(|tabs| tabs.get(open) == Some(&tab))
    }

    fn open(self, tab: Tab) {
        let place = self.tabs.with_value(|tabs| tabs.iter().position(|it| *it == tab));
        if let Some(place) = place {
            self.place.set(place);
        }
    }
}

/// The page.
#[component]
pub fn NavBar(backend: BackendRef) -> impl IntoView {
    let may_configure = backend.get().memory.may_be_admin();
    let tabs: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| may_configure || *tab != Tab::Settings).collect();
    let names: Vec<String> = tabs.iter().map(|tab| tab.name()).collect();
    let row = Row { tabs: StoredValue::new(tabs), place: RwSignal::new(0) };
    let open = row.place;
    // Another tab has counted.
    let usage = backend.get().usage;
    let listener = window_event_listener(ev::storage, move |_| usage.refresh());
    on_cleanup(move || listener.remove());
    usage.team().watch();
    usage.team().watch_fields();
    // Lives as long as the page: a sending goes on whatever tab is open.
    let send = SendState::new(backend, Place::Many);
    let look_again = Callback::new(move |()| {
        load::positions(send);
        parts::look_again(send);
    });
    if may_configure {
        provide_context(WayToConfiguration(Callback::new(move |()| row.open(Tab::Settings))));
    }
    let log = RwSignal::new(None);
    let open_batch = Callback::new(move |id| {
        log.set(Some(id));
        row.open(Tab::Logs);
    });
    let place = LogsPlace {
        backend,
        open: log,
        is_shown: Signal::derive(move || row.is_open(Tab::Logs)),
        show_own: Callback::new(move |id| {
            row.open(Tab::Send);
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
                <div class="stack" hidden=move || !row.is_open(Tab::Send)>
                    <Send state=send />
                </div>
                {stays(row, Tab::Statistics, move || statistics(backend, open_batch))}
                {stays(row, Tab::Logs, move || logs(place))}
                {stays(row, Tab::Settings, move || configuration(backend, look_again))}
                {stays(row, Tab::Subscription, move || subscription(backend))}
                {stays(row, Tab::Support, support)}
            </main>
        </div>
    }
}

/// A tab that stays once it was opened, with what was read and looked for: who looks for something goes to and fro, and a
/// repair goes on.
fn stays(row: Row, tab: Tab, draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let was_opened = Memo::new(move |was: Option<&bool>| was == Some(&true) || row.is_open(tab));
    view! {
        <div hidden=move || !row.is_open(tab)>{dynamic(move || was_opened.get().then(|| untrack(&draw)))}</div>
    }
    .into_any()
}
