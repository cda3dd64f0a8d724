//! The file's rows as they are used, in a table where they can be mended.

use cxconnect_core::{check::Fate, problem::ColumnIdx, sheet::Cells};
use leptos::prelude::*;

use crate::{
    components::{Icon, Rows, dynamic},
    screens::send::{cell_input::cell_input, problem_text::column_name, state::SendState, work::Work},
    shell::texts::t,
};

const ROW_HEIGHT: f64 = 44.0;
/// More columns than these don't fit side by side; the others don't go into the message mostly.
const MAX_COLUMNS: usize = 8;

/// The table.
#[component]
pub fn RowList(state: SendState) -> impl IntoView {
    let columns = state.peek(columns).unwrap_or_default();
    let heads = state.peek(|work| {
        let own = columns.iter().map(|column| column_name(&work.sheet, *column));
        [t("problems.line"), t("problems.row"), t("rows.fate")]
            .into_iter()
            .chain(own)
            .chain([String::new()])
            .collect()
    });
    let columns = StoredValue::new(columns);
    let cells = UnsyncCallback::new(move |idx: Signal<usize>| {
        dynamic(move || {
            columns.with_value(|columns| state.look(|work| cells(state, work, idx.get(), columns)))
        })
        .into_any()
    });
    let n_rows = Signal::derive(move || state.look(|work| work.sheet.n_rows()).unwrap_or_default());
    view! {
        <Rows
            class="rows-data"
            label=t("rows.list")
            heads=heads.unwrap_or_default()
            n_rows
            row_height=ROW_HEIGHT
            key=UnsyncCallback::new(|idx| idx as u64)
            cells
        />
    }
}

/// The phone's column, then those that fill slots; all of them while nothing is mapped.
fn columns(work: &Work) -> Vec<ColumnIdx> {
    use cxconnect_core::mapping::Source;
    let slots = work.mapping.slots.iter().filter_map(|(_, source)| match source {
        Some(Source::Column(column)) => Some(*column),
        Some(Source::Fixed(_)) | None => None,
    });
    let mut columns: Vec<ColumnIdx> = work.mapping.phone.into_iter().chain(slots).collect();
    columns.dedup();
    if columns.is_empty() {
        columns = (0..work.sheet.read_as().n_columns).map(ColumnIdx::new).collect();
    }
    columns.truncate(MAX_COLUMNS);
    columns
}

fn cells(state: SendState, work: &Work, idx: usize, columns: &[ColumnIdx]) -> AnyView {
    let mut cells = Cells::new();
    work.sheet.cells(idx, &mut cells);
    let problems =
        work.checked.as_ref().map(|checked| checked.problems_of(&work.sheet, idx)).unwrap_or_default();
    let inputs = columns
        .iter()
        .map(|&column| {
            let is_wrong =
                problems.iter().any(|problem| problem.is_error() && problem.column == Some(column));
            let text = cells.raw(column).unwrap_or_default().to_owned();
            view! { <div role="cell">{cell_input(state, idx, column, text, is_wrong)}</div> }
        })
        .collect_view();
    let (tag, name) = match work.checked.as_ref().and_then(|checked| checked.fate_of(idx)) {
        Some(Fate::Ready) => ("tag tag-success", t("rows.ready")),
        Some(Fate::Excluded) => ("tag", t("rows.excluded")),
        Some(Fate::Wrong) => ("tag tag-danger", t("rows.wrong")),
        None => ("tag", String::new()),
    };
    view! {
        <div role="cell" class="numeric">
            {work.sheet.line(idx).to_string()}
        </div>
        <div role="cell" class="numeric">
            {work.sheet.row_number(idx).to_string()}
        </div>
        <div role="cell">
            <span class=tag>{name}</span>
        </div>
        {inputs}
        <div role="cell">
            <button
                type="button"
                class="button button-icon"
                aria-label=t("problems.preview")
                title=t("problems.preview")
                on:click=move |_| state.selected.set(idx)
            >
                {Icon::Eye.view()}
            </button>
        </div>
    }
    .into_any()
}
