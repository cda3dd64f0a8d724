//! One call to the SDK: waiting no longer than it may take, and looking whether the answer is one.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{
    js::{has_property, message, property, text_property},
    timer,
};

/// Why a call to the SDK gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZafError {
    /// No answer in time.
    #[error("Zendesk didn't answer in time")]
    Timeout,
    /// Zendesk answered with an error.
    #[error("Zendesk answered: {message}")]
    Refused {
        /// Its words.
        message: String,
    },
    /// The answer doesn't hold what was asked for.
    #[error("Zendesk's answer doesn't hold {key}")]
    Missing {
        /// What was asked for.
        key: String,
    },
    /// The answer has another form than expected.
    #[error("Zendesk's {key} has another form than expected: {detail}")]
    Unreadable {
        /// What was asked for.
        key: String,
        /// Where it differs.
        detail: String,
    },
}

/// How a promise ended.
pub(crate) enum Settled {
    Resolved(JsValue),
    Rejected(JsValue),
    TimedOut,
}

/// Waits for what a method of the SDK returned or threw.
pub(crate) async fn settled(returned: Result<JsValue, JsValue>, timeout: Duration) -> Settled {
    let promise = match returned {
        // `Promise.resolve` takes what the SDK calls a promise, whichever library it comes from.
        Ok(returned) => JsFuture::from(Promise::resolve(&returned)),
        Err(thrown) => return Settled::Rejected(thrown),
    };
    let timeout = timer::after(u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX));
    match select(pin!(promise), pin!(timeout)).await {
        Either::Left((Ok(value), _)) => Settled::Resolved(value),
        Either::Left((Err(error), _)) => Settled::Rejected(error),
        Either::Right(_) => Settled::TimedOut,
    }
}

/// Waits for a `get` or `invoke` of one key, and takes its value out of the result.
pub(crate) async fn value_of(
    key: &str,
    returned: Result<JsValue, JsValue>,
    timeout: Duration,
) -> Result<JsValue, ZafError> {
    match settled(returned, timeout).await {
        Settled::TimedOut => Err(ZafError::Timeout),
        Settled::Rejected(error) if is_timeout(&error) => Err(ZafError::Timeout),
        Settled::Rejected(error) => Err(ZafError::Refused { message: message(&error) }),
        Settled::Resolved(result) => extract(key, &result),
    }
}

/// `{"errors":{},"<key>":…}` → the value. The SDK also resolves with a `TimeoutError`, with an error value, and with
/// errors by key.
fn extract(key: &str, result: &JsValue) -> Result<JsValue, ZafError> {
    if is_timeout(result) {
        return Err(ZafError::Timeout);
    }
    let error = property(result, "errors").and_then(|errors| property(&errors, key));
    if let Some(error) = error {
        return Err(ZafError::Refused { message: message(&error) });
    }
    if !has_property(result, key) {
        return Err(ZafError::Missing { key: key.to_owned() });
    }
    Ok(property(result, key).unwrap_or(JsValue::UNDEFINED))
}

/// One build of the SDK resolves with `{name:"TimeoutError"}`, the other rejects with "Invocation request timeout".
pub(crate) fn is_timeout(value: &JsValue) -> bool {
    text_property(value, "name").is_some_and(|name| name == "TimeoutError")
        || text_property(value, "message").is_some_and(|message| message == "Invocation request timeout")
}

/// A value as one of our types.
pub(crate) fn read<T: DeserializeOwned>(key: &str, value: JsValue) -> Result<T, ZafError> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| ZafError::Unreadable { key: key.to_owned(), detail: error.to_string() })
}
