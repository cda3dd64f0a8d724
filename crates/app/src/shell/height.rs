//! How high a part of the page is, as it changes.

use wasm_bindgen::{JsCast as _, prelude::Closure};

/// Calls back with the height of `element` in pixels, now and whenever it changes, for the page's whole life.
pub fn follow(element: &web_sys::HtmlElement, mut callback: impl FnMut(u32) + 'static) {
    let watched = element.clone();
    let look = Closure::<dyn FnMut()>::new(move || {
        callback(u32::try_from(watched.offset_height()).unwrap_or_default());
    });
    // Every browser that runs WebAssembly has it; without it the place keeps the height that Zendesk gave it.
    if let Ok(observer) = web_sys::ResizeObserver::new(look.as_ref().unchecked_ref()) {
        observer.observe(element);
    }
    look.forget();
}
