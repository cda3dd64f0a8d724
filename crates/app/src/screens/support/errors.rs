//! The catalogue of errors, searched by code or by text.

use cxconnect_core::reasons::{Catalogue, Reason};
use leptos::prelude::*;

use crate::{
    components::{Icon, dynamic, dynamic_text},
    screens::support::reason_card::reason_card,
    shell::{
        focus,
        texts::{t, tn},
    },
};

/// The page, from its heading on.
#[component]
pub fn Errors(
    /// What is looked for.
    wanted: RwSignal<String>,
    /// Whether there is a page that says whom to ask.
    has_contact: Signal<bool>,
    on_contact: Callback<()>,
) -> impl IntoView {
    let catalogue = StoredValue::new(Catalogue::new(|reason| {
        let key = reason.key();
        [t(&format!("reason.{key}.cause")), t(&format!("reason.{key}.remedy"))].join("\n")
    }));
    let found: Memo<Vec<Reason>> =
        Memo::new(move |_| wanted.with(|wanted| catalogue.with_value(|catalogue| catalogue.search(wanted))));
    let count = move || {
        let n = found.with(Vec::len);
        match (wanted.with(|wanted| wanted.trim().is_empty()), n) {
            (true, _) => tn("support.errors.all", n, &[]),
            (false, 0) => t("support.errors.none"),
            (false, _) => tn("support.errors.found", n, &[]),
        }
    };
    let is_empty = Memo::new(move |_| found.with(Vec::is_empty));
    view! {
        <h2 id="support-title" tabindex="-1">
            {t("support.errors.title")}
        </h2>
        <p>{t("support.errors.intro")}</p>
        <div class="field">
            <label for="support-search">{t("support.errors.search")}</label>
            <input
                id="support-search"
                class="input"
                type="search"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="support-search-hint"
                prop:value=wanted
                on:input:target=move |event| wanted.set(event.target().value())
            />
            <p class="hint" id="support-search-hint">
                {t("support.errors.hint")}
            </p>
        </div>
        // Who sees the page reads the same in the middle of it.
        <p class="muted" class:visually-hidden=move || is_empty.get() role="status" id="support-count">
            {dynamic_text(count)}
        </p>
        {dynamic(move || {
            is_empty
                .get()
                .then(|| {
                    view! { <NothingFound wanted has_contact on_contact /> }
                })
        })}
        <ul class="reasons" hidden=move || is_empty.get()>
            {dynamic(move || {
                found.with(|found| found.iter().copied().map(reason_card).collect_view())
            })}
        </ul>
    }
}

/// What to do with an error that nobody has explained yet.
#[component]
fn NothingFound(
    wanted: RwSignal<String>,
    has_contact: Signal<bool>,
    on_contact: Callback<()>,
) -> impl IntoView {
    let clear = move |_| {
        wanted.set(String::new());
        focus::move_to("#support-search");
    };
    view! {
        <div class="empty support-nothing">
            {Icon::Document.view()} <h3>{t("support.errors.none")}</h3>
            <p>{t("support.errors.none_check")}</p> <p>{t("support.errors.none_fix")}</p>
            // To be copied as it is.
            <pre class="support-sample">
                {dynamic_text(move || wanted.with(|wanted| wanted.trim().to_owned()))}
            </pre>
            <div class="row">
                <button type="button" class="button button-small" id="support-clear" on:click=clear>
                    {t("support.errors.clear")}
                </button>
                {dynamic(move || {
                    has_contact
                        .get()
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="button button-small"
                                    id="support-contact"
                                    on:click=move |_| on_contact.run(())
                                >
                                    {t("support.errors.contact")}
                                </button>
                            }
                        })
                })}
            </div>
        </div>
    }
}
