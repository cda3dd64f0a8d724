//! The sandbox from outside: over HTTP, as the browser, the proxy and SunCo's clients see it.

mod common;
mod notifications;
mod objects;
mod storms;
mod templates;
mod zendesk;
