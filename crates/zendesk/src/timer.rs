//! Waiting.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The page's clock, if it has one that goes on in hidden tabs.
    #[wasm_bindgen(js_namespace = cxconnect, js_name = after, catch)]
    async fn js_after(ms: u32) -> Result<JsValue, JsValue>;
}

/// Waits so many milliseconds: by the page's own clock, which browsers don't slow down when nobody sees the tab. Where the
/// page brings none, by the browser's timers.
pub async fn after(ms: u32) {
    if js_after(ms).await.is_err() {
        TimeoutFuture::new(ms).await;
    }
}
