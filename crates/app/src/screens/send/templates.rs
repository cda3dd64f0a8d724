//! The list of a number's templates, searchable.

use cxconnect_core::template::{Category, Header, MediaKind, SlotId, Template, Unsupported};
use cxconnect_sunco::TemplateList;
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    screens::{
        api_notice::ApiNotice,
        send::{
            elsewhere, load,
            state::{Load, SendState},
        },
    },
    shell::{
        focus,
        texts::{folded, t, tn, tr},
    },
};

/// The list, or what stands in its way. Nothing before there is a number.
#[component]
pub fn Templates(state: SendState) -> impl IntoView {
    let content = move || match state.templates.get() {
        Load::Loading => view! {
            <p class="row muted" role="status">
                <span class="spinner"></span>
                {t("template.loading")}
            </p>
        }
        .into_any(),
        Load::Failed(error) => {
            view! { <ApiNotice error on_retry=move |()| load::templates(state) /> }.into_any()
        }
        Load::Ready(list) => dynamic(move || choice(state, list.clone())).into_any(),
    };
    dynamic(move || {
        state.sender.get().map(|_| {
            view! {
                <div class="row row-spread">
                    <h2 id="templates-title" class="step-start" tabindex="-1">{t("template.title")}</h2>
                    <button
                        type="button"
                        class="button button-basic button-small"
                        on:click=move |_| load::templates(state)
                    >
                        {t("template.reload")}
                    </button>
                </div>
                {dynamic(content)}
            }
        })
    })
}

/// The templates that are offered here, drawn anew when that changes.
fn choice(state: SendState, list: TemplateList) -> AnyView {
    let n_approved = list.templates.iter().filter(|template| template.status.is_approved()).count();
    let (approved, others): (Vec<Template>, Vec<Template>) =
        state.offered(&list.templates).into_iter().partition(|template| template.status.is_approved());
    let n_elsewhere = n_approved - approved.len();
    let notes = [
        ("template.hidden", others.len()),
        ("positions.elsewhere", n_elsewhere),
        ("template.unreadable", list.unreadable.len()),
    ];
    let notes = notes
        .into_iter()
        .filter(|(_, n)| 0 < *n)
        .map(|(key, n)| view! { <p class="hint">{tn(key, n, &[])}</p> })
        .collect_view();
    let (fault, is_old) = state.offer.with(|offer| (offer.unread(), offer.is_old()));
    if let Some(fault) = fault {
        return elsewhere::unread(state, fault);
    }
    let no_positions = is_old.then(|| view! { <p class="hint">{t("positions.unknown")}</p> });
    if approved.is_empty() {
        let (title, fix) = if n_elsewhere == 0 {
            (t("template.none.title"), t("template.none.fix"))
        } else {
            (t("positions.none.title"), t("positions.none.fix"))
        };
        return view! {
            <Notice tone=Tone::Warning title>
                <p>{fix}</p>
                {notes}
            </Notice>
        }
        .into_any();
    }
    let approved = StoredValue::new(approved);
    let found = Signal::derive(move || {
        let words = folded(&state.search.get());
        let matches = |template: &&Template| {
            let text = format!(
                "{} {} {} {} {}",
                template.name,
                template.language,
                category(&template.category),
                header(template).unwrap_or_default(),
                template.body.filled(|_| None)
            );
            let text = folded(&text);
            words.split_whitespace().all(|word| text.contains(word))
        };
        approved.with_value(|approved| approved.iter().filter(matches).cloned().collect::<Vec<_>>())
    });
    // The one that was sent last is still chosen: it is seen, too.
    focus::show_in(".templates", ".template:has(input:checked)");
    view! {
        <div class="field">
            <label for="template-search">{t("template.search")}</label>
            <input
                id="template-search"
                class="input"
                type="search"
                autocomplete="off"
                placeholder=t("template.search_hint")
                prop:value=state.search
                on:input:target=move |event| state.search.set(event.target().value())
            />
        </div>
        <div class="templates" role="radiogroup" aria-labelledby="templates-title">
            {dynamic(move || found.get().into_iter().map(|template| item(state, template)).collect_view())}
        </div>
        <Show when=move || found.with(Vec::is_empty)>
            <p class="muted" role="status">
                {t("template.no_match")}
            </p>
        </Show>
        {notes}
        {no_positions}
    }
    .into_any()
}

fn item(state: SendState, template: Template) -> AnyView {
    let key = template.key();
    let is_chosen = {
        let key = key.clone();
        move || state.template.with(|chosen| chosen.as_ref() == Some(&key))
    };
    let why_not: Vec<String> = template.unsupported.iter().map(unsupported).collect();
    let can_send = why_not.is_empty();
    // The header's media is told by the header's own tag.
    let n_variables = template.slots().iter().filter(|slot| slot.id != SlotId::HeaderMedia).count();
    let variables = match n_variables {
        0 => t("template.variables.none"),
        n_variables => tn("template.variables", n_variables, &[]),
    };
    let tags = [
        Some(template.language.to_string()),
        Some(category(&template.category)),
        header(&template),
        Some(variables),
    ];
    let tags = tags.into_iter().flatten().map(|tag| view! { <span class="tag">{tag}</span> }).collect_view();
    view! {
        <label class="template" class:template-off=!can_send>
            <input
                type="radio"
                class="visually-hidden"
                name="template"
                disabled=!can_send
                prop:checked=is_chosen
                on:change=move |_| state.template.set(Some(key.clone()))
            />
            <span class="template-name">{template.name.to_string()}</span>
            <span class="template-tags">{tags}</span>
            {why_not.into_iter().map(|why| view! { <span class="hint">{why}</span> }).collect_view()}
        </label>
    }
    .into_any()
}

fn category(category: &Category) -> String {
    match category {
        Category::Marketing => t("category.marketing"),
        Category::Utility => t("category.utility"),
        Category::Authentication => t("category.authentication"),
        Category::Other(other) => other.clone(),
    }
}

fn header(template: &Template) -> Option<String> {
    match &template.header {
        Some(Header::Media(kind)) => Some(media(*kind)),
        Some(Header::Text(_)) => Some(t("header.text")),
        None => None,
    }
}

fn media(kind: MediaKind) -> String {
    match kind {
        MediaKind::Image => t("media.image"),
        MediaKind::Video => t("media.video"),
        MediaKind::Document => t("media.document"),
    }
}

fn unsupported(unsupported: &Unsupported) -> String {
    let (key, kind) = match unsupported {
        Unsupported::Header(kind) => ("template.unsupported.header", kind.as_str()),
        Unsupported::Component(kind) => ("template.unsupported.component", kind.as_str()),
        Unsupported::Button(kind) => ("template.unsupported.button", kind.as_str()),
        Unsupported::NoBody => ("template.unsupported.body", ""),
    };
    tr(key, &[("kind", kind)])
}
