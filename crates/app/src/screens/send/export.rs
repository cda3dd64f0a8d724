//! A batch's results as a file: CSV or Excel.

use cxconnect_core::report::{Form, Results};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    run::{Breath, RunRef},
    screens::send::wording::ReportWording,
    shell::{clock, files, spreadsheet, texts::t},
};

/// Rows that are written between two looks at the clock.
const ROWS_AT_ONCE: usize = 64;

/// The buttons.
#[component]
pub fn Export(run: RunRef) -> impl IntoView {
    let not_saved = RwSignal::new(false);
    let is_csv_saved = RwSignal::new(false);
    let button = |id: &'static str, key: &str, form: Form| {
        let save = move |_| {
            // The agent may leave the results before the file is written.
            let Some(hold) = run.hold() else { return };
            spawn_local(async move {
                let is_saved = save(run, form).await.is_some();
                not_saved.try_set(!is_saved);
                is_csv_saved.try_set(is_saved && form != Form::Workbook);
                if is_saved {
                    run.results_were_saved();
                }
                drop(hold);
            });
        };
        view! {
            <button type="button" class="button button-small" id=id on:click=save>
                {t(key)}
            </button>
        }
    };
    view! {
        <div class="row">
            <Show when=move || not_saved.get()>
                <p role="alert">{t("run.download_failed")}</p>
            </Show>
            {button("run-download", "run.download", Form::Csv(files::delimiter()))}
            {button("run-download-xlsx", "run.download_xlsx", Form::Workbook)}
        </div>
        <Show when=move || is_csv_saved.get()>
            <p class="hint export-said" role="status" id="run-csv-saved">{files::csv_hint()}</p>
        </Show>
    }
}

/// Makes the file and offers it; none if that fails.
async fn save(run: RunRef, form: Form) -> Option<()> {
    let mut results = run.frozen(|frozen| Results::new(form, frozen, &ReportWording));
    let mut breath = Breath::new();
    while !run.look_once(|frozen, dispatch| results.step(ROWS_AT_ONCE, frozen, dispatch, &ReportWording)) {
        breath.take().await;
    }
    let csv = results.finish();
    let file_name = run.frozen(|frozen| frozen.head().about.file_name.clone());
    let stem = file_name.rsplit_once('.').map_or(file_name.as_str(), |(stem, _)| stem);
    let name = [stem, &t("report.file"), &clock::file_stamp()].join("_");
    let saved = match form {
        Form::Csv(_) => files::download(&format!("{name}.csv"), files::CSV, &csv),
        Form::Workbook => {
            let book = spreadsheet::write(&csv, &t("report.file")).await.ok()?;
            files::download(&format!("{name}.xlsx"), files::XLSX, &book)
        }
    };
    saved.ok()
}
