//! Step 2: what the file says, what is wrong with it, and mending it in place. Continuar goes back; nothing is sent here.

use cxconnect_core::{
    check::{Checked, Decisions, Fate, Summary},
    corrections,
    problem::{ProblemKind, Repair},
};
use leptos::{html::Input, prelude::*};

use crate::{
    components::{Notice, Tone, dynamic},
    screens::send::{
        checking, file_problem,
        mapping_panel::MappingPanel,
        notes::Notes,
        problem_list::{Filter, ProblemList, Repairs},
        problem_text::{all_reasons, correction_heads},
        read_as::ReadAsChoices,
        row_list::RowList,
        row_preview::RowPreview,
        state::{SendState, Step},
        work::Work,
    },
    shell::{
        clock, files,
        texts::{t, tn},
    },
};

/// The step's page.
#[component]
pub fn Review(state: SendState) -> impl IntoView {
    let file_name = state.peek(|work| work.origin.file.handle.name()).unwrap_or_default();
    let filter = RwSignal::new(Filter::All);
    let shows_rows = RwSignal::new(false);
    // The first row that is wrong is the one to look at.
    let first = state.peek(|work| {
        let checked = work.checked.as_ref()?;
        let wrong = (0..work.sheet.n_rows()).find(|&idx| checked.fate_of(idx) == Some(Fate::Wrong));
        wrong.or_else(|| checked.problems().first()?.row_idx())
    });
    state.selected.set(first.flatten().unwrap_or_default());
    let table = dynamic(move || {
        if shows_rows.get() {
            view! { <RowList state /> }.into_any()
        } else {
            view! {
                <Repairs state filter />
                <ProblemList state filter />
            }
            .into_any()
        }
    });
    let tab = move |rows: bool, key: &'static str| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (shows_rows.get() == rows).to_string()
                on:click=move |_| shows_rows.set(rows)
            >
                {t(key)}
            </button>
        }
    };
    // What is read or mapped anew is another file as far as these are concerned.
    let choices = dynamic(move || {
        state.shape.track();
        view! {
            <ReadAsChoices state />
            <MappingPanel state />
        }
    });
    view! {
        <section class="card">
            <div class="step-start" tabindex="-1">
                {dynamic(move || state.look(verdict))}
            </div>
            {dynamic(move || state.read_fault.get().as_ref().map(file_problem::notice))}
            <div class="stack">
                <span class="file-name">{file_name}</span>
                {choices}
            </div>
            <Decisive state />
            <Notes state />
            <div class="review">
                <div class="stack">
                    <div class="chips">{tab(false, "problems.tab")} {tab(true, "rows.tab")} <Undo state /></div>
                    {table}
                    <p class="hint">{t("problems.line_note")}</p>
                    <Elsewhere state />
                </div>
                <RowPreview state />
            </div>
            <Onward state />
        </section>
    }
}

/// How it stands, in the manual's words where it has some.
fn verdict(work: &Work) -> AnyView {
    let Some(checked) = &work.checked else {
        return view! {
            <Notice tone=Tone::Warning title=t("mapping.incomplete.title")>
                <p>{t("mapping.incomplete.text")}</p>
            </Notice>
        }
        .into_any();
    };
    let summary = checked.summary();
    let n_refused =
        checked.media_files().iter().filter(|file| file.is_refused() && !file.rows.is_empty()).count();
    let n_errors = n_refused + checked.problems().iter().filter(|problem| problem.is_error()).count();
    let excluded =
        (0 < summary.n_excluded).then(|| format!(" · {}", tn("problems.excluded", summary.n_excluded, &[])));
    let good = tn("problems.good", summary.n_ready, &[]);
    if summary.has_errors() {
        view! {
            <Notice tone=Tone::Danger title=t("problems.title")>
                <p>
                    {tn("problems.count", n_errors, &[])} " · " {good} {excluded} ". " {t("problems.explain")}
                </p>
            </Notice>
        }
        .into_any()
    } else {
        let (tone, title) = if summary.n_ready == 0 {
            (Tone::Danger, t("problems.nobody"))
        } else {
            (Tone::Success, t("problems.none"))
        };
        view! {
            <Notice tone title>
                <p>{good} {excluded} "."</p>
            </Notice>
        }
        .into_any()
    }
}

