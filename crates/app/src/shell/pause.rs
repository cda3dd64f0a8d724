//! Letting the browser draw and listen between two slices of work.

use wasm_bindgen::{JsCast as _, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

/// Waits until the browser has done what was waiting. A message to oneself comes back at once; a timer would be held
/// back by 4 ms each time, which makes up half of the time of a large check.
pub async fn pause() {
    let come_back = js_sys::Promise::new(&mut |resolve, _| {
        let Ok(channel) = web_sys::MessageChannel::new() else {
            // Every browser has them; without one the work goes on unpaused.
            let _ = resolve.call0(&JsValue::NULL);
            return;
        };
        let listen = Closure::once_into_js(move || resolve.call0(&JsValue::NULL));
        channel.port1().set_onmessage(Some(listen.unchecked_ref()));
        // Posting a plain value to a port that was just made can't fail.
        let _ = channel.port2().post_message(&JsValue::NULL);
    });
    // It is never rejected.
    let _ = JsFuture::from(come_back).await;
}

/// Waits until the next frame is drawn. A page that nobody sees draws none, and waits until it is seen.
pub async fn after_the_next_frame() {
    let frame = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Without a frame to wait for, the wait below is enough.
            if window.request_animation_frame(&resolve).is_err() {
                let _ = resolve.call0(&JsValue::NULL);
            }
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(frame).await;
    pause().await;
}
