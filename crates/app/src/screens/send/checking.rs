//! Step 2: reading and checking the file, in slices, so that the page stays alive and Cancelar works.

use std::{rc::Rc, sync::Arc};

use cxconnect_core::{
    check::{Checked, Checker, Decisions},
    corrections,
    mapping::{self, FoundBy, Mapping},
    plan::{Batch, PlanError},
    sheet::{self, FileKind, ReadOptions, Reading, Sheet, SheetError},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::dynamic_text,
    screens::send::{
        kept, media_check,
        problem_text::correction_heads,
        state::{CheckProgress, ChosenFile, FileFault, Plan, SendState, Stage, Step},
        work::{Book, Origin, Work},
    },
    shell::{
        clock, files, ids, measure,
        pause::pause,
        spreadsheet,
        texts::{number, t, tr},
    },
};

/// How long a slice of work may keep the page from drawing, in milliseconds.
const SLICE_MS: u64 = 20;
/// When it is shown first how far the work is, in milliseconds: what is over sooner would only make the screen flicker.
const FIRST_SHOW_MS: u64 = 400;
/// How often it is shown then. Drawing takes time, too.
const SHOW_MS: u64 = 100;
/// Rows between two looks at the clock.
const ROWS_AT_ONCE: usize = 256;
/// Bytes between two looks at the clock.
const BYTES_AT_ONCE: usize = 256 * 1024;
/// So many bytes tell what kind of file it is.
const KIND_BYTES: usize = 4096;

/// Where the agent goes when all is well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// To the confirmation, if there is nothing to mend.
    Confirm,
    /// To the confirmation, with the rows that are good.
    GoOn,
    /// Back to where they were looking at the file.
    Review,
}

/// What the rows are to be checked by. It becomes the work's own once they are.
struct Wanted {
    mapping: Mapping,
    decisions: Decisions,
}

/// Procesar: begins the check of what is chosen.
pub fn start(state: SendState) {
    let chosen =
        (state.file.get_untracked(), untrack(|| state.chosen_template()), untrack(|| state.chosen_sender()));
    let (Some(file), Some(template), Some(sender)) = chosen else { return };
    // What was mended in this very file is still there: reading it again would lose it without a word.
    let is_mended = state.peek(|work| 0 < work.n_changes() && work.is_of(&file, &template, &sender));
    if is_mended == Some(true) {
        state.step.set(Step::Review);
        return;
    }
    state.put_work(None);
    let origin = Origin { file, template, sender, options: ReadOptions::default(), book: None };
    run(state, "cxconnect.check", Aim::Confirm, None, async move |slices| {
        Ok(read(slices, &origin).await?.map(mapped))
    });
}

/// Reads the file again, in another way. What was there before comes back if that leads nowhere.
pub fn read_again(state: SendState, change: impl FnOnce(&mut Origin)) {
    let Some(work) = state.take_work() else { return };
    let mut origin = work.origin.clone();
    change(&mut origin);
    run(state, "cxconnect.read", Aim::Review, Some(work), async move |slices| {
        Ok(read(slices, &origin).await?.map(mapped))
    });
}

/// Checks all rows again, with another mapping.
pub fn map_again(state: SendState, mapping: Mapping) {
    let Some(work) = state.take_work() else { return };
    let wanted = Wanted { mapping, decisions: work.decisions };
    run(state, "cxconnect.map", Aim::Review, None, async move |_| Ok(Some((work, wanted))));
}

/// Checks all rows again, after a decision about them.
pub fn decide(state: SendState, decisions: Decisions) {
    let Some(work) = state.take_work() else { return };
    let wanted = Wanted { mapping: work.mapping.clone(), decisions };
    run(state, "cxconnect.decide", Aim::Review, None, async move |_| Ok(Some((work, wanted))));
}

/// Reads a file of mended rows, and puts them in place of those that they mend.
pub fn correct(state: SendState, handle: web_sys::File) {
    let Some(mut work) = state.take_work() else { return };
    let file = ChosenFile { handle, is_one_of_several: false };
    let origin = Origin { file, options: ReadOptions::default(), book: None, ..work.origin.clone() };
    run(state, "cxconnect.correct", Aim::Review, None, async move |slices| {
        let fault = match read(slices, &origin).await {
            Ok(Some((_, mended))) if corrections::are_in(&mended, &correction_heads()) => {
                work.correct(&mended).err().map(|error| error.code())
            }
            Ok(Some(_)) => Some("not-ours"),
            Ok(None) => None,
            Err(_) => Some("unreadable"),
        };
        slices.state.correction_fault.set(fault);
        let wanted = Wanted { mapping: work.mapping.clone(), decisions: work.decisions };
        Ok(Some((work, wanted)))
    });
}

/// From the review to the confirmation, with the rows that can be sent.
pub fn confirm(state: SendState) {
    let Some(work) = state.take_work() else { return };
    let files = work.checked.as_ref().map(Checked::media_files).unwrap_or_default();
    if files.iter().any(media_check::is_to_be_looked_at) {
        // An edit has named a file that nobody has looked at.
        let wanted = Wanted { mapping: work.mapping.clone(), decisions: work.decisions };
        run(state, "cxconnect.confirm", Aim::GoOn, None, async move |_| Ok(Some((work, wanted))));
        return;
    }
    let next = plan(&work);
    state.put_work(Some(work));
    state.step.set(next);
}

