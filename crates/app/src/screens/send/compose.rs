//! Step 1: number, template and file.

use leptos::prelude::*;

use crate::screens::send::{
    file::FilePicker,
    senders::Senders,
    shelf::{OpenBatches, RecentBatches},
    state::SendState,
    template_detail::TemplateDetail,
    templates::Templates,
};

/// The step's page.
#[component]
pub fn Compose(state: SendState) -> impl IntoView {
    view! {
        <OpenBatches state />
        <div class="compose">
            <div class="stack">
                <section class="card">
                    <Senders state />
                    <Templates state />
                </section>
                <FilePicker state />
            </div>
            <TemplateDetail state />
        </div>
        <RecentBatches state />
    }
}
