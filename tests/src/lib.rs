//! What the end-to-end tests and the benches share: an agent's desk, with a real Chromium in front of the sandbox.
//!
//! Where to start: [`desk::Desk`], which is what a journey works with; then [`runner`], which runs journeys, and
//! `e2e/`, where they are written.
//!
//! Nothing here waits a fixed time: [`wait::until`] looks again and again until what was waited for is there.

pub mod browser;
pub mod desk;
pub mod driver;
pub mod files;
pub mod kept;
pub mod office;
pub mod processes;
pub mod recipients;
pub mod relay;
pub mod review;
pub mod runner;
pub mod screen;
pub mod steps;
pub mod tabs;
pub mod team;
pub mod traffic;
pub mod wait;
pub mod wire;
pub mod zendesk;
