//! The main job: template, file, check, confirmation, sending.
//!
//! [`state`] holds what was chosen and the step the agent is at; each step is a module with its view, and the work between
//! steps is in [`load`], [`checking`] and [`verify`]; [`crate::run`] sends. [`work`] is the file between being read and being
//! sent.

mod cell_input;
mod checking;
mod compose;
mod confirm;
mod export;
mod file;
mod file_problem;
mod kept;
pub(in crate::screens) mod load;
mod mapping_panel;
mod media_check;
mod notes;
mod problem_list;
pub(in crate::screens) mod problem_text;
mod read_as;
pub(in crate::screens) mod results;
mod retry;
mod review;
mod row_list;
mod row_preview;
pub(in crate::screens) mod running;
pub(in crate::screens) mod senders;
mod shelf;
pub(in crate::screens) mod state;
pub(in crate::screens) mod template_detail;
mod templates;
mod test_send;
pub(in crate::screens) mod verify;
pub(in crate::screens) mod wording;
pub(in crate::screens) mod work;

use leptos::prelude::*;

pub use state::SendState;

use crate::{
    components::{Stepper, dynamic},
    screens::send::{
        checking::Checking, compose::Compose, confirm::Confirm, file_problem::FileProblem, review::Review,
        running::Running, state::Step,
    },
    shell::texts::t,
};

/// The tab "Mensajes proactivos".
#[component]
pub fn Send(state: SendState) -> impl IntoView {
    let names = ["compose", "check", "confirm", "send"].map(|step| t(&format!("steps.{step}"))).to_vec();
    let current = Signal::derive(move || state.step.with(Step::place));
    let content = dynamic(move || match state.step.get() {
        Step::Compose => view! { <Compose state /> }.into_any(),
        Step::Checking => view! { <Checking state /> }.into_any(),
        Step::FileProblem(problem) => view! { <FileProblem state problem /> }.into_any(),
        Step::Review => view! { <Review state /> }.into_any(),
        Step::Confirm(plan) => view! { <Confirm state plan /> }.into_any(),
        Step::Running(run) => view! { <Running state run /> }.into_any(),
    });
    view! {
        <Stepper names label=t("steps.label") current />
        {content}
    }
}