/// Does the first part of the work, then checks the rows, and shows what comes of it. `previous` is what the agent had
/// before, if that isn't part of the new work.
fn run(
    state: SendState,
    name: &'static str,
    aim: Aim,
    previous: Option<Work>,
    prepare: impl AsyncFnOnce(&mut Slices) -> Result<Option<(Work, Wanted)>, FileFault> + 'static,
) {
    let now = clock::now();
    let mut slices = Slices { state, version: state.begin(), began: now, show_at: now + FIRST_SHOW_MS };
    state.progress.set(CheckProgress { stage: Stage::Reading, done: 0, total: 0 });
    state.read_fault.set(None);
    spawn_local(async move {
        let measured = measure::begin(name);
        let checked = match prepare(&mut slices).await {
            Ok(None) => Ok(Err(previous)),
            Ok(Some((mut work, wanted))) => Ok(if check(&mut slices, &mut work, wanted).await {
                Ok(work)
            } else {
                // Checked by what it was checked by before, if it ever was.
                Err(previous.or(Some(work)).filter(|work| work.checked.is_some()))
            }),
            Err(fault) => Err((fault, previous)),
        };
        // Drawing the next screen is a slice of its own.
        pause().await;
        match checked {
            Ok(Ok(work)) if slices.is_wanted() => {
                let next = next_step(&work, aim);
                state.put_work(Some(work));
                // Where the agent is already at the review, it stays as it is, with the focus in its place.
                let stays = matches!(next, Step::Review) && state.is_at(|step| matches!(step, Step::Review));
                if !stays {
                    state.step.set(next);
                }
                measured.end_at_next_frame();
            }
            // Cancelled: back to where the agent was, unless they have gone somewhere else by now.
            Ok(Ok(_) | Err(None)) => {}
            Ok(Err(Some(previous))) => {
                if state.is_at(|step| matches!(step, Step::Compose)) && state.peek(|_| ()).is_none() {
                    state.put_work(Some(previous));
                    state.step.set(Step::Review);
                }
            }
            Err(_) if !slices.is_wanted() => {}
            Err((fault, Some(previous))) => {
                state.put_work(Some(previous));
                state.read_fault.set(Some(fault));
                state.step.set(Step::Review);
            }
            Err((fault, None)) => state.step.set(Step::FileProblem(fault)),
        }
    });
}

/// The clock of a piece of work that yields to the browser.
pub struct Slices {
    pub state: SendState,
    version: u32,
    /// When the present slice began.
    began: u64,
    /// When it is to be shown next how far the work is.
    show_at: u64,
}

impl Slices {
    /// Lets the browser draw if the slice is over. Whether the work is still wanted.
    async fn breathe(&mut self, stage: Stage, done: usize, total: usize) -> bool {
        if clock::now() < self.began + SLICE_MS {
            return true;
        }
        self.report_now_and_then(stage, done, total);
        pause().await;
        self.began = clock::now();
        self.is_wanted()
    }

    fn report_now_and_then(&mut self, stage: Stage, done: usize, total: usize) {
        if self.show_at <= clock::now() {
            self.report(stage, done, total);
        }
    }

    /// Shows how far the work is.
    pub fn report(&mut self, stage: Stage, done: usize, total: usize) {
        self.show_at = clock::now() + SHOW_MS;
        self.state.progress.set(CheckProgress { stage, done, total });
        if self.is_wanted() && !self.state.is_at(|step| matches!(step, Step::Checking)) {
            self.state.step.set(Step::Checking);
        }
    }

    /// Whether the agent hasn't cancelled, or begun something else.
    pub fn is_wanted(&self) -> bool {
        self.state.is_current(self.version)
    }
}

/// The file as a sheet; none if the agent has cancelled.
async fn read(slices: &mut Slices, origin: &Origin) -> Result<Option<(Origin, Sheet)>, FileFault> {
    let mut origin = origin.clone();
    let handle = origin.file.handle.clone();
    let reading = if let Some(book) = &origin.book {
        workbook_sheet(book, &origin.options).await?
    } else {
        let size = usize::try_from(files::size(&handle)).unwrap_or(usize::MAX);
        if sheet::MAX_BYTES < size {
            return Err(FileFault::Sheet(SheetError::TooLarge { bytes: size, max: sheet::MAX_BYTES }));
        }
        let progress = |done| {
            slices.report_now_and_then(Stage::Reading, done, size);
            slices.is_wanted()
        };
        let bytes = files::read(&handle, progress).await.map_err(|_| FileFault::Unreadable)?;
        let Some(bytes) = bytes else { return Ok(None) };
        match sheet::kind(bytes.get(..KIND_BYTES).unwrap_or(&bytes)) {
            FileKind::Zip | FileKind::Ole => {
                // The worker tells nothing until it is done.
                slices.report(Stage::Reading, size, size);
                let workbook = spreadsheet::open(bytes).await.map_err(FileFault::Workbook)?;
                let sheet_idx = workbook.default_sheet();
                let book = Book { workbook: Rc::new(workbook), sheet_idx };
                let reading = workbook_sheet(&book, &origin.options).await?;
                origin.book = Some(book);
                reading
            }
            _ => Reading::new(bytes, origin.options),
        }
    };
    let mut reading = reading;
    // Taking the bytes was a slice of its own.
    pause().await;
    slices.began = clock::now();
    loop {
        match reading.step(BYTES_AT_ONCE) {
            sheet::Step::Done(result) => {
                return match result {
                    Ok(sheet) => Ok(Some((origin, sheet))),
                    Err(error) => Err(FileFault::Sheet(error)),
                };
            }
            sheet::Step::More { done, total } => {
                if !slices.breathe(Stage::Reading, done, total).await {
                    return Ok(None);
                }
            }
        }
    }
}

