//! A button that copies a text.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::dynamic_text,
    shell::{clipboard, clock, texts::t},
};

/// How long it says what came of it.
const SAID_MS: u32 = 2_500;

/// The button. It says for a moment whether the text was copied.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What it says before.
    #[prop(into)]
    label: String,
    /// What it copies, for screen readers.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let said = RwSignal::new(None::<&'static str>);
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = clipboard::copy(&text.get_untracked()).await;
            said.try_set(Some(if is_copied { "copy.done" } else { "copy.failed" }));
            clock::after(SAID_MS).await;
            said.try_set(None);
        });
    };
    let shown = move || said.get().map_or_else(|| label.clone(), t);
    view! {
        <button type="button" class="button button-small copy" aria-label=what on:click=copy>
            {dynamic_text(shown)}
        </button>
        <span class="visually-hidden" role="status">{dynamic_text(move || said.get().map(t).unwrap_or_default())}</span>
    }
}
