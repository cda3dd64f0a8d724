//! What fills what: the phone and each of the template's slots, by a column or by one value for all rows.

use cxconnect_core::{
    check,
    mapping::{FoundBy, Mapping, Source},
    problem::{ColumnIdx, Severity},
    template::{SlotId, Template},
};
use leptos::prelude::*;

use crate::{
    components::{dynamic, dynamic_text},
    screens::send::{
        checking,
        problem_text::{column_name, kind_text},
        state::SendState,
        template_detail::slot_purpose,
        work::Work,
    },
    shell::texts::t,
};

/// The choice that isn't a column.
const FIXED: &str = "fixed";

/// The panel; open where something has to be chosen.
#[component]
pub fn MappingPanel(state: SendState) -> impl IntoView {
    let panel = move |work: &Work| {
        let found_by = match work.found_by {
            FoundBy::Place => t("mapping.by_place"),
            FoundBy::Names => t("mapping.by_names"),
            FoundBy::Kept => t("mapping.by_kept"),
        };
        let is_open = !work.mapping.is_complete();
        let columns: Vec<String> = (0..work.sheet.read_as().n_columns)
            .map(|idx| column_name(&work.sheet, ColumnIdx::new(idx)))
            .collect();
        let template = work.origin.template.clone();
        let mut lines = vec![phone_line(state, &work.mapping, &columns)];
        for (slot, source) in &work.mapping.slots {
            lines.push(slot_line(state, &work.mapping, &template, slot, source.as_ref(), &columns));
        }
        view! {
            <details class="choices" open=is_open id="mapping">
                <summary>
                    <span class="muted">{found_by}</span>
                    " "
                    <span class="link">{t("check.change")}</span>
                </summary>
                <div class="mapping">{lines}</div>
            </details>
        }
    };
    state.peek(panel)
}

fn phone_line(state: SendState, mapping: &Mapping, columns: &[String]) -> AnyView {
    let mapping = mapping.clone();
    let current = mapping.phone.map(|column| column.get().to_string());
    let choose = move |value: String| {
        let phone = value.parse().ok().map(ColumnIdx::new);
        checking::map_again(state, Mapping { phone, ..mapping.clone() });
    };
    line(t("template.column.phone"), columns, current, None, choose, ().into_any())
}

fn slot_line(
    state: SendState,
    mapping: &Mapping,
    template: &Template,
    slot: &SlotId,
    source: Option<&Source>,
    columns: &[String],
) -> AnyView {
    let name = slot_purpose(template, slot);
    let current = source.map(|source| match source {
        Source::Column(column) => column.get().to_string(),
        Source::Fixed(_) => FIXED.to_owned(),
    });
    let set = {
        let (mapping, slot) = (mapping.clone(), slot.clone());
        move |source: Option<Source>| {
            let mut mapping = mapping.clone();
            mapping.set_source(&slot, source);
            checking::map_again(state, mapping);
        }
    };
    let is_typing = RwSignal::new(matches!(source, Some(Source::Fixed(_))));
    let value = match source {
        Some(Source::Fixed(value)) => value.clone(),
        Some(Source::Column(_)) | None => String::new(),
    };
    let why_not = RwSignal::new(String::new());
    let (template, slot) = (template.clone(), slot.clone());
    let set_value = set.clone();
    let fixed = move || {
        let (template, slot, set_value) = (template.clone(), slot.clone(), set_value.clone());
        let write = move |text: String| {
            let text = text.trim().to_owned();
            // A value that breaks a rule would break it in every row.
            let found = check::fixed_value(&template, &slot, &text);
            match found.iter().find(|kind| kind.severity() == Severity::Error) {
                Some(kind) => why_not.set(kind_text(kind)),
                None => set_value(Some(Source::Fixed(text))),
            }
        };
        is_typing.get().then(|| {
            view! {
                <input
                    type="text"
                    class="input input-inline"
                    aria-label=t("mapping.fixed_value")
                    placeholder=t("mapping.fixed_value")
                    prop:value=value.clone()
                    on:change:target=move |event| write(event.target().value())
                />
                <span class="problem-what" role="alert">
                    {dynamic_text(move || why_not.get())}
                </span>
            }
        })
    };
    let choose = move |value: String| {
        if value == FIXED {
            is_typing.set(true);
        } else {
            set(value.parse().ok().map(|idx| Source::Column(ColumnIdx::new(idx))));
        }
    };
    line(name, columns, current, Some(t("mapping.fixed")), choose, dynamic(fixed).into_any())
}

/// A name, and what can be chosen for it.
fn line(
    name: String,
    columns: &[String],
    current: Option<String>,
    fixed: Option<String>,
    choose: impl Fn(String) + 'static,
    beside: AnyView,
) -> AnyView {
    let option = |value: String, name: String| {
        let is_chosen = current.as_deref() == Some(value.as_str());
        view! {
            <option value=value selected=is_chosen>
                {name}
            </option>
        }
    };
    let mut options = vec![option(String::new(), t("mapping.nothing"))];
    options.extend(columns.iter().enumerate().map(|(idx, name)| option(idx.to_string(), name.clone())));
    options.extend(fixed.map(|fixed| option(FIXED.to_owned(), fixed)));
    let is_empty = current.is_none();
    view! {
        <div class="row mapping-line" class:mapping-empty=is_empty>
            <label class="field">
                <span>{name}</span>
                <select class="input input-inline" on:change:target=move |event| choose(event.target().value())>
                    {options}
                </select>
            </label>
            {beside}
        </div>
    }
    .into_any()
}
