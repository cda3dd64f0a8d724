//! A file that can't be checked at all: why, and what to do.

use leptos::prelude::*;

use crate::{
    components::{Notice, Tone},
    screens::send::state::{FileFault, SendState, Step},
    shell::texts::{t, tr},
};

/// The step's page.
#[component]
pub fn FileProblem(state: SendState, problem: FileFault) -> impl IntoView {
    view! {
        <section class="card">
            <div class="step-start" tabindex="-1">
                {notice(&problem)}
            </div>
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
        </section>
    }
}

/// Why a file can't be read, and what to do.
pub fn notice(problem: &FileFault) -> AnyView {
    let (key, arguments) = match problem {
        FileFault::Unreadable => ("problems.file_unreadable".to_owned(), Vec::new()),
        FileFault::NotPlanned => ("problems.not_planned".to_owned(), Vec::new()),
        FileFault::Workbook(error) => (format!("workbook.{}", error.code()), Vec::new()),
        FileFault::Sheet(error) => (format!("file.{}", error.code()), error.arguments()),
    };
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reason = tr(&format!("{key}.reason"), &arguments);
    let fix = tr(&format!("{key}.fix"), &arguments);
    view! {
        <Notice tone=Tone::Danger title=t("problems.file_title")>
            <p>{reason}</p>
            <p>{fix}</p>
        </Notice>
    }
    .into_any()
}
