//! A reading call that failed: what it means, which setting to look at, and a way to try again.

use cxconnect_sunco::{ApiError, TransportError};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone},
    shell::texts::{t, tr},
};

/// The middle part of an error's translation keys.
fn key(error: &ApiError) -> &'static str {
    match error {
        ApiError::Unauthorized { .. } => "unauthorized",
        ApiError::PaymentRequired { .. } => "payment_required",
        ApiError::Forbidden { .. } => "forbidden",
        ApiError::NotFound { .. } => "not_found",
        ApiError::RateLimited { .. } => "rate_limited",
        ApiError::Refused { .. } => "refused",
        ApiError::Server { .. } => "server",
        ApiError::NotJson { .. } => "not_json",
        ApiError::NotUnderstood { .. } | ApiError::TooManyPages { .. } => "not_understood",
        ApiError::Transport(TransportError::Timeout) => "timeout",
        ApiError::Transport(TransportError::Lost { .. }) => "lost",
        ApiError::Transport(TransportError::ProxyRefused { .. }) => "proxy_refused",
    }
}

/// The box, with a button that tries again.
#[component]
pub fn ApiNotice(error: ApiError, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    let key = key(&error);
    view! {
        <Notice tone=Tone::Danger title=t(&format!("api.{key}.title"))>
            <p>{t(&format!("api.{key}.fix"))}</p>
            <p class="hint">{tr("api.detail", &[("text", &error.to_string())])}</p>
            <button type="button" class="button button-small" on:click=move |_| on_retry.run(())>
                {t("api.retry")}
            </button>
        </Notice>
    }
}
