//! CXConnect's screen: Leptos in Zendesk's iframe, started by `zendesk-app/boot.js` once Zendesk has registered the app.
//!
//! # Where to start
//! - `screens`: one module per tab, and `screens::send` for the main job;
//! - `components`: parts that know nothing of the workflows;
//! - `shell`: the border to the browser, one module per effect;
//! - `backend`: what screens need of the world.

#![expect(clippy::needless_pass_by_value, reason = "components own their props")]

mod backend;
mod components;
mod memory;
mod run;
mod screens;
mod settings;
mod shell;
mod team;
mod usage;

use std::cell::Cell;

use cxconnect_ledger::{Ledger, Objects};
use cxconnect_relay_client::Relay;
use cxconnect_sunco::SunCo;
use cxconnect_zendesk::{
    AgentTransport, ColorScheme, Context, ProxyTransport, Registered, RelayTransport, ZafClient,
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;

use crate::{
    backend::{Backend, BackendRef},
    memory::Memory,
    screens::{NavBar, SettingsScreen, ticket},
    settings::{Settings, SettingsError},
    shell::{crash, phones, texts},
    usage::UsageCount,
};

fn main() {
    crash::show_reload_screen_on_panic();
    // Not leptos' own, which works from the first mount on only.
    spawn_local(async {
        if let Err(error) = start().await {
            // The texts could not be had, so only the page's own screen can speak.
            crash::crashed(&error.to_string());
        }
    });
}

/// Why the app can't show anything of its own.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(transparent)]
    Boot(#[from] cxconnect_zendesk::BootError),
    #[error(transparent)]
    Texts(#[from] texts::TextsError),
    #[error(transparent)]
    Phones(#[from] cxconnect_core::phone::TableError),
    #[error("the page has no #app")]
    NoPlace,
}

async fn start() -> Result<(), StartError> {
    phones::install()?;
    let (zaf, Registered { metadata, context }) = ZafClient::from_boot()?;
    let memory = Memory::new(zaf.clone(), context.account.subdomain.clone());
    // An agent whom Zendesk can't name still gets the app, in the browser's language.
    let user = memory.user().await;
    let locale = user.as_ref().and_then(|user| user.locale.clone());
    let locale = locale.or_else(|| window().navigator().language()).unwrap_or_else(|| "es".to_owned());
    texts::load(&locale).await?;
    let root = document().document_element().ok_or(StartError::NoPlace)?;
    // Assistive technology then reads in the right language; the texts don't depend on it.
    let _ = root.set_attribute("lang", texts::Language::of_locale(&locale).code());
    follow_color_scheme(&zaf, root);

    let settings = Settings::parse(|name| metadata.settings.text(name));
    if user.is_some() {
        // What it is missing for, the screen says: it is asked for again by whoever needs it.
        let _ = memory.journal().await;
    }
    let place = document().get_element_by_id("app").and_then(|place| place.dyn_into().ok());
    let place = place.ok_or(StartError::NoPlace)?;
    mount_to(place, move || page(zaf, settings, &context, memory)).forget();
    Ok(())
}

fn page(
    zaf: ZafClient,
    settings: Result<Settings, SettingsError>,
    context: &Context,
    memory: Memory,
) -> AnyView {
    let settings = match settings {
        Ok(settings) => settings,
        Err(error) => return view! { <SettingsScreen error /> }.into_any(),
    };
    let transport = ProxyTransport::new(zaf.clone(), settings.auth.clone());
    let sunco = SunCo::new(transport, settings.account.clone());
    let ledger = Ledger::new(Objects::new(AgentTransport::new(zaf.clone())));
    let relay = settings.relay.as_ref().map(|host| Relay::new(RelayTransport::new(zaf.clone()), host));
    let subdomain = context.account.subdomain.clone();
    let owner = Owner::current().unwrap_or_default();
    let usage = UsageCount::open(
        &context.account.subdomain,
        &settings.package,
        ledger.clone(),
        settings.ledger_budget,
        context.location != cxconnect_zendesk::Location::TicketSidebar,
    );
    if let Some(id) = memory.user_id() {
        usage.set_agent(&id);
    }
    let backend = BackendRef::new(Backend {
        zaf,
        sunco,
        ledger,
        relay,
        subdomain,
        settings,
        usage,
        owner,
        memory,
        may_record: Cell::new(false),
    });
    match context.location {
        cxconnect_zendesk::Location::TicketSidebar => ticket(backend),
        // Any other place is a full page, for which the navigation bar's screen is made.
        cxconnect_zendesk::Location::NavBar | cxconnect_zendesk::Location::Other(_) => {
            view! { <NavBar backend /> }.into_any()
        }
    }
}

/// The page begins in the scheme that its address names; from here on it follows the agent's choice.
fn follow_color_scheme(zaf: &ZafClient, root: web_sys::Element) {
    let subscription = zaf.on_color_scheme_changed(move |scheme| {
        let name = match scheme {
            ColorScheme::Light => "light",
            ColorScheme::Dark => "dark",
        };
        // A page that keeps its old colours can still be used.
        let _ = root.set_attribute("data-color-scheme", name);
    });
    // For the page's whole life.
    std::mem::forget(subscription);
}
