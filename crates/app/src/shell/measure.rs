//! Marks in the browser's own timeline (User Timing), which its profiler and the benches read.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Something that is being measured.
pub struct Measured {
    name: &'static str,
}

/// Begins to measure.
pub fn begin(name: &'static str) -> Measured {
    if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
        // A mark that isn't made costs a figure in a profile and nothing else; so for all calls here.
        let _ = performance.mark(name);
    }
    Measured { name }
}

impl Measured {
    /// Ends it when the screen shows the result.
    pub fn end_at_next_frame(self) {
        let name = self.name;
        let end = Closure::once_into_js(move || {
            if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
                let _ = performance.measure_with_start_mark(name, name);
            }
        });
        if let Some(window) = web_sys::window() {
            let _ = window.request_animation_frame(end.unchecked_ref());
        }
    }
}
