//! A batch's results as a file.

use leptos::prelude::*;

use crate::run::RunRef;

/// The buttons.
#[component]
pub fn Export(run: RunRef) -> impl IntoView {
    let _ = run;
}
