//! Each row of a batch and what became of it.

use cxconnect_core::{
    dispatch::{Event, MessageIdx, MessageState},
    frozen::{Frozen, Outcome},
};
use leptos::prelude::*;

use crate::{
    components::{Rows, dynamic},
    run::{Glance, Role, RunRef},
    screens::send::{export::Export, wording},
    shell::texts::{t, tr},
};

/// The height of a result's row: three lines of text.
const ROW_HEIGHT: f64 = 72.0;

/// The states that the table can be narrowed to; the first is all.
const FILTERS: [&str; 7] = ["all", "accepted", "refused", "unknown", "marked_sent", "not_sent", "waiting"];

/// The table, with what narrows it and what it can be saved as.
#[component]
pub fn Results(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let filter = RwSignal::new("all");
    let search = RwSignal::new(String::new());
    // The rows never change, so they are looked through only when something else is looked for.
    let found = Memo::new(move |_| {
        let wanted = search.with(|search| search.trim().to_lowercase());
        (!wanted.is_empty()).then(|| run.frozen(|frozen| {
            (0..frozen.n_rows()).map(|row| has(frozen, row, &wanted)).collect::<Vec<bool>>()
        }))
    });
    let shown = Memo::new(move |_| {
        // Follows the run by its figures: states change only with them.
        glance.with(|glance| glance.counts);
        let filter = filter.get();
        found.with(|found| {
            let is_found = |row: usize| found.as_ref().is_none_or(|found| found.get(row) == Some(&true));
            run.look(|frozen, dispatch| rows(frozen, dispatch.states(), filter, is_found))
        })
    });
    let n_rows = Signal::derive(move || shown.with(Vec::len));
    let row_at = move |place: usize| shown.with(|shown| shown.get(place).copied());
    let key = UnsyncCallback::new(move |place| row_at(place).map_or(u64::MAX, u64::from));
    // The row whose message the agent may send again, if they say yes.
    let asked = RwSignal::new(None::<u32>);
    let cells = UnsyncCallback::new(move |place: Signal<usize>| {
        let now = Memo::new(move |_| {
            let row = row_at(place.get())?;
            let can_decide = glance.with(|glance| glance.role == Role::Owner);
            run.look(|frozen, dispatch| {
                let idx = message_of(frozen, row);
                Some((row, idx, idx.and_then(|idx| dispatch.states().get(idx).cloned()), can_decide))
            })
        });
        dynamic(move || {
            now.get().map(|(row, idx, state, can_decide)| {
                let decide = idx.filter(|_| can_decide && matches!(state, Some(MessageState::Unknown(_))));
                cells(run, row, state.as_ref(), decide, asked)
            })
        })
        .into_any()
    });
    let options = FILTERS
        .map(|name| {
            let text = if name == "all" { t("run.filter.all") } else { t(&format!("state.{name}")) };
            view! { <option value=name>{text}</option> }
        })
        .collect_view();
    let choose = move |value: String| {
        filter.set(FILTERS.into_iter().find(|name| *name == value).unwrap_or("all"));
    };
    let heads = ["problems.row", "problems.line", "run.phone", "run.state", "run.detail"].map(t).to_vec();
    view! {
        <div class="row row-spread">
            <h3>{t("run.results")}</h3>
            <Export run />
        </div>
        <div class="row">
            <input
                id="run-search"
                class="input input-inline"
                type="search"
                autocomplete="off"
                aria-label=t("run.search")
                placeholder=t("run.search")
                on:input:target=move |event| search.set(event.target().value())
            />
            <label for="run-filter">{t("run.show")}</label>
            <select
                id="run-filter"
                class="input input-inline"
                on:change:target=move |event| choose(event.target().value())
            >
                {options}
            </select>
        </div>
        <Rows
            class="rows-results"
            label=t("run.results")
            heads
            n_rows
            row_height=ROW_HEIGHT
            key
            cells
        />
        <Show when=move || n_rows.get() == 0>
            <p class="muted">{t("run.filter.empty")}</p>
        </Show>
    }
}

