//! Step 4: the sending as it goes, and then each row's result.

use cxconnect_core::{
    dispatch::{Counts, End, Event, MessageIdx, MessageState, PauseCause, Phase, StopCause},
    report,
};
use leptos::{ev, prelude::*};

use crate::{
    components::{Notice, Rows, Tone, dynamic, dynamic_text},
    screens::send::{
        runner::{Glance, RunRef},
        state::{SendState, Step},
        wording::{self, ReportWording},
    },
    shell::{
        clock, files,
        texts::{t, tr},
    },
};

/// The height of a result's row: three lines of text.
const ROW_HEIGHT: f64 = 72.0;

/// The step's page.
#[component]
pub fn Running(state: SendState, run: RunRef) -> impl IntoView {
    // Leaving would end the sending, or lose its results; the browser asks first.
    let guard = window_event_listener(ev::beforeunload, move |event| {
        if run.is_under_way() || run.has_unsaved_results() {
            event.prevent_default();
            // What older browsers go by.
            event.set_return_value("cxconnect");
        }
    });
    on_cleanup(move || guard.remove());

    let glance = Memo::new(move |_| run.glance());
    let title = move || glance.with(|glance| t(&format!("run.title.{}", phase_key(&glance.phase))));
    view! {
        <section class="card">
            <div class="row row-spread">
                <h2 id="run-title" aria-live="polite">
                    {dynamic_text(title)}
                </h2>
                <Controls state run glance />
            </div>
            <Progress glance />
            <Outlook glance />
            <Conclusion glance />
            <Results run glance />
        </section>
    }
}

fn phase_key(phase: &Phase) -> &'static str {
    match phase {
        Phase::Ready | Phase::Running => "running",
        Phase::Paused(_) => "paused",
        Phase::Draining(_) => "draining",
        Phase::Ended(End::Completed) => "completed",
        Phase::Ended(End::Cancelled) => "cancelled",
        Phase::Ended(End::Stopped(_)) => "stopped",
    }
}

/// Pause, resume, cancel; when it is over, download and begin anew.
#[component]
fn Controls(state: SendState, run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let phase_now = Memo::new(move |_| glance.with(|glance| phase_key(&glance.phase)));
    let button = move |id: &'static str, key: &str, class: &'static str, event: Event| {
        view! {
            <button type="button" id=id class=class on:click=move |_| run.tell(event.clone())>
                {t(key)}
            </button>
        }
    };
    let cancel = move || button("run-cancel", "run.cancel", "button button-danger", Event::Cancel);
    dynamic(move || match phase_now.get() {
        "running" => view! {
            <div class="actions">{button("run-pause", "run.pause", "button", Event::Pause)} {cancel()}</div>
        }
        .into_any(),
        "paused" => view! {
            <div class="actions">
                {button("run-resume", "run.resume", "button button-primary", Event::Resume)} {cancel()}
            </div>
        }
        .into_any(),
        "draining" => ().into_any(),
        _ => view! { <After state run /> }.into_any(),
    })
}

#[component]
fn After(state: SendState, run: RunRef) -> impl IntoView {
    let not_saved = RwSignal::new(false);
    let download = move |_| {
        let plan = run.plan();
        let csv = run.states(|states| report::results_csv(&plan.batch, states, &ReportWording));
        let stem = plan.file_name.rsplit_once('.').map_or(plan.file_name.as_str(), |(stem, _)| stem);
        let name = format!("{stem}_{}_{}.csv", t("report.file"), clock::file_stamp());
        let is_saved = files::download(&name, files::CSV, &csv).is_ok();
        not_saved.set(!is_saved);
        if is_saved {
            run.results_were_saved();
        }
    };
    let is_asking = RwSignal::new(false);
    let begin_anew = move |_| {
        // The results are nowhere else: without them nobody can tell who got the message.
        if run.has_unsaved_results() && !is_asking.get_untracked() {
            is_asking.set(true);
        } else {
            state.file.set(None);
            state.step.set(Step::Compose);
        }
    };
    let new_text = move || if is_asking.get() { t("run.new_anyway") } else { t("run.new") };
    view! {
        <div class="actions">
            <button type="button" class="button" id="run-download" on:click=download>
                {t("run.download")}
            </button>
            <button type="button" class="button button-primary" id="run-new" on:click=begin_anew>
                {dynamic_text(new_text)}
            </button>
            <Show when=move || is_asking.get()>
                <Notice tone=Tone::Warning title=t("run.unsaved.title")>
                    <p>{t("run.unsaved.text")}</p>
                </Notice>
            </Show>
            <Show when=move || not_saved.get()>
                <p role="alert">{t("run.download_failed")}</p>
            </Show>
        </div>
    }
}

