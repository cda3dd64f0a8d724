//! The browser's small storage. It may be blocked or partitioned in Zendesk's iframe, so nothing may hang on it alone.

/// The browser refuses to keep anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser's storage is blocked")]
pub struct Blocked;

fn local() -> Result<web_sys::Storage, Blocked> {
    web_sys::window().and_then(|window| window.local_storage().ok().flatten()).ok_or(Blocked)
}

/// What was kept under `key`.
pub fn get(key: &str) -> Result<Option<String>, Blocked> {
    local()?.get_item(key).map_err(|_| Blocked)
}

/// Keeps `value` under `key`.
pub fn set(key: &str, value: &str) -> Result<(), Blocked> {
    local()?.set_item(key, value).map_err(|_| Blocked)
}
