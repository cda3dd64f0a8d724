//! Copying texts.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

/// Copies a text; whether it was. Right after a press only, as browsers want it.
///
/// Zendesk's iframe need not let the page use the clipboard by itself; then it is done as before there was such a permission.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let written = JsFuture::from(window.navigator().clipboard().write_text(text)).await;
    written.is_ok() || copy_selected(&window, text).is_some()
}

/// By a field that is selected for a moment.
fn copy_selected(window: &web_sys::Window, text: &str) -> Option<()> {
    let document: web_sys::HtmlDocument = window.document()?.dyn_into().ok()?;
    let field: web_sys::HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("visually-hidden");
    let body = document.body()?;
    let focused = document.active_element();
    body.append_child(&field).ok()?;
    field.select();
    let is_copied = document.exec_command("copy").ok();
    field.remove();
    if let Some(focused) = focused.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Where the focus was it need not be any more.
        let _ = focused.focus();
    }
    is_copied.filter(|is_copied| *is_copied).map(|_| ())
}
