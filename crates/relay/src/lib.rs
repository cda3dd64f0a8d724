#![doc = include_str!("../API.md")]
//!
//! # The code
//! All rules are plain Rust without I/O: [`Account`] answers calls and does what an alarm has to, over a [`Db`], a [`World`]
//! and SunCo's `Transport`. They run natively in tests, with SQLite itself. The shell (`worker`, for wasm32 only) hands them
//! a Durable Object's storage, its clock and its network, and decides nothing.
//!
//! Where to start: `route` (which call is it), `account` (what is done), then `trigger`, `receipts`, `pump`, `events`;
//! `schema` says what is kept, `retention` for how long.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unreachable
    )
)]

mod account;
mod admin;
pub mod config;
pub mod db;
pub mod events;
pub mod failure;
mod holds;
pub mod http;
mod limits;
mod message;
mod payload;
pub mod pump;
mod receipts;
mod retention;
pub mod route;
mod schema;
pub mod secret;
pub mod settings;
mod setup;
mod templates;
mod trigger;
mod webhooks;
#[cfg(target_arch = "wasm32")]
mod worker;

use std::future::Future;

pub use account::{Account, Handled};
pub use db::Db;

/// Milliseconds since 1970.
pub type Ms = i64;

/// What the rules need of the world besides a database and a network.
pub trait World {
    /// The time.
    fn now(&self) -> Ms;

    /// Random bytes that nobody can guess.
    fn random(&self) -> [u8; 32];

    /// Waits.
    fn sleep(&self, millis: Ms) -> impl Future<Output = ()>;
}
