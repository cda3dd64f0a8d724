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
        let is_lost = document.active_element().is_none_or(|element| element.tag_name() == "BODY");
        let element = document.query_selector(selector).ok().flatten();
        if let Some(element) =
            element.filter(|_| is_lost).and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
        {
            // An element that takes no focus leaves things as they are.
            let _ = element.focus();
        }
    });
}
