//! Where the keyboard is.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;

use crate::shell::pause::pause;

/// Once what has just changed is drawn: if that took away what had the focus, gives it to the first element that the
/// selector finds. Otherwise the keyboard would begin at the top of the page again.
pub fn keep_in(selector: &'static str) {
    spawn_local(async move {
        pause().await;
        let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
        if document.active_element().is_none_or(|element| element.tag_name() == "BODY") {
            give(&document, selector);
        }
    });
}

/// Once what has just changed is drawn: gives the focus to the first element that the selector finds, so that a screen
/// reader goes on there. For places that an agent has asked to go to.
pub fn move_to(selector: &'static str) {
    spawn_local(async move {
        pause().await;
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            give(&document, selector);
        }
    });
}

fn give(document: &web_sys::Document, selector: &str) {
    let element = document.query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that takes no focus leaves things as they are.
        let _ = element.focus();
    }
}
