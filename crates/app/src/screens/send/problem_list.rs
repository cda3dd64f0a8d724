//! Everything that is wrong, all of it, in a table where it can be mended.

use cxconnect_core::{
    check::Checked,
    problem::{Place, Problem, ProblemKind, Repair, Severity},
};
use leptos::prelude::*;

use crate::{
    components::{Icon, Rows, dynamic},
    screens::send::{
        cell_input::{cell_input, edit},
        problem_text::{self, column_name, reason_and_fix},
        state::SendState,
        work::Work,
    },
    shell::texts::{number, t, tr},
};

/// The height of a problem's row: five lines of text and its weight.
const ROW_HEIGHT: f64 = 124.0;

/// Which problems are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    All,
    /// Those of this weight.
    Weight(Severity),
    /// Those that are mended in this way.
    Repair(Repair),
    /// Those that keep nothing back.
    NotErrors,
}

impl Filter {
    fn lets_through(self, problem: &Problem) -> bool {
        match self {
            Self::All => true,
            Self::Weight(severity) => problem.severity() == severity,
            Self::Repair(repair) => problem.kind.repair() == repair,
            Self::NotErrors => !problem.is_error(),
        }
    }
}

/// What there is to do, with how often; pressing one shows only its rows.
#[component]
pub fn Repairs(state: SendState, filter: RwSignal<Filter>) -> impl IntoView {
    dynamic(move || {
        state
            .look_after(|work| {
                let checked = work.checked.as_ref()?;
                let mut chips =
                    vec![(Filter::All, tr("problems.all", &[("n", &number(checked.problems().len()))]))];
                for severity in [Severity::Error, Severity::Warning, Severity::Info] {
                    let n =
                        checked.problems().iter().filter(|problem| problem.severity() == severity).count();
                    if 0 < n {
                        let name = problem_text::severity(severity);
                        chips.push((Filter::Weight(severity), format!("{name} ({})", number(n))));
                    }
                }
                let n_weights = chips.len();
                for (repair, n) in checked.repairs() {
                    chips.push((Filter::Repair(repair), problem_text::repair(repair, n)));
                }
                let chip = |(own, name): (Filter, String)| {
                    view! {
                        <button
                            type="button"
                            class="chip"
                            aria-pressed=move || (filter.get() == own).to_string()
                            on:click=move |_| filter.set(own)
                        >
                            {name}
                        </button>
                    }
                    .into_any()
                };
                let repairs = chips.split_off(n_weights).into_iter().map(chip).collect_view();
                let weights = chips.into_iter().map(chip).collect_view();
                Some(view! {
                    <div class="chips" role="group" aria-label=t("problems.filter")>
                        {weights}
                    </div>
                    <div class="chips" role="group" aria-label=t("problems.repairs")>
                        {repairs}
                    </div>
                })
            })
            .flatten()
    })
}

/// The table.
#[component]
pub fn ProblemList(
    state: SendState,
    #[prop(into)] filter: Signal<Filter>,
    /// Whether cells can't be written over, nor rows be looked at.
    #[prop(optional)]
    is_readable_only: bool,
) -> impl IntoView {
    let places = Memo::new(move |_| {
        let filter = filter.get();
        let found = state.look(|work| {
            let problems = work.checked.as_ref().map(Checked::problems).unwrap_or_default();
            let all = problems.iter().enumerate();
            all.filter(|(_, problem)| filter.lets_through(problem)).map(|(idx, _)| idx).collect::<Vec<_>>()
        });
        found.unwrap_or_default()
    });
    let heads =
        ["line", "row", "column", "value", "reason", "fix"].map(|head| t(&format!("problems.{head}")));
    let place = move |idx: usize| places.with(|places| places.get(idx).copied());
    let key = UnsyncCallback::new(move |idx| {
        state.look(|work| Some(key(work.checked.as_ref()?, place(idx)?))).flatten().unwrap_or(u64::MAX)
    });
    let cells = UnsyncCallback::new(move |idx: Signal<usize>| {
        let shown = Memo::new(move |_| state.look(|work| Shown::find(work, place(idx.get())?)).flatten());
        dynamic(move || {
            let cells =
                |shown: &Shown| state.peek(|work| cells(state, work, &shown.problem, is_readable_only));
            shown.with(|shown| shown.as_ref().and_then(cells))
        })
        .into_any()
    });
    view! {
        <Rows
            class="rows-problems"
            label=t("problems.list")
            heads=heads.to_vec()
            n_rows=Signal::derive(move || places.with(Vec::len))
            row_height=ROW_HEIGHT
            key
            cells
        />
    }
}

