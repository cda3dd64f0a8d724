//! The client as its users see it, on a transport that answers from a list.
#![expect(clippy::needless_pass_by_value, reason = "a json! literal reads best handed over as it is")]

mod lists;
mod payloads;
mod support;
mod templates;
