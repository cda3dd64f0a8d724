//! What the team's shared record has to say about a run: only when it keeps something waiting.

use cxconnect_core::{
    dispatch::Phase,
    ledger::{Fault, Standing},
};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    run::{Glance, LedgerGlance, RunRef},
    screens::configuration::WayToConfiguration,
    shell::texts::{number, t, tr},
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
            Standing::Lost => Some(view! { <Notice tone=Tone::Danger title=t("ledger.lost") /> }.into_any()),
            Standing::Stuck(fault) => {
                let has_ended = untrack(|| glance.with(|glance| matches!(glance.phase, Phase::Ended(_))));
                Some(stuck(run, fault, has_ended, way))
            }
            Standing::Ready | Standing::Following | Standing::Complete => None,
        }
    })
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
