//! What a batch ended without: the messages that never left, and the way to send exactly these after all.

use cxconnect_core::{dispatch::Phase, retry};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Ask, Notice, Tone, dynamic},
    run::{Glance, Role, RunRef},
    screens::send::{retry::again, shelf, state::SendState},
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
                && glance.counts.not_sent != 0
        });
        if is_over { run.look_once(|_, dispatch| retry::never_left(dispatch)) } else { Vec::new() }
    });
    let n_messages = Memo::new(move |_| messages.with(Vec::len));
    let trouble = RwSignal::new(None::<&'static str>);
    let is_asking = RwSignal::new(false);
    let is_busy = RwSignal::new(false);
    let question = Signal::derive(move || tn("unsent.ask", n_messages.get(), &[]));
    let no = Callback::new(move |()| {
        is_asking.set(false);
        focus::keep_in("#unsent-send");
    });
    let yes = Callback::new(move |()| {
        // Pressing twice sends once.
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        let messages = messages.get_untracked();
        spawn_local(async move {
            match again(state, run, messages).await {
                Ok(rest) => {
                    shelf::show(state, rest);
                    rest.begin();
                    run.close();
                }
                Err(key) => {
                    trouble.try_set(Some(key));
                    n_tries.try_update(|n| *n += 1);
                    is_asking.try_set(false);
                    is_busy.try_set(false);
                }
            }
        });
    });
    let ask = move |_| {
        is_asking.set(true);
        focus::to("#unsent .ask-no");
    };
    dynamic(move || {
        let n = n_messages.get();
        (0 < n).then(|| {
            view! {
                <div id="unsent" class="stack">
                    <Notice tone=Tone::Warning title=tn("unsent.title", n, &[])>
                        <p>{t("unsent.text")}</p>
                        {dynamic(move || trouble.get().map(|key| view! { <p role="alert">{t(key)}</p> }))}
                        <button type="button" class="button button-small" id="unsent-send" on:click=ask>
                            {tr("unsent.send", &[("n", &number(n))])}
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
