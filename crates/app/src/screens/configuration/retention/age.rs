//! Old messages.

use cxconnect_core::retention::{Age, AgeError};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    backend::BackendRef,
    components::dynamic,
    screens::configuration::retention::{
        removal::RemovalPart,
        state::{Removal, Stage, Subject},
        work,
    },
    shell::texts::{t, tr},
};

/// The question, and what follows.
#[component]
pub fn OldMessages(backend: BackendRef) -> impl IntoView {
    let removal = Removal::new(backend);
    let days = RwSignal::new(Age::PROPOSED.to_string());
    let wrong = RwSignal::new(None::<AgeError>);
    let count = move |event: SubmitEvent| {
        event.prevent_default();
        let age = Age::parse(&days.get_untracked());
        wrong.set(age.err());
        if let Some(subject) = age.ok().and_then(Subject::old) {
            work::count(removal, subject);
        }
    };
    let is_busy =
        move || matches!(removal.stage.get(), Stage::Counting(_) | Stage::Removing(_) | Stage::Checking(_));
    let problem = move || {
        wrong.get().map(|error| {
            let text = match error {
                AgeError::NotANumber => t("retention.age.not_a_number"),
                AgeError::TooFew => tr("retention.age.too_few", &[("least", &Age::LEAST.to_string())]),
                AgeError::TooMany => tr("retention.age.too_many", &[("most", &Age::MOST.to_string())]),
            };
            view! {
                <p class="hint retention-wrong" role="alert" id="retention-days-wrong">
                    {text}
                </p>
            }
        })
    };
    view! {
        <section class="stack retention-part" aria-labelledby="retention-age-title" id="retention-age">
            <h3 id="retention-age-title">{t("retention.age.title")}</h3>
            <p>{t("retention.age.text")}</p>
            <form class="row" on:submit=count>
                <label for="retention-days">{t("retention.age.label")}</label>
                <input
                    id="retention-days"
                    class="input input-inline retention-days"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-describedby="retention-days-wrong"
                    disabled=is_busy
                    prop:value=days
                    on:input:target=move |event| days.set(event.target().value())
                />
                <button type="submit" class="button" id="retention-count" disabled=is_busy>
                    {t("retention.age.count")}
                </button>
            </form>
            {dynamic(problem)}
            <RemovalPart removal on_forgotten=Callback::new(|()| ()) />
        </section>
    }
}
