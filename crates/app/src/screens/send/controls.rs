//! What the agent may do with a batch now.

use cxconnect_core::dispatch::Event;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Ask, Notice, Tone, dynamic_text},
    run::{Glance, RunRef},
    screens::send::{
        running::{Stage, stage},
        shelf,
        state::SendState,
    },
    shell::{
        focus,
        texts::{t, tn},
    },
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
            if run.take().await {
                run.go_on();
                focus::keep_in("#run-controls button");
            }
        });
    });
    let is_asking = RwSignal::new(false);
    let question = Signal::derive(move || tn("cancel.ask", glance.with(|glance| glance.counts.waiting), &[]));
    let no = Callback::new(move |()| {
        is_asking.set(false);
        focus::keep_in("#run-cancel");
    });
    let yes = Callback::new(move |()| {
        run.tell(Event::Cancel);
        focus::keep_in("#run-title");
    });
    let is_open = move || matches!(now.get(), Stage::Running | Stage::HeldUp | Stage::Paused);
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
            {button("run-pause", "run.pause", "button", |stage| matches!(stage, Stage::Running | Stage::HeldUp), pause)}
            {button(
                "run-resume",
                "run.resume",
                "button button-primary",
                |stage| stage == Stage::Paused,
                resume,
            )}
            {button("run-take", "run.take", "button button-primary", |stage| stage == Stage::Interrupted, take)}
            <Show when=is_open>
                <button
                    type="button"
                    id="run-cancel"
                    class="button button-danger"
                    aria-expanded=move || is_asking.get().to_string()
                    on:click=move |_| {
                        is_asking.set(true);
                        focus::move_to("#run-controls + .ask .ask-no");
                    }
                >
                    {t("run.cancel")}
                </button>
            </Show>
            <Show when=is_over>
                <Anew state run />
            </Show>
        </div>
        <Show when=move || is_asking.get() && is_open()>
            <Ask question no=t("cancel.no") yes=t("cancel.yes") on_no=no on_yes=yes />
        </Show>
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
