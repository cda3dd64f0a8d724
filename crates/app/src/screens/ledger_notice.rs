//! What the team's shared record has to say about a run: only when it keeps something waiting.

use cxconnect_core::{
    dispatch::Phase,
    ledger::{Fault, Standing},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic},
    run::{Glance, LedgerGlance, Progress, RunRef},
    screens::{
        configuration::WayToConfiguration,
        logs::take_over::{taking, why},
    },
    shell::texts::{number, t, tn, tr},
};

/// The notice, if there is anything to notice.
#[component]
pub fn LedgerNotice(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let ledger = Memo::new(move |_| glance.with(|glance| glance.ledger));
    // Only admins have it, and only where the tab is at hand.
    let way = use_context::<WayToConfiguration>();
    dynamic(move || {
        let standing = match ledger.get() {
            LedgerGlance::On(standing) => standing,
            // Whoever can't mend it need not know: their batches go out all the same.
            LedgerGlance::Off => return way.map(off),
            LedgerGlance::None => return None,
        };
        match standing {
            Standing::Keeping { n_done, n_all } => {
                let title = tr("ledger.keeping", &[("done", &number(n_done)), ("total", &number(n_all))]);
                Some(view! { <Notice tone=Tone::Info title=title /> }.into_any())
            }
            Standing::Waiting(_) => {
                Some(view! { <Notice tone=Tone::Info title=t("ledger.waiting") /> }.into_any())
            }
            Standing::Lost => Some(view! { <Lost run glance /> }.into_any()),
            Standing::Stuck(fault) => {
                let has_ended = untrack(|| glance.with(|glance| matches!(glance.phase, Phase::Ended(_))));
                Some(stuck(run, fault, has_ended, way))
            }
            Standing::Complete => unrecorded(glance.with(|glance| glance.n_unrecorded)),
            Standing::Ready | Standing::Following => None,
        }
    })
}

/// Nothing waits, but Zendesk has refused some records for good.
fn unrecorded(n: usize) -> Option<AnyView> {
    (n != 0).then(|| view! { <Notice tone=Tone::Warning title=tn("ledger.unrecorded", n, &[]) /> }.into_any())
}

/// Another computer has the batch, and the way to have it back.
#[component]
fn Lost(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let can_go_on = Memo::new(move |_| {
        glance.with(|glance| !matches!(glance.phase, Phase::Ended(_)) && glance.counts.waiting != 0)
    });
    let progress = RwSignal::new(None::<Progress>);
    let trouble = RwSignal::new(None::<String>);
    let is_busy = Memo::new(move |_| progress.with(Option::is_some));
    let take = move |_| {
        let Some(hold) = run.hold() else { return };
        progress.set(Some(Progress::Fetching(0, 1)));
        trouble.set(None);
        spawn_local(async move {
            let retaken = run
                .retake(|it| {
                    progress.try_set(Some(it));
                })
                .await;
            progress.try_set(None);
            trouble.try_set(retaken.err().map(|error| why(&error)));
            drop(hold);
        });
    };
    view! {
        <Notice tone=Tone::Danger title=t("ledger.lost")>
            <Show when=move || can_go_on.get()>
                <p>{t("ledger.lost_text")}</p>
                {dynamic(move || progress.get().map(taking))}
                {dynamic(move || trouble.get().map(|why| view! { <p role="alert">{why}</p> }))}
                <button type="button" class="button" id="ledger-take-back" disabled=is_busy on:click=take>
                    {t("ledger.lost_take")}
                </button>
            </Show>
        </Notice>
    }
}

/// The account hasn't the objects.
fn off(way: WayToConfiguration) -> AnyView {
    view! {
        <Notice tone=Tone::Info title=t("ledger.off")>
            {way_there(way)}
        </Notice>
    }
    .into_any()
}

fn stuck(run: RunRef, fault: Fault, has_ended: bool, way: Option<WayToConfiguration>) -> AnyView {
    let what = match fault {
        // Nothing waits any more: only the record lacks something, or has a plan too many.
        Fault::Forbidden | Fault::Refused | Fault::Missing if has_ended => "incomplete",
        Fault::Forbidden => "forbidden",
        Fault::SignedOut => "signed_out",
        _ => "refused",
    };
    // What an admin of Zendesk can mend; anybody else is told whom to ask and for what.
    let can_be_mended = fault != Fault::SignedOut;
    let ask = (can_be_mended && way.is_none()).then(|| view! { <p>{t("ledger.ask")}</p> });
    let way = way.filter(|_| can_be_mended).map(way_there);
    view! {
        <Notice tone=Tone::Danger title=t(&format!("ledger.{what}"))>
            {ask}
            <div class="row">
                <button class="button" id="ledger-again" on:click=move |_| run.write_ledger_again()>
                    {t("ledger.again")}
                </button>
                {way}
            </div>
        </Notice>
    }
    .into_any()
}

fn way_there(way: WayToConfiguration) -> AnyView {
    view! {
        <button type="button" class="button" id="ledger-mend" on:click=move |_| way.0.run(())>
            {t("ledger.mend")}
        </button>
    }
    .into_any()
}
