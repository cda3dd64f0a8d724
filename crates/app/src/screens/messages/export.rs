//! All messages of a list as a file, however many: read page by page, with what was read in sight and a way to stop.
//!
//! What passes by itself is waited for, in sight and with its reason, and reading goes on from the page it was at. What doesn't
//! is told with what to do, and what was read is kept until then.

use cxconnect_core::{dispatch::Millis, ledger::Fault};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Count, MessageList,
    making::{Form, Gap, Making, Step},
    words,
};
use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    shell::{
        clock, files, spreadsheet,
        texts::{amount, t, tn, tr},
    },
};

/// The file that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// None is.
    None,
    /// So many messages were read.
    Reading(u64),
    /// So many were, and the next are asked for again after so long: they could not be had for this reason.
    Waiting(u64, Fault, Millis),
    /// All were read, and the workbook is being written.
    Writing,
    /// It was offered: so many messages, what may not be among them, and what kind of file it is.
    Done(u64, Gap, Form),
    /// So many were read, and the others can't be had.
    Stopped(u64, Fault),
    /// It could not be made in this browser.
    Failed,
}

impl Work {
    fn is_busy(self) -> bool {
        matches!(self, Self::Reading(_) | Self::Waiting(..) | Self::Writing)
    }
}

/// One export. Copies are handles to the same.
#[derive(Clone, Copy)]
struct Job {
    list: MessageList,
    file: &'static str,
    work: RwSignal<Work>,
    /// Reading had to begin again.
    has_begun_again: RwSignal<bool>,
    /// What was read of a file that can't go on now.
    kept: StoredValue<Option<Making>, LocalStorage>,
    /// Grows with each file, and when one is cancelled.
    version: StoredValue<u32>,
}

impl Job {
    fn begin(self, form: Form) {
        self.has_begun_again.set(false);
        self.kept.set_value(None);
        self.go_on(Making::new(self.list, form));
    }

    /// Goes on where it had to stop.
    fn resume(self) {
        if let Some(making) = self.kept.try_update_value(Option::take).flatten() {
            self.go_on(making);
        }
    }

    fn leave(self) {
        self.version.update_value(|version| *version += 1);
        self.kept.set_value(None);
        self.work.set(Work::None);
    }

    fn go_on(self, making: Making) {
        self.version.update_value(|version| *version += 1);
        let version = self.version.get_value();
        self.work.set(Work::Reading(making.n_read()));
        spawn_local(async move {
            if let Some(after) = self.make(making, version).await
                && self.is_wanted(version)
            {
                self.work.set(after);
            }
        });
    }

    /// The screen may be gone, or the agent have left it, by the time it is asked.
    fn is_wanted(self, version: u32) -> bool {
        self.version.try_get_value() == Some(version)
    }

    /// Reads all messages and offers the file. Nothing if nobody wants it any more.
    async fn make(self, mut making: Making, version: u32) -> Option<Work> {
        while !making.is_over() {
            let step = making.step().await;
            if !self.is_wanted(version) {
                return None;
            }
            match step {
                Step::Read => {}
                Step::BeginAgain => self.has_begun_again.set(true),
                Step::Wait(fault, wait) => {
                    self.work.set(Work::Waiting(making.n_read(), fault, wait));
                    clock::after(u32::try_from(wait).unwrap_or(u32::MAX)).await;
                    if !self.is_wanted(version) {
                        return None;
                    }
                }
                Step::Stop(fault) => {
                    let n_read = making.n_read();
                    self.kept.set_value(Some(making));
                    return Some(Work::Stopped(n_read, fault));
                }
            }
            self.work.set(Work::Reading(making.n_read()));
        }
        let (form, n_read) = (making.form, making.n_read());
        let (gap, csv) = making.finish();
        let file = self.file;
        let title = t(&format!("stats.file.{file}"));
        let name = [title.clone(), clock::file_stamp()].join("_");
        let offered = match form {
            Form::Csv => files::download(&format!("{name}.csv"), files::CSV, &csv).ok(),
            Form::Workbook => {
                self.work.set(Work::Writing);
                let book = spreadsheet::write(&csv, &title).await.ok();
                if !self.is_wanted(version) {
                    return None;
                }
                book.and_then(|book| files::download(&format!("{name}.xlsx"), files::XLSX, &book).ok())
            }
        };
        Some(offered.map_or(Work::Failed, |()| Work::Done(n_read, gap, form)))
    }
}

/// The buttons, and how far a file is.
#[component]
pub fn Export(
    list: MessageList,
    /// The first part of its elements' ids.
    id: &'static str,
    /// The first part of the files' names.
    file: &'static str,
) -> impl IntoView {
    let job = Job {
        list,
        file,
        work: RwSignal::new(Work::None),
        has_begun_again: RwSignal::new(false),
        kept: StoredValue::new_local(None),
        version: StoredValue::new(0),
    };
    let work = job.work;
    // What is said of a file is not of the list that is shown once another is.
    let wanted = Memo::new(move |_| list.wanted.get());
    Effect::new(move |_| {
        wanted.track();
        if !work.with_untracked(|work| work.is_busy()) {
            job.leave();
        }
    });
    let is_busy = Memo::new(move |_| work.get().is_busy());
    let button = |form: Form, id: String, key: &str| {
        view! {
            <button
                type="button"
                class="button button-small"
                id=id
                disabled=move || is_busy.get()
                on:click=move |_| job.begin(form)
            >
                {t(key)}
            </button>
        }
    };
    view! {
        <div class="row">
            {button(Form::Csv, format!("{id}-csv"), "stats.export.csv")}
            {button(Form::Workbook, format!("{id}-xlsx"), "stats.export.xlsx")}
        </div>
        {dynamic(move || is_busy.get().then(|| untrack(|| progress(job, id))))}
        {dynamic(move || outcome(job, id, work.get()))}
    }
}

