//! Template, values, preview, Enviar.

use cxconnect_core::{
    phone::E164,
    position::Offer,
    problem::Severity,
    template::{Preview, SlotId, SlotKind, Template},
};
use leptos::prelude::*;

use crate::{
    components::{Bubble, Notice, Tone, dynamic},
    screens::{
        api_notice::ApiNotice,
        send::{elsewhere, load, senders::Senders, state::Load, template_detail::slot_purpose},
        ticket::{
            draft::{Draft, Finding},
            sending::{self, Stage},
        },
    },
    shell::texts::{amount, t, tr},
};

/// The form.
#[component]
pub fn Form(draft: Draft) -> impl IntoView {
    let send = draft.send();
    // One number needs no choice.
    let senders = move || {
        let has_one = send.senders.with(|senders| matches!(senders, Load::Ready(all) if all.len() == 1));
        (!has_one).then(|| view! { <Senders state=send /> })
    };
    let templates = move || match send.templates.get() {
        Load::Loading => send.sender.get().map(|_| {
            view! {
                <p class="row muted" role="status">
                    <span class="spinner"></span>
                    {t("template.loading")}
                </p>
            }
            .into_any()
        }),
        Load::Failed(error) => {
            Some(view! { <ApiNotice error on_retry=move |()| load::templates(send) /> }.into_any())
        }
        Load::Ready(list) => {
            if let Some(fault) = send.offer.with(Offer::unread) {
                return Some(elsewhere::unread(send, fault));
            }
            let mut all = send.offered(&list.templates);
            all.retain(Template::is_sendable);
            let has_others = list.templates.iter().any(Template::is_sendable);
            Some(view! { <Choice draft templates=all has_others /> }.into_any())
        }
    };
    let chosen = Memo::new(move |_| send.chosen_template());
    let message = move || chosen.get().map(|template| view! { <Message draft template /> });
    view! {
        {dynamic(senders)}
        {dynamic(templates)}
        {dynamic(message)}
    }
}

