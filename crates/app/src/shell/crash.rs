//! What happens when the app panics: the page shows the reload screen of `boot.js`.

use std::panic;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Shows the reload screen.
    #[wasm_bindgen(js_namespace = cxconnect, js_name = crashed)]
    pub fn crashed(message: &str);
}

/// From here on a panic shows the reload screen. A panic ends the WebAssembly, so nothing of the app runs after it.
pub fn show_reload_screen_on_panic() {
    // Only the place is told: a panic's message may hold a phone or a text.
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        crashed(&place);
    }));
}
