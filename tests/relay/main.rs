//! The relay's real process: workerd, its database on disk, the fake SunCo behind it.
//!
//! `cargo xtask test relay` builds what it needs. Where to look: `calls` (every call and every refusal), `hostile` (whatever
//! else may come), `kills` (SIGKILL under load), `receipts` (in every order).

mod calls;
mod hostile;
mod kills;
mod receipts;
