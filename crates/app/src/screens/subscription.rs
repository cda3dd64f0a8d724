//! The tab "Suscripción": the plan, what is left of it and when it renews, and what each period before used.

use cxconnect_core::{
    dispatch::UnixMillis,
    ledger::Fault,
    quota::{MessagingLimit, Period},
    stats::{Totals, months},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    components::{Notice, Tone, dynamic, dynamic_text},
    part,
    screens::{later::later, messages::words},
    shell::{
        clock,
        texts::{amount, date, moment, number, t, tr},
    },
    team::TeamStanding,
};

/// How many days back the history begins with.
const FIRST_DAYS: u64 = 190;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The tab's place; its code may still be on its way.
pub fn subscription(backend: BackendRef) -> AnyView {
    later(load_page, move || page(backend))
}

part! {
    team, load_page:
    fn page(backend: BackendRef) -> AnyView {
        view! { <Subscription backend /> }.into_any()
    }
}

fn written(n: u64) -> String {
    amount(n)
}

#[component]
fn Subscription(backend: BackendRef) -> impl IntoView {
    let shared = backend.get();
    let usage = shared.usage;
    let package = shared.settings.package.clone();
    let limit = match shared.settings.messaging_limit {
        MessagingLimit::Unlimited => t("subscription.no_limit"),
        MessagingLimit::People(people) => tr("subscription.limit_people", &[("n", &number(people))]),
    };
    let left = {
        let package = package.clone();
        move || if usage.is_unknown() { t("panel.unknown") } else { written(package.left(usage.get())) }
    };
    let used = move || {
        if usage.is_unknown() {
            return t("panel.unknown");
        }
        let usage = usage.get();
        written(usage.accepted.saturating_add(usage.unknown))
    };
    let renewal = move || {
        let period = usage.period();
        let (day, at) = (date(period.renews), moment(period.end()));
        tr("subscription.renewal_hint", &[("date", &day), ("time", &at)])
    };
    let unknown = move || {
        let n = usage.get().unknown;
        (n != 0).then(|| view! { <p class="hint">{tr("subscription.unknown", &[("n", &written(n))])}</p> })
    };
    let entry = |id: &'static str, key: &str, value: AnyView| {
        view! {
            <div class="figure" id=id>
                <dt>{t(key)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let text = |text: Box<dyn Fn() -> String + Send>| view! { {text} }.into_any();
    view! {
        <div class="stack" id="subscription">
            <section class="card">
                <h2>{t("subscription.title")}</h2>
                <dl class="figures">
                    {entry("subscription-plan", "subscription.plan", package.plan.clone().into_any())}
                    {entry("subscription-size", "subscription.size", written(package.size).into_any())}
                    {entry("subscription-used", "subscription.used", text(dynamic_text(used)))}
                    {entry("subscription-left", "subscription.left", text(dynamic_text(left)))}
                    {entry(
                        "subscription-renewal",
                        "subscription.renewal",
                        text(dynamic_text(move || date(usage.period().renews))),
                    )}
                    {entry("subscription-limit", "subscription.limit", limit.into_any())}
                </dl>
                {dynamic(unknown)}
                <p class="hint" id="subscription-renewal-hint">{dynamic_text(renewal)}</p>
                <p class="hint">{t("subscription.limit_hint")}</p>
            </section>
            <History backend />
        </div>
    }
}

/// Each period's messages.
#[component]
fn History(backend: BackendRef) -> impl IntoView {
    let shared = backend.get();
    let team = shared.usage.team();
    let renewal = shared.settings.package.renewal;
    let size = shared.settings.package.size;
    let fault = RwSignal::new(None::<Fault>);
    let from = RwSignal::new(clock::time().saturating_sub(FIRST_DAYS * DAY_MS));
    let read_on = move |from: UnixMillis| {
        spawn_local(async move {
            let read = team.reach_back(from).await;
            // The screen may be gone by then.
            fault.try_set(read.err());
        });
    };
    Effect::new(move |_| read_on(from.get()));
    // What can be read again is read on.
    Effect::new(move |was_known: Option<bool>| {
        let is_known = team.standing() == TeamStanding::Known;
        if is_known && was_known == Some(false) && fault.get_untracked().is_some() {
            read_on(from.get_untracked());
        }
        is_known
    });
    let periods = Memo::new(move |_| {
        let from = from.get();
        let batches = team.known(|known| known.pick(|batch| from <= batch.created));
        months(&batches, clock::time(), renewal)
    });
    let is_reading = Memo::new(move |_| !team.reaches(from.get()) && fault.get().is_none());
    let has_older = Memo::new(move |_| from.get() != 0 && !team.reaches(0));
    let row = move |(period, totals): (Period, Totals)| {
        let all = totals.figures;
        let cells = [
            written(all.n_used()),
            written(all.n_sent),
            written(all.n_failed),
            written(all.n_unknown),
            written(totals.n_batches),
            tr(
                "subscription.part",
                &[("n", &(all.n_used() * 100).checked_div(size).unwrap_or(0).to_string())],
            ),
        ];
        view! {
            <tr>
                <th scope="row">
                    {tr("subscription.period", &[("from", &date(period.from)), ("to", &date(period.renews))])}
                </th>
                {cells.map(|cell| view! { <td class="numeric">{cell}</td> }).collect_view()}
            </tr>
        }
    };
    let heads = ["period", "used", "sent", "failed", "unknown", "batches", "part"];
    let table = move || {
        if team.standing() == TeamStanding::Off {
            return view! { <p>{t("stats.no_record.text")}</p> }.into_any();
        }
        view! {
            <table class="figures-table" id="subscription-history">
                <thead>
                    <tr>
                        {heads
                            .map(|head| {
                                view! { <th scope="col">{t(&format!("subscription.head.{head}"))}</th> }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{dynamic(move || periods.get().into_iter().map(row).collect_view())}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <h2>{t("subscription.history")}</h2>
            {dynamic(table)}
            <Show when=move || is_reading.get()>
                <p class="row muted" role="status">
                    <span class="spinner"></span>
                    {t("stats.reading")}
                </p>
            </Show>
            {dynamic(move || {
                fault.get().map(|fault| view! { <Notice tone=Tone::Warning title=words::fault(fault) /> })
            })}
            <Show when=move || has_older.get() && !is_reading.get()>
                <button
                    type="button"
                    class="button button-small"
                    id="subscription-older"
                    on:click=move |_| from.set(0)
                >
                    {t("subscription.older")}
                </button>
            </Show>
        </section>
    }
}
