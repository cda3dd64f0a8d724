//! The batches that this browser keeps: those that have not ended, before anything else, and those that have.

use cxconnect_core::{
    dispatch::{Event, Phase},
    frozen::{Head, Kind},
    plan::BatchId,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    run::{self, Finished, OpenError, Role, RunRef, Shelf},
    screens::send::state::{SendState, Step},
    shell::{
        journal::KeepError,
        texts::{moment, t, tn, tr},
    },
};

/// Looks which batches this browser keeps.
fn look(state: SendState) {
    spawn_local(async move {
        let shelf = run::look(&state.backend.get()).await;
        let shelf = shelf.unwrap_or_else(|error| Shelf { fault: Some(error), ..Shelf::default() });
        let before = state.shelf.try_update(|now| std::mem::replace(now, shelf)).unwrap_or_default();
        before.open.into_iter().for_each(RunRef::close);
    });
}

/// Shows a batch, which leaves the shelf for that time.
pub fn show(state: SendState, run: RunRef) {
    state.shelf.update(|shelf| shelf.open.retain(|open| *open != run));
    state.step.set(Step::Running(run));
}

/// The batches that this browser keeps, or shows now. Can be followed.
pub fn kept_batches(state: SendState) -> Vec<BatchId> {
    let mut ids: Vec<BatchId> = state.shelf.with(|shelf| {
        let open = shelf.open.iter().map(|run| run.frozen(|frozen| frozen.id().clone()));
        open.chain(shelf.finished.iter().map(|it| it.head.about.id.clone())).collect()
    });
    state.step.with(|step| {
        if let Step::Running(run) = step {
            ids.push(run.frozen(|frozen| frozen.id().clone()));
        }
    });
    ids
}

/// Whether a batch can be shown now: not while the agent is at something else. Can be followed.
pub fn can_show_kept(state: SendState, id: &BatchId) -> bool {
    state.step.with(|step| match step {
        Step::Compose => true,
        Step::Running(run) => run.frozen(|frozen| frozen.id() == id),
        _ => false,
    })
}

/// Shows a batch that this browser keeps, unless the agent is at something else: then it is in the lists of that page.
pub fn show_kept(state: SendState, id: BatchId) {
    if !state.is_at(|step| matches!(step, Step::Compose)) {
        return;
    }
    let (open, finished) = state.shelf.with_untracked(|shelf| {
        let open = shelf.open.iter().copied().find(|run| run.frozen(|frozen| *frozen.id() == id));
        (open, shelf.finished.iter().find(|it| it.head.about.id == id).cloned())
    });
    if let Some(run) = open {
        spawn_local(async move {
            run.take().await;
            if run.is_open() {
                show(state, run);
            }
        });
    } else if let Some(finished) = finished {
        spawn_local(async move {
            // What can't be opened is still in the list of that page, which says so.
            let _ = open_finished(state, &finished.head_text, &id.to_string()).await;
        });
    }
}

/// Opens a batch that has ended, and shows it.
async fn open_finished(state: SendState, head: &str, id: &str) -> Result<(), OpenError> {
    let backend = state.backend.get();
    let journal = backend.journal().await?;
    let run = RunRef::open(backend, journal, id, head).await?;
    run.take().await;
    show(state, run);
    Ok(())
}

/// From a batch back to the beginning, where the shelf is looked at again.
pub fn leave(state: SendState, run: RunRef) {
    state.step.set(Step::Compose);
    run.close();
}

/// Batches that have not ended: what is done, what is in doubt, what never left, and the way on.
#[component]
pub fn OpenBatches(state: SendState) -> impl IntoView {
    look(state);
    let list = dynamic(move || {
        let open = state.shelf.with(|shelf| shelf.open.clone());
        (!open.is_empty()).then(|| {
            view! {
                <section class="card" id="kept" aria-labelledby="kept-title">
                    <h2 id="kept-title">{t("kept.title")}</h2>
                    {open.into_iter().map(|run| open_batch(state, run)).collect_view()}
                </section>
            }
        })
    });
    view! {
        {dynamic(move || not_known(state))}
        {list}
    }
}

/// What can't be said of the batches: there may be more than are listed.
fn not_known(state: SendState) -> Option<AnyView> {
    let (fault, n_unreadable) = state.shelf.with(|shelf| (shelf.fault, shelf.n_unreadable));
    let text = match fault {
        None if n_unreadable == 0 => return None,
        // Where nothing is kept there is nothing to show; that is said before something is sent.
        Some(KeepError::Denied) => return None,
        None => t("kept.unreadable.fix"),
        Some(KeepError::Nobody) => t("kept.not_seen.nobody"),
        Some(KeepError::Slow | KeepError::Taken | KeepError::Failed) => t("kept.not_seen.fix"),
    };
    let title = match fault {
        None => tn("kept.unreadable.title", n_unreadable, &[]),
        Some(_) => t("kept.not_seen.title"),
    };
    let view = view! {
        <div id="kept-unknown">
            <Notice tone=Tone::Warning title>
                <p>{text}</p>
                <button type="button" class="button button-small" on:click=move |_| look(state)>
                    {t("api.retry")}
                </button>
            </Notice>
        </div>
    };
    Some(view.into_any())
}

