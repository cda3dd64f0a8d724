//! Locks that only one page of this browser can have (`journal.js`): who has a batch's lock sends it.

use js_sys::{Array, Function};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["cxconnect", "journal"], js_name = take)]
    async fn js_take(name: &str) -> JsValue;
    #[wasm_bindgen(js_namespace = ["cxconnect", "journal"], js_name = held)]
    async fn js_held() -> JsValue;
}

/// A lock that this page has, until it is dropped.
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        // It resolves a promise, which can't fail.
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// Takes a batch's lock, unless another page has it.
pub async fn take(batch: &str) -> Option<Lock> {
    js_take(&name(batch)).await.dyn_into().ok().map(Lock)
}

/// Whether a page, this one or another, has a batch's lock.
pub async fn is_held(batch: &str) -> bool {
    js_held().await.unchecked_into::<Array>().includes(&JsValue::from(name(batch)), 0)
}

fn name(batch: &str) -> String {
    format!("cxconnect-{batch}")
}
