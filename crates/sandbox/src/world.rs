//! Everything the servers share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::events::EventHub;
use crate::host::HostFaults;
use crate::installation::Installation;
use crate::people::{People, SUBDOMAIN, Session};
use crate::random::Fresh;
use crate::session::Sessions;
use crate::sunco::Sunco;
use crate::traffic::Traffic;
use crate::zendesk::objects::{InstallMode, Objects, StoreError};
use crate::zendesk::proxy::Proxy;

/// Where each server listens, as origins without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    pub zendesk: String,
    pub app: String,
    pub sunco: String,
    pub lanes: Vec<String>,
}

/// The shared state of a run.
#[derive(Debug)]
pub(crate) struct World {
    pub addresses: Addresses,
    pub app_dir: PathBuf,
    /// The folder below `assets/` on the app's server; another one for every run, as for every upload.
    pub asset_version: String,
    pub sdk: Bytes,
    pub fresh: Arc<Fresh>,
    pub people: Arc<People>,
    pub sunco: Arc<Sunco>,
    pub objects: Arc<Objects>,
    pub proxy: Proxy,
    pub traffic: Arc<Traffic>,
    pub events: Arc<EventHub>,
    pub installation: Mutex<Installation>,
    /// The settings as they were at the start, to come back to.
    pub installed: Mutex<Installation>,
    pub sessions: Mutex<Sessions>,
    pub host: Mutex<HostFaults>,
}

impl World {
    pub(crate) fn installation(&self) -> MutexGuard<'_, Installation> {
        lock(&self.installation)
    }

    /// The session of whoever sent these headers.
    pub(crate) fn session_of(&self, headers: &HeaderMap) -> Session {
        lock(&self.sessions).of(headers)
    }

    /// The session of all browsers that have none of their own.
    pub(crate) fn set_default_session(&self, session: Session) {
        lock(&self.sessions).set_default(session);
    }

    /// Gives a browser a session of its own; the cookie to set.
    pub(crate) fn set_session_of(&self, headers: &HeaderMap, session: Session) -> String {
        lock(&self.sessions).set_own(headers, self.fresh.hex(32), session)
    }

    /// The installation as the REST API shows it; one whose objects could not be made may be disabled, silently.
    pub(crate) fn installation_in_rest(&self) -> Value {
        self.installation().in_rest(self.is_app_enabled())
    }

    fn is_app_enabled(&self) -> bool {
        self.objects.installation() != InstallMode::Disabled
    }

    pub(crate) fn host_faults(&self) -> HostFaults {
        lock(&self.host).clone()
    }

    pub(crate) async fn set_host_faults(&self, faults: HostFaults) {
        let news = serde_json::to_value(&faults).unwrap_or_default();
        *lock(&self.host) = faults;
        self.events.tell("host", news).await;
    }

    /// Brings everything back to how it was at the start.
    pub(crate) async fn reset(&self) -> Result<(), StoreError> {
        self.objects.reset()?;
        self.sunco.reset();
        self.traffic.clear();
        *self.installation() = lock(&self.installed).clone();
        lock(&self.sessions).clear();
        self.set_host_faults(HostFaults::default()).await;
        Ok(())
    }

    /// Where the package's `assets/` folder is served, with a slash at the end.
    pub(crate) fn asset_base(&self) -> String {
        format!("{}{}", self.addresses.app, self.asset_path())
    }

    /// The path of [`Self::asset_base`].
    pub(crate) fn asset_path(&self) -> String {
        format!("/{}/assets/{}/", crate::installation::APP_ID, self.asset_version)
    }

    /// What the host page needs to begin.
    pub(crate) fn bootstrap(&self, session: &Session) -> Value {
        let is_enabled = self.is_app_enabled();
        let installation = self.installation();
        let manifest = installation.manifest();
        // A disabled app is nowhere.
        let pages = |location: &str| manifest.page(location).filter(|_| is_enabled).map(str::to_owned);
        json!({
            "subdomain": SUBDOMAIN,
            "appOrigin": self.addresses.app,
            "assetBase": self.asset_base(),
            "suncoOrigin": self.addresses.sunco,
            "lanes": self.addresses.lanes,
            "hasNavBarIcon": self.app_dir.join("assets/icon_nav_bar.svg").is_file(),
            "appGuid": self.fresh.uuid(),
            "locations": {"nav_bar": pages("nav_bar"), "ticket_sidebar": pages("ticket_sidebar"),
                          "background": pages("background")},
            "metadata": installation.metadata(),
            "session": session,
            "agent": self.people.agent(&session.role),
            "planName": self.objects.settings().plan.in_page(),
            "requesters": self.people.requesters,
            "tickets": self.people.tickets,
            "hostFaults": self.host_faults(),
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
