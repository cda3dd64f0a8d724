//! How the host page misbehaves towards the app, on demand (zaf.md §3.7).
//!
//! The page obeys these; the server only keeps them and tells the page.

use serde::{Deserialize, Serialize};

/// Does something get its answer?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answering {
    /// As it should.
    #[default]
    Answer,
    /// Nothing is done and nothing is answered.
    Ignore,
    /// It is done, but the answer never arrives.
    Lose,
}

/// How a response with a status of 400 or more reaches the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailedResponses {
    /// The promise is rejected.
    #[default]
    Reject,
    /// The promise resolves, as one app met it (zaf.md §2.3).
    Resolve,
}

/// What the metadata hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetadataContent {
    /// Everything.
    #[default]
    Full,
    /// No `settings` at all.
    WithoutSettings,
}

/// The host page's faults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostFaults {
    /// The handshake.
    pub handshake: Answering,
    /// `get`, `set` and `invoke`.
    pub calls: Answering,
    /// `client.request`.
    pub requests: Answering,
    /// Every answer comes so much later.
    pub delay_ms: u64,
    /// Responses of 400 and more.
    pub failed_responses: FailedResponses,
    /// The metadata given at registration.
    pub metadata: MetadataContent,
}
