//! The send engine: events in, commands out. At most once, by construction.
//!
//! A deterministic state machine without clock or I/O: the shell performs the [`Command`]s it returns and answers with
//! [`Event`]s. What happens is told in [`Record`]s, which the shell keeps durably in a journal; whatever the engine knows of
//! its messages follows from them ([`Dispatch::replay`]).
//!
//! A message is claimed in the journal, and only when that write is acknowledged may its call leave. A claimed message is
//! never sent again unless it provably wasn't sent ([`Answer::Throttled`], [`Answer::Stop`], a pause before its call).
//! Everything that may have been accepted ends as [`MessageState::Unknown`], for a person to decide. `WhatsApp` and
//! Sunshine Conversations have no idempotency key, and through Zendesk's proxy the browser can't tell a refused connection
//! from a lost answer: that's why nothing else is tried again.
//!
//! Two owners can't both write at the same place of a journal. So whoever opens a batch ([`Event::Reopen`]) ends the claims
//! of whoever had it before, and that one's next write fails.
//!
//! Where to look: [`Record`] says what can happen, `book` what it changes, `engine` what follows from an event, `pace` and
//! `guard` when calls may begin, `queue` which message is next, `outbox` what is written when.

mod advance;
mod answer;
mod answered;
mod book;
mod calls;
mod config;
mod engine;
mod event;
mod guard;
mod meter;
mod outbox;
mod pace;
mod queue;
mod record;
mod replay;
mod state;
mod track;

pub use answer::{Answer, Doubt, NotificationId, Refusal, StopCause, StopKind};
pub use config::{Config, Rate};
pub use engine::Dispatch;
pub use event::{Command, Event, JournalFault, MessageIdx, Millis, Moment, UnixMillis};
pub use record::{End, Entry, PauseCause, Record};
pub use replay::{ReplayError, ReplayProblem};
pub use state::{Counts, MessageState, Phase, Times};
pub use track::{MAX_EVENTS, Milestone, Track, TrackEvent};

#[cfg(test)]
mod tests;
