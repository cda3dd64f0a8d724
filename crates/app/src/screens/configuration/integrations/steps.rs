//! Without a relay: how to get one.

use leptos::prelude::*;

use crate::shell::texts::t;

/// Five steps.
#[component]
pub fn Steps() -> impl IntoView {
    let step = |n: &str| view! { <li>{t(&format!("integrations.steps.{n}"))}</li> };
    view! {
        <section id="integrations-steps" aria-labelledby="integrations-steps-title">
            <h3 id="integrations-steps-title">{t("integrations.steps.title")}</h3>
            <p>{t("integrations.steps.text")}</p>
            <ol class="support-list">{["1", "2", "3", "4", "5"].map(step).into_iter().collect_view()}</ol>
        </section>
    }
}
