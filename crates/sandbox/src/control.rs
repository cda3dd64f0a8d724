//! The sandbox's own calls, `/sandbox/…` on the Zendesk address: for its panel and for tests.
//!
//! They are documented in the crate's README. None of them ever shows the secret.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use futures_util::StreamExt as _;
use futures_util::future::ready;
use futures_util::stream::once;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::host::HostFaults;
use crate::people::Session;
use crate::samples;
use crate::sunco::ReceiptRules;
use crate::sunco::faults::{FaultRule, MAGIC_NUMBERS, MAGIC_PREFIX};
use crate::world::World;
use crate::zendesk::objects;

/// Messages given at once, unless asked for another number.
const DEFAULT_PAGE: usize = 200;

type Shared = State<Arc<World>>;

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/bootstrap", get(bootstrap))
        .route("/events", get(events))
        .route("/events/heard", post(heard))
        .route("/received", get(received))
        .route("/faults", get(list_faults).post(add_fault).delete(clear_faults))
        .route("/faults/magic", get(magic_numbers))
        .route("/templates/{name}/status", post(set_template_status))
        .route("/templates/stale", post(set_stale))
        .route("/receipts", get(receipts).put(set_receipts))
        .route("/settings", get(settings).post(set_settings))
        .route("/session", put(set_session))
        .route("/host", get(host_faults).put(set_host_faults))
        .route("/host/emit", post(emit))
        .route("/traffic", get(traffic).delete(clear_traffic))
        .route("/samples", get(list_samples))
        .route("/samples/{name}", get(sample))
        .nest("/objects", objects::control::router())
        .route("/reset", post(reset))
}

async fn bootstrap(State(world): Shared, headers: HeaderMap) -> Json<Value> {
    Json(world.bootstrap(&world.session_of(&headers)))
}

async fn events(State(world): Shared) -> Response {
    let news = world.events.clone().stream();
    // What changed between the page's first look and this moment is told at once.
    let now = json!({"number": 0, "kind": "host", "data": world.host_faults()});
    let now = once(ready(Ok(Event::default().data(now.to_string()))));
    Sse::new(now.chain(news)).keep_alive(KeepAlive::default()).into_response()
}

#[derive(Deserialize)]
struct Heard {
    number: u64,
}

async fn heard(State(world): Shared, Json(heard): Json<Heard>) -> StatusCode {
    world.events.acknowledge(heard.number);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    after: usize,
    limit: Option<usize>,
    /// Counts for ten thousand numbers are a lot to send to a panel that asks every moment.
    #[serde(default = "yes")]
    per_phone: bool,
}

fn yes() -> bool {
    true
}

async fn received(State(world): Shared, Query(page): Query<Page>) -> Json<Value> {
    let messages = world.sunco.received_after(page.after, page.limit.unwrap_or(DEFAULT_PAGE));
    let mut answer = serde_json::to_value(world.sunco.summary()).unwrap_or_default();
    if page.per_phone {
        answer["per_phone"] = serde_json::to_value(world.sunco.per_phone()).unwrap_or_default();
    }
    answer["messages"] = serde_json::to_value(messages).unwrap_or_default();
    Json(answer)
}

async fn list_faults(State(world): Shared) -> Json<Vec<FaultRule>> {
    Json(world.sunco.faults())
}

async fn add_fault(State(world): Shared, Json(rule): Json<FaultRule>) -> StatusCode {
    world.sunco.add_fault(rule);
    StatusCode::CREATED
}

async fn clear_faults(State(world): Shared) -> StatusCode {
    world.sunco.clear_faults();
    StatusCode::NO_CONTENT
}

async fn magic_numbers() -> Json<Value> {
    let number = |(ending, effect): &(&str, &str)| json!({"phone": format!("{MAGIC_PREFIX}{ending}"), "effect": effect});
    Json(MAGIC_NUMBERS.iter().map(number).collect())
}

#[derive(Deserialize)]
struct TemplateStatus {
    status: String,
    integration: Option<String>,
}

async fn set_template_status(
    State(world): Shared,
    Path(name): Path<String>,
    Json(change): Json<TemplateStatus>,
) -> Response {
    let n_found = world.sunco.set_template_status(change.integration.as_deref(), &name, &change.status);
    let status = if n_found == 0 { StatusCode::NOT_FOUND } else { StatusCode::OK };
    (status, Json(json!({"changed": n_found}))).into_response()
}

#[derive(Deserialize)]
struct Stale {
    stale: bool,
}

async fn set_stale(State(world): Shared, Json(change): Json<Stale>) -> StatusCode {
    world.sunco.set_stale_templates(change.stale);
    StatusCode::NO_CONTENT
}

/// How SunCo tells of receipts, and what it told.
async fn receipts(State(world): Shared) -> Json<Value> {
    Json(json!({"rules": world.sunco.receipt_rules(), "attempts": world.sunco.attempts()}))
}

async fn set_receipts(State(world): Shared, Json(rules): Json<ReceiptRules>) -> StatusCode {
    world.sunco.set_receipt_rules(rules);
    StatusCode::NO_CONTENT
}

async fn settings(State(world): Shared) -> Json<Map<String, Value>> {
    Json(world.installation().visible_settings())
}

/// Changes settings as an admin would in Admin Center; secure ones too. Undeclared names are refused.
async fn set_settings(State(world): Shared, Json(changes): Json<Map<String, Value>>) -> Response {
    let mut installation = world.installation();
    for (name, value) in changes {
        if !installation.set(&name, value) {
            let error = format!("{name} is not a parameter of the app's manifest");
            return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": error}))).into_response();
        }
    }
    Json(installation.visible_settings()).into_response()
}

/// Only for the browser that asks.
async fn set_session(State(world): Shared, headers: HeaderMap, Json(session): Json<Session>) -> Response {
    let cookie = world.set_session_of(&headers, session.clone());
    ([(header::SET_COOKIE, cookie)], Json(session)).into_response()
}

async fn host_faults(State(world): Shared) -> Json<HostFaults> {
    Json(world.host_faults())
}

async fn set_host_faults(State(world): Shared, Json(faults): Json<HostFaults>) -> Json<HostFaults> {
    world.set_host_faults(faults.clone()).await;
    Json(faults)
}

#[derive(Deserialize)]
struct Emit {
    event: String,
    #[serde(default)]
    data: Value,
}

/// Sends an event to the app in the open pages; `app.registered` registers it a second time.
async fn emit(State(world): Shared, Json(emit): Json<Emit>) -> StatusCode {
    world.events.tell("emit", json!({"event": emit.event, "data": emit.data})).await;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    contains: String,
}

/// The exchanges kept; with `contains`, those in which the text occurs.
async fn traffic(State(world): Shared, Query(search): Query<Search>) -> Response {
    let mut exchanges = world.traffic.exchanges();
    exchanges.retain(|it| it.contains(&search.contains));
    Json(exchanges).into_response()
}

async fn clear_traffic(State(world): Shared) -> StatusCode {
    world.traffic.clear();
    StatusCode::NO_CONTENT
}

async fn list_samples() -> Response {
    Json(samples::list()).into_response()
}

async fn sample(Path(name): Path<String>) -> Response {
    match samples::content(&name) {
        Some(content) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            (
                [(header::CONTENT_TYPE, "text/csv"), (header::CONTENT_DISPOSITION, disposition.as_str())],
                content,
            )
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn reset(State(world): Shared) -> Response {
    match world.reset().await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
