//! The relay's calls for the app (`crates/relay/API.md`, "For the app"), over any [`Transport`].
//!
//! Whoever makes the calls adds the relay's token: in the app that is Zendesk's proxy, so that the browser never has it.
//! [`Relay`] has a method for each call; what is read is plain values, with members that this version doesn't know left out.

mod error;
mod host;
mod outcome;
mod read;
mod relay;
mod status;
mod webhook;

pub use error::{Refusal, RelayError};
pub use host::{RelayHost, WrongHost};
pub use outcome::Outcome;
pub use relay::Relay;
pub use status::{Allotment, Hold, Queue, Status, SuncoWebhook};
pub use webhook::{Webhook, Webhooks};

#[cfg(test)]
mod tests;
