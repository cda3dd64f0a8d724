//! Step 2, when there is something wrong: what, where, why, and what to do. Continuar goes back; nothing is sent.

use std::sync::Arc;

use cxconnect_core::{
    problem::Problem,
    sheet::{Delimiter, Encoding, HeaderPresence, ReadAs},
};
use leptos::prelude::*;

use crate::{
    components::{Notice, Rows, Tone},
    screens::send::state::{FileFault, Review, SendState, Step},
    shell::texts::{t, tn, tr},
};

/// The height of a problem's row: five lines of text.
const ROW_HEIGHT: f64 = 112.0;

/// A file that can't be read.
#[component]
pub fn FileProblem(state: SendState, problem: FileFault) -> impl IntoView {
    let (reason, fix) = match &problem {
        FileFault::Unreadable => (t("problems.file_unreadable.reason"), t("problems.file_unreadable.fix")),
        FileFault::NotPlanned => (t("problems.not_planned.reason"), t("problems.not_planned.fix")),
        FileFault::Sheet(error) => {
            let key = format!("file.{}", error.code());
            let arguments = error.arguments();
            let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
            (tr(&format!("{key}.reason"), &arguments), tr(&format!("{key}.fix"), &arguments))
        }
    };
    view! {
        <section class="card">
            <Notice tone=Tone::Danger title=t("problems.file_title")>
                <p>{reason}</p>
                <p>{fix}</p>
            </Notice>
            <Back state />
        </section>
    }
}

/// A file with errors.
#[component]
pub fn Problems(state: SendState, review: Arc<Review>) -> impl IntoView {
    let n_errors = review.problems.iter().filter(|problem| problem.is_error()).count();
    let n_good = review.n_good;
    let read_as = review.sheet.read_as.clone();
    let file_name = review.file_name.clone();
    view! {
        <section class="card">
            <Notice tone=Tone::Danger title=t("problems.title")>
                <p>
                    {tn("problems.count", n_errors, &[])} " · " {tn("problems.good", n_good, &[])} ". "
                    {t("problems.explain")}
                </p>
            </Notice>
            <p class="row">
                <span class="file-name">{file_name}</span>
                <ReadAsText read_as />
            </p>
            <ProblemList review=review.clone() />
            <p class="hint">{t("problems.line_note")}</p>
            <Back state />
        </section>
    }
}

/// The one way on from here: back to the file.
#[component]
fn Back(state: SendState) -> impl IntoView {
    view! {
        <div class="actions">
            <button
                type="button"
                class="button button-primary"
                id="problems-continue"
                on:click=move |_| state.step.set(Step::Compose)
            >
                {t("problems.continue")}
            </button>
        </div>
    }
}

/// How the file was read.
#[component]
pub fn ReadAsText(read_as: ReadAs) -> impl IntoView {
    let encoding = match read_as.encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => "UTF-8",
        _ => "?",
    };
    let delimiter = match read_as.delimiter {
        Delimiter::Comma => t("check.delimiter.comma"),
        Delimiter::Semicolon => t("check.delimiter.semicolon"),
        other => other.as_char().to_string(),
    };
    let header = match read_as.header {
        HeaderPresence::Present { .. } => t("check.header.present"),
        HeaderPresence::Absent => t("check.header.absent"),
    };
    let text = tr(
        "check.read_as",
        &[
            ("encoding", encoding),
            ("delimiter", &delimiter),
            ("header", &header),
            ("columns", &tn("check.columns", read_as.n_columns, &[])),
            ("rows", &tn("check.rows", read_as.n_rows, &[])),
        ],
    );
    let trailing = (0 < read_as.trailing_blank_lines)
        .then(|| tn("check.trailing_blank", read_as.trailing_blank_lines, &[]));
    view! {
        <span class="muted">{text}</span>
        {trailing.map(|trailing| view! { <span class="muted">{trailing}</span> })}
    }
}

/// All problems of a review.
#[component]
fn ProblemList(review: Arc<Review>) -> impl IntoView {
    let n_rows = review.problems.len();
    let cells = UnsyncCallback::new(move |idx: usize| review.problems.get(idx).map(problem_cells).into_any());
    view! { <ProblemRows n_rows cells /> }
}

/// All warnings of a plan, in the same table.
#[component]
pub fn WarningList(warnings: Vec<Problem>) -> impl IntoView {
    let n_rows = warnings.len();
    let cells = UnsyncCallback::new(move |idx: usize| warnings.get(idx).map(problem_cells).into_any());
    view! { <ProblemRows n_rows cells /> }
}

#[component]
fn ProblemRows(n_rows: usize, cells: UnsyncCallback<usize, AnyView>) -> impl IntoView {
    let heads =
        ["line", "row", "column", "value", "reason", "fix"].map(|head| t(&format!("problems.{head}")));
    view! {
        <Rows
            class="rows-problems"
            label=t("problems.list")
            heads=heads.to_vec()
            n_rows=Signal::stored(n_rows)
            row_height=ROW_HEIGHT
            cells
        />
    }
}

fn problem_cells(problem: &Problem) -> impl IntoView + use<> {
    let arguments = problem.arguments();
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("problem.{}", problem.code());
    let reason = tr(&format!("{key}.reason"), &arguments);
    let fix = tr(&format!("{key}.fix"), &arguments);
    let column = match (problem.column, &problem.column_name) {
        (Some(column), Some(name)) => format!("{column} · {name}"),
        (Some(column), None) => column.to_string(),
        (None, _) => String::new(),
    };
    let value = match &problem.value {
        Some(value) if !value.is_empty() => {
            view! { <span class="cell mono">{value.clone()}</span> }.into_any()
        }
        Some(_) | None if problem.column.is_some() => {
            view! { <span class="cell muted">{t("problems.empty_value")}</span> }.into_any()
        }
        Some(_) | None => ().into_any(),
    };
    view! {
        <div role="cell" class="numeric">
            {problem.line.to_string()}
        </div>
        <div role="cell" class="numeric">
            {problem.row.to_string()}
        </div>
        <div role="cell">
            <span class="cell">{column}</span>
        </div>
        <div role="cell">{value}</div>
        <div role="cell" title=reason.clone()>
            <span class="cell">{reason.clone()}</span>
        </div>
        <div role="cell" title=fix.clone()>
            <span class="cell">{fix.clone()}</span>
        </div>
    }
}
