//! Step 1: number, template and file.

use leptos::prelude::*;

use crate::screens::{
    later::quietly_later,
    send::{
        file::FilePicker, parts, senders::Senders, state::SendState, template_detail::TemplateDetail,
        templates::Templates,
    },
};

/// The step's page.
#[component]
pub fn Compose(state: SendState) -> impl IntoView {
    view! {
        {quietly_later(parts::load_open_batches, move || parts::open_batches(state))}
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
        {quietly_later(parts::load_recent_batches, move || parts::recent_batches(state))}
    }
}
