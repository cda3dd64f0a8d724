//! A row of tabs, by the ARIA pattern: arrows move, only the open tab is in the tab order.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast as _;

/// Tabs by name; `open` counts from 0.
#[component]
pub fn Tabs(
    /// What the row as a whole is called, for screen readers.
    #[prop(into)]
    label: String,
    /// The tabs' names.
    names: Vec<String>,
    open: RwSignal<usize>,
) -> impl IntoView {
    let n_tabs = names.len();
    let on_key = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowRight" => (open.get_untracked() + 1) % n_tabs,
            "ArrowLeft" => (open.get_untracked() + n_tabs - 1) % n_tabs,
            "Home" => 0,
            "End" => n_tabs - 1,
            _ => return,
        };
        event.prevent_default();
        open.set(to);
        focus(to);
    };
    let tab = move |(place, name): (usize, String)| {
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=format!("tab-{place}")
                aria-controls="tab-content"
                aria-selected=move || if place == open.get() { "true" } else { "false" }
                tabindex=move || if place == open.get() { "0" } else { "-1" }
                on:click=move |_| open.set(place)
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            {names.into_iter().enumerate().map(tab).collect_view()}
        </div>
    }
}

fn focus(place: usize) {
    let tab = document().get_element_by_id(&format!("tab-{place}"));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A tab that can't take the focus is still open.
        let _ = tab.focus();
    }
}
