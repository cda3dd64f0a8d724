//! Listening to Zendesk's events.

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};

use crate::js::JsClient;

/// A running subscription to an event. Dropping it ends it.
#[derive(Debug)]
#[must_use = "dropping it ends the subscription at once"]
pub struct Subscription {
    client: JsClient,
    event: &'static str,
    handler: Closure<dyn FnMut(JsValue)>,
}

impl Subscription {
    pub(crate) fn new(client: JsClient, event: &'static str, callback: Box<dyn FnMut(JsValue)>) -> Self {
        let handler = Closure::wrap(callback);
        // `on` only notes the handler down: it throws in no build of the SDK, and there would be nothing to undo.
        let _ = client.on(event, handler.as_ref().unchecked_ref());
        Self { client, event, handler }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // Whether Zendesk still knew the handler makes no difference: it is not called any more.
        let _ = self.client.off(self.event, self.handler.as_ref().unchecked_ref());
    }
}
