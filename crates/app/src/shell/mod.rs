//! The border to the browser: one module per effect, and nothing else in the app touches `web-sys`' effects.

pub mod clipboard;
pub mod clock;
pub mod crash;
pub mod files;
pub mod focus;
pub mod height;
pub mod help;
pub mod ids;
pub mod journal;
pub mod locks;
pub mod measure;
pub mod part;
pub mod pause;
pub mod phones;
pub mod probe;
pub mod spreadsheet;
pub mod storage;
pub mod texts;
