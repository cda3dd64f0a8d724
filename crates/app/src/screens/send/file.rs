//! Adding the file, by button or drag and drop, and Procesar.

use cxconnect_core::position::Elsewhere;
use leptos::{ev::DragEvent, html::Input, prelude::*, task::spawn_local};
use web_sys::{File, FileList};

use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    screens::send::{
        elsewhere, load, parts,
        state::{ChosenFile, SendState, Step},
    },
    shell::{
        files,
        texts::{t, tr},
    },
};

/// The place for the file.
#[component]
pub fn FilePicker(state: SendState) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let is_over = RwSignal::new(false);
    let take = move |files: Option<FileList>| {
        let Some(files) = files else { return };
        if let Some(handle) = files.get(0) {
            state.file.set(Some(ChosenFile { handle, is_one_of_several: 1 < files.length() }));
        }
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        take(event.data_transfer().and_then(|transfer| transfer.files()));
    };
    let on_change = move |_| {
        if let Some(input) = input.get() {
            take(input.files());
            // Otherwise choosing the same file again, after mending it, would be no change.
            input.set_value("");
        }
    };
    let choose = move |_| {
        if let Some(input) = input.get() {
            input.click();
        }
    };
    let chosen = dynamic(move || match state.file.get() {
        Some(file) => view! { <Chosen state file /> }.into_any(),
        None => view! { <p class="muted">{t("file.drop")}</p> }.into_any(),
    });
    view! {
        <section class="card">
            <h2>{t("file.title")}</h2>
            <div
                class="dropzone"
                class:dropzone-over=move || is_over.get()
                on:dragover=move |event: DragEvent| {
                    event.prevent_default();
                    is_over.set(true);
                }
                on:dragleave=move |_| is_over.set(false)
                on:drop=on_drop
            >
                <input
                    node_ref=input
                    type="file"
                    id="file"
                    class="visually-hidden"
                    tabindex="-1"
                    aria-label=t("file.title")
                    on:change=on_change
                />
                <button type="button" class="button" on:click=choose>
                    {dynamic_text(move || {
                        if state.file.with(Option::is_some) { t("file.change") } else { t("file.choose") }
                    })}
                </button>
                {chosen}
            </div>
            <p class="hint">{t("file.stays")} " " {t("file.utf8")}</p>
            <Process state />
        </section>
    }
}

/// Procesar, and why it can't be pressed yet.
#[component]
fn Process(state: SendState) -> impl IntoView {
    // Its code may still be on its way, or not arrive; pressing again asks again.
    let is_coming = RwSignal::new(false);
    let is_missing = RwSignal::new(false);
    // An admin has given the template to another place, which was read when Procesar was pressed.
    let moved = RwSignal::new(None::<(String, Elsewhere)>);
    Effect::new(move |_| {
        // What is said of one template isn't said of the next.
        if state.template.with(Option::is_some) {
            moved.set(None);
        }
    });
    let process = move |_| {
        if is_coming.get_untracked() {
            return;
        }
        is_coming.set(true);
        is_missing.set(false);
        moved.set(None);
        spawn_local(async move {
            load::read_positions(state).await;
            // The agent may have gone elsewhere, or have chosen another one.
            if !state.is_at(|step| matches!(step, Step::Compose)) {
                is_coming.try_set(false);
                return;
            }
            if let Some(template) = untrack(|| state.chosen_template())
                && let Some(why) = state.elsewhere(&template)
            {
                load::let_go(state);
                moved.try_set(Some((template.name.to_string(), why)));
                is_coming.try_set(false);
                return;
            }
            let is_started = parts::start(state).await.is_ok();
            // The next step may be there already, without these.
            is_coming.try_set(false);
            is_missing.try_set(!is_started);
        });
    };
    let notice = move || moved.get().map(|(name, why)| elsewhere::moved(state, &name, why, None));
    let why_not = move || {
        if state.chosen_template().is_none() {
            Some(t("file.need_template"))
        } else if state.file.with(Option::is_none) {
            Some(t("file.need_file"))
        } else {
            None
        }
    };
    view! {
            <div class="actions">
                <p class="hint" id="process-hint">
                    {dynamic_text(move || {
                        if is_coming.get() { t("part.loading") } else { why_not().unwrap_or_default() }
                    })}
                </p>
                <button
                    type="button"
                    class="button button-primary"
                    id="process"
                    aria-describedby="process-hint"
                    disabled=move || why_not().is_some()
                    on:click=process
                >
                    {t("file.process")}
                </button>
            </div>
            {dynamic(notice)}
            <div id="process-missing">
                <Show when=move || is_missing.get()>
                    <Notice tone=Tone::Danger title=t("part.missing.title")>
                        <p>{t("part.missing.fix")}</p>
                    </Notice>
                </Show>
            </div>
    }
}

#[component]
fn Chosen(state: SendState, file: ChosenFile) -> impl IntoView {
    let name = file.handle.name();
    let several = file.is_one_of_several.then(|| tr("file.several", &[("name", &name)]));
    view! {
        <p class="row">
            <span class="file-name">{name}</span>
            <span class="muted">{tr("file.bytes", &[("n", &kilobytes(&file.handle))])}</span>
            <button type="button" class="button button-basic button-small" on:click=move |_| state.file.set(None)>
                {t("file.remove")}
            </button>
        </p>
        {several.map(|several| view! { <p class="hint">{several}</p> })}
    }
}

/// Rounded up: a file of one byte isn't empty.
fn kilobytes(file: &File) -> String {
    files::size(file).div_ceil(1024).to_string()
}
