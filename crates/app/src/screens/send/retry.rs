//! "Reintentar fallidos": the refused messages whose reason allows it become a batch of their own.

use cxconnect_core::{
    dispatch::{Event, MessageIdx, Phase},
    retry::Retriable,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic},
    run::{self, Glance, OpenError, Role, RunRef},
    screens::send::{shelf, state::SendState},
    shell::{
        clock, ids,
        texts::{moment, number, t, tn, tr},
    },
};

/// What may be tried again now, later and never, once the batch is over.
#[component]
pub fn Retry(state: SendState, run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    // Marking the messages changes no figure, so it is told by this.
    let n_tries = RwSignal::new(0_u32);
    let found = Memo::new(move |_| {
        n_tries.track();
        let is_over = glance.with(|glance| {
            matches!(glance.phase, Phase::Ended(_))
                && glance.role == Role::Owner
                && glance.counts.refused != 0
        });
        let now = clock::time();
        is_over
            .then(|| run.look_once(|frozen, dispatch| Retriable::of(frozen, dispatch, now)))
            .filter(|found| *found != Retriable::default())
    });
    let trouble = RwSignal::new(None::<&'static str>);
    let is_asking = RwSignal::new(false);
    let is_busy = RwSignal::new(false);
    let begin = move |messages: Vec<MessageIdx>| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        spawn_local(async move {
            match again(state, run, messages).await {
                Ok(retry) => {
                    shelf::show(state, retry);
                    retry.begin();
                    run.close();
                }
                Err(key) => {
                    trouble.try_set(Some(key));
                    n_tries.try_update(|n| *n += 1);
                    is_busy.try_set(false);
                }
            }
        });
    };
    dynamic(move || {
        let found = found.get()?;
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
        let start = move |messages: Vec<MessageIdx>| Callback::new(move |()| begin(messages.clone()));
        let mut buttons = Vec::new();
        if !at_once.is_empty() {
            let text = tr("retry.now", &[("n", &number(at_once.len()))]);
            buttons.push(button("run-retry", text, start(at_once)));
        }
        if !waited.is_empty() {
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
        Some(view! {
            <div id="retry">
                <Notice tone=Tone::Info title=t(title)>
                    {waiting}
                    {never.map(|text| view! { <p>{text}</p> })}
                    {trouble.get().map(|key| view! { <p role="alert">{t(key)}</p> })}
                    <div class="row">{buttons}</div>
                </Notice>
            </div>
        })
    })
}

/// Makes a batch of these messages. They are marked in their journal before the new batch exists: none can be in two.
pub async fn again(state: SendState, run: RunRef, messages: Vec<MessageIdx>) -> Result<RunRef, &'static str> {
    let backend = state.backend.get();
    backend.usage.refresh();
    let wanted = messages.len() as u64;
    let has_room = backend.settings.package.allows(wanted, untrack(|| backend.usage.get()));
    has_room.map_err(|_| "confirm.package.title")?;
    let id = ids::new_batch_id();
    let frozen =
        run.frozen(|frozen| frozen.subset(id.clone(), backend.agent.clone(), clock::time(), &messages));
    let journal = run.journal();
    if let Some(journal) = &journal {
        run::stow(journal, &frozen, |_, _| ()).await.map_err(|_| "pause.journal.title")?;
    }
    run.tell(Event::Retried { messages, batch: id });
    if !run.settled().await {
        return Err("pause.journal.title");
    }
    if let Some(journal) = &journal {
        run::commit(journal, &frozen).await.map_err(|_| "pause.journal.title")?;
    }
    RunRef::create(backend, frozen, journal).await.map_err(|_: OpenError| "pause.journal.title")
}
