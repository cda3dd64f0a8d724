//! Step 4: the sending as it goes, and then each row's result.

use cxconnect_core::{
    dispatch::{Counts, End, Phase},
    frozen::Kind,
};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    run::{Glance, Role, RunRef},
    screens::ledger_notice::LedgerNotice,
    screens::send::{controls::Controls, pauses::Cause, results::Results, retry::Retry, state::SendState},
    shell::texts::{moment, t, tr},
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
            <LedgerNotice run glance />
            <Cause glance />
            <Conclusion run glance />
            <Retry state run glance />
            <Results run glance />
        </section>
    }
}

/// What the agent sees a batch doing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
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
    /// The last part of its texts' keys.
    pub fn key(self) -> &'static str {
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

/// What a batch is doing, for whoever sees it from this page.
pub fn stage(glance: &Glance) -> Stage {
    match (&glance.phase, glance.role) {
        (Phase::Ended(End::Completed), _) => Stage::Completed,
        (Phase::Ended(End::Cancelled), _) => Stage::Cancelled,
        (_, Role::Watcher) => Stage::Watching,
        (_, Role::Heir) => Stage::Interrupted,
        (Phase::Running, Role::Owner) => Stage::Running,
        (Phase::Ready, Role::Owner) if glance.is_beginning => Stage::Running,
        (Phase::Ready | Phase::Paused(_), Role::Owner) => Stage::Paused,
        (Phase::Draining, Role::Owner) => Stage::Draining,
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
    let figure = move |(key, n): Figure| {
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

/// A figure's key, and where it is found.
type Figure = (&'static str, fn(&Counts) -> usize);

/// What is counted.
const FIGURES: [Figure; 5] = [
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
