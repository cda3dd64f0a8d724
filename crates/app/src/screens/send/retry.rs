//! "Reintentar fallidos": the refused messages whose reason allows it become a batch of their own.

use cxconnect_core::{
    dispatch::{MessageIdx, Phase},
    frozen::Part,
    ledger::Standing,
    retry::Retriable,
};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    run::{Glance, LedgerGlance, Role, RunRef},
    screens::send::{
        retry_batch::{self, What, n_unfinished},
        state::SendState,
    },
    shell::{
        clock,
        texts::{moment, number, t, tn, tr},
    },
};

/// What may be tried again now, later and never, once the batch is over.
#[component]
pub fn Retry(state: SendState, run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    // Marking the messages changes no figure, so it is told by this.
    let n_tries = RwSignal::new(0_u32);
    let is_over = Memo::new(move |_| {
        glance.with(|glance| {
            matches!(glance.phase, Phase::Ended(_))
                && glance.role == Role::Owner
                && glance.ledger != LedgerGlance::On(Standing::Lost)
                && glance.counts.refused != 0
        })
    });
    let found = Memo::new(move |_| {
        n_tries.track();
        let now = clock::time();
        is_over
            .get()
            .then(|| run.look_once(|frozen, dispatch| Retriable::of(frozen, dispatch, now)))
            .filter(|found| *found != Retriable::default())
    });
    let trouble = RwSignal::new(None::<&'static str>);
    let is_asking = RwSignal::new(false);
    let is_busy = state.is_retrying;
    // The retry takes the place of results that are nowhere else.
    let is_warned = RwSignal::new(false);
    let begin = move |what: What| {
        if run.has_unsaved_results() && !is_warned.get_untracked() {
            is_warned.set(true);
            return;
        }
        trouble.set(None);
        retry_batch::start(state, run, Part::Refused, what, move |not_made| {
            trouble.try_set(Some(not_made.why));
            n_tries.try_update(|n| *n += 1);
        });
    };
    dynamic(move || {
        let n_unfinished = n_unfinished(state, run, Part::Refused);
        // While the journal can't be written the batch isn't over, and its pause says what to do.
        let found = found.get().or_else(|| (0 < n_unfinished && is_over.get()).then(Retriable::default))?;
        let now = clock::time();
        let (at_once, waited) = found.due(now);
        let n_waiting = found.later.len() - waited.len();
        let waiting = found.next(now).map(|from| {
            let text = tn("retry.later", n_waiting, &[("when", &moment(from))]);
            view! { <p>{text}</p> }
        });
        let never = (!found.never.is_empty()).then(|| tn("retry.never", found.never.len(), &[]));
        let button = |id: &'static str, text: String, act: Callback<()>| {
            view! {
                <button
                    type="button"
                    class="button button-small"
                    id=id
                    disabled=move || is_busy.get()
                    on:click=move |_| act.run(())
                >
                    {text}
                </button>
            }
            .into_any()
        };
        let start =
            move |messages: Vec<MessageIdx>| Callback::new(move |()| begin(What::New(messages.clone())));
        let mut buttons = Vec::new();
        if n_unfinished != 0 {
            let text = tr("retry.finish", &[("n", &number(n_unfinished))]);
            buttons.push(button("retry-finish", text, Callback::new(move |()| begin(What::Unfinished))));
        } else if !at_once.is_empty() {
            let text = tr("retry.now", &[("n", &number(at_once.len()))]);
            buttons.push(button("run-retry", text, start(at_once)));
        }
        if n_unfinished == 0 && !waited.is_empty() {
            let n = number(waited.len());
            if is_asking.get() {
                buttons.push(view! { <strong role="alert">{t("retry.ask")}</strong> }.into_any());
                buttons.push(button("retry-confirm", tr("retry.yes", &[("n", &n)]), start(waited)));
            } else {
                let ask = Callback::new(move |()| is_asking.set(true));
                buttons.push(button("run-retry-later", tr("retry.waited", &[("n", &n)]), ask));
            }
        }
        let title = if buttons.is_empty() { "retry.none" } else { "retry.title" };
        // Read here: what a component's children read is not followed.
        let alerts = [is_warned.get().then_some("retry.unsaved"), trouble.get()];
        let alerts = alerts.into_iter().flatten().map(|key| view! { <p role="alert">{t(key)}</p> });
        let alerts = alerts.collect_view();
        Some(view! {
            <div id="retry">
                <Notice tone=Tone::Info title=t(title)>
                    {waiting}
                    {never.map(|text| view! { <p>{text}</p> })}
                    {alerts}
                    <div class="row">{buttons}</div>
                </Notice>
            </div>
        })
    })
}
