//! Step 4: the sending as it goes, and then each row's result.

use cxconnect_core::{
    dispatch::{Counts, End, Phase},
    frozen::{Kind, Part, PartOf},
    ledger::Standing,
};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    run::{Allowance, Glance, LedgerGlance, Role, RunRef},
    screens::ledger_notice::LedgerNotice,
    screens::send::{
        controls::Controls, pauses::Cause, results::Results, retry::Retry, shelf, state::SendState,
        unsent::Unsent,
    },
    shell::texts::{decimal, moment, number, t, tn, tr},
};

/// The step's page.
#[component]
pub fn Running(state: SendState, run: RunRef) -> impl IntoView {
    let glance = Memo::new(move |_| run.glance());
    let title = move || glance.with(|glance| t(&format!("run.title.{}", stage(glance).key())));
    let original = run.frozen(|frozen| frozen.head().part_of.clone());
    let what = run.frozen(|frozen| {
        let about = &frozen.head().about;
        let is_many = about.kind == Kind::Many;
        let name = if is_many { shelf::from_file(frozen.head()) } else { t("run.one_message") };
        [about.template.name.to_string(), name, about.sender_name.clone(), moment(about.created)].join(" · ")
    });
    view! {
        <section class="card">
            <div class="row row-spread">
                <h2 id="run-title" class="step-start" tabindex="-1" aria-live="polite">
                    {dynamic_text(title)}
                </h2>
                <Controls state run glance />
            </div>
            <p class="hint" id="run-what">{what}</p>
            {original.map(|part_of| view! { <Original state run glance part_of /> })}
            <Progress run glance />
            <Outlook glance />
            <LedgerNotice run glance />
            <Cause glance />
            <Conclusion run glance />
            <Unsent state run glance />
            <Retry state run glance />
            <Results run glance />
        </section>
    }
}

/// What the agent sees a batch doing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Running,
    /// Nothing leaves until the team's record answers.
    HeldUp,
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
            Self::HeldUp => "held_up",
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
        (Phase::Running, Role::Owner) if is_held_up(glance) => Stage::HeldUp,
        (Phase::Running, Role::Owner) => Stage::Running,
        (Phase::Ready, Role::Owner) if glance.is_beginning => Stage::Running,
        (Phase::Ready | Phase::Paused(_), Role::Owner) => Stage::Paused,
        (Phase::Draining, Role::Owner) => Stage::Draining,
    }
}

/// Whether it waits for the team's record, and for nothing else.
fn is_held_up(glance: &Glance) -> bool {
    let is_waited_for = matches!(
        glance.ledger,
        LedgerGlance::On(
            Standing::Keeping { .. } | Standing::Waiting(_) | Standing::Stuck(_) | Standing::Lost
        )
    );
    is_waited_for && glance.allowance == Allowance::UsedUp && glance.counts.claimed == 0
}

/// A batch of another one's messages: what it is, and once it is over, the way to the results of that batch.
#[component]
fn Original(state: SendState, run: RunRef, glance: Memo<Glance>, part_of: PartOf) -> impl IntoView {
    let not_opened = RwSignal::new(false);
    let is_over = Memo::new(move |_| {
        glance.with(|glance| matches!(glance.phase, Phase::Ended(_)) && glance.is_settled)
    });
    let what = match part_of.part {
        Part::Refused => "run.is_retry",
        Part::NeverLeft => "run.is_rest",
    };
    let id = StoredValue::new(part_of.batch.to_string());
    let open = move |_| shelf::open_other(state, run, id.get_value(), not_opened);
    view! {
        <div class="row" id="run-original">
            <p>{t(what)}</p>
            <Show when=move || is_over.get() && run.is_kept()>
                <button type="button" class="button button-small" on:click=open>
                    {t("run.original")}
                </button>
            </Show>
            <Show when=move || not_opened.get()>
                <p role="alert">{t("kept.not_opened")}</p>
            </Show>
        </div>
    }
}

/// The bar and the figures.
#[component]
fn Progress(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let counts = Signal::derive(move || glance.with(|glance| glance.counts));
    let part = move |n: fn(&Counts) -> usize| move || counts.with(|counts| n(counts).to_string());
    // What will not be sent any more is not done.
    let n_done = |counts: &Counts| counts.done() - counts.not_sent;
    let done = move || {
        counts.with(|counts| {
            tr("run.done", &[("done", &number(n_done(counts))), ("total", &number(counts.total))])
        })
    };
    let n_left_out = run.frozen(|frozen| frozen.n_rows() - frozen.n_messages());
    let left_out = (0 < n_left_out).then(|| {
        view! {
            <div class="figure" id="run-left_out">
                <dt>{t("run.left_out")}</dt>
                <dd>{number(n_left_out)}</dd>
            </div>
        }
    });
    let figure = move |(key, n): Figure| {
        view! {
            <div class="figure" id=format!("run-{key}")>
                <dt>{t(&format!("run.{key}"))}</dt>
                <dd>{dynamic_text(move || number(counts.with(n)))}</dd>
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
            aria-valuenow=move || counts.with(n_done)
            aria-valuetext=done
        >
            <div class="progress-accepted" style:flex-grow=part(|counts| counts.accepted + counts.marked_sent)></div>
            <div class="progress-unknown" style:flex-grow=part(|counts| counts.unknown)></div>
            <div class="progress-refused" style:flex-grow=part(|counts| counts.refused)></div>
            <div class="progress-unsent" style:flex-grow=part(|counts| counts.not_sent)></div>
            <div style:flex-grow=part(|counts| counts.total - counts.done())></div>
        </div>
        <dl class="figures">{FIGURES.map(figure).collect_view()} {left_out}</dl>
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
            Some(rate) => tr("run.rate_value", &[("n", &decimal(rate))]),
            None => t("run.measuring"),
        })
    };
    let time_left = move || {
        glance.with(|glance| match (glance.counts.waiting, glance.counts.claimed) {
            // How long an answer takes nobody knows.
            (0, n_under_way) if 0 < n_under_way => tn("run.awaiting", n_under_way, &[]),
            _ => glance.time_left.map_or_else(|| t("run.measuring"), duration),
        })
    };
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
    let n_left_out = run.frozen(|frozen| frozen.n_rows() - frozen.n_messages());
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
        let left_out = (0 < n_left_out).then(|| {
            view! {
                <Notice tone=Tone::Warning title=tn("run.note.left_out", n_left_out, &[])>
                    <p>{t("run.note.left_out_text")}</p>
                </Notice>
            }
        });
        Some(view! { {notes.collect_view()} {left_out} })
    })
}
