//! Step 4: the sending as it goes, and then each row's result.

use cxconnect_core::{
    dispatch::{Counts, End, Event, PauseCause, Phase, StopKind},
    frozen::Kind,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    run::{Glance, Role, RunRef},
    screens::send::{results::Results, retry::Retry, shelf, state::SendState, wording},
    shell::{
        focus,
        texts::{moment, t, tr},
    },
};

/// The step's page.
#[component]
pub fn Running(state: SendState, run: RunRef) -> impl IntoView {
    let glance = Memo::new(move |_| run.glance());
    let title = move || glance.with(|glance| t(&format!("run.title.{}", stage(glance).key())));
    let what = run.frozen(|frozen| {
        let about = &frozen.head().about;
        let name = if about.kind == Kind::Many { about.file_name.clone() } else { t("run.one_message") };
        [about.template.name.to_string(), name, about.sender_name.clone(), moment(about.created)].join(" · ")
    });
    view! {
        <section class="card">
            <div class="row row-spread">
                <h2 id="run-title" aria-live="polite">
                    {dynamic_text(title)}
                </h2>
                <Controls state run glance />
            </div>
            <p class="hint" id="run-what">{what}</p>
            <Progress glance />
            <Outlook glance />
            <Cause glance />
            <Conclusion run glance />
            <Retry state run glance />
            <Results run glance />
        </section>
    }
}

/// What the agent sees a batch doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Running,
    Paused,
    Draining,
    Completed,
    Cancelled,
    /// Another page sends it.
    Watching,
    /// Whoever sent it is gone.
    Interrupted,
}

impl Stage {
    fn key(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Draining => "draining",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Watching => "watching",
            Self::Interrupted => "interrupted",
        }
    }
}

fn stage(glance: &Glance) -> Stage {
    match (&glance.phase, glance.role) {
        (Phase::Ended(End::Completed), _) => Stage::Completed,
        (Phase::Ended(End::Cancelled), _) => Stage::Cancelled,
        (_, Role::Watcher) => Stage::Watching,
        (_, Role::Heir) => Stage::Interrupted,
        (Phase::Running, Role::Owner) => Stage::Running,
        (Phase::Ready | Phase::Paused(_), Role::Owner) => Stage::Paused,
        (Phase::Draining, Role::Owner) => Stage::Draining,
    }
}

/// Pause, resume, cancel, as far as they make sense now. Each button is an element of its own: were one to become another
/// under the agent's finger, pressing Reanudar twice would cancel.
#[component]
fn Controls(state: SendState, run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let now = Memo::new(move |_| glance.with(stage));
    let can_leave = Memo::new(move |_| glance.with(|glance| glance.is_settled) && run.is_kept());
    let button = move |id: &'static str,
                       key: &'static str,
                       class: &'static str,
                       is_shown: fn(Stage) -> bool,
                       act: Callback<()>| {
        let press = move |_| {
            act.run(());
            // The button may be gone by then.
            focus::keep_in("#run-controls button");
        };
        view! {
            <Show when=move || is_shown(now.get())>
                <button type="button" id=id class=class on:click=press>
                    {t(key)}
                </button>
            </Show>
        }
        .into_any()
    };
    let take = Callback::new(move |()| {
        spawn_local(async move {
            // If another page was quicker, this one goes on looking.
            run.take().await;
        });
    });
    let is_asking = RwSignal::new(false);
    let cancel = move |_| {
        if is_asking.get_untracked() {
            run.tell(Event::Cancel);
            focus::keep_in("#run-controls button");
        }
        is_asking.update(|is_asking| *is_asking = !*is_asking);
    };
    let cancel_text = move || if is_asking.get() { t("kept.cancel_yes") } else { t("run.cancel") };
    let is_open = move || matches!(now.get(), Stage::Running | Stage::Paused);
    let is_over = move || matches!(now.get(), Stage::Completed | Stage::Cancelled);
    let can_close = move || match now.get() {
        Stage::Paused => can_leave.get(),
        stage => matches!(stage, Stage::Watching | Stage::Interrupted),
    };
    let pause = Callback::new(move |()| run.tell(Event::Pause));
    let resume = Callback::new(move |()| run.go_on());
    view! {
        <div class="actions" id="run-controls">
            <Show when=can_close>
                <button
                    type="button"
                    id="run-close"
                    class="button button-basic"
                    on:click=move |_| shelf::leave(state, run)
                >
                    {t("run.close")}
                </button>
            </Show>
            {button("run-pause", "run.pause", "button", |stage| stage == Stage::Running, pause)}
            {button(
                "run-resume",
                "run.resume",
                "button button-primary",
                |stage| stage == Stage::Paused,
                resume,
            )}
            {button("run-take", "run.take", "button button-primary", |stage| stage == Stage::Interrupted, take)}
            <Show when=is_open>
                <button type="button" id="run-cancel" class="button button-danger" on:click=cancel>
                    {dynamic_text(cancel_text)}
                </button>
            </Show>
            <Show when=is_over>
                <Anew state run />
            </Show>
        </div>
    }
}

