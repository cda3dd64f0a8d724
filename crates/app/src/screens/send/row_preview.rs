//! Any row as its recipient will see it.

use cxconnect_core::template::Preview;
use leptos::prelude::*;

use crate::{
    components::{Bubble, Icon, dynamic_text},
    screens::send::state::SendState,
    shell::texts::{t, tr},
};

/// The chosen row's message, with a way through all rows.
#[component]
pub fn RowPreview(state: SendState) -> impl IntoView {
    let n_rows = move || state.look(|work| work.sheet.n_rows()).unwrap_or_default();
    let preview: Signal<Preview> = Signal::derive(move || {
        let idx = state.selected.get();
        state
            .look_after(|work| {
                let values = work.checked.as_ref().map(|checked| checked.values(&work.sheet, idx));
                work.origin.template.preview(&values.unwrap_or_default())
            })
            .unwrap_or_else(|| Preview { header: None, body: Vec::new(), footer: None, buttons: Vec::new() })
    });
    let place = move || {
        let idx = state.selected.get();
        let text = state.look(|work| {
            let to = work.checked.as_ref().and_then(|checked| checked.number_of(idx));
            let to = to.map_or_else(|| t("rows.no_phone"), |to| to.to_string());
            let (row, line) = (work.sheet.row_number(idx).to_string(), work.sheet.line(idx).to_string());
            tr("rows.place", &[("row", &row), ("line", &line), ("phone", &to)])
        });
        text.unwrap_or_default()
    };
    let step = |key: &'static str, icon: Icon, go: fn(usize) -> usize, is_end: Signal<bool>| {
        view! {
            <button
                type="button"
                class="button button-icon"
                aria-label=t(key)
                disabled=move || is_end.get()
                on:click=move |_| state.selected.update(|idx| *idx = go(*idx))
            >
                {icon.view()}
            </button>
        }
    };
    let at_start = Signal::derive(move || state.selected.get() == 0);
    let at_end = Signal::derive(move || n_rows() <= state.selected.get() + 1);
    view! {
        <div class="stack row-preview">
            <div class="row">
                {step("rows.previous", Icon::Previous, |idx| idx.saturating_sub(1), at_start)}
                {step("rows.next", Icon::Next, |idx| idx + 1, at_end)}
                <span role="status" id="preview-place">
                    {dynamic_text(place)}
                </span>
            </div>
            <Bubble preview />
        </div>
    }
}
