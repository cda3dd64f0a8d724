//! Pictures of figures, as SVG. Whoever points at a part, or walks there with the arrows, reads its figures below; and every
//! picture has a table behind it.

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{components::dynamic_text, shell::texts::t};

/// The height of a picture of columns, in pixels.
const HEIGHT: f64 = 160.0;
/// A column takes so much of the picture's width at most, in percent: a single day is a column, too, and no wall.
const WIDEST_COLUMN: f64 = 8.0;
/// The height of a bar that lies, with the room around it.
const BAR: f64 = 34.0;
/// The longest name beside a bar.
const MAX_NAME_CHARS: usize = 48;

/// A part of a column, or a bar: its colour's class and how much it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub class: &'static str,
    pub n: u64,
}

/// A column of parts, or a bar with one.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is called where there is little room.
    pub name: String,
    pub parts: Vec<Part>,
    /// What is written beside a bar.
    pub value: String,
    /// All that is to be said of it.
    pub said: String,
}

/// The same figures as a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// How a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Columns side by side, each of stacked parts.
    Columns,
    /// Bars one below the other.
    Bars {
        /// What a whole bar means; none if the longest one is whole.
        of: Option<u64>,
    },
}

/// The picture, with what it says and its table.
pub fn chart(
    title: String,
    id: &'static str,
    shape: Shape,
    items: Vec<Item>,
    legend: Vec<(&'static str, String)>,
    table: Table,
) -> AnyView {
    let at = RwSignal::new(None::<usize>);
    let n_items = items.len();
    let step = move |event: KeyboardEvent| {
        let last = n_items.saturating_sub(1);
        let to = match (event.key().as_str(), at.get_untracked()) {
            ("ArrowRight" | "ArrowDown", now) => now.map_or(0, |now| (now + 1).min(last)),
            ("ArrowLeft" | "ArrowUp", now) => now.map_or(last, |now| now.saturating_sub(1)),
            ("Home", _) => 0,
            ("End", _) => last,
            _ => return,
        };
        event.prevent_default();
        at.set(Some(to));
    };
    let said: Vec<String> = items.iter().map(|item| item.said.clone()).collect();
    let reading = move || {
        let said = at.get().and_then(|at| said.get(at).cloned());
        said.unwrap_or_else(|| t("stats.chart.hint"))
    };
    let drawing = match shape {
        Shape::Columns => columns(&items, at),
        Shape::Bars { of } => bars(&items, of, at),
    };
    let legend = (!legend.is_empty()).then(|| {
        let entry = |(class, name): (&'static str, String)| {
            view! {
                <li class="row">
                    <span class=format!("chart-key {class}") aria-hidden="true"></span>
                    {name}
                </li>
            }
        };
        view! { <ul class="row chart-legend">{legend.into_iter().map(entry).collect_view()}</ul> }
    });
    let name = title.clone();
    view! {
        <section class="card chart" id=id aria-label=name.clone()>
            <h3>{name.clone()}</h3>
            {legend}
            <div
                class="chart-picture"
                tabindex="0"
                role="group"
                aria-label=title
                aria-describedby=format!("{id}-said")
                on:keydown=step
                on:mouseleave=move |_| at.set(None)
                on:blur=move |_| at.set(None)
            >
                {drawing}
            </div>
            <p class="hint chart-said numeric" id=format!("{id}-said") role="status">
                {dynamic_text(reading)}
            </p>
            <details>
                <summary>{t("stats.chart.table")}</summary>
                {table_view(table)}
            </details>
        </section>
    }
    .into_any()
}

fn columns(items: &[Item], at: RwSignal<Option<usize>>) -> AnyView {
    let most = items.iter().map(total).max().unwrap_or_default().max(1);
    let share = 100.0 / in_pixels(items.len() as u64).max(1.0);
    let width = (share * 0.7).min(WIDEST_COLUMN);
    let column = |(place, item): (usize, &Item)| {
        let mut top = HEIGHT;
        let left = in_pixels(place as u64) * share;
        let parts: Vec<_> = item
            .parts
            .iter()
            .filter(|part| part.n != 0)
            .map(|part| {
                // What is there is seen, however little.
                let height = (in_pixels(part.n) * HEIGHT / in_pixels(most)).max(1.5);
                top -= height;
                view! {
                    <rect
                        class=part.class
                        x=percent(left + (share - width) / 2.0)
                        y=tenths(top.max(0.0))
                        width=percent(width)
                        height=tenths(height)
                    ></rect>
                }
            })
            .collect();
        view! {
            <g class="chart-item" class:chart-at=move || at.get() == Some(place)>
                <rect
                    class="chart-ground"
                    x=percent(left)
                    y="0"
                    width=percent(share)
                    height=tenths(HEIGHT)
                    on:mouseenter=move |_| at.set(Some(place))
                ></rect>
                <g class="chart-parts">{parts}</g>
            </g>
        }
    };
    let columns: Vec<_> = items.iter().enumerate().map(column).collect();
    // As many names as have room.
    let every = items.len().div_ceil(8).max(1);
    let names: Vec<_> = items
        .iter()
        .enumerate()
        .step_by(every)
        .map(|(place, item)| {
            view! {
                <text
                    class="chart-name"
                    x=percent((in_pixels(place as u64) + 0.5) * share)
                    y=tenths(HEIGHT + 18.0)
                    text-anchor="middle"
                >
                    {item.name.clone()}
                </text>
            }
        })
        .collect();
    view! {
        <svg width="100%" height=tenths(HEIGHT + 26.0) aria-hidden="true">
            <line class="chart-axis" x1="0" x2="100%" y1=tenths(HEIGHT + 0.5) y2=tenths(HEIGHT + 0.5)></line>
            {columns}
            {names}
        </svg>
    }
    .into_any()
}

fn bars(items: &[Item], of: Option<u64>, at: RwSignal<Option<usize>>) -> AnyView {
    let most = of.unwrap_or_else(|| items.iter().map(total).max().unwrap_or_default()).max(1);
    let bar = |(place, item): (usize, &Item)| {
        let y = in_pixels(place as u64) * BAR;
        let class = item.parts.first().map_or("chart-placed", |part| part.class);
        let width = (in_pixels(total(item)) * 100.0 / in_pixels(most)).min(100.0);
        view! {
            <g class="chart-item" class:chart-at=move || at.get() == Some(place)>
                <rect
                    class="chart-ground"
                    x="0"
                    y=tenths(y)
                    width="100%"
                    height=tenths(BAR)
                    on:mouseenter=move |_| at.set(Some(place))
                ></rect>
                <g class="chart-parts">
                    // Ends where the value begins; whole it is read below.
                    <svg x="0" y=tenths(y) width="80%" height="18">
                        <text class="chart-name" x="0" y="13">
                            {short(&item.name)}
                        </text>
                    </svg>
                    <text class="chart-value" x="100%" y=tenths(y + 13.0) text-anchor="end">
                        {item.value.clone()}
                    </text>
                    <rect class="chart-track" x="0" y=tenths(y + 19.0) width="100%" height="8" rx="4"></rect>
                    <rect class=class x="0" y=tenths(y + 19.0) width=percent(width) height="8" rx="4"></rect>
                </g>
            </g>
        }
    };
    let bars: Vec<_> = items.iter().enumerate().map(bar).collect();
    view! {
        <svg width="100%" height=tenths(in_pixels(items.len() as u64) * BAR) aria-hidden="true">
            {bars}
        </svg>
    }
    .into_any()
}

fn table_view(table: Table) -> AnyView {
    let row = |cells: Vec<String>| {
        let cells = cells.into_iter().enumerate().map(|(place, cell)| {
            if place == 0 {
                view! { <th scope="row">{cell}</th> }.into_any()
            } else {
                view! { <td class="numeric">{cell}</td> }.into_any()
            }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    };
    let head = |name: String| view! { <th scope="col">{name}</th> };
    view! {
        <table class="figures-table">
            <thead>
                <tr>{table.heads.into_iter().map(head).collect_view()}</tr>
            </thead>
            <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// As much of a name as has room.
fn short(name: &str) -> String {
    if name.chars().count() <= MAX_NAME_CHARS {
        return name.to_owned();
    }
    name.chars().take(MAX_NAME_CHARS - 1).chain(['…']).collect()
}

fn total(item: &Item) -> u64 {
    item.parts.iter().map(|part| part.n).sum()
}

#[expect(clippy::cast_precision_loss, reason = "no picture has 2^52 of anything")]
fn in_pixels(n: u64) -> f64 {
    n as f64
}

fn percent(share: f64) -> String {
    format!("{}%", tenths(share))
}

/// With one decimal, by whole numbers: writing others costs 10 kB of WebAssembly.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are small and not negative"
)]
fn tenths(length: f64) -> String {
    let tenths = (length * 10.0).round().max(0.0) as u64;
    format!("{}.{}", tenths / 10, tenths % 10)
}
