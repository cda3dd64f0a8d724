//! A typed Zendesk Apps Framework (ZAF) client.
//!
//! It wraps the SDK's JavaScript client, which the page's boot script creates and registers before the app starts. The
//! SDK's promises can mislead (they may never settle, or settle with an error value), so every call here has its own
//! timeout and looks for what it asked for in the result.
//!
//! # Where to start
//! - [`ZafClient`]: the calls;
//! - [`ProxyTransport`]: Sunshine Conversations through Zendesk's proxy, which puts the secret in;
//! - [`outcome`]: what a proxied request's many shapes of success and failure mean.

mod boot;
mod call;
mod client;
mod context;
mod js;
mod leftovers;
mod metadata;
pub mod outcome;
mod request;
mod requester;
mod scalar;
mod subscription;
mod timer;
mod transport;
mod user;

pub use boot::{BootError, Registered};
pub use call::ZafError;
pub use client::{ColorScheme, NoticeKind, Route, ZafClient};
pub use context::{Account, Context, Location};
pub use metadata::{Metadata, Settings};
pub use request::{Authorization, SunCoAuth, ZafRequest};
pub use requester::Requester;
pub use scalar::{Id, Scalar};
pub use subscription::Subscription;
pub use timer::after;
pub use transport::{AgentTransport, ProxyTransport, RelayTransport};
pub use user::CurrentUser;
