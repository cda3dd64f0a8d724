//! Where the keyboard is.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, HtmlElement};

use crate::shell::pause::{after_the_next_frame, pause};

/// What a step begins with: its heading, or what is the matter.
const STEP_START: &str = ".step-start";
/// So many frames a step's code is waited for.
const MOST_FRAMES: u32 = 600;

/// Once what has just changed is drawn: if that took away what had the focus, gives it to the first element that the
/// selector finds. Otherwise the keyboard would begin at the top of the page again.
pub fn keep_in(selector: &'static str) {
    spawn_local(async move {
        pause().await;
        if let Some(document) = document().filter(is_lost) {
            give(find(&document, selector));
        }
    });
}

/// Once what has just changed is drawn: gives the focus to the first element that the selector finds, so that a screen
/// reader goes on there. For places that an agent has asked to go to, and for a question that was just asked.
pub fn move_to(selector: &'static str) {
    spawn_local(async move {
        pause().await;
        give(document().and_then(|document| find(&document, selector)));
    });
}

/// A new step begins: as soon as it is drawn it is seen from its top, and the keyboard, which was in the last one, goes to
/// what it begins with.
pub fn to_step() {
    spawn_local(async move {
        for _ in 0..MOST_FRAMES {
            after_the_next_frame().await;
            let Some(document) = document() else { return };
            let Some(start) = find(&document, STEP_START) else { continue };
            see_the_top(&document);
            if is_lost(&document) {
                give(Some(start));
            }
            return;
        }
    });
}

/// Once it is drawn, a list is scrolled to the first element in it that the selector finds; the page isn't.
pub fn show_in(list: &'static str, selector: &'static str) {
    spawn_local(async move {
        pause().await;
        let Some(document) = document() else { return };
        if let (Some(list), Some(element)) = (find(&document, list), find(&document, selector)) {
            list.set_scroll_top(element.offset_top() - list.offset_top());
        }
    });
}

fn document() -> Option<Document> {
    web_sys::window().and_then(|window| window.document())
}

fn is_lost(document: &Document) -> bool {
    document.active_element().is_none_or(|element| element.tag_name() == "BODY")
}

fn find(document: &Document, selector: &str) -> Option<HtmlElement> {
    document.query_selector(selector).ok().flatten().and_then(|it| it.dyn_into().ok())
}

fn give(element: Option<HtmlElement>) {
    if let Some(element) = element {
        // An element that takes no focus leaves things as they are.
        let _ = element.focus();
    }
}

/// The steps' names come first; unless they are in view, the page goes back to them.
fn see_the_top(document: &Document) {
    let Some(steps) = find(document, ".stepper") else { return };
    let scrolled = web_sys::window().and_then(|window| window.scroll_y().ok()).unwrap_or_default();
    if f64::from(steps.offset_top()) < scrolled {
        steps.scroll_into_view();
    }
}
