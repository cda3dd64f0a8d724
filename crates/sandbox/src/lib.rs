//! A local Zendesk with CXConnect installed, and a fake Sunshine Conversations behind it: for trying the
//! product on one machine, and for driving it in tests.
//!
//! Where to start: [`start`] and [`Sandbox`]; then `zendesk` (the agent's page, the REST API and the proxy),
//! `app` (the app's own origin), [`sunco`] (the fake), `control` (the calls for tests). The host's side of the
//! SDK's protocol is JavaScript, in `web/js/protocol.js`.
//!
//! It shares no code with the product: its wire formats are written on their own, so that a
//! misunderstanding cannot hide on both sides.

mod app;
mod connection;
mod control;
mod events;
pub mod host;
mod installation;
mod manifest;
mod people;
mod random;
pub mod relay;
mod samples;
mod seed;
mod session;
pub mod sunco;
mod traffic;
mod world;
mod zendesk;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::connection::{ConnectionHandle, CuttableListener};
use crate::host::HostFaults;
use crate::installation::Installation;
use crate::manifest::Manifest;
use crate::people::{People, SUBDOMAIN};
use crate::random::Fresh;
use crate::relay::{Relay, RelayConfig};
use crate::seed::Seed;
use crate::session::Sessions;
use crate::sunco::Sunco;
use crate::sunco::auth::Credentials;
use crate::traffic::Traffic;
use crate::world::{Addresses, World};
use crate::zendesk::objects::{Objects, StoreError};
use crate::zendesk::proxy::Proxy;

pub use crate::manifest::ManifestError;
pub use crate::people::Session;
pub use crate::traffic::Exchange;
pub use crate::zendesk::objects;
pub use crate::zendesk::proxy::RELAY_HOST;

/// Further ports for proxied requests, so that 32 calls can be under way; see `zendesk::lane_router`.
const N_LANES: usize = 6;
/// Servers that are still busy after this are left to the runtime.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// What to start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder that holds what the app's zip holds.
    pub app_dir: PathBuf,
    /// Zendesk's SDK as one script that defines `ZAFClient`.
    pub sdk_file: PathBuf,
    /// The port of the page to open; 0 takes any free one.
    pub port: u16,
    /// Settings with other values than the sandbox would choose; only those the manifest declares.
    pub settings: BTreeMap<String, Value>,
    /// How long the proxy waits for an answer. The real one's patience is not documented.
    pub proxy_timeout: Duration,
    /// Where the custom objects are kept, so that the next start finds them; without it, in memory.
    pub data_dir: Option<PathBuf>,
    /// The relay to run beside: the folder where it is built, and workerd.
    pub relay: Option<(PathBuf, PathBuf)>,
}

impl Config {
    /// The usual sandbox, on any free port.
    pub fn new(app_dir: impl Into<PathBuf>, sdk_file: impl Into<PathBuf>) -> Self {
        Self {
            app_dir: app_dir.into(),
            sdk_file: sdk_file.into(),
            port: 0,
            settings: BTreeMap::new(),
            proxy_timeout: Duration::from_mins(1),
            data_dir: None,
            relay: None,
        }
    }
}

