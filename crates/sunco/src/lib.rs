//! A typed Sunshine Conversations client.
//!
//! It knows the wire format and nothing else: how a call travels and who authorises it is its [`Transport`]'s business,
//! so the same client runs in the browser (through Zendesk's proxy), in native programs and in tests. What comes back is
//! converted to core's types here, at the border; JSON goes no further in.
//!
//! # Where to start
//! - [`SunCo`]: the calls;
//! - [`Transport`]: what it needs to make them;
//! - [`payload`](mod@payload): how a template and its values become the message that is sent.

mod account;
mod client;
mod error;
mod fault;
mod ids;
mod integrations;
mod notify;
pub mod payload;
mod templates;
mod transport;
mod webhooks;

pub use account::{Account, Host, HostError};
pub use client::SunCo;
pub use error::ApiError;
pub use ids::{AppId, IdError, IntegrationId};
pub use integrations::{Integration, IntegrationStatus};
pub use payload::{Metadata, Notification, PayloadError};
pub use templates::{TemplateError, TemplateList, UnreadableTemplate};
pub use transport::{Method, Request, Response, Transport, TransportError};
pub use webhooks::{MAX_WEBHOOKS, Webhook};