fn open_batch(state: SendState, run: RunRef) -> AnyView {
    let glance = Memo::new(move |_| run.glance());
    let is_elsewhere = Memo::new(move |_| glance.with(|glance| glance.role == Role::Watcher));
    let is_asking = RwSignal::new(false);
    // Takes the batch over, then does something with it, and shows it.
    let take = move |act: fn(RunRef)| {
        spawn_local(async move {
            if run.take().await {
                act(run);
            }
            // The list may have been looked at anew meanwhile.
            if run.is_open() {
                show(state, run);
            }
        });
    };
    let cancel = move |_| {
        if is_asking.get_untracked() {
            take(|run| run.tell(Event::Cancel));
        } else {
            is_asking.set(true);
        }
    };
    let cancel_text = move || if is_asking.get() { t("kept.cancel_yes") } else { t("run.cancel") };
    // What was claimed by a page that is gone may have left.
    let figures = move || {
        glance.with(|glance| {
            let counts = glance.counts;
            let figures = [
                ("accepted", counts.accepted + counts.marked_sent),
                ("refused", counts.refused),
                ("unknown", counts.unknown + counts.claimed),
                ("waiting", counts.waiting),
            ];
            figures
                .map(|(key, n)| {
                    view! {
                        <div class="figure" data-figure=key>
                            <dt>{t(&format!("kept.{key}"))}</dt>
                            <dd>{n.to_string()}</dd>
                        </div>
                    }
                })
                .collect_view()
        })
    };
    let buttons = move || {
        let view = view! {
            <button type="button" class="button button-basic kept-open" on:click=move |_| take(|_| ())>
                {t("kept.open")}
            </button>
        };
        if is_elsewhere.get() {
            return view! {
                <p class="hint">{t("pause.watching.title")}</p>
                {view}
            }
            .into_any();
        }
        view! {
            {view}
            <button type="button" class="button button-primary kept-resume" on:click=move |_| take(RunRef::go_on)>
                {t("run.resume")}
            </button>
            <button type="button" class="button button-danger kept-cancel" on:click=cancel>
                {dynamic_text(cancel_text)}
            </button>
        }
        .into_any()
    };
    let (id, title) = run.frozen(|frozen| (frozen.id().to_string(), title(frozen.head())));
    let was_started = move || glance.with(|glance| glance.phase != Phase::Ready);
    view! {
        <div
            class="kept-batch"
            data-batch=id
            data-state=move || if is_elsewhere.get() { "elsewhere" } else { "unfinished" }
        >
            <p class="kept-name">{title}</p>
            <dl class="figures">{dynamic(figures)}</dl>
            <Show when=move || !was_started()>
                <p class="hint">{t("kept.never_began")}</p>
            </Show>
            <div class="actions">{dynamic(buttons)}</div>
        </div>
    }
    .into_any()
}

/// Batches that have ended, whose results can still be seen.
#[component]
pub fn RecentBatches(state: SendState) -> impl IntoView {
    let not_opened = RwSignal::new(false);
    let list = move || {
        let finished = state.shelf.with(|shelf| shelf.finished.clone());
        (!finished.is_empty()).then(|| {
            view! {
                <details class="card" id="recent">
                    <summary>{t("kept.recent")}</summary>
                    <p class="hint">{t("kept.how_long")}</p>
                    <ul class="stack">
                        {finished.into_iter().map(|it| recent(state, it, not_opened)).collect_view()}
                    </ul>
                </details>
            }
        })
    };
    view! {
        {dynamic(list)}
        <Show when=move || not_opened.get()>
            <Notice tone=Tone::Danger title=t("kept.not_opened") />
        </Show>
    }
}

fn recent(state: SendState, finished: Finished, not_opened: RwSignal<bool>) -> AnyView {
    let counts = finished.summary.counts;
    let figures = [
        ("accepted", counts.accepted + counts.marked_sent),
        ("refused", counts.refused),
        ("unknown", counts.unknown),
    ];
    let figures = figures.map(|(name, n)| (name, n.to_string()));
    let figures = figures.each_ref().map(|(name, n)| (*name, n.as_str()));
    let (id, title) = (finished.head.about.id.to_string(), title(&finished.head));
    let open = move |_| {
        let (head, id) = (finished.head_text.clone(), finished.head.about.id.to_string());
        spawn_local(async move {
            not_opened.set(open_finished(state, &head, &id).await.is_err());
        });
    };
    view! {
        <li class="row row-spread recent-batch" data-batch=id>
            <span>
                {title} <br /> <span class="hint">{tn("kept.figures", counts.total, &figures)}</span>
            </span>
            <button type="button" class="button button-small kept-open" on:click=open>
                {t("kept.results")}
            </button>
        </li>
    }
    .into_any()
}

/// What a batch is, in one line.
fn title(head: &Head) -> String {
    let about = &head.about;
    let what = match about.kind {
        Kind::Many if head.retry_of.is_some() => tr("kept.retry", &[("file", &about.file_name)]),
        Kind::Many => about.file_name.clone(),
        Kind::One => t("run.one_message"),
        Kind::Test => t("kept.test"),
    };
    [what, about.template.name.to_string(), moment(about.created)].join(" · ")
}
