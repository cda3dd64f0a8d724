//! The border to the browser: one module per effect, and nothing else in the app touches `web-sys`' effects.

pub mod clock;
pub mod crash;
pub mod files;
pub mod ids;
pub mod measure;
#[expect(dead_code, reason = "the screen takes no workbooks yet")]
pub mod spreadsheet;
pub mod storage;
pub mod texts;
