//! "Probar": one message by a webhook, to a number that the admin types.

use cxconnect_core::{
    integration::RESERVED,
    phone::{self, E164},
    reasons::Reason,
};
use cxconnect_relay_client::{Outcome, Relay, RelayError, Webhook};
use cxconnect_zendesk::RelayTransport;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

use crate::{
    components::dynamic,
    screens::configuration::integrations::{error::meaning, state::IntegrationsState},
    shell::{
        clock,
        texts::{t, tr},
    },
};

/// How often, and how often at most, is looked what became of it.
const LOOK_MS: u32 = 1_500;
const MOST_LOOKS: u32 = 20;

/// Where it is.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Asked,
    /// The relay has it.
    UnderWay,
    Ended(Outcome),
    /// It waits longer than anybody looks.
    Waiting,
    Failed(RelayError),
}

/// The form, and what came of it.
#[component]
pub fn Trial(state: IntegrationsState, webhook: Webhook, on_close: Callback<()>) -> impl IntoView {
    let names = StoredValue::new(names(&webhook.payload));
    let phone = RwSignal::new(String::new());
    let values = RwSignal::new(vec![String::new(); names.with_value(Vec::len)]);
    let course = RwSignal::new(None::<Stage>);
    let wrong_phone = RwSignal::new(false);
    let is_busy = Memo::new(move |_| matches!(course.get(), Some(Stage::Asked | Stage::UnderWay)));
    let id = StoredValue::new(webhook.id.clone());
    let send = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        let country = state.backend.get().settings.default_country;
        let to = phone::read(&phone.get_untracked(), country.as_ref()).ok().map(|it| it.number);
        wrong_phone.set(to.is_none());
        let Some(to) = to else { return };
        let values =
            names.with_value(|names| names.iter().cloned().zip(values.get_untracked()).collect::<Vec<_>>());
        course.set(Some(Stage::Asked));
        spawn_local(async move {
            let ended = try_out(&state.relay(), &id.get_value(), to, &values, course).await;
            // The page may be gone by now.
            course.try_set(Some(ended.unwrap_or_else(Stage::Failed)));
        });
    };
    let field = |(place, name): (usize, String)| {
        view! {
            <label class="filter">
                <span>{name}</span>
                <input
                    class="input input-inline"
                    autocomplete="off"
                    on:input:target=move |event| values.update(|values| {
                        if let Some(value) = values.get_mut(place) {
                            *value = event.target().value();
                        }
                    })
                />
            </label>
        }
    };
    let fields = names.get_value().into_iter().enumerate().map(field).collect_view();
    view! {
        <div class="stack" id="integrations-trial">
            <strong>{tr("integrations.trial_title", &[("template", &webhook.template)])}</strong>
            <div class="filters">
                <label class="filter">
                    <span>{t("integrations.trial_phone")}</span>
                    <input
                        id="integrations-trial-phone"
                        class="input input-inline"
                        type="tel"
                        autocomplete="off"
                        aria-invalid=move || wrong_phone.get().to_string()
                        on:input:target=move |event| phone.set(event.target().value())
                    />
                </label>
                {fields}
            </div>
            <p class="hint">{t("integrations.trial_hint")}</p>
            <Show when=move || wrong_phone.get()>
                <p role="alert" class="hint">{t("integrations.trial_wrong_phone")}</p>
            </Show>
            <div class="row">
                <button type="button" class="button button-small" id="integrations-trial-send" disabled=is_busy on:click=send>
                    {t("integrations.trial_send")}
                </button>
                <button type="button" class="button button-small" on:click=move |_| on_close.run(())>
                    {t("integrations.trial_close")}
                </button>
            </div>
            <div id="integrations-trial-outcome" role="status">
                {dynamic(move || course.get().map(|course| view! { <p>{said(&course)}</p> }))}
            </div>
        </div>
    }
}

/// The payload's names for the template's values.
fn names(payload: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(payload).unwrap_or_default();
    let names = json.as_object().into_iter().flat_map(|members| members.keys());
    names.filter(|name| *name == "image" || !RESERVED.contains(&name.as_str())).cloned().collect()
}

async fn try_out(
    relay: &Relay<RelayTransport>,
    id: &str,
    to: E164,
    values: &[(String, String)],
    stage: RwSignal<Option<Stage>>,
) -> Result<Stage, RelayError> {
    let before = relay.status().await?.last_event;
    let message = match relay.test(id, to, values).await {
        // The relay may have it all the same.
        Err(error) if error.leaves_in_doubt() => return Ok(Stage::Ended(Outcome::Unknown)),
        told => told?,
    };
    stage.try_set(Some(Stage::UnderWay));
    for _ in 0..MOST_LOOKS {
        clock::after(LOOK_MS).await;
        // The relay has it: a look that fails says nothing about the message.
        if let Ok(Some(outcome)) = relay.outcome(&message, before).await {
            return Ok(Stage::Ended(outcome));
        }
    }
    Ok(Stage::Waiting)
}

fn said(stage: &Stage) -> String {
    match stage {
        Stage::Asked | Stage::UnderWay => t("integrations.trial_under_way"),
        Stage::Waiting => t("integrations.trial_waiting"),
        Stage::Ended(Outcome::Accepted) => t("integrations.trial_accepted"),
        Stage::Ended(Outcome::Unknown) => t("integrations.trial_unknown"),
        Stage::Ended(Outcome::Failed(text)) => {
            let cause = Reason::find(text).map(Reason::key).map(|key| t(&format!("reason.{key}.cause")));
            let why = cause.map_or_else(|| text.clone(), |cause| format!("{cause} ({text})"));
            tr("integrations.trial_failed", &[("why", &why)])
        }
        Stage::Failed(error) => tr("integrations.trial_failed", &[("why", &meaning(error))]),
    }
}
