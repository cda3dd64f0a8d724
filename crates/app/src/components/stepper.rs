//! The steps of a workflow, with the present one marked.

use leptos::prelude::*;

/// Numbered steps; `current` counts from 0.
#[component]
pub fn Stepper(
    /// The steps' names.
    names: Vec<String>,
    /// What the list as a whole is called, for screen readers.
    #[prop(into)]
    label: String,
    #[prop(into)] current: Signal<usize>,
) -> impl IntoView {
    let step = move |(place, name): (usize, String)| {
        view! {
            <li
                class="step"
                class:step-done=move || place < current.get()
                aria-current=move || (place == current.get()).then_some("step")
            >
                <span class="step-number" aria-hidden="true">
                    {place + 1}
                </span>
                {name}
            </li>
        }
    };
    view! {
        <ol class="stepper" aria-label=label>
            {names.into_iter().enumerate().map(step).collect_view()}
        </ol>
    }
}
