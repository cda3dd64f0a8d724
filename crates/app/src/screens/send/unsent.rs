//! What a batch ended without: the messages that never left, and the way to send exactly these after all.

use cxconnect_core::{dispatch::Phase, frozen::Part, ledger::Standing, retry};
use leptos::prelude::*;

use crate::{
    components::{Ask, Notice, Tone, dynamic},
    run::{Glance, LedgerGlance, Role, RunRef},
    screens::send::{
        retry_batch::{self, What, n_unfinished},
        state::SendState,
    },
    shell::{
        focus,
        texts::{number, t, tn, tr},
    },
};

/// The box, once the batch is over.
#[component]
pub fn Unsent(state: SendState, run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    // Marking the messages changes no figure, so it is told by this.
    let n_tries = RwSignal::new(0_u32);
    let messages = Memo::new(move |_| {
        n_tries.track();
        let is_over = glance.with(|glance| {
            matches!(glance.phase, Phase::Ended(_))
                && glance.role == Role::Owner
                && glance.ledger != LedgerGlance::On(Standing::Lost)
                && glance.counts.not_sent != 0
        });
        if is_over { run.look_once(|_, dispatch| retry::never_left(dispatch)) } else { Vec::new() }
    });
    let n_messages = Memo::new(move |_| messages.with(Vec::len));
    let trouble = RwSignal::new(None::<&'static str>);
    let is_asking = RwSignal::new(false);
    let is_busy = state.is_retrying;
    // The new batch takes the place of results that are nowhere else.
    let is_warned = RwSignal::new(false);
    // Marked already, so that they are in no other list.
    let n_waiting = Memo::new(move |_| n_unfinished(state, run, Part::NeverLeft));
    let n = move || n_messages.get().max(n_waiting.get());
    let question = Signal::derive(move || tn("unsent.ask", n(), &[]));
    let no = Callback::new(move |()| {
        is_asking.set(false);
        focus::keep_in("#unsent-send");
    });
    let yes = Callback::new(move |()| {
        if run.has_unsaved_results() && !is_warned.get_untracked() {
            is_warned.set(true);
            return;
        }
        trouble.set(None);
        let what = match n_waiting.get_untracked() {
            0 => What::New(messages.get_untracked()),
            _ => What::Unfinished,
        };
        retry_batch::start(state, run, Part::NeverLeft, what, move |not_made| {
            trouble.try_set(Some(not_made.why));
            n_tries.try_update(|n| *n += 1);
            is_asking.try_set(false);
        });
    });
    let ask = move |_| {
        is_asking.set(true);
        focus::move_to("#unsent .ask-no");
    };
    dynamic(move || {
        let n = n();
        let send = if n_waiting.get() == 0 { "unsent.send" } else { "retry.finish" };
        // Read here: what a component's children read is not followed.
        let alerts = [is_warned.get().then_some("retry.unsaved"), trouble.get()];
        let alerts = alerts.into_iter().flatten().map(|key| view! { <p role="alert">{t(key)}</p> });
        let alerts = alerts.collect_view();
        (0 < n).then(|| {
            view! {
                <div id="unsent" class="stack">
                    <Notice tone=Tone::Warning title=tn("unsent.title", n, &[])>
                        <p>{t("unsent.text")}</p>
                        {alerts}
                        <button
                            type="button"
                            class="button button-small"
                            id="unsent-send"
                            disabled=move || is_busy.get()
                            on:click=ask
                        >
                            {tr(send, &[("n", &number(n))])}
                        </button>
                    </Notice>
                    <Show when=move || is_asking.get()>
                        <Ask question no=t("cancel.no") yes=t("unsent.yes") on_no=no on_yes=yes />
                    </Show>
                </div>
            }
        })
    })
}
