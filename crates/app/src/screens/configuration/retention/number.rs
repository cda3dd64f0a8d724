//! All there is of one number.

use cxconnect_core::phone::{self, PhoneProblem};
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
pub fn OneNumber(backend: BackendRef, on_change: Callback<()>) -> impl IntoView {
    let removal = Removal::new(backend);
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<PhoneProblem>);
    let count = move |event: SubmitEvent| {
        event.prevent_default();
        let default = backend.get().settings.default_country;
        let number = match phone::read(text.get_untracked().trim(), default.as_ref()) {
            Ok(phone) => Ok(phone.number),
            // The confirmation names the whole number, so nobody is taken for another.
            Err(PhoneProblem::NoCountryCode { suggestion }) => Ok(suggestion),
            Err(problem) => Err(problem),
        };
        wrong.set(number.as_ref().err().cloned());
        if let Ok(number) = number {
            work::count(removal, Subject::Number(number));
        }
    };
    let is_busy =
        move || matches!(removal.stage.get(), Stage::Counting(_) | Stage::Removing(_) | Stage::Checking(_));
    let problem = move || {
        wrong.get().map(|problem| {
            let text = match problem {
                PhoneProblem::Ambiguous { international, national } => tr(
                    "retention.number.ambiguous",
                    &[("one", &international.to_string()), ("other", &national.to_string())],
                ),
                _ => t("retention.number.wrong"),
            };
            view! {
                <p class="hint retention-wrong" role="alert" id="retention-phone-wrong">
                    {text}
                </p>
            }
        })
    };
    view! {
        <section class="stack retention-part" aria-labelledby="retention-number-title" id="retention-number">
            <h3 id="retention-number-title">{t("retention.number.title")}</h3>
            <p>{t("retention.number.text")}</p>
            <form class="row" on:submit=count>
                <label for="retention-phone">{t("retention.number.label")}</label>
                <input
                    id="retention-phone"
                    class="input input-inline"
                    type="tel"
                    autocomplete="off"
                    placeholder="+52 55 1234 5678"
                    aria-describedby="retention-phone-wrong"
                    disabled=is_busy
                    prop:value=text
                    on:input:target=move |event| text.set(event.target().value())
                />
                <button type="submit" class="button" id="retention-find" disabled=is_busy>
                    {t("retention.number.find")}
                </button>
            </form>
            {dynamic(problem)}
            <RemovalPart removal on_forgotten=on_change />
        </section>
    }
}
