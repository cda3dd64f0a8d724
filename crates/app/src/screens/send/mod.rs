//! The main job: template, file, check, confirmation, sending.
//!
//! [`state`] holds what was chosen and the step the agent is at; each step is a module with its view, and the work between
//! steps is in [`load`], [`checking`] and [`verify`]; [`crate::run`] sends. [`work`] is the file between being read and being
//! sent. The code of all but the first step is fetched later ([`parts`]).

pub(in crate::screens) mod allowance;
mod cell_input;
mod checking;
mod compose;
mod confirm;
mod controls;
pub(in crate::screens) mod elsewhere;
mod export;
mod file;
mod file_problem;
mod kept;
pub(in crate::screens) mod load;
mod mapping_panel;
mod media_check;
mod notes;
pub(in crate::screens) mod parts;
pub(in crate::screens) mod pauses;
mod problem_list;
pub(in crate::screens) mod problem_text;
mod read_as;
pub(in crate::screens) mod results;
mod retry;
mod retry_batch;
mod review;
mod row_list;
mod row_preview;
mod running;
pub(in crate::screens) mod senders;
mod shelf;
pub(in crate::screens) mod state;
pub(in crate::screens) mod template_detail;
mod templates;
mod test_send;
mod unsent;
pub(in crate::screens) mod verify;
pub(in crate::screens) mod wording;
pub(in crate::screens) mod work;

use leptos::prelude::*;

pub use parts::{load_show_kept, show_kept};
pub use shelf::{can_show_kept, kept_batches};
pub use state::SendState;

use crate::{
    components::{Stepper, dynamic},
    screens::{
        later::later,
        send::{compose::Compose, state::Step},
    },
    shell::{focus, texts::t},
};

/// The tab "Mensajes proactivos".
#[component]
pub fn Send(state: SendState) -> impl IntoView {
    let names = ["compose", "check", "confirm", "send"].map(|step| t(&format!("steps.{step}"))).to_vec();
    let current = Signal::derive(move || state.step.with(Step::place));
    let content = dynamic(move || match state.step.get() {
        Step::Compose => view! { <Compose state /> }.into_any(),
        Step::Checking => later(parts::load_checking, move || parts::checking(state)),
        Step::FileProblem(problem) => {
            later(parts::load_file_problem, move || parts::file_problem(state, problem.clone()))
        }
        Step::Review => later(parts::load_review, move || parts::review(state)),
        Step::Confirm(plan) => later(parts::load_confirm, move || parts::confirm(state, plan.clone())),
        Step::Running(run) => later(parts::load_running, move || parts::running(state, run)),
    });
    Effect::new(move |before: Option<()>| {
        state.step.track();
        // The page's first step takes the keyboard from nobody.
        if before.is_some() {
            focus::to_step();
        }
    });
    parts::fetch_ahead();
    view! {
        <Stepper names label=t("steps.label") current />
        {content}
    }
}
