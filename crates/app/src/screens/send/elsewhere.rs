//! A template that isn't for this place, or of which nobody can say whether it is.

use cxconnect_core::{
    ledger::Fault,
    position::{Elsewhere, Offer, Place},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone},
    screens::{
        messages::words,
        send::{load, state::SendState},
    },
    shell::texts::{t, tr},
};

/// Says that an admin has moved a template that was chosen, so that nothing is sent, and what to do. `again` looks once more.
pub fn moved(state: SendState, template: &str, why: Elsewhere, again: Option<Callback<()>>) -> AnyView {
    let what = match why {
        Elsewhere::Marked(position) => {
            let key = position.key();
            tr("positions.moved.marked", &[("position", &t(&format!("positions.position.{key}")))])
        }
        Elsewhere::NotOwn => t("positions.moved.not_own"),
        Elsewhere::Unread => t("positions.moved.unread"),
    };
    let fix = match state.offer.with_untracked(Offer::place) {
        Place::Ticket => t("positions.moved.fix_ticket"),
        Place::Many | Place::Webhook => t("positions.moved.fix"),
    };
    let title = match why {
        Elsewhere::Marked(_) | Elsewhere::NotOwn => "positions.moved.title",
        Elsewhere::Unread => "positions.moved.title_unread",
    };
    let again = again.map(|again| {
        view! {
            <button
                type="button"
                class="button button-small"
                id="moved-again"
                on:click=move |_| again.run(())
            >
                {t("api.retry")}
            </button>
        }
    });
    view! {
        <div id="template-moved">
            <Notice tone=Tone::Danger title=tr(title, &[("template", template)])>
                <p>{what}</p>
                <p>{fix}</p>
                {again}
            </Notice>
        </div>
    }
    .into_any()
}

/// Says that nothing is offered, since it could never be read what is for this place.
pub fn unread(state: SendState, fault: Fault) -> AnyView {
    let is_busy = RwSignal::new(false);
    let again = move |_| {
        is_busy.set(true);
        spawn_local(async move {
            load::read_positions(state).await;
            load::let_go(state);
            // Where they were read, the templates stand in this place by now.
            is_busy.try_set(false);
        });
    };
    view! {
        <div id="positions-unread">
            <Notice tone=Tone::Warning title=t("positions.unread.title")>
                <p>{words::fault(fault)}</p>
                <p>{t("positions.unread.text")}</p>
                <p class="row" role="status">
                    <button
                        type="button"
                        class="button button-small"
                        id="positions-again"
                        disabled=move || is_busy.get()
                        on:click=again
                    >
                        {t("api.retry")}
                    </button>
                    <Show when=move || is_busy.get()>
                        <span class="spinner"></span>
                        <span>{t("stats.reading")}</span>
                    </Show>
                </p>
            </Notice>
        </div>
    }
    .into_any()
}
