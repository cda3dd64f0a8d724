//! Where the account has no shared record, or one that nothing can be written to, the tabs that show it say so.

use leptos::prelude::*;

use crate::{
    components::{Icon, Notice, Tone, dynamic},
    screens::configuration::WayToConfiguration,
    shell::texts::t,
    team::Team,
};

/// In place of a tab's page.
#[component]
pub fn NoRecord() -> impl IntoView {
    view! {
        <section class="card empty" id="no-record">
            {Icon::Document.view()} <h2>{t("stats.no_record.title")}</h2> <p>{t("stats.no_record.text")}</p>
            {way_there()}
        </section>
    }
}

/// Above a tab's page, if the record's objects lack fields.
#[component]
pub fn Incomplete(team: Team) -> impl IntoView {
    let is_incomplete = Memo::new(move |_| team.is_incomplete());
    dynamic(move || {
        is_incomplete.get().then(|| {
            view! {
                <div data-incomplete="">
                    <Notice tone=Tone::Warning title=t("stats.incomplete.title")>
                        <p>{t("stats.incomplete.text")}</p>
                        {way_there()}
                    </Notice>
                </div>
            }
        })
    })
}

/// Only admins have it.
fn way_there() -> Option<AnyView> {
    use_context::<WayToConfiguration>().map(|way| {
        view! {
            <button type="button" class="button" data-mend="" on:click=move |_| way.0.run(())>
                {t("ledger.mend")}
            </button>
        }
        .into_any()
    })
}
