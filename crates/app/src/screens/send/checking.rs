//! Step 2: reading and checking the file, in slices, so that the page stays alive and Cancelar works.

use std::sync::Arc;

use cxconnect_core::{
    check::{CheckConfig, Checked, Checker},
    mapping::Mapping,
    phone::{Country, E164},
    plan::{Batch, PlanError},
    problem::Problem,
    sheet::{self, Sheet, SheetError},
    template::Template,
};
use cxconnect_sunco::Integration;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::dynamic_text,
    screens::send::state::{CheckProgress, ChosenFile, FileFault, Plan, Review, SendState, Step},
    shell::{
        clock, files, ids, measure,
        texts::{t, tr},
    },
};

/// How long a slice of work may keep the page from drawing, in milliseconds.
const SLICE_MS: u64 = 12;
/// Rows between two looks at the clock.
const ROWS_AT_ONCE: usize = 50;

/// What is checked.
struct Task {
    file: ChosenFile,
    template: Template,
    sender: Integration,
}

/// Procesar: begins the check of what is chosen.
pub fn start(state: SendState) {
    let chosen =
        (state.file.get_untracked(), untrack(|| state.chosen_template()), untrack(|| state.chosen_sender()));
    let (Some(file), Some(template), Some(sender)) = chosen else { return };
    let version = state.begin();
    state.progress.set(CheckProgress { done: 0, total: 0 });
    state.step.set(Step::Checking);
    spawn_local(async move {
        let measured = measure::begin("cxconnect.check");
        let next = check(state, version, Task { file, template, sender }).await;
        if let Some(next) = next
            && state.is_current(version)
        {
            state.step.set(next);
            measured.end_at_next_frame();
        }
    });
}

/// The step that follows; none if the agent has cancelled.
async fn check(state: SendState, version: u32, task: Task) -> Option<Step> {
    let file_name = task.file.handle.name();
    let size = usize::try_from(files::size(&task.file.handle)).unwrap_or(usize::MAX);
    if sheet::MAX_BYTES < size {
        // Not read whole: a video of gigabytes would be more than the app's memory holds.
        return Some(match files::read_start(&task.file.handle, 1024).await {
            Ok(start) => Step::FileProblem(FileFault::Sheet(too_large(size, &start))),
            Err(files::Unreadable) => Step::FileProblem(FileFault::Unreadable),
        });
    }
    let Ok(bytes) = files::read(&task.file.handle).await else {
        return Some(Step::FileProblem(FileFault::Unreadable));
    };
    if !state.is_current(version) {
        return None;
    }
    let sheet = match sheet::read(&bytes) {
        Ok(sheet) => sheet,
        Err(error) => return Some(Step::FileProblem(FileFault::Sheet(error))),
    };
    drop(bytes);
    let config = CheckConfig { default_country: default_country(state, &task.sender) };
    let mapping = Mapping::manual(&task.template);
    let mut checker = Checker::new(&task.template, &mapping, config).with_header(&sheet.header);
    let mut slice_began = clock::now();
    let mut done = 0;
    for rows in sheet.rows.chunks(ROWS_AT_ONCE) {
        checker.rows(rows);
        done += rows.len();
        if slice_began + SLICE_MS <= clock::now() {
            state.progress.set(CheckProgress { done, total: sheet.rows.len() });
            TimeoutFuture::new(0).await;
            if !state.is_current(version) {
                return None;
            }
            slice_began = clock::now();
        }
    }
    let outcome = checker.finish(&sheet);
    Some(next_step(file_name, sheet, task.template, task.sender, outcome))
}

/// What a file that is too large is, if its first bytes tell; else that it is too large.
fn too_large(bytes: usize, start: &[u8]) -> SheetError {
    match sheet::read(start) {
        Err(
            error @ (SheetError::Workbook
            | SheetError::NotText
            | SheetError::NotTable { .. }
            | SheetError::Utf16),
        ) => error,
        Ok(_) | Err(_) => SheetError::TooLarge { bytes, max: sheet::MAX_BYTES },
    }
}

/// The setting's country, else the one of the number that sends.
fn default_country(state: SendState, sender: &Integration) -> Option<Country> {
    let of_sender = || {
        let digits = sender.phone.as_deref()?.trim_start_matches('+');
        Country::of(&E164::parse_exact(&format!("+{digits}")).ok()?)
    };
    state.backend.get().settings.default_country.or_else(of_sender)
}

fn next_step(
    file_name: String,
    sheet: Sheet,
    template: Template,
    sender: Integration,
    checked: Checked,
) -> Step {
    let Checked { recipients, problems } = checked;
    if problems.iter().any(Problem::is_error) {
        let n_good = recipients.len();
        return Step::Problems(Arc::new(Review { file_name, sheet, n_good, problems }));
    }
    match Batch::plan(ids::new_batch_id(), template, recipients) {
        Ok(batch) => Step::Confirm(Arc::new(Plan { file_name, sheet, sender, batch, warnings: problems })),
        Err(PlanError::NoRecipients | PlanError::NotSendable) => Step::FileProblem(FileFault::NotPlanned),
    }
}

/// The step's page.
#[component]
pub fn Checking(state: SendState) -> impl IntoView {
    let percent = move || {
        let CheckProgress { done, total } = state.progress.get();
        (done * 100).checked_div(total).unwrap_or(0)
    };
    let text = move || {
        let CheckProgress { done, total } = state.progress.get();
        tr("check.progress", &[("done", &done.to_string()), ("total", &total.to_string())])
    };
    let cancel = move |_| {
        // Whatever is under way is no longer current.
        state.begin();
        state.step.set(Step::Compose);
    };
    view! {
        <section class="card">
            <p role="status">{dynamic_text(text)}</p>
            <div
                class="progress"
                role="progressbar"
                aria-label=t("steps.check")
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent
            >
                <div class="progress-checking" style:width=move || format!("{}%", percent())></div>
            </div>
            <div class="actions">
                <button type="button" class="button" on:click=cancel>
                    {t("check.cancel")}
                </button>
            </div>
        </section>
    }
}
