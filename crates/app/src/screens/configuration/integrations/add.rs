//! A new webhook: the template is chosen, all that it will be is shown, and only then it is made.

use cxconnect_core::{
    integration::{payload_id, payload_preview},
    position::Place,
    template::{PreviewHeader, Run, Template, Values},
};
use cxconnect_relay_client::Webhooks;
use cxconnect_sunco::{ApiError, Integration, IntegrationStatus};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Ask, CopyButton, dynamic},
    screens::{
        api_notice::ApiNotice, configuration::integrations::state::IntegrationsState, send::load::sender_name,
    },
    shell::{
        focus,
        texts::{t, tr},
    },
};

/// A template that can be chosen, and the number that it is sent from.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    sender: String,
    sender_name: String,
    template: Template,
}

/// What there is to choose from.
#[derive(Clone, Debug, PartialEq)]
enum Choices {
    Loading,
    Failed(ApiError),
    Known(Vec<Choice>),
}

/// "Seleccione una plantilla", and what follows from it.
#[component]
pub fn Add(state: IntegrationsState) -> impl IntoView {
    let choices = RwSignal::new(Choices::Loading);
    let chosen = RwSignal::new(None::<usize>);
    let is_asking = RwSignal::new(false);
    let load = move || {
        choices.set(Choices::Loading);
        spawn_local(async move {
            let loaded = fetch(state).await.map_or_else(Choices::Failed, Choices::Known);
            // The page may be gone by now.
            choices.try_set(loaded);
        });
    };
    load();
    let is_full = Memo::new(move |_| {
        state
            .webhooks
            .with(|it| it.as_ref().is_some_and(|Webhooks { n_active, limit, .. }| limit <= n_active))
    });
    let choice = move || {
        choices.with(|choices| match choices {
            Choices::Known(list) => chosen.get().and_then(|place| list.get(place).cloned()),
            Choices::Loading | Choices::Failed(_) => None,
        })
    };
    let select = move || {
        choices.with(|choices| match choices {
            Choices::Loading => view! {
                <p class="row muted" role="status">
                    <span class="spinner"></span>
                    {t("template.loading")}
                </p>
            }
            .into_any(),
            Choices::Failed(error) => {
                view! { <ApiNotice error=error.clone() on_retry=Callback::new(move |()| load()) /> }
                    .into_any()
            }
            Choices::Known(list) if list.is_empty() => {
                view! { <p class="muted">{t("integrations.no_templates")}</p> }.into_any()
            }
            Choices::Known(list) => chooser(list, move |value| {
                is_asking.set(false);
                chosen.set(value.parse().ok());
            }),
        })
    };
    let make = Callback::new(move |()| {
        is_asking.set(false);
        let Some(Choice { sender, template, .. }) = untrack(choice) else { return };
        state.change(move |relay| async move {
            let fresh = relay.create(&template.key(), &sender).await?;
            state.fresh.try_set(Some(fresh));
            focus::move_to("#integrations-secret");
            Ok(())
        });
    });
    let question = move || {
        let name = choice().map(|it| it.template.name.to_string()).unwrap_or_default();
        tr("integrations.add_ask", &[("template", &name)])
    };
    view! {
        <section id="integrations-add" aria-labelledby="integrations-add-title">
            <h3 id="integrations-add-title">{t("integrations.add_title")}</h3>
            {dynamic(select)}
            {dynamic(move || choice().map(|choice| details(state, &choice)))}
            <Show when=move || choice().is_some()>
                <Show when=move || is_full.get()>
                    <p class="hint" role="status">{t("integrations.full")}</p>
                </Show>
                <button
                    type="button"
                    class="button button-primary"
                    id="integrations-make"
                    disabled=move || is_full.get() || state.is_busy.get()
                    on:click=move |_| {
                        is_asking.set(true);
                        focus::move_to("#integrations-add .ask-no");
                    }
                >
                    {t("integrations.add")}
                </button>
            </Show>
            <Show when=move || is_asking.get() && choice().is_some()>
                <Ask
                    question=Signal::derive(question)
                    no=t("cancel.no")
                    yes=t("integrations.add_yes")
                    on_no=Callback::new(move |()| {
                        is_asking.set(false);
                        focus::keep_in("#integrations-make");
                    })
                    on_yes=make
                />
            </Show>
        </section>
    }
}

