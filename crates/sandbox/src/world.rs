//! Everything the servers share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::events::EventHub;
use crate::host::HostFaults;
use crate::installation::Installation;
use crate::people::{People, SUBDOMAIN, Session};
use crate::random::Fresh;
use crate::sunco::Sunco;
use crate::traffic::Traffic;
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
    pub people: People,
    pub sunco: Arc<Sunco>,
    pub proxy: Proxy,
    pub traffic: Arc<Traffic>,
    pub events: Arc<EventHub>,
    pub installation: Mutex<Installation>,
    /// The settings as they were at the start, to come back to.
    pub installed: Mutex<Installation>,
    pub session: Mutex<Session>,
    pub host: Mutex<HostFaults>,
}

impl World {
    pub(crate) fn installation(&self) -> MutexGuard<'_, Installation> {
        lock(&self.installation)
    }

    pub(crate) fn session(&self) -> Session {
        lock(&self.session).clone()
    }

    pub(crate) fn set_session(&self, session: Session) {
        *lock(&self.session) = session;
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
    pub(crate) async fn reset(&self) {
        self.sunco.reset();
        self.traffic.clear();
        *self.installation() = lock(&self.installed).clone();
        self.set_session(Session::default());
        self.set_host_faults(HostFaults::default()).await;
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
    pub(crate) fn bootstrap(&self) -> Value {
        let session = self.session();
        let installation = self.installation();
        let manifest = installation.manifest();
        let pages = |location: &str| manifest.page(location).map(str::to_owned);
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
            "requesters": self.people.requesters,
            "tickets": self.people.tickets,
            "hostFaults": self.host_faults(),
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
