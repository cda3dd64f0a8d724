//! The fake account `acme.zendesk.com`: the agent's page, the REST API, the proxy, and SunCo under `/sc`.

mod api;
pub mod objects;
mod page;
mod placeholders;
pub(crate) mod proxy;
mod rest;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, post};

use crate::control;
use crate::sunco;
use crate::traffic::{Recorder, record};
use crate::world::World;
use proxy::Envelope;

/// The server on the address that a person opens.
pub(crate) fn router(world: &Arc<World>) -> Router {
    let sunco = Router::new().route("/sc/{*path}", any(sunco::handle)).with_state(world.sunco.clone());
    Router::new()
        .route("/api/v2/{*path}", any(api::handle))
        .merge(page::router())
        .nest("/sandbox", control::router())
        .merge(proxy_routes())
        .with_state(world.clone())
        .merge(sunco)
        .layer(from_fn_with_state(recorder(world, "zendesk"), record))
}

/// A further port for proxied requests. A browser keeps six HTTP/1.1 connections to one address; the real
/// proxy speaks HTTP/2 and knows no such limit, so the host page spreads its calls over several.
pub(crate) fn lane_router(world: &Arc<World>) -> Router {
    proxy_routes().with_state(world.clone()).layer(from_fn_with_state(recorder(world, "proxy"), record))
}

fn recorder(world: &World, server: &'static str) -> Recorder {
    Recorder { traffic: world.traffic.clone(), server }
}

fn proxy_routes() -> Router<Arc<World>> {
    Router::new()
        .route("/api/v2/zendesk_apps_proxy/proxy/apps/{url}", post(forward_plain))
        .route("/api/v2/zendesk_apps_proxy/proxy/apps/secure/{url}", post(forward_secure))
}

async fn forward_plain(state: State<Arc<World>>, url: Path<String>, body: String) -> Response {
    forward(&state.0, &url.0, false, &body).await
}

async fn forward_secure(state: State<Arc<World>>, url: Path<String>, body: String) -> Response {
    forward(&state.0, &url.0, true, &body).await
}

async fn forward(world: &World, url: &str, is_secure: bool, body: &str) -> Response {
    let installation = world.installation().clone();
    let mut response = match serde_json::from_str::<Envelope>(body) {
        Ok(envelope) => world.proxy.forward(url, is_secure, &envelope, &installation).await,
        Err(_) => (StatusCode::BAD_REQUEST, "Proxy error: Invalid request").into_response(),
    };
    // The host page may read answers from the other lanes too.
    if let Ok(origin) = HeaderValue::from_str(&world.addresses.zendesk) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response
            .headers_mut()
            .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
    }
    response
}
