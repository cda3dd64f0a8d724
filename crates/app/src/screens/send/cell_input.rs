//! A cell of the file that can be written over where it stands.

use cxconnect_core::problem::ColumnIdx;
use leptos::prelude::*;

use crate::{
    screens::send::state::SendState,
    shell::{focus, measure, texts::t},
};

/// The cell's text; only its row is checked again when it changes.
pub fn cell_input(
    state: SendState,
    row_idx: usize,
    column: ColumnIdx,
    text: String,
    is_wrong: bool,
) -> AnyView {
    let write = move |text: String| edit(state, row_idx, column, &text);
    // A field of one line would join what a line break parts: a blank is what the agent would write.
    let text = text.replace("\r\n", " ").replace(['\r', '\n'], " ");
    view! {
        <input
            type="text"
            class="input input-cell mono"
            class:input-wrong=is_wrong
            aria-label=t("problems.value")
            aria-invalid=is_wrong.to_string()
            placeholder=t("problems.empty_value")
            prop:value=text
            on:focus=move |_| state.selected.set(row_idx)
            on:change:target=move |event| write(event.target().value())
        />
    }
    .into_any()
}

/// Writes a cell.
pub fn edit(state: SendState, row_idx: usize, column: ColumnIdx, text: &str) {
    let measured = measure::begin("cxconnect.recheck");
    state.selected.set(row_idx);
    state.change(|work| work.edit(row_idx, column, text));
    // The problem that was mended is gone, and its row with it.
    focus::keep_in(".rows-view");
    measured.end_at_next_frame();
}
