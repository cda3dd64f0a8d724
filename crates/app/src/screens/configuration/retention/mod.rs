//! "Retención": messages that are old, or that went to one number, are removed from the team's record, and plans that nobody needs.

mod age;
mod number;
mod plans;
mod removal;
mod state;
mod work;

use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    screens::configuration::retention::{age::OldMessages, number::OneNumber},
    shell::texts::t,
};

/// The page.
#[component]
pub fn RetentionPage(
    backend: BackendRef,
    /// Hears that this browser has forgotten batches.
    on_change: Callback<()>,
) -> impl IntoView {
    view! {
        <h2 id="retention-title" tabindex="-1">
            {t("configuration.retention")}
        </h2>
        <p class="muted">{t("retention.intro")}</p>
        <OldMessages backend />
        <OneNumber backend on_change />
    }
}
