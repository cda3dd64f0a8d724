//! The page of one batch ("Ir"): its totals, what happened to it, and its messages. One that is being sent is followed, whoever
//! sends it.

use cxconnect_core::{
    dispatch::{Milestone, TrackEvent},
    ledger::{BatchRecord, BatchState, Fault, Figures},
    plan::BatchId,
    stats::{Filter, Panel, Share},
};
use cxconnect_ledger::Order;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    screens::{
        logs::{LogsPlace, file, state_tag, take_over::TakeOver},
        messages::{Columns, MessageList, MessageTable, Wanted, words},
    },
    shell::{
        clock, focus,
        texts::{amount, t, tr},
    },
    team::Team,
};

/// How often a batch that is being sent is looked at.
const FOLLOW_MS: u32 = 5_000;
/// So long Zendesk's search may not see what was written.
const SEARCH_LAG_MS: u32 = 6_000;
/// Who sends a batch is heard of more often than this; of whom nothing is heard for longer is waited for a little.
const SILENCE_MS: u64 = 60_000;

/// The page.
#[component]
pub fn BatchPage(place: LogsPlace, id: BatchId) -> impl IntoView {
    let team = place.backend.get().usage.team();
    let asked = RwSignal::new(Asked::NotYet);
    let batch = {
        let id = id.clone();
        Memo::new(move |_| team.known(|known| known.batch(&id)))
    };
    follow(place, team, id.clone(), asked);
    let back = move |_| {
        place.open.set(None);
        focus::move_to("#logs-title");
    };
    let is_known = Memo::new(move |_| batch.with(Option::is_some));
    let title = move || {
        let lot = batch.with(|batch| batch.as_ref().map(|batch| words::lot_of(batch.created)));
        lot.map_or_else(|| t("logs.batch.loading"), |lot| tr("logs.batch.title", &[("lot", &lot)]))
    };
    let shown_id = id.to_string();
    let content = move || {
        if is_known.get() {
            return view! { <Content place team batch id=id.clone() /> }.into_any();
        }
        match asked.get() {
            Asked::NotYet => view! {
                <p class="row muted" role="status">
                    <span class="spinner"></span>
                    {t("stats.reading")}
                </p>
            }
            .into_any(),
            Asked::Answered => {
                view! { <Notice tone=Tone::Warning title=t("logs.batch.missing") /> }.into_any()
            }
            Asked::Failed(fault) => {
                view! { <Notice tone=Tone::Danger title=words::fault(fault) /> }.into_any()
            }
        }
    };
    view! {
        <div class="stack" id="batch">
            <section class="card">
                <div class="row row-spread">
                    <div>
                        <h2 id="batch-title" tabindex="-1">{dynamic_text(title)}</h2>
                        <p class="hint mono">{shown_id}</p>
                    </div>
                    <button type="button" class="button button-small" id="batch-back" on:click=back>
                        {t("logs.batch.back")}
                    </button>
                </div>
                {dynamic(content)}
            </section>
            {dynamic(move || {
                is_known.get().then(|| view! { <Messages team id=batch.with_untracked(|it| {
                    it.as_ref().map_or_else(|| BatchId::new(String::new()), |it| it.id.clone())
                }) /> })
            })}
        </div>
    }
}

/// What came of the first look at the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    NotYet,
    Answered,
    Failed(Fault),
}

/// Reads the batch's record, and again and again as long as it is being sent and somebody looks.
fn follow(place: LogsPlace, team: Team, id: BatchId, asked: RwSignal<Asked>) {
    spawn_local(async move {
        loop {
            let is_over = team.known_once(|known| known.batch(&id)).is_some_and(|batch| batch.is_over());
            let is_looked_at = place.is_shown.try_get_untracked() == Some(true);
            if is_looked_at && !is_over || asked.try_get_untracked() == Some(Asked::NotYet) {
                team.turn().await;
                let told = match team.ledger().batch(&id).await {
                    Ok(Some((batch, updated))) => {
                        team.take(batch, updated);
                        Asked::Answered
                    }
                    Ok(None) => Asked::Answered,
                    Err(error) => Asked::Failed(error.fault()),
                };
                asked.try_set(told);
            }
            clock::after(FOLLOW_MS).await;
            // Another page is open by now.
            let is_open = place.open.try_with_untracked(|open| open.as_ref() == Some(&id)) == Some(true);
            if !is_open || asked.is_disposed() {
                return;
            }
        }
    });
}

