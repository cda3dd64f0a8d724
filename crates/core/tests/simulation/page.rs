//! One life of the app in a browser: the engine, and what its shell knows.

use std::collections::{BTreeSet, VecDeque};

use cxconnect_core::{
    dispatch::{
        Answer, Command, Config, Dispatch, Doubt, Entry, Event, JournalFault, MessageIdx, MessageState,
        Millis, Moment, Record,
    },
    phone::E164,
};

use crate::Checked;

/// What a wrong app would do: the simulation must notice each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    SendsBeforeItsWriteIsKept,
    ResendsUnknown,
    TakesServerErrorsForThrottling,
    ForgetsOpenClaimsAtReopening,
    TakesFailedWritesForKept,
    IgnoresAnotherOwner,
    SendsTooFast,
    MistakesRecipients,
    SendsThoughPaused,
}

pub struct Page {
    pub dispatch: Dispatch,
    pub is_alive: bool,
    pub is_watcher: bool,
    flaw: Flaw,
    /// This page's clock at the world's beginning.
    clock: Millis,
    /// Calls that left and have no answer.
    pub in_flight: BTreeSet<(MessageIdx, u32)>,
    /// Messages with an answer that isn't kept yet.
    unkept_answers: BTreeSet<MessageIdx>,
    /// Claims in any version of the write that isn't acknowledged.
    unkept_claims: BTreeSet<MessageIdx>,
    /// Claims that are kept and haven't left.
    unbegun: BTreeSet<MessageIdx>,
    /// The one moment at which the engine is woken.
    pub timer: Option<Millis>,
    /// The write under way.
    writing: Option<(u64, Vec<Entry>)>,
    /// When the last calls left.
    begun: VecDeque<Millis>,
}

impl Page {
    pub fn new(to: Vec<E164>, config: Config, flaw: Flaw, clock: Millis) -> Self {
        Self::with(Dispatch::new(to, config), flaw, clock)
    }

    /// After a crash, or to watch.
    pub fn open(
        to: Vec<E164>,
        config: Config,
        flaw: Flaw,
        clock: Millis,
        mut writes: Vec<Vec<Entry>>,
    ) -> Checked<Self> {
        if flaw == Flaw::ForgetsOpenClaimsAtReopening {
            forget_open_claims(&to, config, &mut writes);
        }
        let dispatch = Dispatch::replay(to, config, &writes).map_err(|error| error.to_string())?;
        Ok(Self::with(dispatch, flaw, clock))
    }

    fn with(dispatch: Dispatch, flaw: Flaw, clock: Millis) -> Self {
        Self {
            dispatch,
            is_alive: true,
            is_watcher: false,
            flaw,
            clock,
            in_flight: BTreeSet::new(),
            unkept_answers: BTreeSet::new(),
            unkept_claims: BTreeSet::new(),
            unbegun: BTreeSet::new(),
            timer: None,
            writing: None,
            begun: VecDeque::new(),
        }
    }

    /// Tells the engine, and notes what the shell knows by that.
    pub fn handle(&mut self, now: Millis, time: u64, event: Event) -> Vec<Command> {
        let now = Moment { clock: self.clock + now, time };
        match &event {
            Event::Written { write } => self.kept(*write),
            Event::NotWritten { .. } => self.writing = None,
            Event::Answered { message, .. } => {
                self.unkept_answers.insert(*message);
            }
            _ => (),
        }
        let was_paused = matches!(self.dispatch.phase(), cxconnect_core::dispatch::Phase::Paused(_));
        let mut commands = match (self.flaw, event) {
            (Flaw::TakesFailedWritesForKept, Event::NotWritten { write, cause: JournalFault::Failed })
            | (Flaw::IgnoresAnotherOwner, Event::NotWritten { write, cause: JournalFault::Taken }) => {
                self.dispatch.handle(now, Event::Written { write })
            }
            (
                Flaw::TakesServerErrorsForThrottling,
                Event::Answered { message, attempt, answer: Answer::Unknown(Doubt::Server { .. }) },
            ) => {
                let answer = Answer::Throttled { retry_after_ms: None };
                self.dispatch.handle(now, Event::Answered { message, attempt, answer })
            }
            (Flaw::ResendsUnknown, event @ Event::Answered { message, answer: Answer::Unknown(_), .. }) => {
                let mut commands = self.dispatch.handle(now, event);
                commands.extend(self.dispatch.handle(now, Event::SendAgain { message }));
                commands
            }
            (Flaw::SendsThoughPaused, event) if was_paused => {
                let mut commands = self.dispatch.handle(now, event);
                commands.extend(self.dispatch.handle(now, Event::Resume));
                commands
            }
            (_, event) => self.dispatch.handle(now, event),
        };
        if self.flaw == Flaw::SendsBeforeItsWriteIsKept {
            commands = sent_early(commands);
        }
        commands
    }