/// Whether a row has what is looked for: in its number, or in a cell of its own.
fn has(frozen: &Frozen, row: usize, wanted: &str) -> bool {
    frozen.row(row).is_some_and(|row| {
        let is_number = match row.outcome {
            Outcome::Message { to, .. } => to.to_string().contains(wanted),
            Outcome::LeftOut { .. } => false,
        };
        is_number || row.cells().any(|cell| cell.to_lowercase().contains(wanted))
    })
}

/// The rows to show. Messages are in the order of their rows.
fn rows(
    frozen: &Frozen,
    states: &[MessageState],
    filter: &str,
    is_found: impl Fn(usize) -> bool,
) -> Vec<u32> {
    let mut rows = Vec::new();
    let mut next = 0;
    for row in 0..frozen.n_rows() {
        let key = if frozen.row_of(next) == Some(row) {
            next += 1;
            states.get(next - 1).map_or("waiting", wording::state_key)
        } else {
            "not_sent"
        };
        let is_shown = match filter {
            "all" => true,
            "waiting" => matches!(key, "waiting" | "claimed"),
            filter => filter == key,
        };
        if is_shown && is_found(row) {
            rows.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
    }
    rows
}

fn message_of(frozen: &Frozen, row: u32) -> Option<MessageIdx> {
    match frozen.row(usize::try_from(row).ok()?)?.outcome {
        Outcome::Message { idx, .. } => Some(idx),
        Outcome::LeftOut { .. } => None,
    }
}

/// A row; `decide` is its message, if the agent may say what becomes of it.
fn cells(
    run: RunRef,
    row_idx: u32,
    state: Option<&MessageState>,
    decide: Option<MessageIdx>,
    asked: RwSignal<Option<u32>>,
) -> AnyView {
    let texts = run.frozen(|frozen| {
        let row = frozen.row(usize::try_from(row_idx).ok()?)?;
        let (phone, why) = match row.outcome {
            Outcome::Message { to, .. } => (to.to_string(), String::new()),
            Outcome::LeftOut { why } => (String::new(), why.into_owned()),
        };
        Some([row.row.to_string(), row.line.to_string(), phone, why])
    });
    let [row, line, phone, why] = texts.unwrap_or_default();
    let key = state.map_or("not_sent", wording::state_key);
    let tag = match key {
        "claimed" => "tag tag-info",
        "accepted" | "marked_sent" => "tag tag-success",
        "refused" => "tag tag-danger",
        "unknown" => "tag tag-warning",
        _ => "tag",
    };
    let detail = match state {
        Some(MessageState::Accepted(id)) => tr("detail.accepted", &[("id", id.as_str())]),
        Some(state) => wording::detail(state),
        None => why,
    };
    let decision = decide.map(|message| decision(run, row_idx, message, asked));
    let cell = |text: String| view! { <div role="cell" class="numeric">{text}</div> };
    view! {
        {[row, line, phone].map(cell).collect_view()}
        <div role="cell">
            <span class=tag data-state=key>
                {t(&format!("state.{key}"))}
            </span>
        </div>
        <div role="cell" title=detail.clone()>
            <span class="cell">{detail.clone()}</span>
            {decision}
        </div>
    }
    .into_any()
}

/// What a person can say of a message of unknown outcome: that it arrived, or that it is to be sent again, which is asked twice.
pub fn decision(run: RunRef, row: u32, message: MessageIdx, asked: RwSignal<Option<u32>>) -> impl IntoView {
    let button = |class: &'static str, key: &str, act: Callback<()>| {
        view! {
            <button type="button" class=format!("link {class}") on:click=move |_| act.run(())>
                {t(key)}
            </button>
        }
        .into_any()
    };
    let ask = move |row| Callback::new(move |()| asked.set(row));
    let tell = move |event: Event| {
        Callback::new(move |()| {
            asked.set(None);
            run.tell(event.clone());
        })
    };
    dynamic(move || {
        let parts = if asked.get() == Some(row) {
            vec![
                view! { <strong role="alert">{t("doubt.twice")}</strong> }.into_any(),
                button("row-again-yes", "doubt.again_yes", tell(Event::SendAgain { message })),
                button("row-again-no", "doubt.again_no", ask(None)),
            ]
        } else {
            vec![
                button("row-mark", "doubt.mark", tell(Event::MarkSent { message })),
                button("row-again", "doubt.again", ask(Some(row))),
            ]
        };
        view! { <span class="row-decide">{parts}</span> }
    })
}
