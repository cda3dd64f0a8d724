//! What the agent may do with a batch now.

use cxconnect_core::dispatch::Event;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic_text},
    run::{Glance, RunRef},
    screens::send::{
        running::{Stage, stage},
        shelf,
        state::SendState,
    },
    shell::{focus, texts::t},
};

/// Pause, resume, cancel, as far as they make sense now. Each button is an element of its own: were one to become another
/// under the agent's finger, pressing Reanudar twice would cancel.
#[component]
pub fn Controls(state: SendState, run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let now = Memo::new(move |_| glance.with(stage));
    let can_leave = Memo::new(move |_| glance.with(|glance| glance.is_settled) && run.is_kept());
    let button = move |id: &'static str,
                       key: &'static str,
                       class: &'static str,
                       is_shown: fn(Stage) -> bool,
                       act: Callback<()>| {
        let press = move |_| {
            act.run(());
            // The button may be gone by then.
            focus::keep_in("#run-controls button");
        };
        view! {
            <Show when=move || is_shown(now.get())>
                <button type="button" id=id class=class on:click=press>
                    {t(key)}
                </button>
            </Show>
        }
        .into_any()
    };
    let take = Callback::new(move |()| {
        spawn_local(async move {
            // If another page was quicker, this one goes on looking.
            run.take().await;
        });
    });
    let is_asking = RwSignal::new(false);
    let cancel = move |_| {
        if is_asking.get_untracked() {
            run.tell(Event::Cancel);
            focus::keep_in("#run-controls button");
        }
        is_asking.update(|is_asking| *is_asking = !*is_asking);
    };
    let cancel_text = move || if is_asking.get() { t("kept.cancel_yes") } else { t("run.cancel") };
    let is_open = move || matches!(now.get(), Stage::Running | Stage::Paused);
    let is_over = move || matches!(now.get(), Stage::Completed | Stage::Cancelled);
    let can_close = move || match now.get() {
        Stage::Paused => can_leave.get(),
        now => matches!(now, Stage::Watching | Stage::Interrupted),
    };
    let pause = Callback::new(move |()| run.tell(Event::Pause));
    let resume = Callback::new(move |()| run.go_on());
    view! {
        <div class="actions" id="run-controls">
            <Show when=can_close>
                <button
                    type="button"
                    id="run-close"
                    class="button button-basic"
                    disabled=move || state.is_retrying.get()
                    on:click=move |_| shelf::leave(state, run)
                >
                    {t("run.close")}
                </button>
            </Show>
            {button("run-pause", "run.pause", "button", |stage| stage == Stage::Running, pause)}
            {button(
                "run-resume",
                "run.resume",
                "button button-primary",
                |stage| stage == Stage::Paused,
                resume,
            )}
            {button("run-take", "run.take", "button button-primary", |stage| stage == Stage::Interrupted, take)}
            <Show when=is_open>
                <button type="button" id="run-cancel" class="button button-danger" on:click=cancel>
                    {dynamic_text(cancel_text)}
                </button>
            </Show>
            <Show when=is_over>
                <Anew state run />
            </Show>
        </div>
    }
}

/// The way to the next sending.
#[component]
fn Anew(state: SendState, run: RunRef) -> impl IntoView {
    let is_asking = RwSignal::new(false);
    let begin_anew = move |_| {
        // The results are nowhere else: without them nobody can tell who got the message.
        if run.has_unsaved_results() && !is_asking.get_untracked() {
            is_asking.set(true);
        } else {
            state.file.set(None);
            shelf::leave(state, run);
        }
    };
    let new_text = move || if is_asking.get() { t("run.new_anyway") } else { t("run.new") };
    view! {
        <button
            type="button"
            class="button button-primary"
            id="run-new"
            disabled=move || state.is_retrying.get()
            on:click=begin_anew
        >
            {dynamic_text(new_text)}
        </button>
        <Show when=move || is_asking.get()>
            <Notice tone=Tone::Warning title=t("run.unsaved.title")>
                <p>{t("run.unsaved.text")}</p>
            </Notice>
        </Show>
    }
}
