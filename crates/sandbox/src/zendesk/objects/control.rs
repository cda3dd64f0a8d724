//! The sandbox's own calls for custom objects, `/sandbox/objects/…`.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{FaultRule, InstallMode, ObjectsError, SeedRecord, Seen};
use crate::world::World;

type Shared = State<Arc<World>>;

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/", get(summary))
        .route("/settings", get(settings).put(set_settings))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/requests", get(requests).delete(forget_requests))
        .route("/installation", get(installation).put(install))
        .route("/settle", post(settle))
        .route("/{key}/records", get(records).post(seed))
}

async fn summary(State(world): Shared) -> Json<Value> {
    let objects = &world.objects;
    let counts: Map<String, Value> = objects
        .keys()
        .into_iter()
        .map(|key| {
            let n_records = objects.n_records(&key).unwrap_or_default();
            (key, Value::from(n_records))
        })
        .collect();
    Json(
        json!({"n_records": counts, "n_requests": objects.n_requests(), "n_open_jobs": objects.n_open_jobs(),
                "installation": objects.installation(), "settings": objects.settings()}),
    )
}

async fn settings(State(world): Shared) -> Response {
    Json(world.objects.settings()).into_response()
}

async fn set_settings(State(world): Shared, Json(changes): Json<Map<String, Value>>) -> Response {
    told(world.objects.set_named(&changes))
}

async fn faults(State(world): Shared) -> Json<Vec<FaultRule>> {
    Json(world.objects.faults())
}

async fn add_fault(State(world): Shared, Json(rule): Json<FaultRule>) -> StatusCode {
    world.objects.add_fault(rule);
    StatusCode::CREATED
}

async fn clear_faults(State(world): Shared) -> StatusCode {
    world.objects.clear_faults();
    StatusCode::NO_CONTENT
}

async fn requests(State(world): Shared) -> Json<Value> {
    let requests: Vec<Seen> = world.objects.requests();
    Json(json!({"total": world.objects.n_requests(), "requests": requests}))
}

async fn forget_requests(State(world): Shared) -> StatusCode {
    world.objects.forget_requests();
    StatusCode::NO_CONTENT
}

async fn installation(State(world): Shared) -> Json<Value> {
    Json(json!({"mode": world.objects.installation(), "objects": world.objects.keys()}))
}

#[derive(Deserialize)]
struct Install {
    mode: InstallMode,
}

async fn install(State(world): Shared, Json(wanted): Json<Install>) -> Response {
    told(world.objects.install(wanted.mode).map_err(ObjectsError::from))
}

async fn settle(State(world): Shared) -> Response {
    told(world.objects.settle())
}

#[derive(Deserialize)]
struct Which {
    external_id: Option<String>,
}

async fn records(State(world): Shared, Path(key): Path<String>, Query(which): Query<Which>) -> Response {
    match which.external_id {
        Some(external_id) => told(world.objects.record(&key, &external_id)),
        None => told(world.objects.records(&key)),
    }
}

#[derive(Deserialize)]
struct Seeds {
    records: Vec<SeedRecord>,
}

async fn seed(State(world): Shared, Path(key): Path<String>, Json(seeds): Json<Seeds>) -> Response {
    told(world.objects.seed(&key, seeds.records).map(|n| json!({"n_records": n})))
}

fn told<T: serde::Serialize>(result: Result<T, ObjectsError>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => {
            let status = match error {
                ObjectsError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, Json(json!({"error": error.to_string()}))).into_response()
        }
    }
}
