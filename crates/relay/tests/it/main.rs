//! The rules as a whole, over SQLite itself, without a network or a clock.

mod admin;
mod limits;
mod receipts;
mod sending;
mod simulation;
mod support;
mod triggers;
