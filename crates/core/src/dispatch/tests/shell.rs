//! A shell that does what the engine says, and remembers it.

use crate::{
    dispatch::{
        Answer, Command, Config, Dispatch, Doubt, End, Entry, Event, JournalFault, MessageIdx, Millis,
        Moment, NotificationId, Rate, Record, Refusal, StopCause, StopKind,
    },
    phone::E164,
};

pub(super) use crate::dispatch::engine::OUTCOMES_WAIT;

pub(super) fn recipient(n: usize) -> E164 {
    E164::from_value(525_500_000_000 + u64::try_from(n).unwrap()).unwrap()
}

pub(super) fn recipients(n_messages: usize) -> Vec<E164> {
    (0..n_messages).map(recipient).collect()
}

pub(super) fn config() -> Config {
    Config { rate: Rate::new(80), failures_that_pause: 25, seed: 1 }
}

pub(super) fn accepted() -> Answer {
    Answer::Accepted(id())
}

pub(super) fn id() -> NotificationId {
    NotificationId::parse("n1").unwrap()
}

pub(super) fn refused() -> Answer {
    Answer::Refused(refusal("Destination is invalid"))
}

pub(super) fn refusal(text: &str) -> Refusal {
    Refusal { status: 400, code: Some("bad_request".into()), text: text.into() }
}

pub(super) fn lost() -> Answer {
    Answer::Unknown(Doubt::ConnectionLost)
}

pub(super) fn throttled() -> Answer {
    Answer::Throttled { retry_after_ms: None }
}

pub(super) fn stop() -> StopCause {
    StopCause { kind: StopKind::Unauthorized, text: "Authorization is required".into() }
}

/// A shell with one engine.
pub(super) struct Shell {
    pub(super) dispatch: Dispatch,
    pub(super) now: Millis,
    /// Calls under way, in the order in which they began.
    pub(super) calls: Vec<(MessageIdx, u32)>,
    /// All calls that ever began.
    pub(super) sent: Vec<MessageIdx>,
    /// The write under way.
    pub(super) writing: Option<(u64, Vec<Entry>)>,
    pub(super) journal: Vec<Vec<Entry>>,
    pub(super) wake_at: Option<Millis>,
    pub(super) finished: Vec<End>,
    /// Whether writes are acknowledged at once.
    pub(super) keeps_up: bool,
}

impl Shell {
    pub(super) fn new(n_messages: usize) -> Self {
        Self::with(Dispatch::new(recipients(n_messages), config()))
    }

    pub(super) fn with(dispatch: Dispatch) -> Self {
        Self {
            dispatch,
            now: 1_000,
            calls: Vec::new(),
            sent: Vec::new(),
            writing: None,
            journal: Vec::new(),
            wake_at: None,
            finished: Vec::new(),
            keeps_up: true,
        }
    }

    /// Started, with its first calls under way.
    pub(super) fn started(n_messages: usize) -> Self {
        let mut shell = Self::new(n_messages);
        shell.event(Event::Start);
        shell.run(300);
        shell
    }

    pub(super) fn event(&mut self, event: Event) {
        let now = Moment { clock: self.now, time: 1_700_000_000_000 + self.now };
        for command in self.dispatch.handle(now, event) {
            match command {
                Command::Write { write, entries } => {
                    assert!(self.writing.is_none(), "one write at a time");
                    self.writing = Some((write, entries));
                }
                Command::Send { message, attempt } => {
                    self.calls.push((message, attempt));
                    self.sent.push(message);
                }
                Command::WakeAt(at) => {
                    assert!(self.now < at, "asked to wake at {at}, now {}", self.now);
                    self.wake_at = Some(at);
                }
                Command::Finished(end) => self.finished.push(end),
            }
        }
        if self.keeps_up && self.writing.is_some() {
            self.written();
        }
    }

    /// The write under way is kept.
    pub(super) fn written(&mut self) {
        let (write, entries) = self.writing.take().unwrap();
        assert_eq!(u64::try_from(self.journal.len()).unwrap(), write);
        self.journal.push(entries);
        self.event(Event::Written { write });
    }

    /// The write under way fails.
    pub(super) fn not_written(&mut self, cause: JournalFault) {
        let (write, _) = self.writing.take().unwrap();
        self.event(Event::NotWritten { write, cause });
    }

    /// The answer to a message's call.
    pub(super) fn answer(&mut self, message: MessageIdx, answer: Answer) {
        let at = self.calls.iter().position(|call| call.0 == message).expect("a call under way");
        let (_, attempt) = self.calls.remove(at);
        self.event(Event::Answered { message, attempt, answer });
    }

    /// The same answer to all calls under way.
    pub(super) fn answer_all(&mut self, answer: &Answer) {
        for (message, attempt) in std::mem::take(&mut self.calls) {
            self.event(Event::Answered { message, attempt, answer: answer.clone() });
        }
    }

    /// Lets time pass, and wakes the engine when it wants it.
    pub(super) fn run(&mut self, millis: Millis) {
        let end = self.now + millis;
        while let Some(at) = self.wake_at.take_if(|at| *at <= end) {
            self.now = self.now.max(at);
            self.event(Event::Woke);
        }
        self.now = end;
    }

    /// Answers everything at once, for so long.
    pub(super) fn run_answering(&mut self, millis: Millis, answer: &Answer) {
        let end = self.now + millis;
        while self.now < end {
            self.answer_all(answer);
            self.run(10);
        }
    }

    /// What a watcher makes of the journal.
    pub(super) fn replayed(&self) -> Dispatch {
        let to = recipients(self.dispatch.counts().total);
        Dispatch::replay(to, config(), &self.journal).unwrap()
    }

    pub(super) fn records(&self) -> Vec<Record> {
        self.journal.iter().flatten().map(|entry| entry.record.clone()).collect()
    }
}
