//! Which number to send from.

use cxconnect_sunco::{Integration, IntegrationId};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    screens::{
        api_notice::ApiNotice,
        send::{
            load,
            state::{Load, SendState},
        },
    },
    shell::texts::{t, tr},
};

/// The choice, or what stands in its way. With one number there is nothing to choose, but it is named all the same.
#[component]
pub fn Senders(state: SendState) -> impl IntoView {
    dynamic(move || match state.senders.get() {
        Load::Loading => view! {
            <p class="row muted" role="status">
                <span class="spinner"></span>
                {t("sender.loading")}
            </p>
        }
        .into_any(),
        Load::Failed(error) => {
            view! { <ApiNotice error on_retry=move |()| load::senders(state) /> }.into_any()
        }
        Load::Ready(senders) if senders.is_empty() => view! {
            <Notice tone=Tone::Warning title=t("sender.none.title")>
                <p>{t("sender.none.fix")}</p>
                <button type="button" class="button button-small" on:click=move |_| load::senders(state)>
                    {t("api.retry")}
                </button>
            </Notice>
        }
        .into_any(),
        Load::Ready(senders) => view! { <Choice state senders /> }.into_any(),
    })
}

#[component]
fn Choice(state: SendState, senders: Vec<Integration>) -> impl IntoView {
    let default = state.backend.get().settings.default_integration.clone();
    let missing_default = default.filter(|id| !senders.iter().any(|sender| sender.id == *id));
    let options = senders
        .iter()
        .map(|sender| {
            let id = sender.id.clone();
            view! {
                <option
                    value=sender.id.to_string()
                    selected=move || state.sender.with(|chosen| chosen.as_ref() == Some(&id))
                >
                    {load::sender_name(sender, &t("sender.unnamed"))}
                </option>
            }
        })
        .collect_view();
    let choose = move |value: String| {
        if let Ok(id) = IntegrationId::parse(&value) {
            load::choose_sender(state, id);
        }
    };
    view! {
        <div class="field">
            <label for="sender">{t("sender.label")}</label>
            <select
                id="sender"
                class="input"
                aria-describedby="sender-hint"
                on:change:target=move |event| choose(event.target().value())
            >
                {options}
            </select>
            <p class="hint" id="sender-hint">
                {t("sender.hint")}
            </p>
            {missing_default
                .map(|id| {
                    view! { <p class="hint">{tr("sender.default_missing", &[("id", id.as_str())])}</p> }
                })}
        </div>
    }
}
