//! The tab "Estadísticas" (Resumen de envíos): what was sent and what wasn't, by whatever is chosen; pictures of it above, files
//! of it to save. Counts and pictures are made of the batches' own counters, lists are read page by page.

mod chart;
mod filters;
mod pictures;

use cxconnect_core::{
    ledger::{BatchRecord, Fault},
    plan::BatchId,
    receipt::Status,
    stats::{Filter, Panel},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    components::{Notice, Tone, dynamic},
    part,
    screens::{
        later::later,
        messages::{MessageList, MessageTable, Wanted, words},
        no_record::{Incomplete, NoRecord},
        statistics::{
            filters::{Chosen, Filters, beginning},
            pictures::pictures,
        },
    },
    shell::{
        clock,
        texts::{t, tr},
    },
    team::TeamStanding,
};

/// How often pictures are drawn anew at most.
const REDRAW_MS: u32 = 2_000;

/// The tab's place; its code may still be on its way. `on_batch` opens a batch's page.
pub fn statistics(backend: BackendRef, on_batch: Callback<BatchId>) -> AnyView {
    later(load_page, move || page(backend, on_batch))
}

part! {
    team, load_page:
    fn page(backend: BackendRef, on_batch: Callback<BatchId>) -> AnyView {
        view! { <Statistics backend on_batch /> }.into_any()
    }
}

#[component]
fn Statistics(backend: BackendRef, on_batch: Callback<BatchId>) -> impl IntoView {
    let shared = backend.get();
    let team = shared.usage.team();
    let is_off = Memo::new(move |_| team.standing() == TeamStanding::Off);
    dynamic(move || {
        if is_off.get() {
            return view! { <NoRecord /> }.into_any();
        }
        view! { <Figures backend on_batch /> }.into_any()
    })
}

#[component]
fn Figures(backend: BackendRef, on_batch: Callback<BatchId>) -> impl IntoView {
    let shared = backend.get();
    let team = shared.usage.team();
    let chosen = Chosen::new();
    let filter = Memo::new(move |_| chosen.filter(&backend.get()));
    let fault = RwSignal::new(None::<Fault>);
    // Batches are read back to where the stretch begins.
    let read_on = move |from| {
        spawn_local(async move {
            let read = team.reach_back(from).await;
            // The screen may be gone by then.
            fault.try_set(read.err());
        });
    };
    let from = Memo::new(move |_| filter.with(beginning));
    Effect::new(move |_| read_on(from.get()));
    // What can be read again is read on.
    Effect::new(move |was_known: Option<bool>| {
        let is_known = team.standing() == TeamStanding::Known;
        if is_known && was_known == Some(false) && fault.get_untracked().is_some() {
            read_on(from.get_untracked());
        }
        is_known
    });
    let picked = move |take: fn(&Filter, &BatchRecord) -> bool| {
        Memo::new(move |_| filter.with(|filter| team.known(|known| known.pick(|batch| take(filter, batch)))))
    };
    let in_span = picked(|filter, batch| filter.span.contains(batch.created));
    let meant = picked(Filter::takes_batch);
    let drawn = now_and_then(meant);
    let status = [RwSignal::new(None::<Status>), RwSignal::new(None)];
    let [sent_status, not_sent_status] = status;
    let wanted = move |status: RwSignal<Option<Status>>| {
        Signal::derive(move || Wanted {
            filter: Filter { status: status.get(), ..filter.get() },
            order: chosen.order.get(),
        })
    };
    // Counters know nothing of phones, and pictures show all states.
    let unfollowed = Memo::new(move |_| {
        let has_status = status.iter().any(|status| status.get().is_some());
        (filter.with(|filter| filter.phone.is_some()), has_status)
    });
    let sent = MessageList::new(team, Panel::Sent, wanted(sent_status));
    let not_sent = MessageList::new(team, Panel::NotSent, wanted(not_sent_status));
    let again = move |()| {
        spawn_local(team.refresh());
        read_on(from.get_untracked());
        sent.again();
        not_sent.again();
    };
    let is_whole = Memo::new(move |_| team.reaches(from.get()));
    let reading = move || {
        if let Some(fault) = fault.get() {
            return Some(
                view! {
                    <Notice tone=Tone::Warning title=words::fault(fault)>{words::remedy(fault)}</Notice>
                }
                .into_any(),
            );
        }
        (!is_whole.get()).then(|| {
            let n = meant.with(Vec::len).to_string();
            view! {
                <p class="row muted" role="status" id="stats-reading">
                    <span class="spinner"></span>
                    {tr("stats.reading_batches", &[("n", &n)])}
                </p>
            }
            .into_any()
        })
    };
    view! {
        <div class="stack" id="statistics">
            <Incomplete team />
            <section class="card">
                <h2>{t("stats.title")}</h2>
                <Filters chosen batches=in_span on_again=again />
                {dynamic(reading)}
            </section>
            {dynamic(move || {
                let (has_phone, has_status) = unfollowed.get();
                (has_phone || has_status).then(|| view! { <p class="hint" id="charts-wider">{t("stats.chart.wider")}</p> })
            })}
            {dynamic(move || drawn.with(|batches| pictures(batches)))}
            <section class="card">
                {status_filter("sent-status", Panel::Sent, sent_status)}
                <MessageTable list=sent title=t("stats.sent") id="sent" file="sent" on_batch />
            </section>
            <section class="card">
                {status_filter("not-sent-status", Panel::NotSent, not_sent_status)}
                <MessageTable list=not_sent title=t("stats.not_sent") id="not-sent" file="not_sent" on_batch />
            </section>
        </div>
    }
}

/// The same, but not as often: a batch that this page sends changes several times a second, and pictures that are drawn anew can't
/// be read.
fn now_and_then(batches: Memo<Vec<BatchRecord>>) -> RwSignal<Vec<BatchRecord>> {
    let drawn = RwSignal::new(Vec::new());
    let is_due = StoredValue::new(false);
    Effect::new(move |_| {
        batches.track();
        // Other batches are drawn at once, other figures of the same ones aren't.
        let ids = |batches: &Vec<BatchRecord>| batches.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        let are_same = drawn.with_untracked(ids) == batches.with_untracked(ids);
        if are_same && is_due.get_value() {
            return;
        }
        is_due.set_value(are_same);
        let wait = if are_same { REDRAW_MS } else { 0 };
        spawn_local(async move {
            clock::after(wait).await;
            // The screen may be gone by then.
            if let Some(now) = batches.try_get_untracked() {
                is_due.try_set_value(false);
                drawn.try_maybe_update(|drawn| {
                    let is_new = *drawn != now;
                    *drawn = now;
                    (is_new, ())
                });
            }
        });
    });
    drawn
}

/// The states of a panel to choose from.
fn status_filter(id: &'static str, panel: Panel, status: RwSignal<Option<Status>>) -> AnyView {
    let option = |status: &Status| view! { <option value=status.key()>{words::status(*status)}</option> };
    view! {
        <label class="filter">
            <span>{t("stats.head.status")}</span>
            <select
                id=id
                class="input input-inline"
                on:change:target=move |event| status.set(Status::by_key(&event.target().value()))
            >
                <option value="">{t("stats.filter.all")}</option>
                {panel.statuses().iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}
