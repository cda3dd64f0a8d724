//! What `client.request` came to: a [`Response`], or why there is none.
//!
//! The SDK passes on whatever Zendesk's page gives it, which isn't always the same for the same event: a complete
//! response or only its parsed body, a failure as response, `Error` or text, a 4xx among the successes. Everything here
//! reads plain values, so that each of these shapes can be tested.

use cxconnect_sunco::{Response, TransportError};
use js_sys::Error;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{
    call::is_timeout,
    js::{has_property, json, message, property, text_property},
};

/// Texts by which Zendesk's proxy says that it didn't pass a call on (Zendesk, "Making API requests from a Zendesk app").
const PROXY_REFUSALS: [&str; 2] = ["Proxy error: Invalid request", "is not a proxyable URI"];

/// The longest detail that is kept, in characters.
const MAX_DETAIL_CHARS: usize = 200;

/// Reads what the promise resolved with.
pub fn resolved(value: &JsValue) -> Result<Response, TransportError> {
    if is_timeout(value) {
        return Err(TransportError::Timeout);
    }
    // The SDK resolves with an error that has no name.
    if value.is_instance_of::<Error>() {
        return rejected(value);
    }
    if let Some(status) = complete_status(value) {
        return from_status(status, value);
    }
    let body = match value.as_string() {
        Some(text) => text,
        None if value.is_undefined() || value.is_null() => String::new(),
        None => json(value),
    };
    // The body alone: that it was a success is all that is known of its status. Whatever it says, the call may have been
    // passed on.
    Ok(Response { status: 200, body, retry_after_s: None })
}

/// Reads what the promise was rejected with, or what the call threw.
pub fn rejected(value: &JsValue) -> Result<Response, TransportError> {
    if is_timeout(value) {
        return Err(TransportError::Timeout);
    }
    if let Some(status) = status(value) {
        return from_status(status, value);
    }
    refused_by_proxy(&message(value))?;
    refused_by_proxy(&body(value))?;
    Err(TransportError::Lost { detail: detail(value) })
}

/// The status of a complete response. A body of its own may have a `status` too, so it alone is not enough.
fn complete_status(value: &JsValue) -> Option<u16> {
    let is_complete = ["responseText", "responseJSON", "readyState", "statusText"]
        .into_iter()
        .any(|key| has_property(value, key));
    status(value).filter(|_| is_complete)
}

fn status(value: &JsValue) -> Option<u16> {
    let status = property(value, "status")?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts to integers saturate")]
    Some(status as u16)
}

fn from_status(status: u16, value: &JsValue) -> Result<Response, TransportError> {
    let body = body(value);
    // A success or a failure of a server that quotes these words was passed on, and may have sent the message.
    if status == 0 || (400..500).contains(&status) {
        refused_by_proxy(&body)?;
        refused_by_proxy(&message(value))?;
    }
    if status != 0 {
        return Ok(Response { status, body, retry_after_s: None });
    }
    // jQuery's own timeout looks like a lost connection but for this word.
    if text_property(value, "statusText").is_some_and(|text| text == "timeout") {
        return Err(TransportError::Timeout);
    }
    Err(TransportError::Lost { detail: detail(value) })
}

/// The body's text where there is one: parsed JSON has lost the digits of large numbers.
fn body(value: &JsValue) -> String {
    text_property(value, "responseText")
        .filter(|text| !text.is_empty())
        .or_else(|| {
            property(value, "responseJSON").map(|value| value.as_string().unwrap_or_else(|| json(&value)))
        })
        .unwrap_or_default()
}

/// Only for what can't be an answer from behind the proxy that did something: what is refused here is sent again.
fn refused_by_proxy(text: &str) -> Result<(), TransportError> {
    if PROXY_REFUSALS.iter().any(|refusal| text.contains(refusal)) {
        return Err(TransportError::ProxyRefused { detail: text.chars().take(MAX_DETAIL_CHARS).collect() });
    }
    Ok(())
}

fn detail(value: &JsValue) -> String {
    let message = message(value);
    if message.is_empty() { "no answer".to_owned() } else { message.chars().take(MAX_DETAIL_CHARS).collect() }
}
