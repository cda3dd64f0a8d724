//! The tab "Logs": every batch of the team, and the page of one.

mod batch;
pub mod take_over;

use cxconnect_core::{
    ledger::{BatchRecord, BatchState, Fault},
    plan::BatchId,
};
use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    components::{NameFilter, Notice, Rows, Tone, dynamic, dynamic_text},
    part,
    screens::{
        later::later,
        logs::batch::BatchPage,
        messages::words,
        no_record::{Incomplete, NoRecord},
    },
    shell::{
        clock, focus,
        texts::{amount, folded, t, tn, tr},
    },
    team::{Team, TeamStanding},
};

/// The height of a row: four lines.
const ROW_HEIGHT: f64 = 92.0;
/// Where lines are short: six of them.
const HIGH_ROW_HEIGHT: f64 = 134.0;
/// In a page of fewer pixels than these lines are short; as in `team.css`.
const WIDE_PX: f64 = 1000.0;

/// What the tab needs of the page around it.
#[derive(Clone, Copy)]
pub struct LogsPlace {
    pub backend: BackendRef,
    /// The batch whose page is open.
    pub open: RwSignal<Option<BatchId>>,
    /// Whether the tab is.
    pub is_shown: Signal<bool>,
    /// Shows a batch that this browser keeps where it can be resumed, retried or cancelled.
    pub show_own: Callback<BatchId>,
    /// Whether that can be done now.
    pub can_show: Callback<BatchId, bool>,
    /// The batches that this browser keeps.
    pub own: Signal<Vec<BatchId>>,
}

/// The tab's place; its code may still be on its way.
pub fn logs(place: LogsPlace) -> AnyView {
    later(load_page, move || page(place))
}

part! {
    team, load_page:
    fn page(place: LogsPlace) -> AnyView {
        view! { <Logs place /> }.into_any()
    }
}

#[component]
fn Logs(place: LogsPlace) -> impl IntoView {
    let team = place.backend.get().usage.team();
    let is_off = Memo::new(move |_| team.standing() == TeamStanding::Off);
    // What was looked for is still there when the agent comes back from a batch.
    let search = Search::new();
    dynamic(move || {
        if is_off.get() {
            return view! { <NoRecord /> }.into_any();
        }
        match place.open.get() {
            Some(id) => view! { <BatchPage place id /> }.into_any(),
            None => view! { <List place team search /> }.into_any(),
        }
    })
}

/// What is looked for.
#[derive(Clone, Copy)]
struct Search {
    text: RwSignal<String>,
    agent: RwSignal<Option<String>>,
    template: RwSignal<Option<String>>,
    state: RwSignal<Option<BatchState>>,
}

impl Search {
    fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            agent: RwSignal::new(None),
            template: RwSignal::new(None),
            state: RwSignal::new(None),
        }
    }

    fn is_narrow(self) -> bool {
        !self.text.with(|text| text.trim().is_empty())
            || self.agent.with(Option::is_some)
            || self.template.with(Option::is_some)
            || self.state.with(Option::is_some)
    }

    fn takes(self, batch: &BatchRecord, text: &str) -> bool {
        let is = |wanted: RwSignal<Option<String>>, value: &str| {
            wanted.with(|wanted| wanted.as_deref().is_none_or(|wanted| wanted == value))
        };
        is(self.agent, &batch.agent)
            && is(self.template, &batch.template)
            && self.state.get().is_none_or(|state| state == batch.state)
            && (text.is_empty()
                || words::lot_of(batch.created).contains(text)
                || [batch.id.as_str(), &batch.file_name, &batch.template, &batch.agent]
                    .iter()
                    .any(|value| folded(value).contains(text)))
    }
}