/// The approved templates that can be sent.
#[component]
fn Choice(
    draft: Draft,
    templates: Vec<Template>,
    /// Whether there are others, which are not for tickets.
    has_others: bool,
) -> impl IntoView {
    if templates.is_empty() {
        let (title, fix) = if has_others {
            (t("positions.none.title"), t("positions.none.fix"))
        } else {
            (t("template.none.title"), t("template.none.fix"))
        };
        return view! {
            <Notice tone=Tone::Warning title>
                <p>{fix}</p>
            </Notice>
        }
        .into_any();
    }
    let send = draft.send();
    let keys: Vec<_> = templates.iter().map(Template::key).collect();
    let all = templates;
    let options = keys
        .iter()
        .enumerate()
        .map(|(place, key)| {
            let text = format!("{} ({})", key.0, key.1);
            let key = key.clone();
            let is_chosen = move || send.template.with(|chosen| chosen.as_ref() == Some(&key));
            view! {
                <option value=place.to_string() selected=is_chosen>
                    {text}
                </option>
            }
        })
        .collect_view();
    let choose = move |place: String| {
        let template = place.parse().ok().and_then(|place: usize| all.get(place));
        draft.begin_with(template);
        send.template.set(template.map(Template::key));
    };
    view! {
        <div class="field">
            <label for="ticket-template">{t("template.title")}</label>
            <select
                id="ticket-template"
                class="input"
                on:change:target=move |event| choose(event.target().value())
            >
                <option value="" selected=move || send.template.with(Option::is_none)>
                    {t("ticket.choose")}
                </option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// The template's values, how the message will look, and the button that sends it.
#[component]
fn Message(draft: Draft, template: Template) -> impl IntoView {
    let inputs: Vec<AnyView> = template
        .slots()
        .into_iter()
        .enumerate()
        .map(|(place, slot)| {
            let is_url = matches!(slot.kind, SlotKind::Media(_));
            let example = slot.example.clone().unwrap_or_default();
            input(draft, place, slot_purpose(&template, &slot.id), slot.id, is_url, example)
        })
        .collect();
    let name = template.name.to_string();
    let preview: Signal<Preview> =
        Signal::derive(move || draft.values.with(|values| template.preview(values)));
    let package = draft.send().backend.get().settings.package.clone();
    let usage = draft.send().backend.get().usage;
    let no_room = Signal::derive(move || package.allows(1, usage.get()).err());
    let room = move || {
        no_room.get().map(|not_enough| {
            let (wanted, left) = (amount(not_enough.wanted), amount(not_enough.left));
            let text = tr("confirm.package.text", &[("wanted", &wanted), ("left", &left)]);
            view! {
                <Notice tone=Tone::Danger title=t("confirm.package.title")>
                    <p>{text}</p>
                </Notice>
            }
        })
    };
    let is_busy = move || draft.stage.with(|stage| matches!(stage, Stage::Verifying));
    let trouble = move || sending::trouble(draft, &name);
    let label = move || if is_busy() { t("confirm.verifying") } else { t("ticket.send") };
    view! {
        {dynamic(move || findings(draft, &|finding| finding.slot.is_none() && !finding.is_phone))}
        {inputs}
        <Bubble preview no_media=t("ticket.media_missing") />
        {dynamic(room)}
        {dynamic(trouble)}
        <button
            type="button"
            class="button button-primary"
            id="ticket-send"
            disabled=move || is_busy() || no_room.get().is_some()
            on:click=move |_| sending::start(draft, false)
        >
            {dynamic(label)}
        </button>
    }
}

fn input(draft: Draft, place: usize, label: String, slot: SlotId, is_url: bool, example: String) -> AnyView {
    let id = format!("ticket-value-{place}");
    let notes = format!("{id}-notes");
    let set = {
        let slot = slot.clone();
        move |value: String| draft.values.update(|values| values.set(slot.clone(), value))
    };
    // The box shows what would be sent, whatever it was drawn for before.
    let value = {
        let slot = slot.clone();
        move || draft.values.with(|values| values.get(&slot).unwrap_or_default().to_owned())
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                class="input"
                type=if is_url { "url" } else { "text" }
                autocomplete="off"
                placeholder=example
                prop:value=value
                aria-describedby=notes.clone()
                on:input:target=move |event| set(event.target().value())
            />
            <div id=notes>{dynamic(move || findings(draft, &|finding| finding.slot.as_ref() == Some(&slot)))}</div>
        </div>
    }
    .into_any()
}

/// What the rules say of the requester's phone, and the number that may be meant.
#[component]
pub fn OfPhone(draft: Draft) -> impl IntoView {
    let accept = move || {
        let number = draft.verdict()?.suggestion.and_then(|text| E164::parse_exact(&text).ok())?;
        Some(view! {
            <button
                type="button"
                class="button button-small"
                id="ticket-accept"
                on:click=move |_| draft.accept(number)
            >
                {tr("ticket.accept", &[("phone", &number.to_string())])}
            </button>
        })
    };
    view! {
        {dynamic(move || findings(draft, &|finding| finding.is_phone))}
        {dynamic(accept)}
    }
}

/// What the rules say of one value, of the phone or of the whole.
fn findings(draft: Draft, is_meant: &dyn Fn(&Finding) -> bool) -> Option<AnyView> {
    let verdict = draft.verdict()?;
    let is_tried = draft.is_tried.get();
    let texts: Vec<AnyView> = verdict
        .findings
        .iter()
        .filter(|finding| is_meant(finding) && (is_tried || !finding.is_missing))
        .map(|finding| {
            let class = match finding.severity {
                Severity::Error => "hint ticket-error",
                Severity::Warning => "hint ticket-warning",
                Severity::Info => "hint",
            };
            let role = if finding.blocks { "alert" } else { "status" };
            view! {
                <p class=class role=role>
                    {finding.text.clone()}
                </p>
            }
            .into_any()
        })
        .collect();
    Some(texts.into_any())
}
