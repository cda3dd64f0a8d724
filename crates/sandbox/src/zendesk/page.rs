//! The agent's page itself: its files, the sample media, and the address bar of a single-page app.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::world::World;

/// The page's files: name, content type, content.
const FILES: &[(&str, &str, &[u8])] = &[
    ("css/zendesk.css", CSS, include_bytes!("../../web/css/zendesk.css")),
    ("css/ticket.css", CSS, include_bytes!("../../web/css/ticket.css")),
    ("css/drawer.css", CSS, include_bytes!("../../web/css/drawer.css")),
    ("css/whatsapp.css", CSS, include_bytes!("../../web/css/whatsapp.css")),
    ("js/main.js", JS, include_bytes!("../../web/js/main.js")),
    ("js/dom.js", JS, include_bytes!("../../web/js/dom.js")),
    ("js/icons.js", JS, include_bytes!("../../web/js/icons.js")),
    ("js/frames.js", JS, include_bytes!("../../web/js/frames.js")),
    ("js/protocol.js", JS, include_bytes!("../../web/js/protocol.js")),
    ("js/data.js", JS, include_bytes!("../../web/js/data.js")),
    ("js/actions.js", JS, include_bytes!("../../web/js/actions.js")),
    ("js/request.js", JS, include_bytes!("../../web/js/request.js")),
    ("js/workspace.js", JS, include_bytes!("../../web/js/workspace.js")),
    ("js/ticket.js", JS, include_bytes!("../../web/js/ticket.js")),
    ("js/server.js", JS, include_bytes!("../../web/js/server.js")),
    ("js/drawer.js", JS, include_bytes!("../../web/js/drawer.js")),
    ("js/whatsapp.js", JS, include_bytes!("../../web/js/whatsapp.js")),
    ("js/faults.js", JS, include_bytes!("../../web/js/faults.js")),
];

/// Sample media for templates; WhatsApp would fetch them from a public https address.
const MEDIA: &[(&str, &str, &[u8])] = &[
    ("oferta.png", "image/png", include_bytes!("../../web/media/oferta.png")),
    ("tutorial.mp4", "video/mp4", include_bytes!("../../web/media/tutorial.mp4")),
    ("factura.pdf", "application/pdf", include_bytes!("../../web/media/factura.pdf")),
];

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "application/javascript; charset=utf-8";
const INDEX: &str = include_str!("../../web/index.html");

pub(super) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/", get(index))
        .route("/agent", get(index))
        .route("/agent/{*path}", get(index))
        .route("/host/{*path}", get(|Path(path): Path<String>| async move { file(FILES, &path) }))
        .route("/media/{*path}", get(|Path(path): Path<String>| async move { file(MEDIA, &path) }))
}

async fn index(State(world): State<Arc<World>>) -> Response {
    let addresses = &world.addresses;
    // The page itself cannot reach beyond this machine, even if it were told to.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {app} data:; media-src 'self'; \
         connect-src 'self' {sunco} {lanes}; frame-src {app}",
        app = addresses.app,
        sunco = addresses.sunco,
        lanes = addresses.lanes.join(" "),
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, INDEX).into_response()
}

fn file(files: &[(&str, &'static str, &'static [u8])], path: &str) -> Response {
    match files.iter().find(|(name, ..)| *name == path) {
        Some((_, content_type, content)) => {
            ([(header::CONTENT_TYPE, *content_type), (header::CACHE_CONTROL, "no-store")], *content)
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
