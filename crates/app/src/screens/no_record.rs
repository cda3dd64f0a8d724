//! Where the account has no shared record, the tabs that show it say so.

use leptos::prelude::*;

use crate::{components::Icon, shell::texts::t};

/// In place of a tab's page.
#[component]
pub fn NoRecord() -> impl IntoView {
    view! {
        <section class="card empty" id="no-record">
            {Icon::Document.view()} <h2>{t("stats.no_record.title")}</h2> <p>{t("stats.no_record.text")}</p>
        </section>
    }
}
