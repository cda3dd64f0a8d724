//! The panel that is always in sight: plan, what is left of the package, what was sent, and by whom that was counted.

use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    components::{Notice, Tone, dynamic, dynamic_text},
    shell::texts::{amount, date, moment, t, tr},
    usage::{Counted, UsageCount},
};

/// From this part of the package on its end is announced, in percent.
const ALMOST_USED: u64 = 80;

/// "Panel `CXConnect`".
#[component]
pub fn Panel(backend: BackendRef) -> impl IntoView {
    let shared = backend.get();
    let package = shared.settings.package.clone();
    let usage = shared.usage;
    let size = package.size;
    let plan = package.plan.clone();
    let left = Memo::new(move |_| package.left(usage.get()));
    let percent = move || left.get().saturating_mul(100).checked_div(size).unwrap_or(0);
    let renewal = move || tr("panel.renewal", &[("date", &date(usage.period().renews))]);
    let left_text = move || {
        let left = if usage.is_unknown() { t("panel.unknown") } else { amount(left.get()) };
        tr("panel.left_of", &[("left", &left), ("size", &amount(size))])
    };
    let figure = move |n: u64| if usage.is_unknown() { t("panel.unknown") } else { amount(n) };
    // They count as used, so that the figures add up with them only.
    let in_doubt = move || {
        let n = usage.get().unknown;
        (n != 0 && !usage.is_unknown()).then(|| {
            view! {
                <p>
                    <span class="panel-figure numeric" id="panel-unknown">
                        {amount(n)}
                    </span>
                    " "
                    {t("panel.in_doubt")}
                </p>
            }
        })
    };
    view! {
        <Show when=move || !usage.is_kept() && usage.counted() != Counted::Team>
            <Notice tone=Tone::Warning title=t("panel.not_kept") />
        </Show>
        <Show when=move || usage.is_unknown()>
            <Notice tone=Tone::Warning title=t("panel.source.offline") />
        </Show>
        <EndOfPackage usage left size />
        <section class="panel" aria-label=t("panel.title")>
            <div class="panel-plan">
                <h2>{t("panel.title")}</h2>
                <p class="row">
                    <span class="tag tag-info">{plan}</span>
                    <span class="muted">{dynamic_text(renewal)}</span>
                </p>
            </div>
            <div>
                <p class="panel-figure numeric" id="panel-left">
                    {dynamic_text(left_text)}
                </p>
                <div
                    class="meter"
                    hidden=move || usage.is_unknown()
                    class:meter-low=move || left.get() != 0 && percent() <= 100 - ALMOST_USED
                    class:meter-empty=move || left.get() == 0
                    role="meter"
                    aria-label=t("panel.left_label")
                    aria-valuemin="0"
                    aria-valuemax=size
                    aria-valuenow=move || left.get()
                    aria-valuetext=left_text
                >
                    <div class="meter-fill" style:width=move || format!("{}%", percent())></div>
                </div>
            </div>
            <p>
                <span class="panel-figure numeric" id="panel-sent">
                    {dynamic_text(move || figure(usage.get().accepted))}
                </span>
                " "
                {t("panel.sent")}
            </p>
            <p>
                <span class="panel-figure numeric" id="panel-not-sent">
                    {dynamic_text(move || figure(usage.get().refused))}
                </span>
                " "
                {t("panel.not_sent")}
            </p>
            {dynamic(in_doubt)}
            <p class="hint panel-source" id="panel-source">{dynamic_text(move || source(usage.counted()))}</p>
        </section>
    }
}

/// Whose sends the figures are.
fn source(counted: Counted) -> String {
    match counted {
        Counted::Team => t("panel.source.team"),
        Counted::TeamIncomplete => t("panel.source.incomplete"),
        Counted::TeamThen(at) => tr("panel.source.team_then", &[("time", &moment(at))]),
        Counted::BrowserForNow => t("panel.source.asking"),
        Counted::Browser => t("panel.source.browser"),
        Counted::BrowserOffline => t("panel.source.offline"),
    }
}

/// Says that the package comes to its end, or has.
#[component]
fn EndOfPackage(usage: UsageCount, left: Memo<u64>, size: u64) -> impl IntoView {
    // Told anew only when it becomes more serious.
    let stage = Memo::new(move |_| {
        let used = size.saturating_sub(left.get());
        match used.saturating_mul(100).checked_div(size) {
            None | Some(100..) => 2_u8,
            Some(ALMOST_USED..) => 1,
            Some(_) => 0,
        }
    });
    dynamic(move || {
        // When that is by the agent's own clock: up to half a day before or after the day that is named above, which is UTC's.
        let renews = moment(usage.period().end());
        let (tone, title, text) = match stage.get() {
            0 => return None,
            1 => (Tone::Warning, t("panel.almost.title"), tr("panel.almost.text", &[("time", &renews)])),
            _ => (Tone::Danger, t("panel.used_up.title"), tr("panel.used_up.text", &[("time", &renews)])),
        };
        Some(view! {
            <div id="panel-end">
                <Notice tone title>
                    <p>{text}</p>
                </Notice>
            </div>
        })
    })
}
