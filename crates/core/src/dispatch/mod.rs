//! The send engine: events in, commands out. At most once, by construction.

mod answer;
mod book;
mod config;
mod event;
mod record;
mod replay;
mod state;

pub use answer::{Answer, Doubt, NotificationId, Refusal, StopCause, StopKind};
use book::Book;
pub use config::{Config, Rate};
pub use event::{Command, Event, JournalFault, MessageIdx, Millis, Moment, UnixMillis};
pub use record::{End, Entry, PauseCause, Record};
pub use replay::{ReplayError, ReplayProblem};
pub use state::{Counts, MessageState, Phase, Times};

use crate::phone::E164;

/// The send engine of one batch.
#[derive(Clone, Debug)]
pub struct Dispatch {
    config: Config,
    to: Vec<E164>,
    book: Book,
}

impl Dispatch {
    /// A batch that isn't started, by its messages' recipients.
    pub fn new(to: Vec<E164>, config: Config) -> Self {
        Self { config, book: Book::new(to.len()), to }
    }

    /// A batch as its journal tells it, one list of entries for each write. It is watched only, until [`Event::Reopen`].
    pub fn replay(to: Vec<E164>, config: Config, writes: &[Vec<Entry>]) -> Result<Self, ReplayError> {
        let mut dispatch = Self::new(to, config);
        for entries in writes {
            dispatch.apply(entries)?;
        }
        Ok(dispatch)
    }

    /// A watched batch's next write. After an error this engine is of no more use.
    pub fn apply(&mut self, entries: &[Entry]) -> Result<(), ReplayError> {
        for (idx, entry) in entries.iter().enumerate() {
            self.book.apply(entry).map_err(|problem| ReplayError { write: 0, entry: idx, problem })?;
        }
        Ok(())
    }

    /// Takes in what happened at `now` and says what to do. Events that make no sense in the present phase do nothing.
    pub fn handle(&mut self, now: Moment, event: Event) -> Vec<Command> {
        let _ = (now, event, self.config, &self.to);
        Vec::new()
    }

    /// What the batch is doing.
    pub fn phase(&self) -> &Phase {
        self.book.phase()
    }

    /// How many messages are in each state.
    pub fn counts(&self) -> Counts {
        self.book.counts()
    }

    /// Every message's state, by index.
    pub fn states(&self) -> &[MessageState] {
        self.book.states()
    }

    /// When a message left and when its outcome came.
    pub fn times(&self, message: MessageIdx) -> Times {
        self.book.times(message)
    }

    /// Whether a refused message has become part of another batch.
    pub fn is_retried(&self, message: MessageIdx) -> bool {
        self.book.is_retried(message)
    }

    /// Answers per second over the last ten seconds, as measured; `None` before there is something to measure.
    pub fn rate(&self, _now: Millis) -> Option<f64> {
        None
    }

    /// Milliseconds until all waiting and claimed messages are answered, at the measured rate.
    pub fn time_left(&self, _now: Millis) -> Option<Millis> {
        None
    }

    /// When the provider asked for a pause that isn't over: the moment it ends.
    pub fn held_until(&self, _now: Millis) -> Option<Millis> {
        None
    }

    /// How many writes the journal has, as far as this engine knows: the place of the next one.
    pub fn n_writes(&self) -> u64 {
        0
    }

    /// Whether something has happened that the journal doesn't keep yet.
    pub fn has_unwritten(&self) -> bool {
        false
    }
}