/// The bar and the figures.
#[component]
fn Progress(glance: Memo<Glance>) -> impl IntoView {
    let counts = Signal::derive(move || glance.with(|glance| glance.counts));
    let part = move |n: fn(&Counts) -> usize| move || counts.with(|counts| n(counts).to_string());
    let done = move || {
        counts.with(|counts| {
            tr("run.done", &[("done", &counts.done().to_string()), ("total", &counts.total.to_string())])
        })
    };
    let figure = move |key: &'static str, n: fn(&Counts) -> usize| {
        view! {
            <div class="figure" id=format!("run-{key}")>
                <dt>{t(&format!("run.{key}"))}</dt>
                <dd>{dynamic_text(move || counts.with(n).to_string())}</dd>
            </div>
        }
    };
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label=t("run.progress")
            aria-valuemin="0"
            aria-valuemax=move || counts.with(|counts| counts.total)
            aria-valuenow=move || counts.with(Counts::done)
            aria-valuetext=done
        >
            <div class="progress-accepted" style:flex-grow=part(|counts| counts.accepted)></div>
            <div class="progress-unknown" style:flex-grow=part(|counts| counts.unknown)></div>
            <div class="progress-refused" style:flex-grow=part(|counts| counts.refused)></div>
            <div style:flex-grow=part(|counts| counts.total - counts.done())></div>
        </div>
        <dl class="figures">
            {figure("accepted", |counts| counts.accepted)} {figure("refused", |counts| counts.refused)}
            {figure("unknown", |counts| counts.unknown)} {figure("not_sent", |counts| counts.not_sent)}
            {figure("waiting", |counts| counts.waiting + counts.claimed)}
        </dl>
    }
}

/// While it runs: how fast, how long, and why it waits.
#[component]
fn Outlook(glance: Memo<Glance>) -> impl IntoView {
    let rate = move || {
        glance.with(|glance| match glance.rate {
            Some(rate) => tr("run.rate_value", &[("n", &one_decimal(rate))]),
            None => t("run.measuring"),
        })
    };
    let time_left =
        move || glance.with(|glance| glance.time_left.map_or_else(|| t("run.measuring"), duration));
    let held = move || {
        glance.with(|glance| glance.held_for).map(|held| {
            view! { <Notice tone=Tone::Info title=tr("run.held", &[("time", &duration(held))]) /> }
        })
    };
    let doubts = move || {
        let is_down = glance.with(|glance| glance.phase == Phase::Paused(PauseCause::Doubts));
        is_down.then(|| {
            view! {
                <Notice tone=Tone::Warning title=t("run.doubts.title")>
                    <p>{t("run.doubts.text")}</p>
                </Notice>
            }
        })
    };
    // A paused batch has neither a speed nor an end in sight.
    let is_moving = move || glance.with(|glance| !matches!(glance.phase, Phase::Ended(_) | Phase::Paused(_)));
    view! {
        {dynamic(doubts)}
        <Show when=is_moving>
            <dl class="figures">
                <div class="figure">
                    <dt>{t("run.rate")}</dt>
                    <dd>{dynamic_text(rate)}</dd>
                </div>
                <div class="figure">
                    <dt>{t("run.time_left")}</dt>
                    <dd>{dynamic_text(time_left)}</dd>
                </div>
            </dl>
            <p class="hint">{t("run.stay")}</p>
            {dynamic(held)}
        </Show>
    }
}

