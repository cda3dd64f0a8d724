//! CXConnect's rules, without I/O.
//!
//! Everything that decides anything is here as plain values in, values out: what a file means, what is wrong
//! with a row, which row may be sent now. There is no clock, randomness, network or browser in this crate: the
//! shells pass those in.
//!
//! # Where to start
//! In the order in which data flows:
//! - [`template`]: an approved WhatsApp template, the [`template::Slot`]s it needs filled, and its preview;
//! - [`sheet`]: file bytes → rows that know their file line and spreadsheet row;
//! - [`phone`]: text → [`phone::E164`], or why not;
//! - [`mapping`]: columns ↔ slots;
//! - [`check`]: sheet × mapping × template → recipients and [`problem`]s;
//! - [`corrections`]: rows that are mended elsewhere and come back;
//! - [`plan`]: recipients → a planned [`plan::Batch`];
//! - [`frozen`]: a confirmed batch as it is kept and sent;
//! - [`dispatch`]: the send engine, at most once;
//! - [`journal`]: what the engine keeps, as text;
//! - [`ledger`]: what the team's shared record is told of a batch, and when;
//! - [`reasons`]: a provider's refusal → cause and remedy, and the whole catalogue to search;
//! - [`retry`]: which refused messages may be tried again, and when;
//! - [`quota`]: what may still be sent in this period, and to how many people in a day;
//! - [`tally`]: what was used of it, as journals say, each write once;
//! - [`receipt`]: what became of a message, whoever saw it;
//! - [`stats`]: the team's batches and messages, counted and filtered;
//! - [`report`]: a batch's results, to search and to download;
//! - [`position`]: which templates are offered where;
//! - [`integration`]: what a webhook's payload looks like;
//! - [`retention`]: what is removed from the team's record;
//! - [`help`]: the pages of help.

pub mod check;
pub mod corrections;
pub mod dispatch;
pub mod example;
mod fold;
pub mod frozen;
pub mod help;
pub mod integration;
pub mod journal;
pub mod ledger;
pub mod mapping;
pub mod phone;
pub mod plan;
pub mod position;
pub mod problem;
pub mod quota;
mod random;
pub mod reasons;
pub mod receipt;
pub mod report;
pub mod retention;
pub mod retry;
pub mod sheet;
pub mod stats;
pub mod tally;
pub mod template;
