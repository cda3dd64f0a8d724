//! A relay of one account: SQLite in memory, a clock that is set, and a SunCo that answers as it is told.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use cxconnect_relay::{
    Account, Db, Handled, Ms, World,
    config::Config,
    db::{Arg, DbError, Row, Value},
    http::{Body, Head, Method},
};
use cxconnect_sunco::{Request, Response, Transport, TransportError};
use rusqlite::{Connection, params_from_iter, types::Value as Sql};
use serde_json::{Value as Json, json};

pub const RELAY_TOKEN: &str = "cxr_acme_0123456789abcdef0123456789abcdef";
/// 2026-11-27T00:00:00Z.
pub const START: Ms = 1_795_737_600_000;
pub const SENDER: &str = "65a1f0c2e4b0a1d2c3e4f501";

/// SQLite. Handles to the same; it outlives whoever uses it, as a disk does.
#[derive(Clone)]
pub struct Sqlite {
    connection: Rc<Connection>,
    /// How many more statements, commits included, work; then nothing does, as if the process had died.
    pub dies_after: Rc<Cell<Option<u32>>>,
    /// How many more statements work before one doesn't.
    pub stumbles_after: Rc<Cell<Option<u32>>>,
}

impl Sqlite {
    pub fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        Self { connection: Rc::new(connection), dies_after: Rc::default(), stumbles_after: Rc::default() }
    }

    pub fn is_dead(&self) -> bool {
        self.dies_after.get() == Some(0)
    }

    /// What the test itself wants to know, whatever fails.
    pub fn look(&self, sql: &str, args: &[Arg<'_>]) -> Vec<Row> {
        let (dies, stumbles) = (self.dies_after.take(), self.stumbles_after.take());
        let rows = self.query(sql, args).unwrap();
        self.dies_after.set(dies);
        self.stumbles_after.set(stumbles);
        rows
    }

    fn step(&self) -> Result<(), DbError> {
        match self.dies_after.get() {
            Some(0) => return Err(DbError("dead".to_owned())),
            Some(n) => self.dies_after.set(Some(n - 1)),
            None => {}
        }
        match self.stumbles_after.get() {
            Some(0) => {
                self.stumbles_after.set(None);
                Err(DbError("stumbled".to_owned()))
            }
            Some(n) => {
                self.stumbles_after.set(Some(n - 1));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Db for Sqlite {
    fn query(&self, sql: &str, args: &[Arg<'_>]) -> Result<Vec<Row>, DbError> {
        self.step()?;
        let failed = |error: rusqlite::Error| DbError(error.to_string());
        let args = args.iter().map(|arg| match arg {
            Arg::Null => Sql::Null,
            Arg::Int(number) => Sql::Integer(*number),
            Arg::Text(text) => Sql::Text((*text).to_owned()),
        });
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let n_columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(args)).map_err(failed)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let value = |column: usize| match row.get::<_, Sql>(column).unwrap() {
                Sql::Null => Value::Null,
                Sql::Integer(number) => Value::Int(number),
                Sql::Text(text) => Value::Text(text),
                Sql::Real(_) | Sql::Blob(_) => panic!("no such values are kept"),
            };
            all.push(Row((0..n_columns).map(value).collect()));
        }
        Ok(all)
    }

    fn atomically<T, E: From<DbError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        assert!(self.connection.is_autocommit(), "transactions are not nested");
        self.step()?;
        self.connection.execute_batch("BEGIN").unwrap();
        let done = work();
        // What the process hadn't committed when it died was never there.
        if done.is_err() || self.is_dead() {
            self.connection.execute_batch("ROLLBACK").unwrap();
            return match done {
                Ok(_) => Err(DbError("dead".to_owned()).into()),
                Err(error) => Err(error),
            };
        }
        self.connection.execute_batch("COMMIT").unwrap();
        // Or it died right after.
        self.step()?;
        done
    }
}

/// A clock that goes when something waits.
pub struct Clock {
    pub now: Cell<Ms>,
    pub n_random: Cell<u64>,
}

impl World for Clock {
    fn now(&self) -> Ms {
        self.now.get()
    }

    fn random(&self) -> [u8; 32] {
        self.n_random.set(self.n_random.get() + 1);
        let mut bytes = [0; 32];
        for (idx, byte) in bytes.iter_mut().enumerate() {
            let mixed = (self.n_random.get() * 31 + idx as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            *byte = mixed.to_be_bytes()[0];
        }
        bytes
    }

    async fn sleep(&self, millis: Ms) {
        self.now.set(self.now.get() + millis);
    }
}

/// A SunCo.
#[derive(Default)]
pub struct Sunco {
    /// What it was asked.
    pub calls: RefCell<Vec<Request>>,
    /// What it answers to sends, in turn; when there is nothing, it accepts.
    pub answers: RefCell<VecDeque<Result<Response, TransportError>>>,
    /// Its templates.
    pub templates: RefCell<Vec<Json>>,
    /// Its webhooks.
    pub webhooks: RefCell<Vec<Json>>,
    /// Whether it knows `notification:match:failure`.
    pub is_old: Cell<bool>,
    pub n_accepted: Cell<u32>,
}

#[allow(clippy::unnecessary_wraps)] // What a transport gives.
pub fn answer(status: u16, body: &Json) -> Result<Response, TransportError> {
    Ok(Response { status, body: body.to_string(), retry_after_s: None })
}

impl Transport for &Sunco {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let (method, url) = (request.method.as_str(), request.url.clone());
        let body: Json = request.body.as_deref().map_or(Json::Null, |it| serde_json::from_str(it).unwrap());
        self.calls.borrow_mut().push(request);
        if url.contains("/messageTemplates") {
            return answer(200, &json!({ "messageTemplates": *self.templates.borrow() }));
        }
        if url.ends_with("/notifications") {
            if let Some(told) = self.answers.borrow_mut().pop_front() {
                return told;
            }
            self.n_accepted.set(self.n_accepted.get() + 1);
            return answer(201, &json!({ "notification": { "_id": format!("n{}", self.n_accepted.get()) } }));
        }
        let mut webhooks = self.webhooks.borrow_mut();
        let refused = self.is_old.get() && body["triggers"].to_string().contains("match:failure");
        match (method, url.rsplit_once("/webhooks").unwrap().1) {
            ("GET", "") => answer(200, &json!({ "webhooks": *webhooks })),
            _ if refused => {
                answer(400, &json!({ "error": { "code": "bad_request", "description": "trigger" } }))
            }
            ("POST", "") => {
                let made = json!({ "_id": format!("hook{}", webhooks.len()), "target": body["target"],
                    "triggers": body["triggers"], "secret": "the-webhooks-key", "version": "v1.1" });
                webhooks.push(made.clone());
                answer(201, &json!({ "webhook": made }))
            }
            ("PUT", id) => {
                let hook = webhooks.iter_mut().find(|it| it["_id"] == id.trim_start_matches('/')).unwrap();
                hook["target"] = body["target"].clone();
                hook["triggers"] = body["triggers"].clone();
                answer(200, &json!({ "webhook": hook.clone() }))
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A template as SunCo lists it.
pub fn template(name: &str, body: &str) -> Json {
    json!({ "id": "7137952719659977", "name": name, "language": "es_MX", "category": "UTILITY", "status": "APPROVED",
        "components": [{ "type": "BODY", "text": body }] })
}

/// A relay.
pub struct Relay {
    pub db: Sqlite,
    pub account: Account<Sqlite>,
    pub clock: Clock,
    pub sunco: Sunco,
    pub config: Config,
}

impl Relay {
    pub fn new() -> Self {
        let config = json!({ "relay_token": RELAY_TOKEN, "app_id": "5fed024df3dd8b000cd7ee99", "key_id": "app_1",
            "secret": "s3cret", "integration_id": SENDER, "public_url": "https://relay.example" });
        let db = Sqlite::new();
        let sunco = Sunco::default();
        sunco.templates.replace(vec![template("aviso", "Hola {{1}}, su pedido {{2}} llegó")]);
        Self {
            account: Account::open(db.clone(), "acme".to_owned()).unwrap(),
            db,
            clock: Clock { now: Cell::new(START), n_random: Cell::default() },
            sunco,
            config: Config::parse("acme", &config.to_string()).unwrap(),
        }
    }

    /// With an allotment and one webhook; its secret.
    pub fn with_webhook() -> (Self, String) {
        let relay = Self::new();
        let granted =
            json!({ "allotment": { "messages": 1_000_000, "renewal_day": 10 }, "rate_per_second": 80 });
        assert_eq!(relay.admin("PATCH", "/v1/settings", &granted).0, 200);
        let secret = relay.webhook("aviso");
        (relay, secret)
    }

    pub fn webhook(&self, template: &str) -> String {
        let (status, answer) =
            self.admin("POST", "/v1/webhooks", &json!({ "template": template, "language": "es_MX" }));
        assert_eq!(status, 201, "{answer}");
        answer["webhook"]["secret"].as_str().unwrap().to_owned()
    }

    /// The process ends and another begins.
    pub fn restart(&mut self) {
        self.db.dies_after.set(None);
        self.db.stumbles_after.set(None);
        self.account = Account::open(self.db.clone(), "acme".to_owned()).unwrap();
    }

    pub fn call(&self, head: &Head, body: &[u8]) -> Handled {
        let body = if body.is_empty() { Body::Empty } else { Body::Bytes(body.to_vec()) };
        block_on(self.account.handle(&self.clock, &self.config, &self.sunco, head, &body))
    }

    pub fn admin(&self, method: &str, path: &str, body: &Json) -> (u16, Json) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let handled = self.call(&head(method, path, Some(RELAY_TOKEN)), body.as_bytes());
        (handled.response.status, json_of(&handled.response.body))
    }

    pub fn trigger(&self, secret: &str, payload: &Json) -> (u16, Json) {
        let head = head("POST", "/api/v2/webhook", Some(secret));
        let response = self.call(&head, payload.to_string().as_bytes()).response;
        (response.status, json_of(&response.body))
    }

    pub fn receipt(&self, path: &str, body: &Json) -> u16 {
        let head = Head { api_key: Some("the-webhooks-key".to_owned()), ..head("POST", path, None) };
        self.call(&head, body.to_string().as_bytes()).response.status
    }

    /// Registers SunCo's webhook; the path that it posts to.
    pub fn set_up(&self) -> String {
        let (status, answer) = self.admin("POST", "/v1/setup", &json!({}));
        assert_eq!(status, 200, "{answer}");
        let webhooks = self.sunco.webhooks.borrow();
        webhooks.last().unwrap()["target"]
            .as_str()
            .unwrap()
            .strip_prefix("https://relay.example")
            .unwrap()
            .to_owned()
    }

    pub fn work(&self) {
        block_on(self.account.work(&self.clock, &self.config, &self.sunco)).unwrap();
    }

    /// All events.
    pub fn events(&self) -> Vec<Json> {
        let mut all = Vec::new();
        loop {
            let (status, page) =
                self.admin("GET", &format!("/v1/events?after={}&limit=7", all.len()), &Json::Null);
            assert_eq!(status, 200);
            all.extend(page["events"].as_array().unwrap().iter().cloned());
            assert_eq!(page["next"], all.len(), "no gaps: {page}");
            if page["more"] == false {
                return all;
            }
        }
    }

    pub fn message(&self, secret: &str, id: &str) -> Json {
        let head = head("GET", &format!("/api/v2/messages/{id}"), Some(secret));
        json_of(&self.call(&head, b"").response.body)
    }

    pub fn status(&self) -> Json {
        self.admin("GET", "/v1/status", &Json::Null).1
    }
}

pub fn json_of(text: &str) -> Json {
    if text.is_empty() {
        Json::Null
    } else {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

pub fn head(method: &str, path: &str, token: Option<&str>) -> Head {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Head {
        method: Method::parse(method),
        origin: "https://relay.example".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        authorization: token.map(|token| format!("Bearer {token}")),
        webhook_secret: None,
        api_key: None,
        content_type: Some("application/json; charset=utf-8".to_owned()),
        idempotency_key: None,
    }
}

pub fn payload(phone: &str, name: &str) -> Json {
    json!({ "id": 7_137_952_719_659_977_u64, "telefono": phone, "subdominio": "acme", "producto_id": "0",
        "param1": name, "param2": "A-1" })
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
