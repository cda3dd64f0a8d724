//! The engine as the shell sees it, and what each event means.

use super::{
    Command, Config, Counts, Entry, Event, JournalFault, MessageIdx, MessageState, Millis, Moment,
    PauseCause, Phase, Record, ReplayError, ReplayProblem, Times, Track,
    answered::{Streak, TurnedAway},
    book::Book,
    calls::Calls,
    outbox::Outbox,
    pace::Pace,
    queue::Queue,
};
use rustc_hash::FxHashMap;

use crate::phone::E164;

/// The send engine of one batch.
#[derive(Clone, Debug)]
pub struct Dispatch {
    pub(super) config: Config,
    pub(super) to: Vec<E164>,
    pub(super) book: Book,
    pub(super) role: Role,
    pub(super) outbox: Outbox,
    pub(super) queue: Queue,
    pub(super) calls: Calls,
    pub(super) pace: Pace,
    pub(super) streak: Streak,
    pub(super) turned_away: FxHashMap<MessageIdx, TurnedAway>,
    /// The moment that the shell was last asked for.
    pub(super) wake_at: Option<Millis>,
    /// Whether the record of the end is in the journal.
    pub(super) is_end_kept: bool,
    phase: Phase,
}

/// An outcome waits no longer for others that could be written with it. Should the browser die meanwhile, it is unknown.
pub(super) const OUTCOMES_WAIT: Millis = 25;

/// Whose batch it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// This engine's.
    Owner,
    /// Somebody else's, or nobody's: its journal is read here.
    Watcher,
    /// It was this engine's. What it knows and the journal doesn't is of no use any more.
    Superseded,
}

impl Dispatch {
    /// A batch that isn't started, by its messages' recipients.
    pub fn new(to: Vec<E164>, config: Config) -> Self {
        Self {
            config,
            book: Book::new(to.len()),
            to,
            role: Role::Owner,
            outbox: Outbox::default(),
            queue: Queue::default(),
            calls: Calls::default(),
            pace: Pace::new(config),
            streak: Streak::default(),
            turned_away: FxHashMap::default(),
            wake_at: None,
            is_end_kept: false,
            phase: Phase::Ready,
        }
    }

    /// A batch as its journal tells it, one list of entries for each write. It is only watched, and does nothing, until
    /// [`Event::Reopen`].
    pub fn replay(to: Vec<E164>, config: Config, writes: &[Vec<Entry>]) -> Result<Self, ReplayError> {
        let mut dispatch = Self { role: Role::Watcher, ..Self::new(to, config) };
        for entries in writes {
            dispatch.apply(entries)?;
        }
        Ok(dispatch)
    }

    /// A watched batch's next write. After an error this engine is of no more use.
    pub fn apply(&mut self, entries: &[Entry]) -> Result<(), ReplayError> {
        let write = self.outbox.n_writes();
        if self.role != Role::Watcher {
            return Err(ReplayError { write, entry: 0, problem: ReplayProblem::Owned });
        }
        for (idx, entry) in entries.iter().enumerate() {
            self.book.apply(entry).map_err(|problem| ReplayError { write, entry: idx, problem })?;
        }
        self.outbox.skip();
        self.is_end_kept = true;
        self.update_phase();
        Ok(())
    }

    /// Takes in what happened at `now` and says what to do. Events that make no sense in the present phase do nothing.
    pub fn handle(&mut self, now: Moment, event: Event) -> Vec<Command> {
        let mut commands = Vec::new();
        let is_handled = match self.role {
            Role::Owner => true,
            Role::Watcher => event == Event::Reopen,
            Role::Superseded => false,
        };
        if is_handled {
            self.take_in(now, event, &mut commands);
            self.advance(now, &mut commands);
            self.update_phase();
        }
        commands
    }

