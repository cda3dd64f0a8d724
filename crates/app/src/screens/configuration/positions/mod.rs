//! "Posición de plantillas": in which module each template shows, for all agents at once.

mod list;
mod save;
mod state;
mod table;

use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    components::{Notice, Tone, dynamic},
    screens::{
        api_notice::ApiNotice,
        configuration::{
            fault::FaultNotice,
            positions::{
                state::{PositionsState, Stage},
                table::Table,
            },
        },
    },
    shell::texts::t,
};

/// The page.
#[component]
pub fn PositionsPage(
    backend: BackendRef,
    /// Hears of every change that was written.
    on_change: Callback<()>,
) -> impl IntoView {
    let state = PositionsState::new(backend, on_change);
    let content = dynamic(move || match state.stage.get() {
        Stage::Loading => view! {
            <p class="row muted" role="status">
                <span class="spinner"></span>
                {t("positions.loading")}
            </p>
        }
        .into_any(),
        Stage::NoTemplates(error) => {
            view! { <ApiNotice error on_retry=move |()| list::load(state) /> }.into_any()
        }
        Stage::NoPositions(error) => view! {
            <FaultNotice title=t("positions.failed") error on_retry=move |()| list::load(state) />
        }
        .into_any(),
        Stage::NotInstalled => view! {
            <Notice tone=Tone::Warning title=t("positions.not_installed.title")>
                <p>{t("positions.not_installed.fix")}</p>
                <button type="button" class="button button-small" on:click=move |_| list::load(state)>
                    {t("api.retry")}
                </button>
            </Notice>
        }
        .into_any(),
        Stage::Ready => view! { <Table state /> }.into_any(),
    });
    let meanings = ["all", "many", "one", "custom"].map(|key| {
        view! {
            <div>
                <dt>{t(&format!("positions.position.{key}"))}</dt>
                <dd>{t(&format!("positions.meaning.{key}"))}</dd>
            </div>
        }
        .into_any()
    });
    view! {
        <h2 id="positions-title" tabindex="-1">
            {t("configuration.positions")}
        </h2>
        <p class="muted">{t("positions.intro")}</p>
        <dl class="positions-meanings">{meanings.into_iter().collect_view()}</dl>
        {content}
    }
}
