//! The SDK's client as JavaScript has it, and small readers of JavaScript values.

use js_sys::{Array, Function, JSON, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The object that `ZAFClient.init()` returns. Its methods are looked up at each call: after a crash the boot script
    /// replaces `request`, so that nothing can leave any more.
    #[derive(Clone, Debug)]
    pub type JsClient;

    #[wasm_bindgen(method, catch)]
    pub fn get(this: &JsClient, path: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, variadic)]
    pub fn invoke(this: &JsClient, name: &str, arguments: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub fn request(this: &JsClient, options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub fn on(this: &JsClient, event: &str, handler: &Function) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub fn off(this: &JsClient, event: &str, handler: &Function) -> Result<JsValue, JsValue>;
}

/// A property, unless it is absent, null, or the value has no properties.
pub(crate) fn property(value: &JsValue, key: &str) -> Option<JsValue> {
    // `Reflect.get` throws on what is no object.
    let property = Reflect::get(value, &JsValue::from_str(key)).ok()?;
    (!property.is_null() && !property.is_undefined()).then_some(property)
}

/// A property that is a text.
pub(crate) fn text_property(value: &JsValue, key: &str) -> Option<String> {
    property(value, key)?.as_string()
}

/// Whether an object has the property, whatever its value.
pub(crate) fn has_property(value: &JsValue, key: &str) -> bool {
    // `Reflect.has` throws on what is no object.
    Reflect::has(value, &JsValue::from_str(key)).unwrap_or(false)
}

/// Sets a property of an object made here: plain objects take every property.
pub(crate) fn set(object: &js_sys::Object, key: &str, value: &JsValue) {
    let is_set = Reflect::set(object, &JsValue::from_str(key), value);
    debug_assert!(is_set.is_ok(), "a plain object takes every property");
}

/// A value as JSON text; empty where it has none.
pub(crate) fn json(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// What an error value says: an `Error`'s message, or the text itself.
pub(crate) fn message(error: &JsValue) -> String {
    error
        .as_string()
        .or_else(|| text_property(error, "message"))
        .or_else(|| text_property(error, "statusText"))
        .unwrap_or_default()
}
