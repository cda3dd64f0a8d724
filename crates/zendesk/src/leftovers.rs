//! What the SDK forgets to clear away.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::js::{JsClient, property};

/// The names of the handlers that `client.request` registers for its answer begin so.
const REQUEST: &str = "request:";

/// The handlers that the SDK has registered for one request, gone once this is dropped.
///
/// `client.request` registers two handlers that nothing ever removes (`Client.prototype.request` in
/// [`zaf_sdk.js`](https://www.npmjs.com/package/zendesk_app_framework_sdk)): they hold the options, the body among them, for as
/// long as the page lives, several kB for each message of a batch. `client.off` would leave their names, and tell Zendesk of
/// each; the names alone are taken from the SDK's own table here. An SDK that keeps them elsewhere is left as it is.
pub(crate) struct Leftovers {
    handlers: Option<Object>,
    names: Array,
}

impl Leftovers {
    /// Calls what makes the request, and notes which handlers it registers.
    pub(crate) fn of<T>(client: &JsClient, request: impl FnOnce() -> T) -> (T, Self) {
        let handlers = property(client, "_messageHandlers").and_then(|it| it.dyn_into::<Object>().ok());
        let n_before = handlers.as_ref().map_or(0, |handlers| Object::keys(handlers).length());
        let returned = request();
        let names = Array::new();
        if let Some(handlers) = &handlers {
            // New names come last.
            for name in Object::keys(handlers).iter().skip(usize::try_from(n_before).unwrap_or(usize::MAX)) {
                if name.as_string().is_some_and(|name| name.starts_with(REQUEST)) {
                    names.push(&name);
                }
            }
        }
        (returned, Self { handlers, names })
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        let Some(handlers) = &self.handlers else { return };
        for name in self.names.iter() {
            forget(handlers, &name);
        }
    }
}

/// What can't be removed stays, as it would have.
fn forget(handlers: &Object, name: &JsValue) {
    let _ = Reflect::delete_property(handlers, name);
}
