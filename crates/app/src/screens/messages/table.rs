//! The windowed table of a list of messages.

use cxconnect_core::{ledger::MessageRecord, receipt::Status, stats::Panel};
use cxconnect_ledger::Order;
use leptos::{prelude::*, task::spawn_local};

use super::{Count, Export, MessageList, Progress, words};
use crate::{
    components::{Notice, Rows, Tone, dynamic, dynamic_text},
    shell::{
        clock,
        texts::{amount, t, tn, tr},
    },
};

/// The height of a row: two lines.
const ROW_HEIGHT: f64 = 52.0;
/// The height of a row with a reason: four lines, which is more than most need.
const REASON_ROW_HEIGHT: f64 = 88.0;

/// What is shown of each message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// With what its batch has in common.
    All,
    /// What is its own.
    OfBatch,
}

/// A list's heading, count and files, and its table.
#[component]
pub fn MessageTable(
    list: MessageList,
    /// What it is called.
    #[prop(into)]
    title: String,
    /// The first part of its elements' ids.
    id: &'static str,
    /// The first part of the names of its files.
    file: &'static str,
    #[prop(default = Columns::All)] columns: Columns,
    /// Opens a batch, if that makes sense here.
    #[prop(optional)]
    on_batch: Option<Callback<cxconnect_core::plan::BatchId>>,
) -> impl IntoView {
    let n_read = Memo::new(move |_| list.rows(<[_]>::len));
    let n_rows = Signal::derive(move || {
        n_read.get() + usize::from(list.progress() != Progress::All && n_read.get() != 0)
    });
    let key = UnsyncCallback::new(|place: usize| place as u64);
    let cells = UnsyncCallback::new(move |place: Signal<usize>| {
        dynamic(move || {
            let row = list.rows(|rows| rows.get(place.get()).cloned());
            match row {
                Some(message) if columns == Columns::OfBatch => cells_of_batch(place.get() + 1, &message),
                Some(message) => cells(list.panel, &message, on_batch),
                None => the_rest(list),
            }
        })
        .into_any()
    });
    let (class, heads): (_, &[&str]) = match (columns, list.panel) {
        (Columns::OfBatch, panel) => {
            let class = if panel == Panel::Sent { "rows-of-batch" } else { "rows-of-batch rows-reasons" };
            (class, &["number", "updated", "origin", "phone_number", "description"])
        }
        (Columns::All, Panel::Sent) => {
            ("rows-sent", &["date", "status", "phone", "template", "origin", "lot"])
        }
        (Columns::All, Panel::NotSent) => {
            ("rows-not-sent rows-reasons", &["date", "description", "phone", "template", "origin", "lot"])
        }
    };
    // Their date is the first column of both panels; a batch's own page has no choice of order.
    let sorted = Signal::derive(move || match (columns, list.wanted.get().order) {
        (Columns::All, Order::NewestFirst) => Some((0, false)),
        (Columns::All, Order::OldestFirst) => Some((0, true)),
        (Columns::All, Order::ChangedFirst) | (Columns::OfBatch, _) => None,
    });
    let heads = heads.iter().map(|head| t(&format!("stats.head.{head}"))).collect();
    let row_height = if list.panel == Panel::Sent { ROW_HEIGHT } else { REASON_ROW_HEIGHT };
    let label = title.clone();
    let below = move || match (n_read.get(), list.progress()) {
        (0, Progress::Reading | Progress::More) => Some(
            view! {
                <p class="row muted" role="status">
                    <span class="spinner"></span>
                    {t("stats.reading")}
                </p>
            }
            .into_any(),
        ),
        (_, Progress::All) if list.n_missing() != 0 => Some(
            view! {
                <div class="row" id=format!("{id}-missing")>
                    <p class="muted">
                        {tn("stats.missing", usize::try_from(list.n_missing()).unwrap_or(usize::MAX), &[])}
                    </p>
                    <button type="button" class="button button-small" on:click=move |_| list.again()>
                        {t("stats.again")}
                    </button>
                </div>
            }
            .into_any(),
        ),
        (0, Progress::All) => Some(view! { <p class="muted">{t("stats.none")}</p> }.into_any()),
        (_, Progress::Failed(fault)) => Some(
            view! {
                <Notice tone=Tone::Danger title=words::fault(fault)>
                    <button type="button" class="button button-small" on:click=move |_| list.more()>
                        {t("api.retry")}
                    </button>
                </Notice>
            }
            .into_any(),
        ),
        _ => None,
    };
    view! {
        <div class="row row-spread">
            <div class="row">
                <h3>{title}</h3>
                <span class="muted numeric" id=format!("{id}-count") role="status">
                    {dynamic_text(move || count_text(list.count()))}
                </span>
            </div>
            <Export list id file />
        </div>
        <div id=format!("{id}-rows") hidden=move || n_read.get() == 0>
            <Rows class label heads sorted n_rows row_height key cells />
        </div>
        {dynamic(below)}
    }
}

