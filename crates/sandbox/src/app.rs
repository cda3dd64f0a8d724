//! The server of the app's own files, on another origin than Zendesk's page (zaf.md §4.3).
//!
//! It serves what the package holds. Only the address of Zendesk's SDK is rewritten, to a local copy.

use std::path::{Component, Path as FilePath, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::installation::APP_ID;
use crate::traffic::{Recorder, record};
use crate::world::World;

/// Where production apps load the SDK from.
const SDK_ADDRESS: &str = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js";
/// Where the local copy is.
const SDK_PATH: &str = "/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js";

/// As strict as a careful host could be, so that an app that works here works behind any policy.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src * data: blob:; media-src *; connect-src 'self'; font-src 'self'";

pub(crate) fn router(world: &Arc<World>) -> Router {
    let recorder = Recorder { traffic: world.traffic.clone(), server: "app" };
    Router::new()
        .route(SDK_PATH, get(sdk))
        .route(&format!("/{APP_ID}/assets/{{version}}/{{*path}}"), get(asset))
        .with_state(world.clone())
        .layer(from_fn_with_state(recorder, record))
}

async fn sdk(State(world): State<Arc<World>>) -> Response {
    answer("application/javascript", world.sdk.to_vec())
}

async fn asset(State(world): State<Arc<World>>, Path((version, path)): Path<(String, String)>) -> Response {
    let Some(file) = inside(&world.app_dir.join("assets"), &path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if version != world.asset_version {
        return StatusCode::NOT_FOUND.into_response();
    }
    let content_type = content_type(&file);
    match tokio::fs::read(&file).await {
        Ok(content) if is_text(content_type) => answer(content_type, with_local_sdk(content, &world)),
        Ok(content) => answer(content_type, content),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(content_type: &'static str, content: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A rebuilt app shows at once; the real servers let browsers keep the files.
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, content).into_response()
}

fn with_local_sdk(content: Vec<u8>, world: &World) -> Vec<u8> {
    match String::from_utf8(content) {
        Ok(text) if text.contains(SDK_ADDRESS) => {
            text.replace(SDK_ADDRESS, &format!("{}{SDK_PATH}", world.addresses.app)).into_bytes()
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// A path below the folder, never outside it.
fn inside(folder: &FilePath, path: &str) -> Option<PathBuf> {
    let path = FilePath::new(path);
    let is_plain = path.components().all(|it| matches!(it, Component::Normal(_)));
    is_plain.then(|| folder.join(path))
}

fn is_text(content_type: &str) -> bool {
    content_type.starts_with("text/html") || content_type == "application/javascript"
}

/// The types of a static file store: what it does not know is bytes.
fn content_type(file: &FilePath) -> &'static str {
    match file.extension().and_then(|it| it.to_str()).unwrap_or_default() {
        "html" | "htm" => "text/html",
        "js" => "application/javascript",
        "css" => "text/css",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "xml" => "text/xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_outside_the_package_are_out_of_reach() {
        let folder = FilePath::new("app/assets");
        assert_eq!(inside(folder, "css/a.css"), Some(PathBuf::from("app/assets/css/a.css")));
        for path in ["../manifest.json", "a/../../b", "/etc/passwd", "./a"] {
            assert_eq!(inside(folder, path), None, "{path}");
        }
    }
}
