//! A removal on the screen: what was counted, the admin's word, how far it is, and what was done.

use cxconnect_core::ledger::BatchRecord;
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    run::Traces,
    screens::{
        configuration::{
            fault::FaultNotice,
            progress::Progress,
            retention::{
                state::{End, Local, Plans, Removal, Stage, Subject},
                work,
            },
        },
        messages::words,
    },
    shell::texts::{date, moment, number, t, tn, tr},
};

/// What belongs below the question.
#[component]
pub fn RemovalPart(
    removal: Removal,
    /// Hears that this browser has forgotten batches.
    on_forgotten: Callback<()>,
) -> impl IntoView {
    dynamic(move || match removal.stage.get() {
        Stage::Asking => ().into_any(),
        Stage::Counting(_) => {
            let label = Signal::derive(move || match removal.n_plan_records.get() {
                None => tn("retention.counting", removal.n_found.get(), &[]),
                Some(n) => tn("retention.plans.reading", n, &[]),
            });
            view! {
                <p class="row retention-counting" role="status">
                    <span class="spinner"></span>
                    <span>{move || label.get()}</span>
                    {stop(removal, "retention.stop_counting")}
                </p>
            }
            .into_any()
        }
        Stage::Counted(subject) => counted(removal, subject, on_forgotten),
        Stage::Removing(_) => {
            let plans = removal.plans;
            let done = Signal::derive(move || removal.n_removed.get() + plans.with(|plans| plans.n_removed));
            let total = Signal::derive(move || removal.n_found.get() + plans.with(|plans| plans.n_records));
            let label = Signal::derive(move || {
                let (done, total) = (number(done.get()), number(total.get()));
                tr("retention.removing", &[("done", &done), ("total", &total)])
            });
            view! {
                <Progress label done total />
                {stop(removal, "retention.stop")}
            }
            .into_any()
        }
        Stage::Checking(_) => view! {
            <p class="row" role="status">
                <span class="spinner"></span>
                {tn("retention.checking", removal.n_removed.get(), &[])}
            </p>
            {here(&removal.local.get())}
            {stop(removal, "retention.stop_checking")}
        }
        .into_any(),
        Stage::Ended(subject, end) => ended(removal, subject, end),
        Stage::Failed(subject, error) => {
            let n_removed = removal.n_removed.get();
            let title = tn("retention.failed", n_removed, &[]);
            view! { <FaultNotice title error on_retry=move |()| work::count(removal, subject) /> }.into_any()
        }
    })
}

fn stop(removal: Removal, label: &'static str) -> AnyView {
    view! {
        <div>
            <button
                type="button"
                class="button button-small retention-stop"
                on:click=move |_| work::cancel(removal)
            >
                {t(label)}
            </button>
        </div>
    }
    .into_any()
}

/// Which messages, in words: "más de 90 días (anteriores al 29 ago 2026)", or a number.
fn what(subject: Subject) -> String {
    match subject {
        Subject::Old(age, day) => {
            let days = usize::try_from(age.days()).unwrap_or_default();
            tn("retention.what.old", days, &[("date", &date(day))])
        }
        Subject::Number(number) => tr("retention.what.number", &[("phone", &number.to_string())]),
    }
}

/// How many there are, and whether they are to go.
fn counted(removal: Removal, subject: Subject, on_forgotten: Callback<()>) -> AnyView {
    let n_found = removal.n_found.get();
    let local = removal.local.get();
    let has_here = matches!(&local, Local::Found(traces) if !traces.ended.is_empty());
    let title = tn("retention.found", n_found, &[("what", &what(subject))]);
    let plans = removal.plans.get();
    if n_found == 0 && plans.n_found == 0 && !has_here {
        return view! {
            <div class="retention-result">
                <Notice tone=Tone::Info title=title>
                    <p>{t("retention.nothing")}</p>
                    {here(&local)}
                    {plans_that_stay(subject, &plans)}
                </Notice>
            </div>
        }
        .into_any();
    }
    let label = match subject {
        Subject::Old(..) if n_found == 0 => tn("retention.yes.plans", plans.n_found, &[]),
        Subject::Old(..) => tn("retention.yes.old", n_found, &[]),
        Subject::Number(number) => tr("retention.yes.number", &[("phone", &number.to_string())]),
    };
    let means = match subject {
        Subject::Old(..) => t("retention.means.old"),
        Subject::Number(_) => t("retention.means.number"),
    };
    view! {
        <div class="retention-result">
            <Notice tone=Tone::Warning title=title>
                {here(&local)}
                {plans_found(subject, &plans)}
                <p>{means}</p>
                {plans_that_stay(subject, &plans)}
                <div class="row">
                    <button
                        type="button"
                        class="button button-danger button-small retention-yes"
                        on:click=move |_| work::remove(removal, subject, on_forgotten)
                    >
                        {label}
                    </button>
                    <button
                        type="button"
                        class="button button-basic button-small"
                        on:click=move |_| removal.leave()
                    >
                        {t("retention.no")}
                    </button>
                </div>
            </Notice>
        </div>
    }
    .into_any()
}