async fn workbook_sheet(book: &Book, options: &ReadOptions) -> Result<Reading, FileFault> {
    let name = book.workbook.sheets().get(book.sheet_idx).map(|sheet| sheet.name.clone()).unwrap_or_default();
    let csv = book.workbook.read(book.sheet_idx).await.map_err(FileFault::Workbook)?;
    Ok(Reading::workbook(csv, name, *options))
}

/// What fills what: as the agent chose it for an earlier file like this one, else as the file says.
fn mapped((origin, sheet): (Origin, Sheet)) -> (Work, Wanted) {
    let header = sheet.header();
    let phones = mapping::find_phone_column(&sheet);
    let (mut mapping, mut found_by) = mapping::propose(&origin.template, header, phones);
    if let Some(before) = kept::find(&origin.template).and_then(|kept| kept.restore(&mapping, header))
        && before != mapping
    {
        (mapping, found_by) = (before, FoundBy::Kept);
    }
    let wanted = Wanted { mapping: mapping.clone(), decisions: Decisions::default() };
    (Work::new(origin, sheet, mapping, found_by), wanted)
}

/// Checks all rows; whether the agent hasn't cancelled. If they have, the work is as it was.
async fn check(slices: &mut Slices, work: &mut Work, wanted: Wanted) -> bool {
    let mut checked = None;
    if wanted.mapping.is_complete() {
        let sheet = Arc::clone(&work.sheet);
        let config = work.config(&slices.state.backend.get(), wanted.decisions);
        let mut rows = Checker::new(&work.origin.template, &wanted.mapping, config, &sheet);
        let total = sheet.n_rows();
        let mut done = 0;
        while done < total {
            let end = (done + ROWS_AT_ONCE).min(total);
            rows.rows(&sheet, done..end);
            done = end;
            if done < total && !slices.breathe(Stage::Checking, done, total).await {
                return false;
            }
        }
        let mut found: Checked = rows.finish(&sheet);
        if let Some(earlier) = &work.checked {
            found.learn_from(earlier);
        }
        if !media_check::look_at(slices, &mut found, &work.origin.template).await {
            return false;
        }
        checked = Some(found);
    }
    let is_new = work.mapping != wanted.mapping;
    work.mapping = wanted.mapping;
    work.decisions = wanted.decisions;
    work.checked = checked;
    if is_new {
        kept::keep(work);
    }
    true
}

fn next_step(work: &Work, aim: Aim) -> Step {
    let has_nothing_to_mend = work.checked.as_ref().is_some_and(|checked| !checked.summary().has_errors());
    if aim == Aim::GoOn || (aim == Aim::Confirm && has_nothing_to_mend) { plan(work) } else { Step::Review }
}

fn plan(work: &Work) -> Step {
    let Some(checked) = &work.checked else { return Step::Review };
    let template = work.origin.template.clone();
    match Batch::plan(ids::new_batch_id(), template, Arc::clone(&work.sheet), checked) {
        Ok(batch) => Step::Confirm(Arc::new(Plan {
            file_name: work.origin.file.handle.name(),
            sender: work.origin.sender.clone(),
            batch,
            summary: checked.summary(),
        })),
        // Everybody is left out: the review says why.
        Err(PlanError::NoRecipients) => Step::Review,
        Err(PlanError::NotSendable) => Step::FileProblem(FileFault::NotPlanned),
    }
}

/// The step's page.
#[component]
pub fn Checking(state: SendState) -> impl IntoView {
    let percent = move || {
        let CheckProgress { done, total, .. } = state.progress.get();
        (done * 100).checked_div(total).unwrap_or(0)
    };
    let text = move || {
        let CheckProgress { stage, done, total } = state.progress.get();
        match stage {
            Stage::Reading => tr("check.reading", &[("percent", &percent().to_string())]),
            Stage::Checking => tr("check.progress", &[("done", &number(done)), ("total", &number(total))]),
            Stage::Media => tr("check.media", &[("done", &number(done)), ("total", &number(total))]),
        }
    };
    let cancel = move |_| {
        // Whatever is under way is no longer current.
        state.begin();
        state.step.set(Step::Compose);
    };
    view! {
        <section class="card">
            <p class="step-start" tabindex="-1" role="status">
                {dynamic_text(text)}
            </p>
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
