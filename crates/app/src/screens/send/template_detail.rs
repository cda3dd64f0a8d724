//! The chosen template: how it looks, and the file that it needs.

use cxconnect_core::{
    example,
    mapping::{ColumnPurpose, columns},
    sheet::CsvWriter,
    template::{MediaKind, Slot, SlotId, SlotKind, Template, Values},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Bubble, dynamic},
    screens::send::state::SendState,
    shell::{
        files, spreadsheet,
        texts::{t, tr},
    },
};

/// Preview, columns, and the downloadable format.
#[component]
pub fn TemplateDetail(state: SendState) -> impl IntoView {
    let content = dynamic(move || match state.chosen_template() {
        Some(template) => view! { <Detail template /> }.into_any(),
        None => view! { <p class="muted">{t("template.preview_empty")}</p> }.into_any(),
    });
    view! {
        <section class="card" aria-live="polite">
            <h2>{t("template.preview")}</h2>
            {content}
        </section>
    }
}

#[component]
fn Detail(template: Template) -> impl IntoView {
    let preview = template.preview(&Values::new());
    let rows = columns(&template)
        .into_iter()
        .map(|spec| {
            let purpose = match &spec.purpose {
                ColumnPurpose::Phone => t("template.column.phone"),
                ColumnPurpose::Unused => t("template.column.unused"),
                ColumnPurpose::Slot(slot) => slot_name(&template, slot),
            };
            view! {
                <li>
                    <strong>{spec.column.to_string()}</strong>
                    " "
                    <span class="mono">{spec.name}</span>
                    " "
                    <span class="muted">{purpose}</span>
                </li>
            }
        })
        .collect_view();
    let not_saved = RwSignal::new(false);
    let has_slots = !template.slots().is_empty();
    let download = {
        let template = template.clone();
        move |_| {
            let name = format!("{}.csv", example::file_name(&template));
            not_saved.set(
                files::download(&name, files::CSV, &example::csv(&template, files::delimiter())).is_err(),
            );
        }
    };
    let download_workbook = move |_| {
        let name = format!("{}.xlsx", example::file_name(&template));
        let mut csv = CsvWriter::plain();
        for row in example::rows(&template) {
            csv.row(row);
        }
        spawn_local(async move {
            let workbook = spreadsheet::write(&csv.finish(), &t("template.sheet")).await;
            let saved = workbook.ok().and_then(|bytes| files::download(&name, files::XLSX, &bytes).ok());
            not_saved.set(saved.is_none());
        });
    };
    view! {
        <Bubble preview=Signal::stored(preview) />
        {has_slots.then(|| view! { <p class="hint">{t("template.legend")}</p> })}
        <div class="row">
            <button type="button" class="button" on:click=download>
                {t("template.format")}
            </button>
            <button type="button" class="button" id="format-xlsx" on:click=download_workbook>
                {t("template.format_xlsx")}
            </button>
            <a href=t("link.how") target="_blank" rel="noopener noreferrer">
                {t("template.how")}
            </a>
        </div>
        <Show when=move || not_saved.get()>
            <p role="alert">{t("run.download_failed")}</p>
        </Show>
        <details>
            <summary class="label">{t("template.columns")}</summary>
            <ul>{rows}</ul>
        </details>
    }
}

/// What a slot is for.
pub fn slot_purpose(template: &Template, id: &SlotId) -> String {
    let slot = template.slots().into_iter().find(|slot| slot.id == *id);
    slot.map(|slot| slot_name(template, &slot)).unwrap_or_default()
}

fn slot_name(template: &Template, slot: &Slot) -> String {
    match (&slot.id, &slot.kind) {
        (_, SlotKind::Media(MediaKind::Image)) => t("template.column.image"),
        (_, SlotKind::Media(MediaKind::Video)) => t("template.column.video"),
        (_, SlotKind::Media(MediaKind::Document)) => t("template.column.document"),
        (SlotId::Body(placeholder), _) => tr("template.column.body", &[("name", &placeholder.in_braces())]),
        (SlotId::Button(index), _) => {
            let button = template.buttons.get(*index).map_or("", |button| button.text());
            tr("template.column.button", &[("button", button)])
        }
        (SlotId::HeaderText | SlotId::HeaderMedia, _) => {
            let name = template.header_placeholder().map(|placeholder| placeholder.in_braces());
            tr("template.column.header", &[("name", &name.unwrap_or_default())])
        }
    }
}