#[component]
fn List(place: LogsPlace, team: Team, search: Search) -> impl IntoView {
    let fault = RwSignal::new(None::<Fault>);
    let is_reading = RwSignal::new(false);
    let found = Memo::new(move |_| {
        let text = search.text.with(|text| folded(text.trim()));
        team.known(|known| known.pick(|batch| search.takes(batch, &text)))
    });
    let is_whole = Memo::new(move |_| team.reaches(0));
    let n_found = Memo::new(move |_| found.with(Vec::len));
    let is_barred = Memo::new(move |_| n_found.get() == 0 && not_read_fault(team, fault.get()).is_some());
    let n_rows = Signal::derive(move || n_found.get() + usize::from(!is_whole.get() && !is_barred.get()));
    // What can be read again is read on.
    Effect::new(move |was_known: Option<bool>| {
        let is_known = team.standing() == TeamStanding::Known;
        if is_known && was_known == Some(false) {
            fault.set(None);
        }
        is_known
    });
    let older = move || {
        if is_reading.get_untracked() {
            return;
        }
        is_reading.set(true);
        spawn_local(async move {
            let read = team.older().await;
            // The screen may be gone by then.
            fault.try_set(read.err());
            is_reading.try_set(false);
        });
    };
    let key = UnsyncCallback::new(|place: usize| place as u64);
    let cells = UnsyncCallback::new(move |at: Signal<usize>| {
        dynamic(move || match found.with(|found| found.get(at.get()).cloned()) {
            Some(batch) => cells(place, &batch),
            None => the_rest(search, is_reading.get(), fault.get(), older),
        })
        .into_any()
    });
    let width = RwSignal::new(page_width());
    let listener = window_event_listener(ev::resize, move |_| {
        width.try_set(page_width());
    });
    on_cleanup(move || listener.remove());
    let row_height = Memo::new(move |_| if width.get() < WIDE_PX { HIGH_ROW_HEIGHT } else { ROW_HEIGHT });
    let heads = ["date", "id", "description", "see"].map(|head| t(&format!("logs.head.{head}"))).to_vec();
    let state = |state: &BatchState| {
        let key = state.key();
        let is_chosen = search.state.get_untracked() == Some(*state);
        view! { <option value=key selected=is_chosen>{t(&format!("logs.state.{key}"))}</option> }
    };
    view! {
        <section class="card" id="logs">
            <div class="row row-spread">
                <h2 id="logs-title" tabindex="-1">{t("logs.title")}</h2>
                <span class="muted numeric" id="logs-count" role="status">
                    {dynamic_text(move || count(n_found.get(), is_whole.get()))}
                </span>
            </div>
            <div class="filters" role="search" aria-label=t("logs.search")>
                <label class="filter">
                    <span>{t("logs.search")}</span>
                    <input
                        id="logs-search"
                        type="search"
                        autocomplete="off"
                        class="input input-inline"
                        placeholder=t("logs.search_hint")
                        prop:value=search.text
                        on:input:target=move |event| search.text.set(event.target().value())
                    />
                </label>
                <NameFilter
                    id="logs-agent"
                    label=t("stats.head.agent")
                    all=t("stats.filter.all")
                    names=names(team, |it| &it.agent)
                    first=search.agent.get_untracked()
                    choose=move |name| search.agent.set(name)
                />
                <NameFilter
                    id="logs-template"
                    label=t("stats.head.template")
                    all=t("stats.filter.all_templates")
                    names=names(team, |it| &it.template)
                    first=search.template.get_untracked()
                    choose=move |name| search.template.set(name)
                />
                <label class="filter">
                    <span>{t("stats.head.status")}</span>
                    <select
                        id="logs-state"
                        class="input input-inline"
                        on:change:target=move |event| {
                            search.state.set(BatchState::by_key(&event.target().value()));
                        }
                    >
                        <option value="">{t("stats.filter.all")}</option>
                        {BatchState::ALL.iter().map(state).collect_view()}
                    </select>
                </label>
                <button
                    type="button"
                    class="button button-small"
                    id="logs-again"
                    on:click=move |_| spawn_local(team.refresh())
                >
                    {t("stats.again")}
                </button>
            </div>
            {dynamic(move || not_read(team, fault.get()))}
            <Incomplete team />
            <div hidden=move || n_rows.get() == 0>
                <Rows class="rows-logs" label=t("logs.title") heads n_rows row_height key cells />
            </div>
            <Show when=move || n_rows.get() == 0 && !is_barred.get()>
                <p class="muted" role="status">
                    {dynamic_text(move || if search.is_narrow() { t("logs.none_found") } else { t("logs.none") })}
                </p>
            </Show>
        </section>
    }
}

/// The page's width in pixels; as if there were room where the browser doesn't say.
fn page_width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(WIDE_PX)
}

fn count(n: usize, is_whole: bool) -> String {
    if is_whole { tn("logs.count", n, &[]) } else { tn("logs.count_so_far", n, &[]) }
}

