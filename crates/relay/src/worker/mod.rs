//! The shell: workerd's request, storage, clock and network for the rules, and nothing else. For wasm32 only.

mod net;
mod request;
mod settings;
mod storage;
mod world;

use std::cell::Cell;

use futures_util::FutureExt as _;

use ::worker::{
    Context, DurableObject, Env, Request, Response, Result, State, console_error, durable_object, event,
};

use crate::{
    Account as Rules, Ms, World as _,
    db::DbError,
    failure::{self, Failure},
    http::{Body, Head},
    route::{Admin, Route, route},
};
use net::{Net, Patience};
use storage::Storage;
use world::Real;

/// Before an alarm works it is set again, to when it would have failed for sure (relay-runtime.md §6).
const REARM: Ms = 150_000;

/// The entry: whose account is it?
#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> Result<Response> {
    let head = request::head(&request)?;
    let (account, max) = match route(&head) {
        Ok(Route::Health) => return health(&env).await,
        Ok(route) => (route.account(&head).map(ToOwned::to_owned), route.max_body()),
        Err(failure) => (Err(failure), None),
    };
    // An object is made by its first call, so none is made for an account that doesn't exist.
    let account = account.and_then(|account| settings::config(&env, &account).map(|_| account));
    let account = match account {
        Ok(account) => account,
        Err(failure) => return request::answer(&failure.response()),
    };
    let request = match request::bounded(request, max).await? {
        Ok(request) => request,
        Err(failure) => return request::answer(&failure.response()),
    };
    env.durable_object("ACCOUNT")?.id_from_name(&account)?.get_stub()?.fetch_with_request(request).await
}

/// Whether an account is configured: for the guard, which leads usual calls of such accounts to their object by itself.
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
#[allow(clippy::needless_pass_by_value)] // JavaScript hands it over.
pub fn is_configured(env: Env, account: &str) -> bool {
    settings::config(&env, account).is_ok()
}

/// Whether all accounts' pumps run, as far as accounts are known here (those of `ACCOUNTS`).
async fn health(env: &Env) -> Result<Response> {
    let mut is_well = true;
    for account in settings::names(env) {
        let stub = env.durable_object("ACCOUNT")?.id_from_name(&account)?.get_stub()?;
        let answered = stub.fetch_with_str("https://relay/healthz").await;
        is_well &= answered.is_ok_and(|response| response.status_code() == 200);
    }
    let (status, word) = if is_well { (200, "ok") } else { (503, "stuck") };
    request::answer(&crate::http::Response::json(status, [r#"{"status":""#, word, r#""}"#].concat()))
}

/// One account's object.
#[durable_object(alarm)]
pub struct Account {
    rules: std::result::Result<Rules<Storage>, DbError>,
    storage: Storage,
    name: String,
    env: Env,
    /// When the alarm comes, as far as is known.
    armed: Cell<Option<Ms>>,
}

impl DurableObject for Account {
    fn new(state: State, env: Env) -> Self {
        let storage = Storage::new(&state);
        // Objects are made by name only.
        let name = state.id().name().unwrap_or_default();
        let rules = Rules::open(storage.clone(), name.clone());
        Self { rules, storage, name, env, armed: Cell::default() }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let response = match self.handle(request).await {
            Ok(response) => response,
            Err(failure) => failure.response(),
        };
        request::answer(&response)
    }

    async fn alarm(&self) -> Result<Response> {
        self.armed.set(None);
        self.arm(Real.now().saturating_add(REARM));
        let worked = match (&self.rules, settings::config(&self.env, &self.name)) {
            (Ok(rules), Ok(config)) => {
                let net = Net::new(&config, Patience::Pump);
                rules.work(&Real, &config, net).await.and_then(|()| rules.next_due(Real.now()))
            }
            (Err(error), _) => Err(error.clone()),
            (_, Err(failure)) => Err(DbError(failure.code.to_owned())),
        };
        match worked {
            Ok(next) => {
                self.armed.set(None);
                self.arm(next);
            }
            // It comes again after REARM; nothing is lost meanwhile.
            Err(error) => console_error!("alarm of {}: {error}", self.name),
        }
        Response::ok("")
    }
}

#[wasm_bindgen::prelude::wasm_bindgen]
impl Account {
    /// Answers a call at once; nothing if it has to ask SunCo, which is `fetch`'s. `head` and the answer are as the guard has
    /// them.
    pub fn answer(&self, head: &str, body: Vec<u8>) -> Option<String> {
        let head = request::head_of(head)?;
        let response = match route(&head) {
            Ok(Route::Admin(Admin::CreateWebhook | Admin::Setup)) => return None,
            Ok(route) => {
                let body = match route.max_body() {
                    Some(max) if max < body.len() => Body::TooLarge,
                    Some(_) => Body::Bytes(body),
                    None => Body::Empty,
                };
                // Nothing of these waits for anything.
                self.judge(&head, &body).now_or_never()?
            }
            Err(failure) => Err(failure),
        };
        let response = response.unwrap_or_else(|failure| failure.response());
        Some(request::told(&response))
    }
}

impl Account {
    async fn handle(&self, mut request: Request) -> std::result::Result<crate::http::Response, Failure> {
        let unreadable = |_| failure::malformed("la llamada no se puede leer");
        let head = request::head(&request).map_err(unreadable)?;
        let max = route(&head)?.max_body();
        let body = request::body(&mut request, max).await.map_err(unreadable)?;
        self.judge(&head, &body).await
    }

    async fn judge(&self, head: &Head, body: &Body) -> std::result::Result<crate::http::Response, Failure> {
        let rules = self.rules.as_ref().map_err(|error| {
            console_error!("database of {}: {error}", self.name);
            Failure::from(error.clone())
        })?;
        let config = settings::config(&self.env, &self.name)?;
        let net = Net::new(&config, Patience::Call);
        let handled = rules.handle(&Real, &config, net, head, body).await;
        // In the same turn as the transaction: both become durable together (workerd's implicit transaction).
        if let Some(at) = handled.wake_at {
            self.arm(at);
        } else if self.armed.get().is_none()
            && let Ok(next) = rules.next_due(Real.now())
        {
            self.arm(next);
        }
        Ok(handled.response)
    }

    /// Sets the alarm, unless it comes sooner anyway.
    fn arm(&self, at: Ms) {
        if self.armed.get().is_none_or(|armed| at < armed) {
            self.armed.set(Some(at));
            self.storage.set_alarm(at);
        }
    }
}
