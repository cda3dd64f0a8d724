//! "Integraciones": the webhooks by which a customer's systems send templates, and the relay that answers them (user manual,
//! section 8).

mod add;
mod error;
mod health;
mod list;
mod secret;
mod state;
mod steps;
mod trial;

use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    components::dynamic,
    screens::configuration::integrations::{
        add::Add,
        error::RelayNotice,
        health::Health,
        list::List,
        secret::NewSecret,
        state::{IntegrationsState, Stage},
        steps::Steps,
    },
    shell::texts::t,
};

/// The page.
#[component]
pub fn IntegrationsPage(backend: BackendRef) -> impl IntoView {
    let content = match IntegrationsState::new(backend) {
        None => view! { <Steps /> }.into_any(),
        Some(state) => dynamic(move || match state.stage.get() {
            Stage::Loading => view! {
                <p class="row muted" role="status">
                    <span class="spinner"></span>
                    {t("integrations.loading")}
                </p>
            }
            .into_any(),
            Stage::Failed(error) => view! {
                <RelayNotice title=t("integrations.failed") error on_retry=move |()| state.load() />
            }
            .into_any(),
            Stage::Ready => view! {
                <Health state />
                <NewSecret state />
                <List state />
                <Add state />
            }
            .into_any(),
        })
        .into_any(),
    };
    view! {
        <h2 id="integrations-title" tabindex="-1">
            {t("configuration.integrations")}
        </h2>
        <p class="muted">{t("integrations.intro")}</p>
        {content}
    }
}
