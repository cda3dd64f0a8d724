//! The journal's text: one line for each entry, so that it can be kept anywhere and read by people.
//!
//! A line is the time, a word for what happened, and its fields, parted by tabs. Backslash, tab, line feed and carriage
//! return are written `\\`, `\t`, `\n` and `\r` in texts. A journal outlives the version that wrote it: a word keeps its
//! meaning and its fields for ever, and what changes gets another word.

mod decode;
mod encode;
mod words;

pub use decode::{JournalError, JournalProblem, decode};
pub use encode::encode;

#[cfg(test)]
mod tests;
