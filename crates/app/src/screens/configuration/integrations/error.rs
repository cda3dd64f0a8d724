//! A call to the relay that came to nothing: what it means and what to do.

use cxconnect_relay_client::RelayError;
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone},
    shell::texts::{t, tr},
};

/// What an error means and what to do, in words. The relay's own refusals bring theirs.
pub fn meaning(error: &RelayError) -> String {
    let key = match error {
        RelayError::Refused(refusal) => {
            let said = [&refusal.message, &refusal.fix].map(|text| text.trim()).join(" ");
            return refusal.details.iter().fold(said, |said, detail| [&*said, " ", detail].concat());
        }
        RelayError::Unauthorized => "unauthorized",
        RelayError::NotCalled(_) => "not_called",
        RelayError::Unavailable(_) => "unavailable",
        RelayError::NotUnderstood(_) => "not_understood",
    };
    t(&format!("integrations.error.{key}"))
}

/// The box, with a button that tries again.
#[component]
pub fn RelayNotice(
    #[prop(into)] title: String,
    error: RelayError,
    #[prop(into)] on_retry: Callback<()>,
) -> impl IntoView {
    let detail = match &error {
        RelayError::Refused(refusal) => refusal.code.clone(),
        RelayError::NotCalled(text) | RelayError::Unavailable(text) => text.clone(),
        RelayError::NotUnderstood(text) => (*text).to_owned(),
        RelayError::Unauthorized => String::new(),
    };
    view! {
        <div id="integrations-error">
            <Notice tone=Tone::Danger title=title>
                <p>{meaning(&error)}</p>
                {(!detail.is_empty()).then(|| view! { <p class="hint">{tr("api.detail", &[("text", &detail)])}</p> })}
                <button type="button" class="button button-small" on:click=move |_| on_retry.run(())>
                    {t("api.retry")}
                </button>
            </Notice>
        </div>
    }
}
