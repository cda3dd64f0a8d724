//! Step 1: number, template and file.

use cxconnect_core::ledger::Fault;
use cxconnect_ledger::Role;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone},
    screens::{
        later::quietly_later,
        send::{
            file::FilePicker, parts, senders::Senders, state::SendState, template_detail::TemplateDetail,
            templates::Templates,
        },
    },
    shell::texts::t,
    team::TeamStanding,
};

/// The step's page.
#[component]
pub fn Compose(state: SendState) -> impl IntoView {
    view! {
        <NoRight state />
        {quietly_later(parts::load_open_batches, move || parts::open_batches(state))}
        <div class="compose">
            <div class="stack">
                <section class="card">
                    <Senders state />
                    <Templates state />
                </section>
                <FilePicker state />
            </div>
            <TemplateDetail state />
        </div>
        {quietly_later(parts::load_recent_batches, move || parts::recent_batches(state))}
    }
}

/// Who may only look at the team's record can't send: they are told before they prepare anything. Whether a role that an admin
/// made may write is known when it is tried, before the first message.
#[component]
fn NoRight(state: SendState) -> impl IntoView {
    let team = state.backend.get().usage.team();
    let may_only_look = RwSignal::new(false);
    let has_record = Memo::new(move |_| team.standing() == TeamStanding::Known);
    Effect::new(move |_| {
        if !has_record.get() {
            return;
        }
        spawn_local(async move {
            team.turn().await;
            if let Ok(person) = team.ledger().objects().person().await {
                may_only_look.try_set(matches!(person.role, Role::LightAgent | Role::Contributor));
            }
        });
    });
    let is_barred =
        move || may_only_look.get() || team.standing() == TeamStanding::Unreachable(Fault::Forbidden);
    view! {
        <Show when=is_barred>
            <div id="no-right">
                <Notice tone=Tone::Warning title=t("ledger.forbidden")>
                    <p>{t("ledger.ask")}</p>
                </Notice>
            </div>
        </Show>
    }
}
