//! The panel that is always in sight: plan, what is left of the package, what was sent.

use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    components::{Notice, Tone, dynamic_text},
    shell::texts::{amount, date, t, tr},
};

/// "Panel `CXConnect`".
#[component]
pub fn Panel(backend: BackendRef) -> impl IntoView {
    let shared = backend.get();
    let package = shared.settings.package.clone();
    let usage = shared.usage;
    let size = package.size;
    let plan = package.plan.clone();
    let left = Signal::derive(move || package.left(usage.get()));
    let percent = move || left.get().saturating_mul(100).checked_div(size).unwrap_or(0);
    let renewal = move || tr("panel.renewal", &[("date", &date(usage.period().renews))]);
    let left_text = move || tr("panel.left_of", &[("left", &amount(left.get())), ("size", &amount(size))]);
    view! {
        <Show when=move || !usage.is_kept()>
            <Notice tone=Tone::Warning title=t("panel.not_kept") />
        </Show>
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
                    class:meter-low=move || left.get() != 0 && percent() <= 20
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
            <p title=t("panel.browser_only")>
                <span class="panel-figure numeric" id="panel-sent">
                    {dynamic_text(move || amount(usage.get().accepted))}
                </span>
                " "
                {t("panel.sent")}
            </p>
            <p title=t("panel.browser_only")>
                <span class="panel-figure numeric" id="panel-not-sent">
                    {dynamic_text(move || amount(usage.get().refused))}
                </span>
                " "
                {t("panel.not_sent")}
            </p>
        </section>
    }
}
