//! Each row of a batch and what became of it.

use cxconnect_core::{
    dispatch::{Counts, Event, MessageIdx, MessageState},
    frozen::{Frozen, Outcome},
    report::{Search, Standing},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Rows, dynamic, dynamic_text},
    run::{Breath, Glance, Role, RunRef},
    screens::send::{export::Export, wording},
    shell::{
        focus,
        texts::{t, tr},
    },
};

/// The height of a row where some have a reason: five lines of text, which is more than most reasons need.
const ROW_HEIGHT: f64 = 98.0;
/// The height of a row where none has: two lines, for what the provider calls the message.
const LOW_ROW_HEIGHT: f64 = 45.0;

/// What the table can be narrowed to, in the order of the list.
const FILTERS: [Standing; 7] = [
    Standing::Accepted,
    Standing::Refused,
    Standing::Unknown,
    Standing::MarkedSent,
    Standing::NotSent,
    Standing::LeftOut,
    Standing::Waiting,
];
/// A detail of more characters than these may need more lines than a row has, in a narrow window.
const LONG_DETAIL: usize = 160;
/// Rows that are searched between two looks at the clock.
const ROWS_AT_ONCE: usize = 256;

/// The table, with what narrows it and what it can be saved as.
#[component]
pub fn Results(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let filter = RwSignal::new(None::<Standing>);
    let found = RwSignal::new(None::<Vec<u32>>);
    let search = searching(run, found);
    let counts = Memo::new(move |_| glance.with(|glance| glance.counts));
    let n_left_out = run.frozen(|frozen| frozen.n_rows().saturating_sub(frozen.n_messages()));
    let shown = Memo::new(move |_| {
        let filter = filter.get();
        if filter.is_some() {
            // Follows the run by its figures: states change only with them. Without a filter they change nothing. Read and
            // not only tracked: what nobody has read follows nothing.
            counts.with(|_| ());
        }
        found.with(|found| {
            run.look_once(|frozen, dispatch| rows(frozen, dispatch.states(), filter, found.as_deref()))
        })
    });
    let row_height = Memo::new(move |_| {
        // Changes with the counts as well.
        let Counts { refused, unknown, .. } = counts.get();
        let all_have_none = match filter.get() {
            Some(Standing::Accepted | Standing::MarkedSent | Standing::Waiting) => true,
            Some(_) => false,
            None => refused + unknown == 0 && n_left_out == 0,
        };
        if all_have_none { LOW_ROW_HEIGHT } else { ROW_HEIGHT }
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
    let option = |standing: Standing| {
        let key = standing.key();
        view! { <option value=key>{t(&format!("state.{key}"))}</option> }
    };
    let choose = move |value: String| {
        filter.set(FILTERS.into_iter().find(|standing| standing.key() == value));
    };
    let empty_text = move || {
        if found.with(Option::is_some) { t("run.filter.no_match") } else { t("run.filter.empty") }
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
                on:input:target=move |event| search(event.target().value())
            />
            <label for="run-filter">{t("run.show")}</label>
            <select
                id="run-filter"
                class="input input-inline"
                on:change:target=move |event| choose(event.target().value())
            >
                <option value="all">{t("run.filter.all")}</option>
                {FILTERS.map(option).collect_view()}
            </select>
        </div>
        <Rows
            class="rows-results"
            label=t("run.results")
            heads
            n_rows
            row_height
            key
            cells
        />
        <Show when=move || n_rows.get() == 0>
            <p class="muted" role="status">
                {dynamic_text(empty_text)}
            </p>
        </Show>
    }
}

/// What looks for a text, and puts the rows that have it into `found`; none while there is no text.
fn searching(run: RunRef, found: RwSignal<Option<Vec<u32>>>) -> impl Fn(String) {
    let n_searches = StoredValue::new(0_u32);
    move |text: String| {
        n_searches.update_value(|n| *n += 1);
        let this = n_searches.get_value();
        if text.trim().is_empty() {
            found.set(None);
            return;
        }
        // The agent may leave the results before all rows are searched.
        let Some(hold) = run.hold() else { return };
        spawn_local(async move {
            let mut search = Search::new(None, &text);
            let mut breath = Breath::new();
            while !run
                .look_once(|frozen, dispatch| search.step(ROWS_AT_ONCE, frozen, dispatch, &wording::detail))
            {
                breath.take().await;
                if n_searches.try_get_value() != Some(this) {
                    return;
                }
            }
            found.try_set(Some(search.finish()));
            drop(hold);
        });
    }
}

/// The rows to show: all, or those of a standing, of all or of those that were found. Messages are in the order of their
/// rows, as those that were found are.
fn rows(
    frozen: &Frozen,
    states: &[MessageState],
    filter: Option<Standing>,
    found: Option<&[u32]>,
) -> Vec<u32> {
    let mut found = found.map(|found| found.iter().copied().peekable());
    let mut rows = Vec::new();
    let mut next = 0;
    for (row_idx, row) in (0..frozen.n_rows()).zip(0_u32..) {
        let mut standing = Standing::LeftOut;
        if frozen.row_of(next) == Some(row_idx) {
            standing = states.get(next).map_or(Standing::Waiting, Standing::of);
            next += 1;
        }
        let is_found = found.as_mut().is_none_or(|found| found.next_if_eq(&row).is_some());
        let is_shown = match filter {
            Some(Standing::Waiting) => matches!(standing, Standing::Waiting | Standing::Claimed),
            Some(filter) => filter == standing,
            None => true,
        };
        if is_found && is_shown {
            rows.push(row);
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
    let standing = state.map_or(Standing::LeftOut, Standing::of);
    let key = standing.key();
    let tag = wording::tag(standing);
    let detail = match state {
        Some(MessageState::Accepted(id)) => tr("detail.accepted", &[("id", id.as_str())]),
        Some(state) => wording::detail(state),
        None => why,
    };
    // It may not fit: the keyboard can scroll it.
    let is_long = LONG_DETAIL < detail.chars().count();
    let decision =
        decide.map(|message| decision(Callback::new(move |event| run.tell(event)), row_idx, message, asked));
    let cell = |text: String| view! { <div role="cell" class="numeric">{text}</div> };
    view! {
        {[row, line, phone].map(cell).collect_view()}
        <div role="cell">
            <span class=tag data-state=key>
                {t(&format!("state.{key}"))}
            </span>
        </div>
        <div role="cell">
            <span class="cell" tabindex=is_long.then_some("0")>
                {detail.clone()}
            </span>
            {decision}
        </div>
    }
    .into_any()
}

/// What a person can say of a message of unknown outcome: that it arrived, or that it is to be sent again. Both are asked
/// twice.
pub fn decision(
    tell: Callback<Event>,
    row: u32,
    message: MessageIdx,
    asked: RwSignal<Option<u32>>,
) -> impl IntoView {
    let button = |class: &'static str, key: &str, act: Callback<()>| {
        view! {
            <button type="button" class=format!("link {class}") on:click=move |_| act.run(())>
                {t(key)}
            </button>
        }
        .into_any()
    };
    let is_marking = RwSignal::new(false);
    let mark = move |is_asked: bool| {
        Callback::new(move |()| {
            is_marking.set(is_asked);
            focus::keep_in(if is_asked { ".row-mark-yes" } else { ".row-mark" });
        })
    };
    let ask = move |row| {
        Callback::new(move |()| {
            asked.set(row);
            focus::keep_in(if row.is_some() { ".row-again-yes" } else { ".row-again" });
        })
    };
    let tell = move |event: Event| {
        Callback::new(move |()| {
            asked.set(None);
            tell.run(event.clone());
            focus::keep_in(".rows-results .rows-view");
        })
    };
    dynamic(move || {
        let parts = if asked.get() == Some(row) {
            vec![
                view! { <strong role="alert">{t("doubt.twice")}</strong> }.into_any(),
                button("row-again-yes", "doubt.again_yes", tell(Event::SendAgain { message })),
                button("row-again-no", "doubt.again_no", ask(None)),
            ]
        } else if is_marking.get() {
            vec![
                view! { <strong role="alert">{t("doubt.mark_ask")}</strong> }.into_any(),
                button("row-mark-yes", "doubt.mark_yes", tell(Event::MarkSent { message })),
                button("row-mark-no", "doubt.again_no", mark(false)),
            ]
        } else {
            vec![
                button("row-mark", "doubt.mark", mark(true)),
                button("row-again", "doubt.again", ask(Some(row))),
            ]
        };
        view! { <span class="row-decide">{parts}</span> }
    })
}
