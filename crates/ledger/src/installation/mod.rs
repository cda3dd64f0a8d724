//! What an account has of the ledger's objects, compared with what they should be, and the steps that mend it.
//!
//! Nothing here changes or removes what the app didn't make: missing objects, fields and options are made, fields that were
//! switched off are switched on, and a role gets rights if an admin says so. What can't be mended so is a finding without a
//! step. Every step may be repeated.
//!
//! - [`Account`]: what there is (`account` reads it);
//! - [`Finding`], by [`findings`]: what is wrong;
//! - [`Step`], by [`steps`]: what mends it (`step` does it).

mod account;
mod findings;
mod step;

pub use account::{Account, FoundField, FoundObject, Grant, Policy, Right, Survey};
pub use findings::{Finding, findings, wanted_rights};
pub use step::{Step, steps};

#[cfg(test)]
mod tests;