/// All that a problem's row shows depends on: as long as it stays the same, the row does.
#[derive(PartialEq)]
struct Shown {
    problem: Problem,
    cell: Option<String>,
    /// A duplicate names the first row, which may change.
    arguments: Vec<(&'static str, String)>,
}

impl Shown {
    fn find(work: &Work, idx: usize) -> Option<Self> {
        let checked = work.checked.as_ref()?;
        let problem = checked.problems().get(idx)?;
        let is_duplicate = matches!(problem.kind, ProblemKind::DuplicatePhone { .. });
        Some(Self {
            problem: problem.clone(),
            cell: checked.cell(&work.sheet, problem),
            arguments: if is_duplicate { checked.arguments(&work.sheet, problem) } else { Vec::new() },
        })
    }
}

/// What tells a problem from all others: its place, and how many of the same place come before it.
fn key(checked: &Checked, idx: usize) -> u64 {
    let problems = checked.problems();
    let place = problems.get(idx).map(|problem| problem.place);
    let before = problems.get(..idx).unwrap_or_default().iter().rev();
    let n_before = before.take_while(|problem| Some(problem.place) == place).count();
    let (kind, at) = match place {
        Some(Place::Row(at)) => (0, at),
        Some(Place::BlankLine(at)) => (1, at),
        Some(Place::Header) | None => (2, 0),
    };
    // A file has at most 2^20 rows, and no row 2^32 problems.
    (kind << 62) | ((at as u64) << 32) | n_before as u64
}

fn cells(state: SendState, work: &Work, problem: &Problem, is_readable_only: bool) -> AnyView {
    let Some(checked) = &work.checked else { return ().into_any() };
    let sheet = &work.sheet;
    let (line, row) = checked.position(sheet, problem);
    let (reason, fix) = reason_and_fix(checked, sheet, problem);
    let column = problem.column.map(|column| column_name(sheet, column)).unwrap_or_default();
    let is_wrong = problem.is_error();
    let value = match (problem.row_idx(), problem.column) {
        (Some(_), Some(_)) if is_readable_only => {
            let text = checked.cell(sheet, problem).unwrap_or_default();
            view! { <span class="cell mono">{text}</span> }.into_any()
        }
        (Some(row_idx), Some(column)) => {
            let text = checked.cell(sheet, problem).unwrap_or_default();
            cell_input(state, row_idx, column, text, is_wrong)
        }
        _ => ().into_any(),
    };
    let accept =
        checked.suggestion(sheet, problem).filter(|_| !is_readable_only).map(|(row_idx, column, text)| {
            let label = tr("problems.accept", &[("value", &text)]);
            view! {
                <button
                    type="button"
                    class="button button-small"
                    on:click=move |_| edit(state, row_idx, column, &text)
                >
                    {label}
                </button>
            }
        });
    let show = problem.row_idx().filter(|_| !is_readable_only).map(|row_idx| {
        view! {
            <button
                type="button"
                class="button button-icon"
                aria-label=t("problems.preview")
                title=t("problems.preview")
                on:click=move |_| state.selected.set(row_idx)
            >
                {Icon::Eye.view()}
            </button>
        }
    });
    let severity = problem.severity();
    view! {
        <div role="cell" class="numeric">
            {line.to_string()}
        </div>
        <div role="cell" class="numeric">
            {row.to_string()}
        </div>
        <div role="cell">
            <span class="cell">{column}</span>
        </div>
        <div role="cell">{value}</div>
        <div role="cell" title=reason.clone()>
            <span class="weight" data-severity=severity.code()>
                {problem_text::severity(severity)}
            </span>
            <span class="cell">{reason.clone()}</span>
        </div>
        <div role="cell" title=fix.clone()>
            <span class="cell">{fix.clone()}</span>
            {accept}
        </div>
        <div role="cell">{show}</div>
    }
    .into_any()
}