fn count_text(count: Count) -> String {
    let number = amount;
    match count {
        Count::Exactly(n) => tn("stats.count", usize::try_from(n).unwrap_or(usize::MAX), &[]),
        Count::AtLeast(n) => tr("stats.at_least", &[("n", &number(n))]),
        Count::OneByOne(n) => tr("stats.one_by_one", &[("n", &number(n))]),
    }
}

/// What stands below the last row that was read; whoever sees it wants more.
fn the_rest(list: MessageList) -> AnyView {
    if list.progress() == Progress::More {
        // Not while the table is being drawn.
        spawn_local(async move { list.more() });
    }
    view! {
        <div role="cell" class="row muted rows-rest">
            <span class="spinner"></span>
            {t("stats.reading")}
        </div>
    }
    .into_any()
}

fn tag(message: &MessageRecord) -> AnyView {
    let status = message.status();
    view! {
        <span class=words::tag(status) data-state=status.key()>
            {words::status(status)}
        </span>
    }
    .into_any()
}

/// A message of the batch whose page is open.
fn cells_of_batch(number: usize, message: &MessageRecord) -> AnyView {
    let is_told = !matches!(message.status(), Status::Failed | Status::Unknown);
    let text = if is_told { String::new() } else { words::description(message) };
    view! {
        <div role="cell" class="numeric">{number}</div>
        <div role="cell" class="numeric">{clock::written(message.updated_at())}</div>
        <div role="cell" title=words::origin_of(message)>
            <span class="cell">{words::origin_of(message)}</span>
        </div>
        <div role="cell" class="numeric">{message.to.to_string()}</div>
        <div role="cell" title=text.clone()>
            <span class="cell">{tag(message)} " " {text.clone()}</span>
        </div>
    }
    .into_any()
}

fn cells(
    panel: Panel,
    message: &MessageRecord,
    on_batch: Option<Callback<cxconnect_core::plan::BatchId>>,
) -> AnyView {
    let cell = |text: String| view! { <div role="cell" title=text.clone()><span class="cell">{text.clone()}</span></div> };
    let state = tag(message);
    let second = match panel {
        Panel::Sent => view! { <div role="cell">{state}</div> }.into_any(),
        Panel::NotSent => {
            let text = words::description(message);
            view! {
                <div role="cell" title=text.clone()>
                    <span class="cell">{state} " " {text.clone()}</span>
                </div>
            }
            .into_any()
        }
    };
    let lot = words::lot_of(message.created);
    let batch = message.batch.clone();
    let lot = match on_batch {
        Some(open) => view! {
            <button type="button" class="link numeric" on:click=move |_| open.run(batch.clone())>
                {lot}
            </button>
        }
        .into_any(),
        None => view! { <span class="numeric">{lot}</span> }.into_any(),
    };
    view! {
        <div role="cell" class="numeric">{clock::written(message.sent_at())}</div>
        {second}
        <div role="cell" class="numeric">{message.to.to_string()}</div>
        {cell(message.template.clone())}
        {cell(words::origin_of(message))}
        <div role="cell">{lot}</div>
    }
    .into_any()
}