/// Why the sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The app's package has no usable manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The SDK's file cannot be read.
    #[error("cannot read the SDK at {path}: {source}")]
    Sdk {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// A setting to override is not declared by the app.
    #[error("the app's manifest declares no setting named {0}")]
    UnknownSetting(String),
    /// A port cannot be used.
    #[error("cannot listen on port {port}: {source}")]
    Listen {
        /// The port.
        port: u16,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The built-in data are damaged.
    #[error("the sandbox's own data cannot be read: {0}")]
    Seed(#[from] serde_json::Error),
    /// The custom objects' database cannot be opened; another sandbox may be using it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The relay doesn't run.
    #[error("the relay can't be started: {0}")]
    Relay(std::io::Error),
    /// The operating system gives no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}

/// A running sandbox. Dropping it leaves the servers running until the runtime ends; [`Sandbox::stop`] ends
/// them at once.
#[derive(Debug)]
pub struct Sandbox {
    world: Arc<World>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
    relay: Option<Relay>,
}

/// Starts all servers on loopback.
pub async fn start(config: Config) -> Result<Sandbox, SandboxError> {
    let manifest = Manifest::read(&config.app_dir)?;
    let sdk = match tokio::fs::read(&config.sdk_file).await {
        Ok(sdk) => Bytes::from(sdk),
        Err(source) => return Err(SandboxError::Sdk { path: config.sdk_file, source }),
    };
    let fresh = Arc::new(Fresh::new()?);
    let credentials = Credentials {
        app_id: fresh.hex(24),
        key_id: format!("app_{}", fresh.hex(24)),
        secret: fresh.secret(),
    };
    let (zendesk, zendesk_port) = listen(config.port).await?;
    let (app, app_port) = listen(0).await?;
    let (sunco_listener, sunco_port) = listen(0).await?;
    let mut lanes = Vec::new();
    for _ in 0..N_LANES {
        lanes.push(listen(0).await?);
    }
    let addresses = Addresses {
        // Another name than the app's, so that page and app are of different origins and sites.
        zendesk: format!("http://localhost:{zendesk_port}"),
        app: format!("http://127.0.0.1:{app_port}"),
        sunco: format!("http://127.0.0.1:{sunco_port}"),
        lanes: lanes.iter().map(|(_, port)| format!("http://localhost:{port}")).collect(),
    };

    let mut installation = Installation::new(manifest, &credentials);
    for (name, value) in config.settings {
        if !installation.set(&name, value) {
            return Err(SandboxError::UnknownSetting(name));
        }
    }
    let traffic = Arc::new(Traffic::default());
    traffic.watch(credentials.secret.clone());
    traffic.watch(credentials.basic_token());
    let seed = Seed::load(&format!("{}/media", addresses.zendesk))?;
    let people = Arc::new(People::load()?);
    let objects =
        Objects::open(config.data_dir.as_deref(), config.app_dir.clone(), people.clone(), fresh.clone())?;
    let world = Arc::new(World {
        app_dir: config.app_dir,
        asset_version: format!("1762000000-{}", fresh.hex(32)),
        sdk,
        people,
        objects: Arc::new(objects),
        sunco: Arc::new(Sunco::new(credentials, fresh.clone(), seed)),
        proxy: Proxy::new(format!("127.0.0.1:{sunco_port}"), config.proxy_timeout),
        fresh,
        traffic,
        events: Arc::default(),
        installed: Mutex::new(installation.clone()),
        installation: Mutex::new(installation),
        sessions: Mutex::new(Sessions::new(zendesk_port)),
        host: Mutex::default(),
        addresses,
    });

    let stop = watch::Sender::new(false);
    let sunco_router = Router::new().fallback(sunco::handle).with_state(world.sunco.clone());
    let mut servers = vec![
        serve(zendesk, zendesk::router(&world), &stop),
        serve(app, app::router(&world), &stop),
        serve(sunco_listener, sunco_router, &stop),
    ];
    for (lane, _) in lanes {
        servers.push(serve(lane, zendesk::lane_router(&world), &stop));
    }
    let relay = match config.relay {
        Some((dist, workerd)) => Some(start_relay(&world, dist, workerd, config.data_dir, sunco_port)?),
        None => None,
    };
    Ok(Sandbox { world, stop, servers, relay })
}

/// The relay of this account, with the settings by which the app finds it.
fn start_relay(
    world: &World,
    dist: PathBuf,
    workerd: PathBuf,
    data: Option<PathBuf>,
    sunco_port: u16,
) -> Result<Relay, SandboxError> {
    let integration = world.sunco.first_integration();
    let account = relay::account(SUBDOMAIN, &world.fresh.hex(64), world.sunco.credentials(), &integration);
    let token = account["relay_token"].clone();
    world.traffic.watch(token.as_str().unwrap_or_default().to_owned());
    let data = match data {
        Some(data) => data.join("relay"),
        None => std::env::temp_dir().join(format!("cxconnect-relay-{}-{}", std::process::id(), sunco_port)),
    };
    let accounts = serde_json::json!({ SUBDOMAIN: account });
    let relay = Relay::start(RelayConfig { workerd, dist, data, sunco_port, accounts })
        .map_err(SandboxError::Relay)?;
    world.proxy.find_relay(relay.url().trim_start_matches("http://").to_owned());
    // As an admin would fill them in.
    let mut installation = world.installation();
    installation.set("relay_host", Value::from(RELAY_HOST));
    installation.set("relay_token", token);
    Ok(relay)
}

async fn listen(port: u16) -> Result<(CuttableListener, u16), SandboxError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let bound = match TcpListener::bind(address).await {
        Ok(listener) => listener.local_addr().map(|address| (CuttableListener(listener), address.port())),
        Err(error) => Err(error),
    };
    bound.map_err(|source| SandboxError::Listen { port, source })
}

fn serve(listener: CuttableListener, router: Router, stop: &watch::Sender<bool>) -> JoinHandle<()> {
    let mut stop = stop.subscribe();
    let service = router.into_make_service_with_connect_info::<ConnectionHandle>();
    tokio::spawn(async move {
        let stopped = async move {
            // An error means that the sandbox is gone, which is as good a reason to end.
            let _ = stop.wait_for(|is_stopped| *is_stopped).await;
        };
        // Accepting never fails for good: axum tries again by itself.
        let _ = axum::serve(listener, service).with_graceful_shutdown(stopped).await;
    })
}

impl Sandbox {
    /// The page to open, e.g. `http://localhost:8030/`.
    pub fn zendesk_url(&self) -> String {
        format!("{}/", self.world.addresses.zendesk)
    }

    /// The folder from which the app's files are served, on its own origin.
    pub fn app_url(&self) -> String {
        self.world.asset_base()
    }

    /// The fake SunCo, without a slash at the end.
    pub fn sunco_url(&self) -> String {
        self.world.addresses.sunco.clone()
    }

    /// The fake SunCo: what it received, its faults, its templates, its key.
    pub fn sunco(&self) -> &Sunco {
        &self.world.sunco
    }

    /// The relay, if one runs beside.
    pub fn relay(&self) -> Option<&Relay> {
        self.relay.as_ref()
    }

    /// The custom objects: records, requests, faults, budget, lag.
    pub fn objects(&self) -> &Objects {
        &self.world.objects
    }

    /// The secret that must never reach the browser.
    pub fn secret(&self) -> &str {
        &self.world.sunco.credentials().secret
    }

    /// Gives a setting another value, as an admin would; `false` if the manifest does not declare it. An
    /// app that is open already keeps what it was told at its registration.
    pub fn set_setting(&self, name: &str, value: impl Into<Value>) -> bool {
        self.world.installation().set(name, value.into())
    }

    /// Makes the host page misbehave. Returns when an open page has taken it over.
    pub async fn set_host_faults(&self, faults: HostFaults) {
        self.world.set_host_faults(faults).await;
    }

    /// Sends an event to the app in the open pages; `app.registered` registers it a second time. Returns
    /// when an open page has sent it.
    pub async fn emit(&self, event: &str, data: Value) {
        self.world.events.tell("emit", serde_json::json!({"event": event, "data": data})).await;
    }

    /// Who is signed in and how the page looks, in all browsers that have not chosen by themselves; takes effect when
    /// the page is loaded.
    pub fn set_session(&self, session: Session) {
        self.world.set_default_session(session);
    }

    /// What crossed between the browser and its servers, oldest first.
    pub fn traffic(&self) -> Vec<Exchange> {
        self.world.traffic.exchanges()
    }

    /// Whether a text crossed between the browser and its servers, in either direction.
    pub fn traffic_contains(&self, text: &str) -> bool {
        self.world.traffic.contains(text)
    }

    /// Brings everything back to how it was at the start.
    pub async fn reset(&self) -> Result<(), StoreError> {
        self.world.reset().await
    }

    /// Ends all servers.
    pub async fn stop(self) {
        self.world.events.close();
        self.stop.send_replace(true);
        for mut server in self.servers {
            if tokio::time::timeout(STOP_WITHIN, &mut server).await.is_err() {
                server.abort();
            }
        }
    }
}
