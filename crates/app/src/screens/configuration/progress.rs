//! How far something is: a bar, and words.

use leptos::prelude::*;

use crate::components::dynamic_text;

/// The bar, and what is said of it.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    label: Signal<String>,
    /// So many …
    #[prop(into)]
    done: Signal<usize>,
    /// … of so many.
    #[prop(into)]
    total: Signal<usize>,
) -> impl IntoView {
    let percent = move || (done.get().saturating_mul(100)).checked_div(total.get()).unwrap_or(0).min(100);
    view! {
        <div class="field configuration-progress">
            <p role="status">{dynamic_text(move || label.get())}</p>
            <div
                class="meter"
                role="progressbar"
                aria-label=move || label.get()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent
            >
                <div class="meter-fill" style:width=move || format!("{}%", percent())></div>
            </div>
        </div>
    }
}
