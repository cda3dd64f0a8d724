//! A webhook's secret, right after it was made: nobody, the relay included, can show it again.

use cxconnect_core::integration::curl;
use leptos::prelude::*;

use crate::{
    components::{CopyButton, Notice, Tone, dynamic},
    screens::configuration::integrations::state::IntegrationsState,
    shell::texts::{t, tr},
};

/// The box, while there is such a secret.
#[component]
pub fn NewSecret(state: IntegrationsState) -> impl IntoView {
    dynamic(move || {
        let webhook = state.fresh.get()?;
        let secret = webhook.secret.clone()?;
        let command = curl(&webhook.url, Some(&secret), &webhook.payload);
        let title = tr("integrations.secret.title", &[("template", &webhook.template)]);
        Some(view! {
            <div id="integrations-secret" tabindex="-1">
                <Notice tone=Tone::Success title>
                    <p>{t("integrations.secret.text")}</p>
                    <div class="row">
                        <code class="mono secret-value">{secret.clone()}</code>
                        <CopyButton text=Signal::stored(secret) label=t("copy.copy") what=t("integrations.secret.copy") />
                    </div>
                    <p>{t("integrations.secret.try")}</p>
                    <pre class="mono code" tabindex="0">{command.clone()}</pre>
                    <div class="row">
                        <CopyButton text=Signal::stored(command) label=t("integrations.copy_curl") what=t("integrations.copy_curl") />
                        <button
                            type="button"
                            class="button button-small"
                            id="integrations-secret-done"
                            on:click=move |_| state.fresh.set(None)
                        >
                            {t("integrations.secret.done")}
                        </button>
                    </div>
                </Notice>
            </div>
        })
    })
}