/// "7.5". By whole numbers: writing others costs 10 kB of WebAssembly.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is a small number above 0"
)]
fn one_decimal(number: f64) -> String {
    let tenths = (number * 10.0).round() as u64;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn duration(millis: u64) -> String {
    let seconds = millis.div_ceil(1000);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let [hours, minutes, rest] = [hours, minutes, rest].map(|part| part.to_string());
    match seconds {
        0..60 => tr("run.seconds", &[("s", &rest)]),
        60..3600 => tr("run.minutes", &[("m", &minutes), ("s", &rest)]),
        _ => tr("run.hours", &[("h", &hours), ("m", &minutes)]),
    }
}

/// When it is over: what that means, and which setting to look at if it was stopped.
#[component]
fn Conclusion(glance: Memo<Glance>) -> impl IntoView {
    dynamic(move || {
        let Glance { phase: Phase::Ended(end), counts, .. } = glance.get() else { return ().into_any() };
        let stopped = match end {
            End::Stopped(cause) => Some(view! { <Stopped cause /> }),
            End::Completed | End::Cancelled => None,
        };
        let all_well = counts.accepted == counts.total;
        view! {
            {stopped}
            {all_well.then(|| view! { <Notice tone=Tone::Success title=t("run.success") /> })}
            {(0 < counts.unknown)
                .then(|| {
                    view! {
                        <Notice tone=Tone::Warning title=t("run.unknown")>
                            <p>{t("run.unknown_note")}</p>
                        </Notice>
                    }
                })}
            {(0 < counts.refused)
                .then(|| {
                    view! {
                        <Notice tone=Tone::Danger title=t("run.refused")>
                            <p>{t("run.refused_note")}</p>
                        </Notice>
                    }
                })}
        }
        .into_any()
    })
}

#[component]
fn Stopped(cause: StopCause) -> impl IntoView {
    let key = wording::stop_key(cause.kind);
    let said = (!cause.text.is_empty()).then(|| tr("api.detail", &[("text", &cause.text)]));
    view! {
        <Notice tone=Tone::Danger title=t(&format!("stop.{key}.title"))>
            <p>{t(&format!("stop.{key}.fix"))}</p>
            {said.map(|said| view! { <p class="hint">{said}</p> })}
        </Notice>
    }
}

/// The states that the table can be narrowed to; the first is all.
const FILTERS: [&str; 6] = ["all", "accepted", "refused", "unknown", "not_sent", "waiting"];

/// Each row and what became of it.
#[component]
fn Results(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let filter = RwSignal::new("all");
    let shown = Memo::new(move |_| {
        // Follows the run by its figures: states change only with them.
        glance.with(|glance| glance.counts);
        let is_shown = |state: &MessageState| match (filter.get(), wording::state_key(state)) {
            ("all", _) | ("waiting", "claimed") => true,
            (filter, state) => filter == state,
        };
        run.states(|states| {
            states
                .iter()
                .enumerate()
                .filter(|(_, state)| is_shown(state))
                .map(|(idx, _)| idx)
                .collect::<Vec<MessageIdx>>()
        })
    });
    let n_rows = Signal::derive(move || shown.with(Vec::len));
    let message = move |place: usize| shown.with(|shown| shown.get(place).copied());
    let key = UnsyncCallback::new(move |place| message(place).unwrap_or(MessageIdx::MAX) as u64);
    let cells = UnsyncCallback::new(move |place: Signal<usize>| {
        let now = Memo::new(move |_| {
            let idx = message(place.get())?;
            run.states(|states| Some((idx, states.get(idx).cloned()?)))
        });
        dynamic(move || now.get().map(|(idx, state)| result_cells(run, idx, &state))).into_any()
    });
    let options = FILTERS
        .map(|name| {
            let text = if name == "all" { t("run.filter.all") } else { t(&format!("state.{name}")) };
            view! { <option value=name>{text}</option> }
        })
        .collect_view();
    let choose = move |value: String| {
        filter.set(FILTERS.into_iter().find(|name| *name == value).unwrap_or("all"));
    };
    let heads = ["problems.row", "problems.line", "run.phone", "run.state", "run.detail"].map(t).to_vec();
    view! {
        <div class="row row-spread">
            <h3>{t("run.results")}</h3>
            <div class="row">
                <label for="run-filter">{t("run.show")}</label>
                <select
                    id="run-filter"
                    class="input input-inline"
                    on:change:target=move |event| choose(event.target().value())
                >
                    {options}
                </select>
            </div>
        </div>
        <Rows
            class="rows-results"
            label=t("run.results")
            heads
            n_rows
            row_height=ROW_HEIGHT
            key
            cells
        />
        <Show when=move || n_rows.get() == 0>
            <p class="muted">{t("run.filter.empty")}</p>
        </Show>
    }
}

fn result_cells(run: RunRef, idx: MessageIdx, state: &MessageState) -> AnyView {
    let plan = run.plan();
    let message = plan.batch.message(idx);
    let row = message.as_ref().map(|message| message.row.to_string());
    let line = message.as_ref().map(|message| message.line.to_string());
    let phone = message.map(|message| message.to.to_string());
    let key = wording::state_key(state);
    let tag = match state {
        MessageState::Waiting | MessageState::NotSent => "tag",
        MessageState::Claimed => "tag tag-info",
        MessageState::Accepted(_) => "tag tag-success",
        MessageState::Refused(_) => "tag tag-danger",
        MessageState::Unknown(_) => "tag tag-warning",
    };
    let detail = match state {
        MessageState::Accepted(id) => tr("detail.accepted", &[("id", id.as_str())]),
        state => wording::detail(state),
    };
    view! {
        <div role="cell" class="numeric">
            {row}
        </div>
        <div role="cell" class="numeric">
            {line}
        </div>
        <div role="cell" class="numeric">
            {phone}
        </div>
        <div role="cell">
            <span class=tag data-state=key>
                {t(&format!("state.{key}"))}
            </span>
        </div>
        <div role="cell" title=detail.clone()>
            <span class="cell">{detail.clone()}</span>
        </div>
    }
    .into_any()
}
