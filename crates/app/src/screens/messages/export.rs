//! All messages of a list as a file, however many: read page by page, with what was read in sight and a way to stop.

use cxconnect_core::{
    ledger::MessageRecord,
    sheet::{CsvWriter, formula_safe},
    stats::Panel,
};
use leptos::{prelude::*, task::spawn_local};

use super::{Count, MessageList, next, search, words};
use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    shell::{
        clock, files, spreadsheet,
        texts::{amount, t, tr},
    },
};

/// The file that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// None is.
    None,
    /// So many messages were read.
    Reading(u64),
    /// All were read, and the workbook is being written.
    Writing,
    /// It could not be made.
    Failed,
}

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv,
    Workbook,
}

/// Why there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotMade {
    Cancelled,
    Failed,
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
    let work = RwSignal::new(Work::None);
    let is_busy = move || matches!(work.get(), Work::Reading(_) | Work::Writing);
    // Grows with each file, and when one is cancelled.
    let job = StoredValue::new(0_u32);
    let save = move |form: Form| {
        job.update_value(|job| *job += 1);
        let this = job.get_value();
        work.set(Work::Reading(0));
        spawn_local(async move {
            // The screen may be gone by the time it is asked.
            let is_wanted = move || job.try_get_value() == Some(this);
            let after = match save(list, form, file, work, is_wanted).await {
                Ok(()) => Work::None,
                Err(NotMade::Cancelled) => return,
                Err(NotMade::Failed) => Work::Failed,
            };
            work.try_set(after);
        });
    };
    let cancel = move |_| {
        job.update_value(|job| *job += 1);
        work.set(Work::None);
    };
    let button = |form: Form, id: String, key: &str| {
        view! {
            <button
                type="button"
                class="button button-small"
                id=id
                disabled=is_busy
                on:click=move |_| save(form)
            >
                {t(key)}
            </button>
        }
    };
    let total = move || match list.count() {
        Count::Exactly(n) => Some(n.max(1)),
        Count::AtLeast(_) | Count::OneByOne(_) => None,
    };
    let said = move || {
        let number = amount;
        match (work.get(), total()) {
            (Work::Reading(n), Some(total)) => {
                tr("stats.export.reading_of", &[("n", &number(n)), ("total", &number(total))])
            }
            (Work::Reading(n), None) => tr("stats.export.reading", &[("n", &number(n))]),
            (Work::Writing, _) => t("stats.export.writing"),
            (Work::None | Work::Failed, _) => String::new(),
        }
    };
    let percent = move || match work.get() {
        Work::Reading(n) => total().map(|total| (n * 100 / total).min(100)),
        _ => None,
    };
    let progress = move || {
        is_busy().then(|| {
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
                        on:click=cancel
                    >
                        {t("check.cancel")}
                    </button>
                </div>
            }
        })
    };
    let is_shown = Memo::new(move |_| is_busy());
    view! {
        <div class="row">
            {button(Form::Csv, format!("{id}-csv"), "stats.export.csv")}
            {button(Form::Workbook, format!("{id}-xlsx"), "stats.export.xlsx")}
        </div>
        {dynamic(move || is_shown.get().then(|| untrack(progress)))}
        <Show when=move || work.get() == Work::Failed>
            <Notice tone=Tone::Danger title=t("stats.export.failed") />
        </Show>
    }
}

/// Reads all messages and offers the file.
async fn save(
    list: MessageList,
    form: Form,
    file: &str,
    work: RwSignal<Work>,
    is_wanted: impl Fn() -> bool,
) -> Result<(), NotMade> {
    let wanted = list.wanted();
    let mut search = search(list.team, list.panel, &wanted);
    let mut csv = match form {
        Form::Csv => CsvWriter::new(),
        Form::Workbook => CsvWriter::plain(),
    };
    csv.row(heads(list.panel));
    let mut n_read = 0_u64;
    while !search.is_over() {
        let page = next(list.team, list.panel, &wanted.filter, &mut search).await;
        if !is_wanted() {
            return Err(NotMade::Cancelled);
        }
        let page = page.map_err(|_| NotMade::Failed)?;
        n_read += page.len() as u64;
        for message in &page {
            let cells = cells(list.panel, message);
            match form {
                // A workbook's cells are written as text.
                Form::Workbook => csv.row(cells),
                Form::Csv => csv.row(cells.iter().map(|cell| formula_safe(cell))),
            }
        }
        work.set(Work::Reading(n_read));
    }
    let csv = csv.finish();
    let name = [t(&format!("stats.file.{file}")), clock::file_stamp()].join("_");
    match form {
        Form::Csv => files::download(&format!("{name}.csv"), files::CSV, &csv).map_err(|_| NotMade::Failed),
        Form::Workbook => {
            work.set(Work::Writing);
            let book = spreadsheet::write(&csv, &t(&format!("stats.file.{file}"))).await;
            if !is_wanted() {
                return Err(NotMade::Cancelled);
            }
            let book = book.map_err(|_| NotMade::Failed)?;
            files::download(&format!("{name}.xlsx"), files::XLSX, &book).map_err(|_| NotMade::Failed)
        }
    }
}

fn heads(panel: Panel) -> Vec<String> {
    let heads: &[&str] = match panel {
        Panel::Sent => &["date", "status", "phone", "template", "origin", "lot", "batch", "row", "updated"],
        Panel::NotSent => &[
            "date",
            "status",
            "description",
            "phone",
            "template",
            "origin",
            "lot",
            "batch",
            "row",
            "updated",
        ],
    };
    heads.iter().map(|head| t(&format!("stats.head.{head}"))).collect()
}

fn cells(panel: Panel, message: &MessageRecord) -> Vec<String> {
    let mut cells = vec![clock::written(message.sent_at()), words::status(message.status())];
    if panel == Panel::NotSent {
        cells.push(words::description(message));
    }
    cells.extend([
        message.to.to_string(),
        message.template.clone(),
        words::origin_of(message),
        words::lot_of(message.created),
        message.batch.to_string(),
        message.row.to_string(),
        clock::written(message.updated_at()),
    ]);
    cells
}
