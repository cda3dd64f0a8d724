//! The engine's rules, one by one.

mod answers;
mod claims;
mod decisions;
mod endings;
mod limits;
mod pauses;
mod properties;
mod reopening;
mod rests;
mod shell;
