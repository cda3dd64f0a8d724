//! A call to Zendesk that came to nothing: what it means, and a way to try again.

use cxconnect_ledger::LedgerError;
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone},
    shell::texts::{t, tr},
};

/// The middle part of an error's translation key.
pub fn fault_key(error: &LedgerError) -> &'static str {
    match error {
        LedgerError::Forbidden(_) => "forbidden",
        LedgerError::Missing(_) => "missing",
        LedgerError::SignedOut => "signed_out",
        LedgerError::Throttled { .. } => "throttled",
        LedgerError::Refused { .. } | LedgerError::TooMany(_) => "refused",
        LedgerError::Unavailable(_) | LedgerError::NotUnderstood(_) => "unavailable",
    }
}

/// What an error means, in one sentence.
pub fn fault_text(error: &LedgerError) -> String {
    let key = fault_key(error);
    t(&format!("configuration.fault.{key}"))
}

/// The box, with a button that tries again.
#[component]
pub fn FaultNotice(
    #[prop(into)] title: String,
    error: LedgerError,
    #[prop(into)] on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <Notice tone=Tone::Danger title=title>
            <p>{fault_text(&error)}</p>
            <p class="hint">{tr("api.detail", &[("text", &error.to_string())])}</p>
            <button
                type="button"
                class="button button-small configuration-again"
                on:click=move |_| on_retry.run(())
            >
                {t("api.retry")}
            </button>
        </Notice>
    }
}
