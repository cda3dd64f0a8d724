//! The webhooks there are, and what can be done with each.

use cxconnect_core::integration::curl;
use cxconnect_relay_client::Webhook;
use leptos::prelude::*;

use crate::{
    components::{Ask, CopyButton, dynamic, dynamic_text},
    screens::configuration::integrations::{state::IntegrationsState, trial::Trial},
    shell::{
        focus,
        texts::{amount, t, tr},
    },
};

/// What is asked about before it is done, or what is open below a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Rotate,
    Remove,
    Trial,
}

/// "Webhook activos 1/5", and the table.
#[component]
pub fn List(state: IntegrationsState) -> impl IntoView {
    let open = RwSignal::new(None::<(String, Open)>);
    let count = move || {
        state.webhooks.with(|webhooks| {
            webhooks.as_ref().map_or_else(String::new, |it| {
                tr("integrations.active", &[("n", &amount(it.n_active)), ("limit", &amount(it.limit))])
            })
        })
    };
    let heads = ["id", "template", "parameters", "actions"]
        .map(|head| view! { <th scope="col">{t(&format!("integrations.head.{head}"))}</th> });
    let rows = move || {
        let list = state.webhooks.with(|it| it.as_ref().map(|it| it.list.clone())).unwrap_or_default();
        list.into_iter().map(|webhook| row(state, webhook, open)).collect_view()
    };
    let is_empty =
        Memo::new(move |_| state.webhooks.with(|it| it.as_ref().is_none_or(|it| it.list.is_empty())));
    view! {
        <h3 id="integrations-active" tabindex="-1">{dynamic_text(count)}</h3>
        <Show when=move || is_empty.get()>
            <p class="muted">{t("integrations.none")}</p>
        </Show>
        <div class="integrations-list" hidden=is_empty>
            <table class="figures-table" id="integrations-table" aria-labelledby="integrations-active">
                <thead>
                    <tr>{heads.into_iter().collect_view()}</tr>
                </thead>
                <tbody>{dynamic(rows)}</tbody>
            </table>
        </div>
    }
}

fn row(state: IntegrationsState, webhook: Webhook, open: RwSignal<Option<(String, Open)>>) -> AnyView {
    let id = webhook.id.clone();
    let (tag, standing) = match (webhook.is_active, webhook.is_sendable && webhook.is_offered) {
        (false, _) => ("tag", "inactive"),
        (true, true) => ("tag tag-success", "active"),
        (true, false) => ("tag tag-warning", "blocked"),
    };
    let wrong = if webhook.is_sendable { "not_offered" } else { "not_sendable" };
    let wrong = (!webhook.is_sendable || !webhook.is_offered)
        .then(|| view! { <p class="hint">{t(&format!("integrations.{wrong}"))}</p> });
    let command = curl(&webhook.url, None, &webhook.payload);
    let below = below(state, &webhook, open);
    view! {
        <tr data-webhook=id data-state=standing>
            <td>
                <span class="mono">{webhook.id.clone()}</span>
                <p>
                    <span class=tag>{t(&format!("integrations.state.{standing}"))}</span>
                </p>
                <p class="hint">{tr("integrations.secret_hint", &[("hint", &webhook.secret_hint)])}</p>
            </td>
            <td>
                <strong>{webhook.template.clone()}</strong>
                <p class="hint">{webhook.language.clone()}</p>
                {wrong}
            </td>
            <td>
                <p class="mono integrations-url">{webhook.url.clone()}</p>
                <details>
                    <summary>{t("integrations.payload")}</summary>
                    <pre class="mono code" tabindex="0">{webhook.payload.clone()}</pre>
                </details>
                <div class="row">
                    <CopyButton
                        text=Signal::stored(webhook.url.clone())
                        label=t("integrations.copy_url")
                        what=tr("integrations.copy_url_of", &[("id", &webhook.id)])
                    />
                    <CopyButton
                        text=Signal::stored(webhook.payload.clone())
                        label=t("integrations.copy_payload")
                        what=tr("integrations.copy_payload_of", &[("id", &webhook.id)])
                    />
                    <CopyButton
                        text=Signal::stored(command)
                        label=t("integrations.copy_curl")
                        what=tr("integrations.copy_curl_of", &[("id", &webhook.id)])
                    />
                </div>
            </td>
            <td>{actions(state, &webhook, open)}</td>
        </tr>
        <tr class="integrations-below">
            <td colspan="4">{below}</td>
        </tr>
    }
    .into_any()
}

