//! Receipts: what SunCo tells of notifications, in every form, any number of times and in any order.

mod parse;
mod reads;
mod store;

pub use parse::parse;
pub(crate) use reads::settle;
pub use store::store;
