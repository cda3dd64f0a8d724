//! Custom objects over HTTP, point by point of what the reference says a faithful fake does.

mod client;
mod jobs;
mod limits;
mod records;
mod search;
mod setup;