fn actions(state: IntegrationsState, webhook: &Webhook, open: RwSignal<Option<(String, Open)>>) -> AnyView {
    let button = |class: &'static str, key: &str, press: Callback<()>| {
        view! {
            <button
                type="button"
                class=format!("button button-small {class}")
                aria-label=tr(&format!("integrations.{key}_of"), &[("id", &webhook.id)])
                disabled=state.is_busy
                on:click=move |_| press.run(())
            >
                {t(&format!("integrations.{key}"))}
            </button>
        }
        .into_any()
    };
    let ask = |what: Open| {
        let id = webhook.id.clone();
        Callback::new(move |()| {
            open.set(Some((id.clone(), what)));
            let place =
                if what == Open::Trial { "#integrations-trial input" } else { ".integrations-below .ask-no" };
            focus::move_to(place);
        })
    };
    let (id, is_active) = (webhook.id.clone(), webhook.is_active);
    let switch = Callback::new(move |()| {
        let id = id.clone();
        state.change(move |relay| async move { relay.set_active(&id, !is_active).await.map(drop) });
    });
    let (class, key) = if is_active { ("webhook-off", "switch_off") } else { ("webhook-on", "switch_on") };
    view! {
        <div class="integrations-actions">
            {button("webhook-trial", "trial", ask(Open::Trial))}
            {button(class, key, switch)}
            {button("webhook-rotate", "rotate", ask(Open::Rotate))}
            {button("webhook-remove button-danger", "remove", ask(Open::Remove))}
        </div>
    }
    .into_any()
}

/// The question, or the trial, that is open for this webhook.
fn below(state: IntegrationsState, webhook: &Webhook, open: RwSignal<Option<(String, Open)>>) -> AnyView {
    let webhook = StoredValue::new(webhook.clone());
    let opened = Memo::new(move |_| {
        open.with(|open| {
            open.as_ref().filter(|(id, _)| *id == webhook.with_value(|it| it.id.clone())).map(|it| it.1)
        })
    });
    let close = Callback::new(move |()| {
        open.set(None);
        focus::keep_in("#integrations-table");
    });
    let yes = move |what: Open| {
        Callback::new(move |()| {
            open.set(None);
            let id = webhook.with_value(|it| it.id.clone());
            if what == Open::Remove {
                state.change(move |relay| async move { relay.remove(&id).await });
                return;
            }
            state.change(move |relay| async move {
                let fresh = relay.rotate(&id).await?;
                state.fresh.try_set(Some(fresh));
                focus::move_to("#integrations-secret");
                Ok(())
            });
        })
    };
    let ask = move |what: Open, key: &str| {
        let question =
            webhook.with_value(|it| tr(&format!("integrations.{key}_ask"), &[("template", &it.template)]));
        view! {
            <Ask
                question=Signal::stored(question)
                no=t("cancel.no")
                yes=t(&format!("integrations.{key}_yes"))
                on_no=close
                on_yes=yes(what)
            />
        }
        .into_any()
    };
    dynamic(move || match opened.get()? {
        Open::Rotate => Some(ask(Open::Rotate, "rotate")),
        Open::Remove => Some(ask(Open::Remove, "remove")),
        Open::Trial => Some(view! { <Trial state webhook=webhook.get_value() on_close=close /> }.into_any()),
    })
    .into_any()
}