#[component]
fn Content(place: LogsPlace, team: Team, batch: Memo<Option<BatchRecord>>, id: BatchId) -> impl IntoView {
    let part = move |read: fn(&BatchRecord) -> AnyView| {
        dynamic(move || batch.with(|batch| batch.as_ref().map(read)))
    };
    let is_own = {
        let id = id.clone();
        Memo::new(move |_| place.own.with(|own| own.contains(&id)))
    };
    let is_live = Memo::new(move |_| {
        // Looked at anew with each reading.
        let now = team.read_at().unwrap_or_default().max(clock::time());
        batch.with(|batch| batch.as_ref().and_then(|batch| stage(batch, now)))
    });
    let shown = id.clone();
    let can_show = {
        let id = id.clone();
        Memo::new(move |_| place.can_show.run(id.clone()))
    };
    let hint = move || if can_show.get() { t("logs.batch.own_hint") } else { t("logs.batch.own_busy") };
    let own = move || {
        let id = id.clone();
        is_own.get().then(|| {
            view! {
                <div class="row" id="batch-own">
                    <button
                        type="button"
                        class="button button-primary"
                        id="batch-show"
                        disabled=move || !can_show.get()
                        on:click=move |_| place.show_own.run(id.clone())
                    >
                        {t("logs.batch.show_own")}
                    </button>
                    <span class="hint">{dynamic_text(hint)}</span>
                </div>
            }
        })
    };
    let live = move || {
        is_live.get().map(|(tone, key)| {
            view! { <Notice tone title=t(&format!("logs.live.{key}")) /> }
        })
    };
    view! {
        {dynamic(live)}
        {part(about)}
        {part(totals)}
        {dynamic(own)}
        <TakeOver place batch is_own id=shown />
        <h3>{t("logs.batch.track")}</h3>
        {part(track)}
    }
}

/// Whether somebody sends it now, or doesn't though it isn't over.
fn stage(batch: &BatchRecord, now: u64) -> Option<(Tone, &'static str)> {
    let is_heard_of =
        batch.holder.as_ref().is_some_and(|holder| now < holder.seen.saturating_add(SILENCE_MS));
    match (batch.state, is_heard_of) {
        (BatchState::Running, true) => Some((Tone::Info, "running")),
        (BatchState::Running, false) if batch.is_abandoned(now) => Some((Tone::Warning, "silent")),
        (BatchState::Running, false) => Some((Tone::Warning, "quiet")),
        (BatchState::Paused, _) => Some((Tone::Warning, "paused")),
        (BatchState::Completed | BatchState::Cancelled, _) => None,
    }
}

