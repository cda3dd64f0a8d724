//! The team's batches and messages as people ask about them: in a period, of a template, an agent, an origin, a batch.
//!
//! Counts come from the batches' own counters, so that none needs the messages to be read. [`Known`] keeps the batches that
//! were read and how this page's own go on meanwhile; [`Filter`] picks; [`Totals`], [`Groups`] and [`days`] count.

mod filter;
mod known;
mod totals;

pub use filter::{Filter, Panel, Span, StatusCount};
pub use known::{Known, Round};
pub use totals::{Groups, Share, Totals, days, months};

#[cfg(test)]
mod tests;
