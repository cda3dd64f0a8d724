//! How the relay is: what waits and why, whether receipts come, and its part of the package.

use cxconnect_core::reasons::Reason;
use cxconnect_relay_client::{Hold, Status};
use leptos::prelude::*;
use serde_json::json;

use crate::{
    components::{Notice, Tone, dynamic},
    screens::configuration::integrations::{error::meaning, state::IntegrationsState},
    shell::texts::{amount, maybe_t, moment, t, tr},
};

/// The figures, and what is wrong.
#[component]
pub fn Health(state: IntegrationsState) -> impl IntoView {
    let trouble = move || {
        state.trouble.get().map(|error| {
            view! {
                <div id="integrations-trouble">
                    <Notice tone=Tone::Danger title=t("integrations.not_done")>
                        <p>{meaning(&error)}</p>
                    </Notice>
                </div>
            }
        })
    };
    view! {
        {dynamic(trouble)}
        {dynamic(move || state.status.get().map(|status| view! {
            {receipts(state, &status)}
            {holds(state, &status)}
            {figures(&status)}
        }))}
        <Allotment state />
    }
}

fn figures(status: &Status) -> AnyView {
    let entry = |id: &'static str, key: &str, value: String| {
        view! {
            <div class="figure" id=id>
                <dt>{t(&format!("integrations.figure.{key}"))}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let never = || t("integrations.never");
    let queue = status.queue;
    view! {
        <dl class="figures">
            {entry("integrations-waiting", "waiting", amount(queue.waiting))}
            {queue.oldest.map(|at| entry("integrations-oldest", "oldest", moment(at)))}
            {entry("integrations-receipt", "receipt", status.last_receipt.map_or_else(never, moment))}
            {entry(
                "integrations-used",
                "used",
                tr(
                    "integrations.used_of",
                    &[("used", &amount(status.allotment.used)), ("all", &amount(status.allotment.messages))],
                ),
            )}
            {entry("integrations-version", "version", status.version.clone())}
        </dl>
    }
    .into_any()
}

/// SunCo tells receipts by a webhook of its own, which the relay registers.
fn receipts(state: IntegrationsState, status: &Status) -> Option<AnyView> {
    let (tone, title, said) = match &status.sunco_webhook {
        None => (Tone::Warning, "integrations.receipts.none", None),
        Some(webhook) => match &webhook.problem {
            None => return None,
            Some(problem) => (Tone::Danger, "integrations.receipts.wrong", Some(problem.clone())),
        },
    };
    let register = move |_| state.change(|relay| async move { relay.set_up().await });
    let view = view! {
        <div id="integrations-receipts">
            <Notice tone title=t(title)>
                <p>{t("integrations.receipts.text")}</p>
                {said.map(|text| view! { <p class="hint">{tr("api.detail", &[("text", &text)])}</p> })}
                <button
                    type="button"
                    class="button button-small"
                    id="integrations-register"
                    disabled=state.is_busy
                    on:click=register
                >
                    {t("integrations.receipts.register")}
                </button>
            </Notice>
        </div>
    };
    Some(view.into_any())
}

/// What keeps messages waiting, and the way on.
fn holds(state: IntegrationsState, status: &Status) -> Option<AnyView> {
    if status.holds.is_empty() {
        return None;
    }
    let hold = |hold: &Hold| {
        let what = match hold.scope.as_str() {
            "" => t("integrations.hold.all"),
            template => tr("integrations.hold.template", &[("template", template)]),
        };
        let until = tr("integrations.hold.until", &[("time", &moment(hold.until))]);
        view! { <li>{[what, why(&hold.cause), until].join(" ")}</li> }
    };
    let list = status.holds.iter().map(hold).collect_view();
    let resume = move |_| state.change(|relay| async move { relay.resume().await });
    let view = view! {
        <div id="integrations-holds">
            <Notice tone=Tone::Warning title=t("integrations.hold.title")>
                <ul class="support-list">{list}</ul>
                <button
                    type="button"
                    class="button button-small"
                    id="integrations-resume"
                    disabled=state.is_busy
                    on:click=resume
                >
                    {t("integrations.hold.resume")}
                </button>
            </Notice>
        </div>
    };
    Some(view.into_any())
}

/// A hold's cause in words: one of the relay's own, or a reason of the catalogue.
fn why(cause: &str) -> String {
    let reason = cause.strip_prefix("receipt:").unwrap_or(cause);
    if let Some(reason) = Reason::by_key(reason) {
        let key = reason.key();
        return t(&format!("reason.{key}.cause"));
    }
    maybe_t(&format!("integrations.cause.{cause}")).unwrap_or_else(|| t("integrations.cause.other"))
}

/// How many messages of the package a period webhooks may use: until some are granted, every call is refused.
#[component]
fn Allotment(state: IntegrationsState) -> impl IntoView {
    let granted =
        Memo::new(move |_| state.status.with(|status| status.as_ref().map(|it| it.allotment.messages)));
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| typed.set(granted.get().unwrap_or_default().to_string()));
    let package = state.backend.get().settings.package.clone();
    let (size, renewal_day) = (package.size, package.renewal.get());
    let wanted = move || typed.with(|text| text.trim().parse::<u64>().ok().filter(|n| *n <= size));
    let save = move |_| {
        let Some(messages) = wanted() else { return };
        let changes = json!({ "allotment": { "messages": messages, "renewal_day": renewal_day } });
        state.change(move |relay| async move { relay.change_settings(changes).await });
    };
    let is_wrong = Memo::new(move |_| wanted().is_none());
    view! {
        <div class="field" id="integrations-allotment">
            <label for="integrations-messages">{t("integrations.allotment.label")}</label>
            <div class="row">
                <input
                    id="integrations-messages"
                    class="input input-inline"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-describedby="integrations-allotment-hint"
                    aria-invalid=move || is_wrong.get().to_string()
                    prop:value=typed
                    on:input:target=move |event| typed.set(event.target().value())
                />
                <button
                    type="button"
                    class="button button-small"
                    id="integrations-grant"
                    disabled=move || is_wrong.get() || state.is_busy.get() || wanted() == granted.get()
                    on:click=save
                >
                    {t("integrations.allotment.save")}
                </button>
            </div>
            <p class="hint" id="integrations-allotment-hint">
                {tr("integrations.allotment.hint", &[("size", &amount(size))])}
            </p>
            <Show when=move || is_wrong.get()>
                <p class="hint" role="alert">{tr("integrations.allotment.wrong", &[("size", &amount(size))])}</p>
            </Show>
            <Show when=move || granted.get() == Some(0)>
                <p class="hint" role="status">{t("integrations.allotment.none")}</p>
            </Show>
        </div>
    }
}
