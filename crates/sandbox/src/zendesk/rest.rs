//! The Zendesk REST calls that an app makes as the signed-in agent (zaf.md §6).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::installation::{APP_ID, INSTALLATION_ID};
use crate::people::Session;
use crate::world::World;

/// `GET` of what other modules don't answer.
pub(super) fn get(world: &World, session: &Session, words: &[&str]) -> Response {
    let locale = session.locale.as_str();
    let found = match words {
        ["users", "me"] => world.people.agent(&session.role).map(|it| json!({"user": it.in_rest(locale)})),
        ["users", id] => person(world, id).map(|it| json!({"user": it.in_rest(locale)})),
        ["users", id, "identities"] => person(world, id).map(|it| {
            json!({"identities": it.identities, "next_page": null, "previous_page": null,
                   "count": it.identities.len()})
        }),
        ["tickets", id] => world.people.tickets.iter().find(|it| it.id.to_string() == *id).map(|it| {
            json!({"ticket": {"id": it.id, "subject": it.subject, "status": it.status, "tags": it.tags,
                              "priority": it.priority, "requester_id": it.requester_id,
                              "via": {"channel": it.channel}}})
        }),
        ["apps", "installations"] => {
            Some(json!({"installations": [world.installation_in_rest()], "count": 1}))
        }
        ["apps", "installations", id] if *id == INSTALLATION_ID.to_string() => {
            Some(world.installation_in_rest())
        }
        ["apps", id] if *id == APP_ID.to_string() => {
            let installation = world.installation();
            let manifest = installation.manifest();
            Some(json!({"id": APP_ID, "name": manifest.name, "version": manifest.version, "owner": "acme"}))
        }
        _ => None,
    };
    found.map_or_else(not_found, |it| Json(it).into_response())
}

/// `PUT` of an installation's settings, merged, by admins; and of nothing else.
pub(super) fn put(world: &World, session: &Session, words: &[&str], body: &[u8]) -> Response {
    if words.join("/") != format!("apps/installations/{INSTALLATION_ID}") {
        return not_found();
    }
    if session.role != "admin" {
        let description = "You do not have access to this page. Please contact the account owner of this help \
                           desk for further help.";
        return failure(StatusCode::FORBIDDEN, "Forbidden", description);
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return failure(StatusCode::BAD_REQUEST, "InvalidJSON", "The request body is not valid JSON");
    };
    let mut installation = world.installation();
    for (name, value) in body["settings"].as_object().into_iter().flatten() {
        if !installation.set(name, value.clone()) {
            let description = format!("Settings: {name} is not a parameter of the app");
            return failure(StatusCode::UNPROCESSABLE_ENTITY, "RecordInvalid", &description);
        }
    }
    drop(installation);
    Json(world.installation_in_rest()).into_response()
}

fn person<'a>(world: &'a World, id: &str) -> Option<&'a crate::people::Person> {
    world.people.person(id.parse().ok()?)
}

pub(super) fn not_found() -> Response {
    failure(StatusCode::NOT_FOUND, "RecordNotFound", "Not found")
}

fn failure(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({"error": error, "description": description}))).into_response()
}
