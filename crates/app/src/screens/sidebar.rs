//! The ticket's sidebar, where one message to the requester will be sent.

use cxconnect_zendesk::ZafClient;
use leptos::{prelude::*, task::spawn_local};

use crate::{components::Icon, shell::texts::t};

/// Enough for the text at the sidebar's width.
const HEIGHT_PX: u32 = 280;

/// The sidebar's page.
#[component]
pub fn Sidebar(zaf: ZafClient) -> impl IntoView {
    spawn_local(async move {
        // A panel of Zendesk's own height only shows a scroll bar.
        let _ = zaf.resize(HEIGHT_PX).await;
    });
    view! {
        <section class="empty">
            {Icon::Clock.view()} <h2>{t("soon.title")}</h2> <p>{t("soon.sidebar")}</p>
            <p>{t("soon.meanwhile")}</p>
        </section>
    }
}