/// What was done and what wasn't.
fn ended(removal: Removal, subject: Subject, end: End) -> AnyView {
    let (n_removed, n_kept) = (removal.n_removed.get(), removal.n_kept.get());
    let plans = removal.plans.get();
    // A number that may still be in a plan isn't forgotten yet.
    let is_in_doubt = matches!(subject, Subject::Number(_)) && !plans.stay.is_empty();
    let tone = match end {
        End::Clean if n_kept == 0 && plans.n_kept == 0 && !is_in_doubt => Tone::Success,
        End::Clean | End::Unchecked | End::Cancelled => Tone::Warning,
    };
    let how = match end {
        End::Clean => t("retention.end.clean"),
        End::Unchecked => t("retention.end.unchecked"),
        End::Cancelled => t("retention.end.cancelled"),
    };
    let kept = (0 < n_kept).then(|| view! { <p>{tn("retention.kept", n_kept, &[])}</p> });
    let elsewhere = match subject {
        Subject::Old(..) => None,
        Subject::Number(_) => Some(view! { <p>{t("retention.elsewhere")}</p> }),
    };
    let title = tn("retention.removed", n_removed, &[("what", &what(subject))]);
    view! {
        <div class="retention-result" data-end=format!("{end:?}")>
            <Notice tone title>
                <p>{how}</p>
                {kept}
                {plans_gone(&plans)}
                {here(&removal.local.get())}
                {plans_that_stay(subject, &plans)}
                {elsewhere}
            </Notice>
        </div>
    }
    .into_any()
}

/// Plans that go with it.
fn plans_found(subject: Subject, plans: &Plans) -> Option<AnyView> {
    let key = match subject {
        Subject::Old(..) => "retention.plans.old",
        Subject::Number(_) => "retention.plans.over",
    };
    (plans.n_found != 0).then(|| {
        let text = tn(key, plans.n_found, &[]);
        view! { <p class="retention-plans">{text}</p> }.into_any()
    })
}

/// What became of them.
fn plans_gone(plans: &Plans) -> Option<AnyView> {
    // Records of one plan go one by one.
    let text = match (plans.n_records, plans.n_removed) {
        (0, _) => return None,
        (all, gone) if all == gone => tn("retention.plans.removed", plans.n_found, &[]),
        (all, gone) => tr("retention.plans.partly", &[("n", &number(gone)), ("total", &number(all))]),
    };
    Some(view! { <p class="retention-plans">{text}</p> }.into_any())
}

/// Plans that stay: of old batches that somebody is at; for a number, of all that aren't over, since it may be in them.
fn plans_that_stay(subject: Subject, plans: &Plans) -> Option<AnyView> {
    let n = plans.stay.len();
    if n == 0 {
        return None;
    }
    let (key, fix) = match subject {
        Subject::Old(..) => ("retention.plans.alive", None),
        Subject::Number(_) => ("retention.plans.unfinished", Some(t("retention.plans.unfinished_fix"))),
    };
    let name = |batch: &BatchRecord| {
        let (lot, when) = (words::lot_of(batch.created), moment(batch.created));
        let what = if batch.file_name.is_empty() { &batch.template } else { &batch.file_name };
        tr("retention.plans.lot", &[("lot", &lot), ("name", what), ("time", &when), ("agent", &batch.agent)])
    };
    let names = plans.stay.iter().map(|batch| view! { <li>{name(batch)}</li> }).collect_view();
    let view = view! {
        <div class="retention-stay">
            <p>{tn(key, n, &[])}</p>
            <ul>{names}</ul>
            {fix.map(|fix| view! { <p>{fix}</p> })}
        </div>
    };
    Some(view.into_any())
}

/// What this browser keeps of a number, or what became of it.
fn here(local: &Local) -> Option<AnyView> {
    let (traces, key) = match local {
        Local::NotAsked => return None,
        Local::Unknown(_) => return Some(view! { <p>{t("retention.here.unknown")}</p> }.into_any()),
        Local::Found(traces) => (traces, "retention.here.found"),
        Local::Forgotten(traces) => (traces, "retention.here.forgotten"),
    };
    let Traces { ended, recent, n_open, n_unreadable } = traces;
    let lines = [
        (key, ended.len()),
        ("retention.here.recent", recent.len()),
        ("retention.here.open", *n_open),
        ("retention.here.unreadable", *n_unreadable),
    ];
    let lines = lines.into_iter().filter(|(_, n)| 0 < *n);
    let lines = lines.map(|(key, n)| view! { <p>{tn(key, n, &[])}</p> }.into_any()).collect_view();
    Some(lines.into_any())
}
