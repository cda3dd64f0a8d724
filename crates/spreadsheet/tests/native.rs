//! The crate as a plain library: the golden books, what is written, and what is hostile.

#![cfg(not(target_arch = "wasm32"))]

mod native {
    mod files;
    mod golden;
    mod hostile;
    mod writing;
}
