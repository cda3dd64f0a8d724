//! The steps after the first: their code travels by itself (see [`part`](crate::shell::part)).

use std::sync::Arc;

use cxconnect_core::plan::BatchId;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    part,
    run::RunRef,
    screens::send::{
        checking::{self, Checking},
        confirm::Confirm,
        file_problem::FileProblem,
        review::Review,
        running::Running,
        shelf::{self, OpenBatches, RecentBatches},
        state::{FileFault, Plan, SendState},
    },
    shell::pause::after_the_next_frame,
};

part! {
    file, load_start:
    fn start(state: SendState) -> () {
        checking::start(state);
    }
}

part! {
    file, load_checking:
    fn checking(state: SendState) -> AnyView {
        view! { <Checking state /> }.into_any()
    }
}

part! {
    file, load_file_problem:
    fn file_problem(state: SendState, problem: FileFault) -> AnyView {
        view! { <FileProblem state problem /> }.into_any()
    }
}

part! {
    file, load_review:
    fn review(state: SendState) -> AnyView {
        view! { <Review state /> }.into_any()
    }
}

part! {
    sending, load_confirm:
    fn confirm(state: SendState, plan: Arc<Plan>) -> AnyView {
        view! { <Confirm state plan /> }.into_any()
    }
}

part! {
    sending, load_running:
    fn running(state: SendState, run: RunRef) -> AnyView {
        view! { <Running state run /> }.into_any()
    }
}

part! {
    sending, load_open_batches:
    fn open_batches(state: SendState) -> AnyView {
        view! { <OpenBatches state /> }.into_any()
    }
}

part! {
    sending, load_recent_batches:
    fn recent_batches(state: SendState) -> AnyView {
        view! { <RecentBatches state /> }.into_any()
    }
}

part! {
    sending, load_show_kept:
    fn show_kept(state: SendState, id: BatchId) -> () {
        shelf::show_kept(state, id);
    }
}

part! {
    sending, load_look:
    fn look(state: SendState) -> () {
        shelf::look(state);
    }
}

/// Looks again what this browser keeps of batches.
pub fn look_again(state: SendState) {
    spawn_local(async move {
        // Without its code there is no list either, which looks by itself once it is there.
        if load_look().await.is_ok() {
            let _ = look(state).await;
        }
    });
}

/// Fetches what the agent will need next, once they see the first step. What doesn't arrive is asked for again when it is
/// needed, and only then told.
pub fn fetch_ahead() {
    spawn_local(async {
        after_the_next_frame().await;
        let _ = load_start().await;
        let _ = load_confirm().await;
    });
}
