//! What became of a message.

use serde_json::Value;

use crate::read::text;

/// How a message's sending ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// SunCo took it.
    Accepted,
    /// It was refused, or given up; the provider's words, or the relay's code.
    Failed(String),
    /// It may have left, or not.
    Unknown,
}

impl Outcome {
    /// Of an event of kind `message`; none while it waits.
    pub(crate) fn read(event: &Value) -> Option<Self> {
        match event["state"].as_str()? {
            "accepted" => Some(Self::Accepted),
            "failed" => {
                Some(Self::Failed(text(event, "text").or_else(|| text(event, "code")).unwrap_or_default()))
            }
            "unknown" => Some(Self::Unknown),
            _ => None,
        }
    }
}
