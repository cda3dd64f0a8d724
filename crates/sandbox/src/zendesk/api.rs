//! Every request under `/api/v2/`: who asks, the account's budget, and then whatever answers it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, Limited};

use crate::connection::ConnectionHandle;
use crate::world::World;
use crate::zendesk::objects::{Actor, Call};
use crate::zendesk::rest;

/// Larger bodies are refused; a job of a hundred records of 32 KB is among the largest.
const MAX_BODY: usize = 8 * 1024 * 1024;

pub(super) async fn handle(
    State(world): State<Arc<World>>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: Request<Body>,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let body = body.to_bytes();
    let session = world.session_of(&head.headers);
    let Some(person) = world.people.agent(&session.role) else { return rest::not_found() };
    let actor = Actor::of(person);
    let call = Arc::new(Call::read(&head.method, &head.uri, &head.headers, &body));
    let (allowance, admitted) = world.objects.admit(actor.user_id).await;
    let mut response = match admitted {
        Err(exceeded) => {
            if call.is_ours() {
                world.objects.note_refused(&call, &head.uri, &actor, StatusCode::TOO_MANY_REQUESTS.as_u16());
            }
            exceeded.into_response()
        }
        Ok(()) if call.is_ours() => world.objects.serve(&call, &head.uri, &actor, &connection).await,
        Ok(()) => {
            let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
            match head.method {
                Method::GET => rest::get(&world, &session, &words),
                Method::PUT => rest::put(&world, &session, &words, &body),
                _ => rest::not_found(),
            }
        }
    };
    allowance.write(response.headers_mut());
    response
}
