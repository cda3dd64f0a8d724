//! What the team's shared record has to say about a run: only when it keeps something waiting.

use cxconnect_core::ledger::{Fault, Standing};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    run::{Glance, LedgerGlance, RunRef},
    shell::texts::{number, t, tr},
};

/// The notice, if there is anything to notice.
#[component]
pub fn LedgerNotice(run: RunRef, glance: Memo<Glance>) -> impl IntoView {
    let ledger = Memo::new(move |_| glance.with(|glance| glance.ledger));
    dynamic(move || {
        let LedgerGlance::On(standing) = ledger.get() else { return None };
        match standing {
            Standing::Keeping { n_done, n_all } => {
                let title = tr("ledger.keeping", &[("done", &number(n_done)), ("total", &number(n_all))]);
                Some(view! { <Notice tone=Tone::Info title=title /> }.into_any())
            }
            Standing::Waiting(_) => {
                Some(view! { <Notice tone=Tone::Info title=t("ledger.waiting") /> }.into_any())
            }
            Standing::Lost => Some(view! { <Notice tone=Tone::Danger title=t("ledger.lost") /> }.into_any()),
            Standing::Stuck(fault) => Some(stuck(run, fault)),
            Standing::Ready | Standing::Following | Standing::Complete => None,
        }
    })
}

fn stuck(run: RunRef, fault: Fault) -> AnyView {
    let what = match fault {
        Fault::Forbidden => "forbidden",
        Fault::SignedOut => "signed_out",
        _ => "refused",
    };
    view! {
        <Notice tone=Tone::Danger title=t(&format!("ledger.{what}"))>
            <button class="button" id="ledger-again" on:click=move |_| run.write_ledger_again()>
                {t("ledger.again")}
            </button>
        </Notice>
    }
    .into_any()
}
