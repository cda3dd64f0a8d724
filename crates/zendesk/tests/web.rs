//! The ZAF client in a browser, against clients made of plain JavaScript objects that answer as the SDK does.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test_configure;

#[path = "web/boot.rs"]
mod boot;
#[path = "web/calls.rs"]
mod calls;
#[path = "web/outcomes.rs"]
mod outcomes;
#[path = "web/requests.rs"]
mod requests;

wasm_bindgen_test_configure!(run_in_browser);

/// The value of a JavaScript expression.
fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).expect("the expression is valid")
}

/// A client whose methods are these.
fn client(methods: &str) -> cxconnect_zendesk::ZafClient {
    use wasm_bindgen::JsCast as _;
    cxconnect_zendesk::ZafClient::new(js(methods).unchecked_into())
}
