//! A table of any length: only the rows in view are in the page.

use leptos::prelude::*;

/// Rows above and below the view that are drawn ahead of scrolling.
const AHEAD: usize = 6;
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
    /// The column that the rows are in the order of, and whether it rises; none if they are in another order.
    #[prop(optional, into)]
    sorted: Signal<Option<(usize, bool)>>,
    #[prop(into)] n_rows: Signal<usize>,
    /// The height of every row, in pixels. When it changes, the first row in view stays there.
    #[prop(into)]
    row_height: Signal<f64>,
    /// What tells the rows apart: where a row comes or goes, the others are moved and not drawn anew. No two may have
    /// the same.
    key: UnsyncCallback<usize, u64>,
    /// Draws a row's cells, each with the role `cell`, for as long as there is a row with this key; its place changes with
    /// the rows before it.
    cells: UnsyncCallback<Signal<usize>, AnyView>,
) -> impl IntoView {
    let scrolled = RwSignal::new(0.0_f64);
    // Measured only as it is scrolled: asking for it makes the browser lay out the page there and then.
    let height = RwSignal::new(ASSUMED_VIEW);
    let look = move |view: web_sys::HtmlDivElement| {
        scrolled.set(f64::from(view.scroll_top()));
        height.set(f64::from(view.client_height()).max(ASSUMED_VIEW));
    };
    let view = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |before: Option<f64>| {
        let row_height = row_height.get();
        if let Some(before) = before
            && before.to_bits() != row_height.to_bits()
            && let Some(view) = view.get_untracked()
        {
            let first = rows_in(scrolled.get_untracked(), before);
            view.set_scroll_top(whole(as_pixels(first) * row_height));
        }
        row_height
    });
    let visible = Memo::new(move |_| {
        let (height, row_height) = (height.get(), row_height.get());
        let first = rows_in(scrolled.get(), row_height).saturating_sub(AHEAD);
        let end = (rows_in(scrolled.get() + height, row_height) + 1 + AHEAD).min(n_rows.get());
        (first.min(end), end)
    });
    let row = move |place: ReadSignal<usize>, _| {
        let idx = Signal::derive(move || visible.get().0 + place.get());
        view! {
            <div
                class="rows-row"
                role="row"
                aria-rowindex=move || idx.get() + 2
                style:height=move || pixels(row_height.get())
                style:top=move || pixels(as_pixels(idx.get()) * row_height.get())
            >
                <div class="rows-cells">{cells.run(idx)}</div>
            </div>
        }
    };
    let n_columns = heads.len();
    let head = move |(column, name): (usize, String)| {
        let order = move || sorted.get().filter(|(sorted, _)| *sorted == column).map(|(_, rises)| rises);
        let sort = move || order().map(|rises| if rises { "ascending" } else { "descending" });
        let arrow = move || order().map(|rises| if rises { " ↑" } else { " ↓" });
        view! {
            <div role="columnheader" aria-sort=sort>
                {name}
                <span aria-hidden="true">{arrow}</span>
            </div>
        }
    };
    let view_label = label.clone();
    view! {
        <div
            class=format!("rows {class}")
            style=("--columns", n_columns.to_string())
            role="table"
            aria-label=label
            aria-rowcount=move || n_rows.get() + 1
        >
            <div class="rows-head" role="row" aria-rowindex="1">
                <div class="rows-cells">{heads.into_iter().enumerate().map(head).collect_view()}</div>
            </div>
            // Focusable, so that the keyboard scrolls it.
            <div
                class="rows-view"
                node_ref=view
                role="rowgroup"
                tabindex="0"
                aria-label=view_label
                on:scroll:target=move |event| look(event.target())
            >
                <div
                    class="rows-space"
                    role="presentation"
                    style:height=move || pixels(as_pixels(n_rows.get()) * row_height.get())
                >
                    <ForEnumerate
                        each=move || {
                            let (first, end) = visible.get();
                            (first..end).map(|idx| key.run(idx)).collect::<Vec<_>>()
                        }
                        key=|key| *key
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
    reason = "lengths are whole, and browsers have none of 2^31 pixels"
)]
fn whole(length: f64) -> i32 {
    length as i32
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
