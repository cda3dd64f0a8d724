//! The client as its users see it, on a transport that answers from a list.

mod lists;
mod payloads;
mod support;
mod templates;