/// Decisions about all rows at once: only those that would change something.
#[component]
fn Decisive(state: SendState) -> impl IntoView {
    let line = move |id: &'static str, text: String, action: String, decisions: Decisions| {
        view! {
            <div class="row">
                <span>{text}</span>
                <button
                    type="button"
                    class="button button-small"
                    id=id
                    on:click=move |_| checking::decide(state, decisions)
                >
                    {action}
                </button>
            </div>
        }
        .into_any()
    };
    dynamic(move || {
        state
            .look_after(|work| {
                let checked = work.checked.as_ref()?;
                let now = checked.decisions();
                let repairs = checked.repairs();
                let n = |repair: Repair| {
                    repairs.iter().find(|(other, _)| *other == repair).map_or(0, |(_, n)| *n)
                };
                let n_added = checked
                    .problems()
                    .iter()
                    .filter(|problem| matches!(problem.kind, ProblemKind::CountryCodeAdded { .. }))
                    .count();
                let n_collapsed =
                    checked.problems().iter().filter(|it| it.kind == ProblemKind::BlanksCollapsed).count();
                let mut lines = Vec::new();
                let (n_codes, n_blanks, n_duplicates) =
                    (n(Repair::CountryCodes), n(Repair::Blanks), n(Repair::Duplicates));
                if 0 < n_codes {
                    let then = Decisions { accepts_country_codes: true, ..now };
                    let action = tn("decide.country_codes.accept", n_codes, &[]);
                    lines.push(line(
                        "accept-codes",
                        tn("decide.country_codes.ask", n_codes, &[]),
                        action,
                        then,
                    ));
                } else if 0 < n_added {
                    let then = Decisions { accepts_country_codes: false, ..now };
                    lines.push(line(
                        "refuse-codes",
                        tn("decide.country_codes.done", n_added, &[]),
                        t("decide.take_back"),
                        then,
                    ));
                }
                if 0 < n_blanks {
                    let then = Decisions { collapses_blanks: true, ..now };
                    let action = tn("decide.blanks.accept", n_blanks, &[]);
                    lines.push(line("collapse-blanks", tn("decide.blanks.ask", n_blanks, &[]), action, then));
                } else if 0 < n_collapsed {
                    let then = Decisions { collapses_blanks: false, ..now };
                    let text = tn("decide.blanks.done", n_collapsed, &[]);
                    lines.push(line("keep-blanks", text, t("decide.take_back"), then));
                }
                if 0 < n_duplicates {
                    let includes = !now.includes_duplicates;
                    let then = Decisions { includes_duplicates: includes, ..now };
                    let (text, action) = if includes {
                        (tn("decide.duplicates.ask", n_duplicates, &[]), t("decide.duplicates.accept"))
                    } else {
                        (tn("decide.duplicates.done", n_duplicates, &[]), t("decide.take_back"))
                    };
                    lines.push(line("include-duplicates", text, action, then));
                }
                (!lines.is_empty()).then(|| view! { <div class="stack decisions">{lines}</div> })
            })
            .flatten()
    })
}

/// Takes the last change back.
#[component]
fn Undo(state: SendState) -> impl IntoView {
    dynamic(move || {
        let n = state.look_after(Work::n_changes).unwrap_or_default();
        (0 < n).then(|| {
            view! {
                <button
                    type="button"
                    class="button button-small"
                    id="undo"
                    on:click=move |_| {
                        if let Some(row_idx) = state.change(Work::undo).flatten() {
                            state.selected.set(row_idx);
                        }
                    }
                >
                    {tn("problems.undo", n, &[])}
                </button>
            }
        })
    })
}

/// Mending in a spreadsheet: the rows with problems as a file, and its way back.
#[component]
fn Elsewhere(state: SendState) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let not_saved = RwSignal::new(false);
    let download = move |_| {
        let saved = state.peek(|work| {
            let checked = work.checked.as_ref()?;
            let csv =
                corrections::csv(&work.sheet, checked, &correction_heads(), files::delimiter(), |row_idx| {
                    all_reasons(checked, &work.sheet, row_idx)
                });
            let name = work.origin.file.handle.name();
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            let name = format!("{stem}_{}_{}.csv", t("corrections.file"), clock::file_stamp());
            files::download(&name, files::CSV, &csv).ok()
        });
        not_saved.set(saved.flatten().is_none());
    };
    let take = move |_| {
        let Some(input) = input.get() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            checking::correct(state, file);
        }
        // Otherwise choosing the same file again would be no change.
        input.set_value("");
    };
    let has_wrong_rows = move || {
        let n = state.look_after(|work| work.checked.as_ref().map(|checked| checked.summary().n_wrong));
        n.flatten().is_some_and(|n| 0 < n)
    };
    let fault = move || {
        state.correction_fault.get().map(|code| {
            view! {
                <Notice tone=Tone::Danger title=t(&format!("corrections.{code}.reason"))>
                    <p>{t(&format!("corrections.{code}.fix"))}</p>
                </Notice>
            }
        })
    };
    let buttons = dynamic(move || {
        has_wrong_rows().then(|| {
            view! {
                <div class="row">
                    <button type="button" class="button" id="problem-rows" on:click=download>
                        {t("corrections.download")}
                    </button>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            if let Some(input) = input.get() {
                                input.click();
                            }
                        }
                    >
                        {t("corrections.upload")}
                    </button>
                </div>
                <p class="hint">{t("corrections.explain")}</p>
            }
        })
    });
    view! {
        {buttons}
        <input
            node_ref=input
            type="file"
            id="corrections"
            class="visually-hidden"
            tabindex="-1"
            aria-label=t("corrections.upload")
            on:change=take
        />
        {dynamic(fault)}
        <Show when=move || not_saved.get()>
            <p role="alert">{t("run.download_failed")}</p>
        </Show>
    }
}

/// Back to the file, or on with the rows that are good. What the manual calls Continuar goes back.
#[component]
fn Onward(state: SendState) -> impl IntoView {
    dynamic(move || {
        let summary = state.look_after(|work| work.checked.as_ref().map(Checked::summary)).flatten();
        let has_errors = summary.is_none_or(Summary::has_errors);
        let n_ready = summary.map_or(0, |summary| summary.n_ready);
        let go = (0 < n_ready).then(|| {
            let (text, class) = if has_errors {
                (tn("problems.go_on_without", n_ready, &[]), "button")
            } else {
                (tn("problems.go_on", n_ready, &[]), "button button-primary")
            };
            view! {
                <button type="button" class=class id="review-go-on" on:click=move |_| checking::confirm(state)>
                    {text}
                </button>
            }
        });
        let (back, class) = if has_errors {
            (t("problems.continue"), "button button-primary")
        } else {
            (t("confirm.back"), "button")
        };
        let left_out = summary.filter(|summary| has_errors && 0 < summary.n_ready);
        view! {
            <div class="actions">
                {left_out.map(|summary| view! { <p class="hint">{tn("problems.left_out", summary.n_wrong, &[])}</p> })}
                {go}
                <button
                    type="button"
                    class=class
                    id="problems-continue"
                    on:click=move |_| state.step.set(Step::Compose)
                >
                    {back}
                </button>
            </div>
        }
    })
}
