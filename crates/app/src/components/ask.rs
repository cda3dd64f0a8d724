//! A question before something that can't be taken back.

use leptos::prelude::*;

use crate::components::dynamic_text;

/// The question, with the way back first. It is drawn apart from the button that asks it, so that pressing that twice
/// answers nothing.
#[component]
pub fn Ask(
    /// What would happen, with its figures.
    #[prop(into)]
    question: Signal<String>,
    /// What the answers say.
    #[prop(into)]
    no: String,
    #[prop(into)] yes: String,
    on_no: Callback<()>,
    on_yes: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="notice notice-warning ask" role="alertdialog" aria-label=move || question.get()>
            <p class="notice-title">{dynamic_text(move || question.get())}</p>
            <div class="row">
                <button type="button" class="button button-small ask-no" on:click=move |_| on_no.run(())>
                    {no}
                </button>
                <button
                    type="button"
                    class="button button-small button-danger ask-yes"
                    on:click=move |_| on_yes.run(())
                >
                    {yes}
                </button>
            </div>
        </div>
    }
}
