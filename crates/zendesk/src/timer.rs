//! Waiting.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::js::property;

/// Waits so many milliseconds: by the page's own clock, which browsers don't slow down when nobody sees the tab. Where the
/// page brings none, by the browser's timers.
pub async fn after(ms: u32) {
    let kept = match page_clock(ms) {
        Some(promise) => JsFuture::from(promise).await.is_ok(),
        None => false,
    };
    if !kept {
        TimeoutFuture::new(ms).await;
    }
}

/// What `cxconnect.after` promises, if the page has it.
fn page_clock(ms: u32) -> Option<Promise> {
    let after: Function = property(&property(&js_sys::global(), "cxconnect")?, "after")?.dyn_into().ok()?;
    after.call1(&JsValue::UNDEFINED, &ms.into()).ok()?.dyn_into().ok()
}
