//! Ids that nobody else has, and other numbers that nobody can foresee.

use cxconnect_core::plan::BatchId;

/// A batch id: a random UUID.
pub fn new_batch_id() -> BatchId {
    let uuid = web_sys::window().and_then(|window| window.crypto().ok()).map(|crypto| crypto.random_uuid());
    // A page in Zendesk is always a secure context, where randomUUID exists. The clock stands in elsewhere.
    BatchId::new(uuid.unwrap_or_else(|| js_sys::Date::new_0().to_iso_string().into()))
}

/// Any number.
pub fn seed() -> u64 {
    let mut bytes = [0; 8];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // Without randomness the number is always the same, which makes waits less spread and nothing else.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u64::from_le_bytes(bytes)
}
