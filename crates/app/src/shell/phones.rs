//! The table of phone numbers, which `boot.js` loads beside the WebAssembly.

use cxconnect_core::phone::{self, TableError};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = cxconnect, js_name = phones)]
    static PHONES: Uint8Array;
}

/// Puts it where numbers are read. To be done before the first one is.
pub fn install() -> Result<(), TableError> {
    phone::install(&PHONES.with(Uint8Array::to_vec))
}
