//! Waiting.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::js::property;

/// Waits so many milliseconds: by the page's own clock, which browsers don't slow down when nobody sees the tab. Where the
/// page brings none, by the browser's timers. A wait that is dropped holds nothing any more.
pub async fn after(ms: u32) {
    let kept = match Wait::begin(ms) {
        Some(wait) => JsFuture::from(wait.over.clone()).await.is_ok(),
        None => false,
    };
    if !kept {
        TimeoutFuture::new(ms).await;
    }
}

/// What `cxconnect.wait` begins.
struct Wait {
    over: Promise,
    end: Function,
}

impl Wait {
    /// None if the page has no clock.
    fn begin(ms: u32) -> Option<Self> {
        let wait: Function = property(&property(&js_sys::global(), "cxconnect")?, "wait")?.dyn_into().ok()?;
        let begun = wait.call1(&JsValue::UNDEFINED, &ms.into()).ok()?;
        Some(Self {
            over: property(&begun, "over")?.dyn_into().ok()?,
            end: property(&begun, "end")?.dyn_into().ok()?,
        })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        // It resolves a promise, which can't fail.
        let _ = self.end.call0(&JsValue::UNDEFINED);
    }
}
