//! A tab that isn't built yet: says what will be there.

use leptos::prelude::*;

use crate::{components::Icon, shell::texts::t};

/// The tab's page.
#[component]
pub fn Soon(
    /// The tab's key.
    tab: &'static str,
) -> impl IntoView {
    view! {
        <section class="card empty">
            {Icon::Clock.view()} <h2>{t("soon.title")}</h2> <p>{t(&format!("soon.{tab}"))}</p>
            <p>{t("soon.meanwhile")}</p>
        </section>
    }
}