    /// What this page's clock shows at the world's beginning.
    pub fn clock(&self) -> Millis {
        self.clock
    }

    /// Messages that a crash left in doubt.
    pub fn interrupted(&self) -> BTreeSet<MessageIdx> {
        let states = self.dispatch.states().iter().enumerate();
        states
            .filter(|(_, state)| **state == MessageState::Unknown(Doubt::Interrupted))
            .map(|(message, _)| message)
            .collect()
    }

    pub fn asks_to_write(&mut self, write: u64, entries: &[Entry]) -> Checked<()> {
        if self.writing.is_some() {
            return Err(format!("a second write ({write}) while one is under way"));
        }
        self.unkept_claims.extend(claims(entries));
        self.writing = Some((write, entries.to_vec()));
        Ok(())
    }

    /// A call leaves.
    pub fn begins(&mut self, now: Millis, message: MessageIdx, attempt: u32, limit: usize) -> Checked<()> {
        self.unbegun.remove(&message);
        self.in_flight.insert((message, attempt));
        while self.begun.front().is_some_and(|at| at + 1_000 <= now) {
            self.begun.pop_front();
        }
        self.begun.push_back(now);
        if limit < self.begun.len() {
            return Err(format!("{} calls within a second, {limit} are allowed", self.begun.len()));
        }
        Ok(())
    }

    /// Messages that may be in doubt if this page dies now.
    pub fn open_messages(&self) -> BTreeSet<MessageIdx> {
        let in_flight: BTreeSet<_> = self.in_flight.iter().map(|(message, _)| *message).collect();
        [&in_flight, &self.unkept_answers, &self.unkept_claims, &self.unbegun]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    fn kept(&mut self, write: u64) {
        let Some((_, entries)) = self.writing.take_if(|(it, _)| *it == write) else { return };
        self.unkept_claims.clear();
        for entry in &entries {
            match entry.record {
                Record::Accepted { message, .. }
                | Record::Refused { message, .. }
                | Record::InDoubt { message, .. }
                | Record::TurnedAway { message } => {
                    self.unkept_answers.remove(&message);
                    self.unbegun.remove(&message);
                }
                _ => (),
            }
        }
        self.unbegun.extend(claims(&entries));
    }
}

fn claims(entries: &[Entry]) -> impl Iterator<Item = MessageIdx> + '_ {
    entries.iter().filter_map(|entry| match entry.record {
        Record::Claimed { message, .. } => Some(message),
        _ => None,
    })
}

/// Each call leaves with the write that should have been kept before.
fn sent_early(commands: Vec<Command>) -> Vec<Command> {
    let mut early = Vec::new();
    for command in commands {
        match command {
            Command::Write { write, entries } => {
                for entry in &entries {
                    if let Record::Claimed { message, attempt } = entry.record {
                        early.push(Command::Send { message, attempt });
                    }
                }
                early.push(Command::Write { write, entries });
            }
            Command::Send { .. } => (),
            other => early.push(other),
        }
    }
    early
}

fn forget_open_claims(to: &[E164], config: Config, writes: &mut [Vec<Entry>]) {
    let Ok(read) = Dispatch::replay(to.to_vec(), config, writes) else { return };
    let is_open = |message: MessageIdx| read.states().get(message) == Some(&MessageState::Claimed);
    let mut last = std::collections::BTreeMap::new();
    for entry in writes.iter().flatten() {
        if let Record::Claimed { message, attempt } = entry.record {
            last.insert(message, attempt);
        }
    }
    for entries in writes {
        entries.retain(|entry| match entry.record {
            Record::Claimed { message, attempt } => {
                !(is_open(message) && last.get(&message) == Some(&attempt))
            }
            _ => true,
        });
    }
}