/// The list; `choose` hears the chosen one's place, or nothing.
fn chooser(list: &[Choice], choose: impl Fn(String) + Send + 'static) -> AnyView {
    let several = list.iter().any(|it| it.sender != list.first().map_or("", |first| &first.sender));
    let option = |(place, it): (usize, &Choice)| {
        let name = format!("{} ({})", it.template.name, it.template.language);
        let name = if several { [&*name, " · ", &it.sender_name].concat() } else { name };
        view! { <option value=place.to_string()>{name}</option> }
    };
    view! {
        <label class="filter">
            <span>{t("template.title")}</span>
            <select
                id="integrations-template"
                class="input"
                on:change:target=move |event| choose(event.target().value())
            >
                <option value="">{t("integrations.choose")}</option>
                {list.iter().enumerate().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The templates of all numbers that can be sent and whose position lets webhooks send them.
async fn fetch(state: IntegrationsState) -> Result<Vec<Choice>, ApiError> {
    let backend = state.backend.get();
    // Where there is no record of positions, every template shows everywhere; the relay decides for good.
    let placed = backend.ledger.placed().await.unwrap_or_default();
    let positions: cxconnect_core::position::Positions =
        placed.into_iter().map(|placed| (placed.key, placed.position)).collect();
    let mut numbers = backend.sunco.integrations().await?;
    numbers.retain(|number| number.status == IntegrationStatus::Active);
    let mut choices = Vec::new();
    for number in &numbers {
        let templates = backend.sunco.templates(&number.id).await?.templates;
        let offered = positions.offered(Place::Webhook, &templates).into_iter();
        choices.extend(offered.filter(Template::is_sendable).map(|template| choice_of(number, template)));
    }
    Ok(choices)
}

fn choice_of(number: &Integration, template: Template) -> Choice {
    Choice { sender: number.id.to_string(), sender_name: sender_name(number, &t("sender.unnamed")), template }
}

/// "Idioma", "HEADER", "BODY", "FOOTER", "URL Webhook" and "Parametros Webhook".
fn details(state: IntegrationsState, choice: &Choice) -> AnyView {
    let template = &choice.template;
    let backend = state.backend.get();
    let preview = template.preview(&Values::default());
    let text = |runs: &[Run]| runs.iter().map(|run| run.text.as_str()).collect::<String>();
    let header = match &preview.header {
        Some(PreviewHeader::Text(runs)) => text(runs),
        Some(PreviewHeader::Media { .. }) => t("integrations.media"),
        None => String::new(),
    };
    let url = [
        backend.settings.relay.as_ref().map(ToString::to_string).unwrap_or_default().as_str(),
        "/api/v2/webhook",
    ]
    .concat();
    let url = ["https://", &url].concat();
    // Where another one is called, this one is, too.
    let url = state.webhooks.with_untracked(|it| {
        it.as_ref().and_then(|it| it.list.first()).map_or(url, |first| first.url.clone())
    });
    let payload = format!("{:#}", payload_preview(&backend.subdomain, payload_id(template), template));
    let entries = [
        ("language", template.language.to_string()),
        ("header", header),
        ("body", text(&preview.body)),
        ("footer", preview.footer.clone().unwrap_or_default()),
    ];
    let entry = |(key, value): (&str, String)| {
        (!value.is_empty()).then(|| {
            view! {
                <div>
                    <dt class="muted">{t(&format!("integrations.part.{key}"))}</dt>
                    <dd class="integrations-text">{value}</dd>
                </div>
            }
        })
    };
    view! {
        <dl class="about">{entries.into_iter().map(entry).collect_view()}</dl>
        <div>
            <strong>{t("integrations.url")}</strong>
            <p class="mono integrations-url" id="integrations-url">{url}</p>
        </div>
        <div>
            <strong>{t("integrations.payload")}</strong>
            <pre class="mono code" tabindex="0" id="integrations-payload">{payload.clone()}</pre>
            <CopyButton text=Signal::stored(payload) label=t("integrations.copy_payload") what=t("integrations.copy_payload") />
        </div>
    }
    .into_any()
}
