//! Ids that nobody else has.

use cxconnect_core::plan::BatchId;

/// A batch id: a random UUID.
pub fn new_batch_id() -> BatchId {
    let uuid = web_sys::window().and_then(|window| window.crypto().ok()).map(|crypto| crypto.random_uuid());
    // A page in Zendesk is always a secure context, where randomUUID exists. The clock stands in elsewhere.
    BatchId::new(uuid.unwrap_or_else(|| js_sys::Date::new_0().to_iso_string().into()))
}
