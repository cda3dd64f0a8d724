//! Going on with a batch that another computer has left unfinished.

use cxconnect_core::{ledger::BatchRecord, plan::BatchId};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic, dynamic_text},
    run::{self, InheritError, Progress},
    screens::{logs::LogsPlace, messages::words},
    shell::{
        clock,
        texts::{amount, moment, number, t, tr},
    },
};

/// How far it is.
#[derive(Clone, PartialEq)]
enum Stage {
    Offered,
    UnderWay(Progress),
    Failed(InheritError),
}

/// The offer, where there is something to take over: the batch isn't over, this browser doesn't have it, and nobody has been
/// heard of for a while.
#[component]
pub fn TakeOver(
    place: LogsPlace,
    batch: Memo<Option<BatchRecord>>,
    is_own: Memo<bool>,
    id: BatchId,
) -> impl IntoView {
    let team = place.backend.get().usage.team();
    let is_left = Memo::new(move |_| {
        // Looked at anew with each reading.
        let now = team.read_at().unwrap_or_default().max(clock::time());
        !is_own.get() && batch.with(|batch| batch.as_ref().is_some_and(|batch| batch.is_abandoned(now)))
    });
    let stage = RwSignal::new(Stage::Offered);
    let is_fetching = Memo::new(move |_| stage.with(|stage| matches!(stage, Stage::UnderWay(_))));
    let take = {
        let id = id.clone();
        Callback::new(move |()| {
            if is_fetching.get_untracked() {
                return;
            }
            stage.set(Stage::UnderWay(Progress::Fetching(0, 1)));
            let (backend, id) = (place.backend.get(), id.clone());
            spawn_local(async move {
                let proceed = |progress| drop(stage.try_set(Stage::UnderWay(progress)));
                match run::inherit(&backend, &id, proceed).await {
                    Ok(run) => {
                        // The list of what this browser keeps opens it anew.
                        run.close();
                        stage.try_set(Stage::Offered);
                        place.show_own.run(id);
                    }
                    Err(InheritError::Here) => place.show_own.run(id),
                    Err(error) => drop(stage.try_set(Stage::Failed(error))),
                }
            });
        })
    };
    // Why it came to nothing is said for as long as the page is open: somebody else may have it by now.
    let has_failed = Memo::new(move |_| stage.with(|stage| matches!(stage, Stage::Failed(_))));
    dynamic(move || {
        (is_left.get() || is_fetching.get() || has_failed.get()).then(|| {
            view! {
                <Notice tone=Tone::Warning title=t("logs.take_over.title")>
                    <p id="take-over-figures">{dynamic_text(move || figures(batch))}</p>
                    <p>{t("logs.take_over.text")}</p>
                    {dynamic(move || standing(&stage.get()))}
                    <button
                        type="button"
                        class="button"
                        id="batch-take-over"
                        disabled=move || is_fetching.get() || !is_left.get()
                        on:click=move |_| take.run(())
                    >
                        {t("logs.take_over.take")}
                    </button>
                </Notice>
            }
        })
    })
}

/// How many messages have left, are in doubt and are to go, as far as the record says.
fn figures(batch: Memo<Option<BatchRecord>>) -> String {
    let Some(all) = batch.with(|batch| batch.as_ref().map(|batch| batch.figures)) else {
        return String::new();
    };
    tr(
        "logs.take_over.figures",
        &[
            ("done", &amount(all.n_sent.saturating_add(all.n_failed))),
            ("unknown", &amount(all.n_unknown)),
            ("waiting", &amount(all.n_messages.saturating_sub(all.n_done()))),
        ],
    )
}

fn standing(stage: &Stage) -> Option<AnyView> {
    match stage {
        Stage::Offered => None,
        Stage::UnderWay(progress) => Some(taking(*progress)),
        Stage::Failed(error) => Some(view! { <p role="alert"><strong>{why(error)}</strong></p> }.into_any()),
    }
}

/// How far it is.
pub fn taking(progress: Progress) -> AnyView {
    let (text, bar) = match progress {
        Progress::Fetching(n_done, n_all) => {
            let text = tr("logs.take_over.fetching", &[("done", &number(n_done)), ("total", &number(n_all))]);
            let bar = view! { <progress value=n_done.to_string() max=n_all.to_string()></progress> };
            (text, Some(bar))
        }
        Progress::Listening => (t("logs.take_over.listening"), None),
    };
    view! {
        <p class="row" role="status">
            <span class="spinner"></span>
            {dynamic_text(move || text.clone())}
        </p>
        {bar}
    }
    .into_any()
}

/// Why it isn't this browser's.
pub fn why(error: &InheritError) -> String {
    match error {
        InheritError::Ledger(error) => words::fault(error.fault()),
        InheritError::Start(_) => t("logs.take_over.not_kept"),
        InheritError::Here | InheritError::Over => t("logs.take_over.over"),
        InheritError::Alive { seen } => tr("logs.take_over.alive", &[("time", &moment(*seen))]),
        InheritError::Incomplete => t("logs.take_over.incomplete"),
        InheritError::Damaged => t("logs.take_over.damaged"),
    }
}
