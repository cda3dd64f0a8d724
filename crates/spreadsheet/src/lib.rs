//! Workbooks in and out: XLSX, XLSB, XLS and ODS become the CSV text that `cxconnect-core` reads, and tables become XLSX.
//!
//! Compiled to its own WebAssembly module, which a worker loads only when a workbook arrives or an XLSX is to be written:
//! it is larger than the app. It knows nothing of recipients: what a cell means is decided by core.
//!
//! # Where to start
//! - [`Book`]: a file's bytes → its sheets, each as CSV text;
//! - [`value`]: how a cell's value is written, which is where a phone can be spoilt or saved;
//! - [`write`]: CSV text → an XLSX in which every cell is text;
//! - `browser`, in WebAssembly only: the same for JavaScript.

mod biff;
mod book;
mod compound;
mod container;
mod error;
mod library;
mod ods;
mod table;
pub mod value;
pub mod write;

#[cfg(target_arch = "wasm32")]
pub mod browser;

pub use book::{Book, SheetInfo, Visibility};
pub use error::BookError;