/// How far it is, what it waits for, and a way to stop.
fn progress(job: Job, id: &'static str) -> AnyView {
    let work = job.work;
    let total = move || match job.list.count() {
        Count::Exactly(n) => Some(n.max(1)),
        Count::AtLeast(_) | Count::OneByOne(_) => None,
    };
    let said = move || match (work.get(), total()) {
        (Work::Reading(n) | Work::Waiting(n, ..), Some(total)) => {
            tr("stats.export.reading_of", &[("n", &amount(n)), ("total", &amount(total))])
        }
        (Work::Reading(n) | Work::Waiting(n, ..), None) => tr("stats.export.reading", &[("n", &amount(n))]),
        (Work::Writing, _) => t("stats.export.writing"),
        (Work::None | Work::Done(..) | Work::Stopped(..) | Work::Failed, _) => String::new(),
    };
    let percent = move || match work.get() {
        Work::Reading(n) | Work::Waiting(n, ..) => total().map(|total| (n * 100 / total).min(100)),
        _ => None,
    };
    let waiting = Memo::new(move |_| match work.get() {
        Work::Waiting(_, fault, wait) => Some((fault, wait)),
        _ => None,
    });
    let why = move || {
        waiting.get().map(|(fault, wait)| {
            let seconds = amount(wait.div_ceil(1_000));
            tr("stats.export.waiting", &[("why", &words::fault(fault)), ("seconds", &seconds)])
        })
    };
    let again = move || job.has_begun_again.get().then(|| t("stats.export.again"));
    view! {
        <div class="row export-progress" id=format!("{id}-export")>
            <div
                class="progress"
                role="progressbar"
                aria-label=t("stats.export.label")
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent
                aria-valuetext=said
            >
                <div
                    class="progress-accepted"
                    style:flex-grow=move || percent().unwrap_or_default().to_string()
                ></div>
                <div style:flex-grow=move || (100 - percent().unwrap_or_default()).to_string()></div>
            </div>
            <span class="muted numeric">{dynamic_text(said)}</span>
            <button
                type="button"
                class="button button-small"
                id=format!("{id}-export-cancel")
                on:click=move |_| job.leave()
            >
                {t("check.cancel")}
            </button>
        </div>
        <p class="hint export-said" role="status" id=format!("{id}-export-why")>
            {dynamic_text(move || [why(), again()].into_iter().flatten().collect::<Vec<_>>().join(" "))}
        </p>
    }
    .into_any()
}

/// What came of it.
fn outcome(job: Job, id: &'static str, work: Work) -> Option<AnyView> {
    let view = match work {
        Work::None | Work::Reading(_) | Work::Waiting(..) | Work::Writing => return None,
        Work::Failed => view! { <Notice tone=Tone::Danger title=t("stats.export.failed") /> }.into_any(),
        Work::Done(n, gap, form) => {
            let n = usize::try_from(n).unwrap_or(usize::MAX);
            let gap = match gap {
                Gap::None => None,
                Gap::Lag => Some(t("stats.export.lag")),
                Gap::Fewer(n) => {
                    Some(tn("stats.export.fewer", usize::try_from(n).unwrap_or(usize::MAX), &[]))
                }
            };
            let hint = (form == Form::Csv).then(files::csv_hint);
            view! {
                <p class="hint export-said" role="status" id=format!("{id}-export-done")>
                    {[Some(tn("stats.export.done", n, &[])), gap, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")}
                </p>
            }
            .into_any()
        }
        Work::Stopped(n, fault) => {
            let n = usize::try_from(n).unwrap_or(usize::MAX);
            let remedy = match fault {
                Fault::Missing => Some(t("stats.export.remedy.missing")),
                Fault::Refused | Fault::TooLarge => Some(t("stats.export.remedy.refused")),
                // Said with the reason, or waited for.
                Fault::Forbidden | Fault::SignedOut | Fault::Throttled { .. } | Fault::Unavailable => None,
            };
            view! {
                <div class="export-stopped" id=format!("{id}-export-stopped")>
                    <Notice tone=Tone::Danger title=tn("stats.export.stopped", n, &[])>
                        <p>{[Some(words::fault(fault)), remedy].into_iter().flatten().collect::<Vec<_>>().join(" ")}</p>
                        <div class="row">
                            <button
                                type="button"
                                class="button button-small"
                                id=format!("{id}-export-resume")
                                on:click=move |_| job.resume()
                            >
                                {t("stats.export.resume")}
                            </button>
                            <button
                                type="button"
                                class="button button-basic button-small"
                                on:click=move |_| job.leave()
                            >
                                {t("check.cancel")}
                            </button>
                        </div>
                    </Notice>
                </div>
            }
            .into_any()
        }
    };
    Some(view)
}
