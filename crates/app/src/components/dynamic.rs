//! Parts of a screen that are drawn anew when a signal changes.
//!
//! A bare closure works as well, but each closure is a type of its own and gets its own copy of the drawing code; boxed ones
//! share one, which keeps the WebAssembly small.

use leptos::prelude::*;

/// Draws a part anew whenever a signal that it reads changes.
pub fn dynamic<V: IntoAny>(draw: impl Fn() -> V + Send + 'static) -> Box<dyn Fn() -> AnyView + Send> {
    Box::new(move || draw().into_any())
}

/// Shows a text that changes with the signals that it reads.
pub fn dynamic_text(text: impl Fn() -> String + Send + 'static) -> Box<dyn Fn() -> String + Send> {
    Box::new(text)
}