/// The way to the next sending.
#[component]
fn Anew(state: SendState, run: RunRef) -> impl IntoView {
    let is_asking = RwSignal::new(false);
    let begin_anew = move |_| {
        // The results are nowhere else: without them nobody can tell who got the message.
        if run.has_unsaved_results() && !is_asking.get_untracked() {
            is_asking.set(true);
        } else {
            state.file.set(None);
            shelf::leave(state, run);
        }
    };
    let new_text = move || if is_asking.get() { t("run.new_anyway") } else { t("run.new") };
    view! {
        <button type="button" class="button button-primary" id="run-new" on:click=begin_anew>
            {dynamic_text(new_text)}
        </button>
        <Show when=move || is_asking.get()>
            <Notice tone=Tone::Warning title=t("run.unsaved.title")>
                <p>{t("run.unsaved.text")}</p>
            </Notice>
        </Show>
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
    let figure = move |(key, n): (&'static str, fn(&Counts) -> usize)| {
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
            <div class="progress-accepted" style:flex-grow=part(|counts| counts.accepted + counts.marked_sent)></div>
            <div class="progress-unknown" style:flex-grow=part(|counts| counts.unknown)></div>
            <div class="progress-refused" style:flex-grow=part(|counts| counts.refused)></div>
            <div style:flex-grow=part(|counts| counts.total - counts.done())></div>
        </div>
        <dl class="figures">{FIGURES.map(figure).collect_view()}</dl>
    }
}

/// What is counted.
const FIGURES: [(&str, fn(&Counts) -> usize); 5] = [
    ("accepted", |counts| counts.accepted + counts.marked_sent),
    ("refused", |counts| counts.refused),
    ("unknown", |counts| counts.unknown),
    ("not_sent", |counts| counts.not_sent),
    ("waiting", |counts| counts.waiting + counts.claimed),
];

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
    // A paused batch has neither a speed nor an end in sight.
    let is_moving = move || glance.with(|glance| matches!(stage(glance), Stage::Running | Stage::Draining));
    view! {
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

/// Why it doesn't go on, and what to do: where that isn't plain.
#[component]
fn Cause(glance: Memo<Glance>) -> impl IntoView {
    let cause = Memo::new(move |_| {
        glance.with(|glance| match (stage(glance), &glance.phase) {
            (Stage::Paused, Phase::Paused(cause)) => explained(cause),
            (Stage::Paused, Phase::Ready) => Some(("reopened", String::new())),
            (stage @ (Stage::Watching | Stage::Interrupted), _) => Some((stage.key(), String::new())),
            _ => None,
        })
    });
    dynamic(move || {
        let (key, said) = cause.get()?;
        let tone = match key {
            "watching" => Tone::Info,
            "reopened" | "interrupted" | "doubts" | "failures" => Tone::Warning,
            _ => Tone::Danger,
        };
        Some(view! {
            <div id="run-cause" data-cause=key>
                <Notice tone title=t(&format!("pause.{key}.title"))>
                    <p>{t(&format!("pause.{key}.fix"))}</p>
                    {(!said.is_empty()).then(|| view! { <p class="hint">{tr("api.detail", &[("text", &said)])}</p> })}
                </Notice>
            </div>
        })
    })
}

/// A pause's key, and what the provider said.
fn explained(cause: &PauseCause) -> Option<(&'static str, String)> {
    let key = match cause {
        PauseCause::Agent => return None,
        PauseCause::Doubts => "doubts",
        PauseCause::Failures => "failures",
        PauseCause::Journal(_) => "journal",
        PauseCause::Reopened => "reopened",
        PauseCause::Template(reason) => return Some(("template", wording::cause_and_remedy(*reason))),
        PauseCause::Stopped(cause) => {
            let key = match cause.kind {
                StopKind::Unauthorized => "unauthorized",
                StopKind::PaymentRequired => "payment_required",
                StopKind::Forbidden => "forbidden",
                StopKind::ProxyRefused => "proxy_refused",
            };
            return Some((key, cause.text.clone()));
        }
    };
    Some((key, String::new()))
}

/// When it is over: what that means.
#[component]
fn Conclusion(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let counts = Memo::new(move |_| {
        glance.with(|glance| matches!(glance.phase, Phase::Ended(_)).then_some(glance.counts))
    });
    dynamic(move || {
        let counts = counts.get()?;
        let notes = [
            (counts.accepted == counts.total, Tone::Success, "success"),
            (0 < counts.unknown, Tone::Warning, "unknown"),
            (0 < counts.refused, Tone::Danger, "refused"),
            (!run.is_kept(), Tone::Warning, "not_kept"),
        ];
        let notes = notes.into_iter().filter(|(is_so, ..)| *is_so).map(|(_, tone, key)| {
            view! {
                <Notice tone title=t(&format!("run.note.{key}.title"))>
                    <p>{t(&format!("run.note.{key}.text"))}</p>
                </Notice>
            }
        });
        Some(notes.collect_view())
    })
}