/// Why the list may not be up to date.
fn not_read(team: Team, fault: Option<Fault>) -> Option<AnyView> {
    let fault = not_read_fault(team, fault)?;
    Some(
        view! { <Notice tone=Tone::Warning title=words::fault(fault)>{words::remedy(fault)}</Notice> }
            .into_any(),
    )
}

fn not_read_fault(team: Team, fault: Option<Fault>) -> Option<Fault> {
    let standing = match team.standing() {
        TeamStanding::Unreachable(fault) => Some(fault),
        TeamStanding::Asking | TeamStanding::Known | TeamStanding::Off => None,
    };
    fault.or(standing)
}

fn names(team: Team, of: fn(&BatchRecord) -> &str) -> Memo<Vec<String>> {
    Memo::new(move |_| team.known(|known| known.names(of)))
}

/// What stands below the last batch that is known: older ones are read as somebody comes there; while something is looked for,
/// if they say so.
fn the_rest(
    search: Search,
    is_reading: bool,
    fault: Option<Fault>,
    older: impl Fn() + Copy + Send + 'static,
) -> AnyView {
    if search.is_narrow() || fault.is_some() {
        return view! {
            <div role="cell" class="row rows-rest">
                <button
                    type="button"
                    class="button button-small"
                    id="logs-older"
                    disabled=is_reading
                    on:click=move |_| older()
                >
                    {t("logs.older")}
                </button>
            </div>
        }
        .into_any();
    }
    if !is_reading {
        // Not while the table is being drawn.
        spawn_local(async move { older() });
    }
    view! {
        <div role="cell" class="row muted rows-rest">
            <span class="spinner"></span>
            {t("stats.reading")}
        </div>
    }
    .into_any()
}

fn cells(place: LogsPlace, batch: &BatchRecord) -> AnyView {
    let id = batch.id.clone();
    let lot = words::lot_of(batch.created);
    let label = tr("logs.go_to", &[("lot", &lot)]);
    let go = move |_| {
        place.open.set(Some(id.clone()));
        focus::move_to("#batch-title");
    };
    view! {
        <div role="cell" class="numeric">{clock::written(batch.created)}</div>
        <div role="cell">
            <strong class="numeric">{lot}</strong>
            <br />
            <span class="hint mono cell-id" title=batch.id.to_string()>{batch.id.to_string()}</span>
        </div>
        <div role="cell" class="log-text">{description(batch)}</div>
        <div role="cell">
            <button type="button" class="link" data-batch=batch.id.to_string() aria-label=label on:click=go>
                {t("logs.go")}
            </button>
        </div>
    }
    .into_any()
}

/// What began: how many, with which file and template, by whom; and how it stands.
fn description(batch: &BatchRecord) -> AnyView {
    let figures = batch.figures;
    let count = amount;
    let state = batch.state.key();
    let first = [
        tr("logs.event", &[("event", &t("logs.milestone.started"))]),
        tr("logs.amount", &[("n", &count(figures.n_messages))]),
        tr("logs.agent", &[("agent", &batch.agent)]),
    ]
    .join(" · ");
    let second = [
        Some(words::origin(batch.origin)),
        file(batch).map(|file| tr("logs.file", &[("file", &file)])),
        Some(tr("logs.template", &[("template", &batch.template)])),
    ];
    let second = second.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let sums = tr(
        "logs.sums",
        &[
            ("sent", &count(figures.n_sent)),
            ("failed", &count(figures.n_failed)),
            ("unknown", &count(figures.n_unknown)),
        ],
    );
    view! {
        <p class="cell log-what" title=first.clone()>{first.clone()}</p>
        <p class="cell log-what" title=second.clone()>{second.clone()}</p>
        <p class="row">
            <span class=state_tag(batch.state) data-state=state>{t(&format!("logs.state.{state}"))}</span>
            <span class="hint numeric">{sums}</span>
        </p>
    }
    .into_any()
}

fn file(batch: &BatchRecord) -> Option<String> {
    (!batch.file_name.is_empty()).then(|| batch.file_name.clone())
}

/// The colours of a batch's state.
fn state_tag(state: BatchState) -> &'static str {
    match state {
        BatchState::Running => "tag tag-info",
        BatchState::Paused => "tag tag-warning",
        BatchState::Completed => "tag tag-success",
        BatchState::Cancelled => "tag",
    }
}
