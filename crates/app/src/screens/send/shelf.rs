//! The batches that this browser keeps: those that have not ended, before anything else, and those that have.

use cxconnect_core::{
    dispatch::{End, Event, Phase},
    frozen::{Head, Kind, Part},
    plan::BatchId,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Ask, Notice, Tone, dynamic},
    run::{self, Finished, Glance, OpenError, Role, RunRef, Shelf, was_recorded},
    screens::send::state::{SendState, Step},
    shell::{
        clock, focus,
        journal::KeepError,
        texts::{moment, number, t, tn, tr},
    },
};

/// How often a batch that has ended and is another page's is asked for.
const TAKEN_AGAIN_MS: u32 = 1_000;

/// Looks which batches this browser keeps.
pub fn look(state: SendState) {
    spawn_local(look_now(state));
}

async fn look_now(state: SendState) {
    let shelf = run::look(&state.backend.get()).await;
    let shelf = shelf.unwrap_or_else(|error| Shelf { fault: Some(error), ..Shelf::default() });
    let before = state.shelf.try_update(|now| std::mem::replace(now, shelf)).unwrap_or_default();
    before.open.into_iter().for_each(RunRef::close);
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
    spawn_local(async move {
        let is_known = state.shelf.with_untracked(|shelf| {
            shelf.open.iter().any(|run| run.frozen(|frozen| *frozen.id() == id))
                || shelf.finished.iter().any(|it| it.head.about.id == id)
        });
        // It may have come from another computer just now.
        if !is_known {
            look_now(state).await;
        }
        show_known(state, id);
    });
}

fn show_known(state: SendState, id: BatchId) {
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
            let _ = open_finished(state, &finished).await;
        });
    }
}

/// Opens a batch that has ended, and shows it.
async fn open_finished(state: SendState, finished: &Finished) -> Result<(), OpenError> {
    let backend = state.backend.get();
    let journal = backend.journal().await?;
    let id = finished.head.about.id.as_str();
    let is_recorded = finished.summary.is_recorded;
    let run = RunRef::open(backend, journal, id, &finished.head_text, is_recorded).await?;
    let is_taken = run.take().await;
    show(state, run);
    if !is_taken {
        // The page before may need a moment to let go of it. Nothing of it is under way that would have to be asked about.
        spawn_local(async move {
            while run.is_open() && !run.take().await {
                clock::after(TAKEN_AGAIN_MS).await;
            }
        });
    }
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
    let question = Signal::derive(move || tn("cancel.ask", glance.with(|glance| glance.counts.waiting), &[]));
    let no = Callback::new(move |()| {
        is_asking.set(false);
        focus::keep_in(".kept-cancel");
    });
    let yes = Callback::new(move |()| take(|run| run.tell(Event::Cancel)));
    // All that was to leave has left, or may have: only an answer is missing.
    let has_rest = Memo::new(move |_| glance.with(|glance| glance.counts.waiting != 0));
    let buttons = move || {
        if !is_elsewhere.get() && !has_rest.get() {
            return view! {
                <button
                    type="button"
                    class="button button-primary kept-open"
                    on:click=move |_| take(end_if_done)
                >
                    {t("kept.open")}
                </button>
            }
            .into_any();
        }
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
            <button
                type="button"
                class="button button-danger kept-cancel"
                aria-expanded=move || is_asking.get().to_string()
                on:click=move |_| {
                    is_asking.set(true);
                    focus::move_to(".kept-batch > .ask .ask-no");
                }
            >
                {t("run.cancel")}
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
            <dl class="figures">{dynamic(move || glance.with(figures))}</dl>
            <Show when=move || !was_started()>
                <p class="hint">{t("kept.never_began")}</p>
            </Show>
            <Show when=move || !is_elsewhere.get() && !has_rest.get()>
                <p class="hint">{t("kept.no_rest")}</p>
            </Show>
            <div class="actions">{dynamic(buttons)}</div>
            <Show when=move || is_asking.get() && !is_elsewhere.get()>
                <Ask question no=t("cancel.no") yes=t("cancel.yes") on_no=no on_yes=yes />
            </Show>
        </div>
    }
    .into_any()
}

/// How a batch that has not ended stands.
fn figures(glance: &Glance) -> AnyView {
    let counts = glance.counts;
    // What was claimed by a page that is gone may have left; by one that sends, it is answered soon.
    let is_elsewhere = glance.role == Role::Watcher;
    let (unknown, claimed) = if is_elsewhere { (0, counts.claimed) } else { (counts.claimed, 0) };
    let figures = [
        ("accepted", counts.accepted + counts.marked_sent),
        ("refused", counts.refused),
        ("unknown", counts.unknown + unknown),
        ("claimed", claimed),
        ("waiting", counts.waiting),
    ];
    let shown = figures.into_iter().filter(|(key, n)| *key != "claimed" || 0 < *n);
    let views = shown.map(|(key, n)| {
        view! {
            <div class="figure" data-figure=key>
                <dt>{t(&format!("run.{key}"))}</dt>
                <dd>{number(n)}</dd>
            </div>
        }
    });
    views.collect_view().into_any()
}

/// What has nothing left to send is over, once its last answers are in doubt.
fn end_if_done(run: RunRef) {
    if run.look_once(|_, dispatch| dispatch.counts().waiting == 0) {
        run.go_on();
    }
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
    let told = tn("kept.figures", counts.total, &[("figures", &run::told(&counts))]);
    let was_cancelled = finished.summary.end == Some(End::Cancelled);
    let cancelled = was_cancelled.then(|| view! { <span class="tag">{t("kept.cancelled")}</span> });
    let (id, title) = (finished.head.about.id.to_string(), title(&finished.head));
    let open = move |_| {
        let finished = finished.clone();
        spawn_local(async move {
            not_opened.set(open_finished(state, &finished).await.is_err());
        });
    };
    view! {
        <li class="row row-spread recent-batch" data-batch=id>
            <span>
                {title} <br /> <span class="hint">{told}</span> " " {cancelled}
            </span>
            <button type="button" class="button button-small kept-open" on:click=open>
                {t("kept.results")}
            </button>
        </li>
    }
    .into_any()
}

/// From a batch that is over to another one that this browser may still keep.
pub fn open_other(state: SendState, run: RunRef, id: String, not_opened: RwSignal<bool>) {
    spawn_local(async move {
        let other = find(state, &id).await;
        not_opened.try_set(other.is_none());
        if let Some(other) = other {
            other.take().await;
            show(state, other);
            run.close();
        }
    });
}

async fn find(state: SendState, id: &str) -> Option<RunRef> {
    let backend = state.backend.get();
    let journal = backend.journal().await.ok()?;
    let kept = journal.list().await.ok()?.into_iter().find(|kept| kept.id == id)?;
    RunRef::open(backend, journal, &kept.id, &kept.head, was_recorded(&kept)).await.ok()
}

/// What a file's batch is called; a part of one is called so.
pub fn from_file(head: &Head) -> String {
    let file = &head.about.file_name;
    match head.part_of.as_ref().map(|part_of| part_of.part) {
        None => file.clone(),
        Some(Part::Refused) => tr("kept.retry", &[("file", file)]),
        Some(Part::NeverLeft) => tr("kept.rest", &[("file", file)]),
    }
}

/// What a batch is, in one line.
fn title(head: &Head) -> String {
    let about = &head.about;
    let what = match about.kind {
        Kind::Many => from_file(head),
        Kind::One => t("run.one_message"),
        Kind::Test => t("kept.test"),
    };
    [what, about.template.name.to_string(), moment(about.created)].join(" · ")
}