    /// What the batch is doing.
    pub fn phase(&self) -> &Phase {
        &self.phase
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

    /// What happened to the batch as a whole.
    pub fn track(&self) -> &Track {
        self.book.track()
    }

    /// Whether a refused message has become part of another batch.
    pub fn is_retried(&self, message: MessageIdx) -> bool {
        self.book.is_retried(message)
    }

    /// Answers per second over the last ten seconds, as measured; `None` before there is something to measure.
    pub fn rate(&self, now: Millis) -> Option<f64> {
        self.pace.meter.rate(now)
    }

    /// Milliseconds until all waiting and claimed messages are answered, at the measured rate.
    pub fn time_left(&self, now: Millis) -> Option<Millis> {
        let counts = self.counts();
        self.pace.meter.time_left(now, counts.waiting + counts.claimed)
    }

    /// When the provider asked for a pause that isn't over: the moment it ends.
    pub fn held_until(&self, now: Millis) -> Option<Millis> {
        self.pace.held_until(now)
    }

    /// Whether nothing can leave until more is allowed ([`Event::Allow`]): all that may be called for was.
    pub fn is_held_back(&self) -> bool {
        0 < self.book.counts().waiting && self.queue.is_held_back()
    }

    /// How many writes the journal has, as far as this engine knows: the place of the next one.
    pub fn n_writes(&self) -> u64 {
        self.outbox.n_writes()
    }

    /// Whether something has happened that the journal doesn't keep yet.
    pub fn has_unwritten(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// Tells of something that happened, if it can have: to the book at once, to the journal with the next write.
    pub(super) fn record(&mut self, now: Moment, record: Record) -> bool {
        let entry = Entry { time: now.time, record };
        let is_possible = self.book.apply(&entry).is_ok();
        if is_possible {
            let waits = if entry.record.is_outcome() { OUTCOMES_WAIT } else { 0 };
            self.outbox.push(entry, now.clock.saturating_add(waits));
        }
        is_possible
    }

    fn take_in(&mut self, now: Moment, event: Event, commands: &mut Vec<Command>) {
        match event {
            Event::Start => {
                if self.record(now, Record::Started) {
                    self.pace.start(now.clock);
                }
            }
            Event::Allow { n_messages } => self.allow(now, n_messages),
            Event::Pause => {
                self.record(now, Record::Paused(PauseCause::Agent));
            }
            Event::Resume => self.resume(now),
            Event::Cancel => {
                if self.record(now, Record::Cancelled) {
                    self.outbox.try_again();
                }
            }
            Event::Reopen => self.reopen(now),
            Event::Written { write } => self.written(now, write, commands),
            Event::NotWritten { write, cause } => self.not_written(write, cause),
            Event::Answered { message, attempt, answer } => self.answered(now, message, attempt, answer),
            // Timers may be early, some by a tenth of a second: what was asked for is asked for again.
            Event::Woke => self.wake_at = None,
            Event::MarkSent { message } => {
                self.record(now, Record::MarkedSent { message });
            }
            Event::SendAgain { message } => self.send_again(now, message),
            Event::Retried { messages, batch } => {
                for message in messages {
                    self.record(now, Record::Retried { message, batch: batch.clone() });
                }
            }
        }
    }

    fn allow(&mut self, now: Moment, n_messages: usize) {
        let was_held_back = self.queue.is_held_back();
        self.queue.allow(n_messages);
        // The calls that could not begin are not to be caught up with.
        if was_held_back && !self.queue.is_held_back() && self.counts().claimed == 0 {
            self.pace.start(now.clock);
        }
    }

    /// Ends the pause that is shown; another one may lie under that of the journal.
    fn resume(&mut self, now: Moment) {
        if self.outbox.try_again() || self.record(now, Record::Resumed) {
            self.streak = Streak::default();
            self.pace.start(now.clock);
        }
    }

    fn reopen(&mut self, now: Moment) {
        if self.role == Role::Watcher {
            self.role = Role::Owner;
            // When exactly they were called, on this clock, isn't known any more.
            for message in self.book.latest_claims() {
                if let Some(recipient) = self.to.get(message) {
                    self.queue.begin(now.clock, message, *recipient);
                }
            }
            self.record(now, Record::Opened);
        }
    }

    fn written(&mut self, now: Moment, write: u64, commands: &mut Vec<Command>) {
        let Some(kept) = self.outbox.written(write) else { return };
        self.pace.meter.written(now.clock, kept.since);
        for entry in kept.entries {
            match entry.record {
                Record::Claimed { message, .. } => self.calls.kept(message),
                Record::Ended(end) if matches!(self.book.phase(), Phase::Ended(_)) => {
                    self.is_end_kept = true;
                    commands.push(Command::Finished(end));
                }
                _ => (),
            }
        }
    }

    /// Claims that aren't kept never left. All else did happen, and is written again when that is wanted.
    fn not_written(&mut self, write: u64, cause: JournalFault) {
        let Some(mut entries) = self.outbox.not_written(write, cause) else { return };
        entries.retain(|entry| {
            let Record::Claimed { message, .. } = entry.record else { return true };
            self.calls.not_kept(message);
            self.book.unclaim(message);
            if let Some(recipient) = self.to.get(message) {
                self.queue.turned_away(message, *recipient);
            }
            false
        });
        self.outbox.put_back(entries);
        if cause == JournalFault::Taken {
            self.role = Role::Superseded;
        }
    }

    fn send_again(&mut self, now: Moment, message: MessageIdx) {
        let was_over = matches!(self.book.phase(), Phase::Ended(_));
        if self.record(now, Record::SendAgain { message }) {
            self.queue.wait_again(message);
            if was_over {
                self.pace.start(now.clock);
            }
        }
    }

    fn update_phase(&mut self) {
        let fault = self.outbox.fault();
        let phase = match self.book.phase() {
            _ if fault.is_some() => {
                &Phase::Paused(PauseCause::Journal(fault.unwrap_or(JournalFault::Failed)))
            }
            Phase::Ended(_) if !self.is_end_kept => &Phase::Draining,
            phase => phase,
        };
        if self.phase != *phase {
            self.phase = phase.clone();
        }
    }
}
