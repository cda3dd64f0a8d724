//! The screens: one module per tab, one for the ticket's sidebar, one for settings that can't be used.

mod api_notice;
mod configuration;
mod later;
mod ledger_notice;
mod logs;
mod messages;
mod nav_bar;
mod no_record;
mod panel;
mod send;
mod settings;
mod statistics;
mod subscription;
mod support;
mod ticket;

pub use nav_bar::NavBar;
pub use settings::SettingsScreen;
pub use ticket::ticket;
