//! What the boot script hands over.

use js_sys::global;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{
    Context, Metadata, ZafClient, ZafError, call,
    js::{JsClient, property},
};

/// The payload of the first `app.registered`.
#[derive(Clone, Debug, PartialEq)]
pub struct Registered {
    /// This installation and its settings.
    pub metadata: Metadata,
    /// Where this iframe is.
    pub context: Context,
}

/// Why the app can't take over from the boot script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BootError {
    /// The boot script handed nothing over: the page is not the app's own.
    #[error("globalThis.cxconnect has no {0}")]
    Missing(&'static str),
    /// Zendesk's description of the installation can't be read.
    #[error(transparent)]
    Unreadable(#[from] ZafError),
}

impl ZafClient {
    /// Takes over `globalThis.cxconnect = {client, registered: {metadata, context}}`.
    ///
    /// The boot script sets it at the first `app.registered`, so there can be no client before: calls made before
    /// registration are queued by the SDK, and a second registration would send them all again.
    pub fn from_boot() -> Result<(Self, Registered), BootError> {
        let boot = property(&global(), "cxconnect").ok_or(BootError::Missing("client"))?;
        let client = property(&boot, "client").ok_or(BootError::Missing("client"))?;
        let registered = property(&boot, "registered").ok_or(BootError::Missing("registered"))?;
        let registered =
            Registered { metadata: read(&registered, "metadata")?, context: read(&registered, "context")? };
        Ok((Self::new(client.unchecked_into::<JsClient>()), registered))
    }
}

fn read<T: DeserializeOwned>(registered: &JsValue, key: &'static str) -> Result<T, BootError> {
    let value = property(registered, key).ok_or(BootError::Missing(key))?;
    Ok(call::read(key, value)?)
}