fn about(batch: &BatchRecord) -> AnyView {
    let entry = |(key, value): (&str, String)| {
        (!value.is_empty()).then(|| {
            view! {
                <div>
                    <dt class="muted">{t(&format!("logs.about.{key}"))}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    let state = batch.state.key();
    let entries = [
        ("started", clock::written(batch.created)),
        ("ended", batch.ended.map(clock::written).unwrap_or_default()),
        ("template", [batch.template.as_str(), &batch.language].join(" · ")),
        ("file", file(batch).unwrap_or_default()),
        ("sender", batch.sender_name.clone()),
        ("origin", words::origin(batch.origin)),
        ("agent", batch.agent.clone()),
        ("retry_of", batch.retry_of.as_ref().map(ToString::to_string).unwrap_or_default()),
    ];
    view! {
        <p>
            <span class=state_tag(batch.state) data-state=state id="batch-state">
                {t(&format!("logs.state.{state}"))}
            </span>
        </p>
        <dl class="about">{entries.into_iter().map(entry).collect_view()}</dl>
    }
    .into_any()
}

/// The total in each state; those in which nothing can be are left out, but for the manual's.
fn totals(batch: &BatchRecord) -> AnyView {
    let all = batch.figures;
    let figure = |key: &'static str, name: String, n: u64| {
        view! {
            <div class="figure" data-figure=key>
                <dt>{name}</dt>
                <dd class="numeric">{amount(n)}</dd>
            </div>
        }
    };
    let waiting = all.n_messages.saturating_sub(all.n_done());
    let is_over = batch.is_over();
    let rest = (waiting != 0).then(|| {
        let key = if is_over { "not_sent" } else { "waiting" };
        figure(key, t(&format!("logs.figure.{key}")), waiting)
    });
    let share = |share: Share, all: &Figures| {
        figure(share.key(), t(&format!("stats.share.{}", share.key())), share.of(all))
    };
    view! {
        <dl class="figures" id="batch-figures">
            {figure("messages", t("logs.figure.messages"), all.n_messages)}
            {[Share::Placed, Share::Sent, Share::Delivered, Share::Read, Share::Failed, Share::Unknown]
                .map(|it| share(it, &all))
                .collect_view()}
            {rest}
        </dl>
    }
    .into_any()
}

/// What happened when.
fn track(batch: &BatchRecord) -> AnyView {
    if batch.track.events().is_empty() {
        return view! { <p class="muted">{t("logs.batch.no_track")}</p> }.into_any();
    }
    let event = |event: &TrackEvent| {
        view! {
            <li data-milestone=event.what.key()>
                <span class="numeric muted">{clock::written(event.at)}</span>
                " "
                {said(batch, event)}
            </li>
        }
    };
    view! { <ol class="track" id="batch-track">{batch.track.events().iter().map(event).collect_view()}</ol> }
        .into_any()
}

/// "[Inicia envío] · Cantidad: 4 · …".
fn said(batch: &BatchRecord, event: &TrackEvent) -> String {
    let what = tr("logs.event", &[("event", &t(&format!("logs.milestone.{}", event.what.key())))]);
    let lot = tr("logs.lot", &[("lot", &words::lot_of(batch.created))]);
    let what_was_sent = || {
        [
            Some(tr("logs.amount", &[("n", &amount(batch.figures.n_messages))])),
            file(batch).map(|file| tr("logs.file", &[("file", &file)])),
            Some(tr("logs.template", &[("template", &batch.template)])),
            Some(tr("logs.agent", &[("agent", &batch.agent)])),
        ]
    };
    let more: Vec<String> = match event.what {
        Milestone::Started => what_was_sent().into_iter().flatten().collect(),
        Milestone::Called => [Some(lot)].into_iter().chain(what_was_sent()).flatten().collect(),
        Milestone::Completed => {
            vec![lot, tr("logs.processed", &[("n", &amount(batch.figures.n_done()))])]
        }
        Milestone::Paused => vec![event.why.as_ref().map_or_else(
            || t("logs.by_agent"),
            |why| crate::shell::texts::maybe_t(&format!("pause.{why}.title")).unwrap_or_default(),
        )],
        Milestone::Resumed | Milestone::TakenOver | Milestone::Cancelled => Vec::new(),
    };
    let more = more.into_iter().filter(|text| !text.is_empty());
    std::iter::once(what).chain(more).collect::<Vec<_>>().join(" · ")
}

/// Its messages: those that were processed, and those with errors.
#[component]
fn Messages(team: Team, id: BatchId) -> impl IntoView {
    let is_over = {
        let id = id.clone();
        Memo::new(move |_| team.known(|known| known.batch(&id)).is_some_and(|batch| batch.is_over()))
    };
    let wanted = Signal::stored(Wanted {
        filter: Filter { batch: Some(id), ..Filter::default() },
        order: Order::OldestFirst,
    });
    let good = MessageList::new(team, Panel::Sent, wanted);
    let bad = MessageList::new(team, Panel::NotSent, wanted);
    // Once it is over, its last messages are looked for, as soon as Zendesk's search may see them.
    Effect::new(move |before: Option<bool>| {
        let is_over = is_over.get();
        if is_over && before == Some(false) {
            spawn_local(async move {
                clock::after(SEARCH_LAG_MS).await;
                good.again_if_shown();
                bad.again_if_shown();
            });
        }
        is_over
    });
    view! {
        <section class="card">
            <MessageTable
                list=good
                title=t("logs.batch.good")
                id="batch-good"
                file="batch_good"
                columns=Columns::OfBatch
            />
        </section>
        <section class="card">
            <MessageTable
                list=bad
                title=t("logs.batch.bad")
                id="batch-bad"
                file="batch_bad"
                columns=Columns::OfBatch
            />
        </section>
    }
}
