//! Search's own copy of an object's records, which lags behind, and what can be asked of it.
//!
//! Where to start: `filter`, what a filter may say; [`Index`], where values lead to records; [`Matcher`], a filter
//! made of sets, so that a page costs about as much as its records.

mod filter;
mod index;
mod matcher;
mod posting;
mod run;

pub(crate) use index::Index;
pub(crate) use run::{Wanted, search};
