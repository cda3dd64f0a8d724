//! A table of any length: only the rows in view are in the page.

use leptos::{html::Div, prelude::*};

use crate::components::dynamic;

/// Rows above and below the view that are drawn ahead of scrolling.
const AHEAD: usize = 8;
/// The height of the view before it has been measured, in pixels.
const ASSUMED_VIEW: f64 = 440.0;

/// A table with a head and `n_rows` rows of one height.
#[component]
pub fn Rows(
    /// The class that lays out the cells: the same for head and rows.
    class: &'static str,
    /// What the table is called, for screen readers.
    #[prop(into)]
    label: String,
    /// The heads of the columns.
    heads: Vec<String>,
    #[prop(into)] n_rows: Signal<usize>,
    /// The height of every row, in pixels.
    row_height: f64,
    /// Draws a row's cells, each with the role `cell`. Signals read inside redraw that row only.
    cells: UnsyncCallback<usize, AnyView>,
) -> impl IntoView {
    let view_ref = NodeRef::<Div>::new();
    let scrolled = RwSignal::new(0.0_f64);
    let visible = Memo::new(move |_| {
        let height =
            view_ref.get().map_or(ASSUMED_VIEW, |view| f64::from(view.client_height()).max(ASSUMED_VIEW));
        let first = rows_in(scrolled.get(), row_height).saturating_sub(AHEAD);
        let end = (rows_in(scrolled.get() + height, row_height) + 1 + AHEAD).min(n_rows.get());
        (first.min(end), end)
    });
    let row = move |idx: usize| {
        view! {
            <div
                class="rows-row"
                role="row"
                aria-rowindex=idx + 2
                style:height=pixels(row_height)
                style:top=pixels(as_pixels(idx) * row_height)
            >
                <div class="rows-cells">{dynamic(move || cells.run(idx))}</div>
            </div>
        }
    };
    let head = move |name: String| view! { <div role="columnheader">{name}</div> };
    let view_label = label.clone();
    view! {
        <div
            class=format!("rows {class}")
            role="table"
            aria-label=label
            aria-rowcount=move || n_rows.get() + 1
        >
            <div class="rows-head" role="row" aria-rowindex="1">
                <div class="rows-cells">{heads.into_iter().map(head).collect_view()}</div>
            </div>
            // Focusable, so that the keyboard scrolls it.
            <div
                class="rows-view"
                role="rowgroup"
                tabindex="0"
                aria-label=view_label
                node_ref=view_ref
                on:scroll:target=move |event| scrolled.set(f64::from(event.target().scroll_top()))
            >
                <div
                    class="rows-space"
                    role="presentation"
                    style:height=move || pixels(as_pixels(n_rows.get()) * row_height)
                >
                    <For
                        each=move || {
                            let (first, end) = visible.get();
                            first..end
                        }
                        key=|idx| *idx
                        children=row
                    />
                </div>
            </div>
        </div>
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a scroll position is a small number ≥ 0"
)]
fn rows_in(pixels: f64, row_height: f64) -> usize {
    (pixels / row_height).max(0.0) as usize
}

#[expect(clippy::cast_precision_loss, reason = "no table has 2^52 rows")]
fn as_pixels(n_rows: usize) -> f64 {
    n_rows as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are whole and not negative"
)]
fn pixels(length: f64) -> String {
    // As a whole number: writing others costs 10 kB of WebAssembly.
    format!("{}px", length as u64)
}
