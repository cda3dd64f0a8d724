//! "Reintentar fallidos": the refused messages whose reason allows it become a batch of their own.

use cxconnect_core::{
    dispatch::{Event, MessageIdx, Phase},
    retry::Retriable,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic},
    run::{Glance, Keeper, Role, RunRef},
    screens::send::{
        allowance::{self, NotAllowed},
        shelf,
        state::SendState,
    },
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
        Some(view! {
            <div id="retry">
                <Notice tone=Tone::Info title=t("retry.title")>
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
async fn again(state: SendState, run: RunRef, messages: Vec<MessageIdx>) -> Result<RunRef, &'static str> {
    let backend = state.backend.get();
    let people = run.frozen(|frozen| messages.iter().filter_map(|idx| frozen.recipient(*idx)).collect());
    allowance::check(&backend, people).await.map_err(|error| match error {
        NotAllowed::Package(_) => "confirm.package.title",
        NotAllowed::Limit(_) => "confirm.limit.title",
    })?;
    let id = ids::new_batch_id();
    let frozen =
        run.frozen(|frozen| frozen.subset(id.clone(), backend.agent.clone(), clock::time(), &messages));
    let keeper = match run.journal() {
        Some(journal) => {
            let keeper = Keeper::reserve(journal, &frozen).await.map_err(|_| "confirm.not_ready.title")?;
            keeper.stow(&frozen, |_, _| ()).await.map_err(|_| "pause.journal.title")?;
            Some(keeper)
        }
        None => None,
    };
    run.tell(Event::Retried { messages, batch: id });
    if !run.settled().await {
        return Err("pause.journal.title");
    }
    if let Some(keeper) = &keeper {
        keeper.commit(&frozen).await.map_err(|_| "pause.journal.title")?;
    }
    RunRef::create(backend, frozen, keeper).await.map_err(|_| "confirm.not_ready.title")
}
