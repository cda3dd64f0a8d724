//! Whatever happens: no panic, no message twice, counts that add up, and a journal that explains it all.

use proptest::{collection::vec, option, prelude::*};

use super::shell::{config, lost, recipient, refusal, stop};
use crate::{
    dispatch::{
        Answer, Command, Config, Dispatch, Entry, Event, JournalFault, MessageState, Moment, NotificationId,
        Phase, Rate,
    },
    plan::BatchId,
};

#[derive(Clone, Debug)]
enum Step {
    /// To one of the calls under way.
    Answer(usize, Answer),
    Written,
    NotWritten,
    Wait(u64),
    Person(Event),
    /// Something that nobody asked for.
    Nonsense(Event),
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => "[a-z]".prop_filter_map("an id", |id| NotificationId::parse(&id).map(Answer::Accepted)),
        2 => prop_oneof![Just("No"), Just("(#132015) Template is paused"), Just("(#131031) Account locked")].prop_map(|text| Answer::Refused(refusal(text))),
        1 => option::of(any::<u32>()).prop_map(|wait| Answer::Throttled { retry_after_ms: wait.map(u64::from) }),
        1 => Just(Answer::Stop(stop())),
        2 => Just(lost()),
    ]
}

fn person() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Start),
        Just(Event::Pause),
        Just(Event::Resume),
        Just(Event::Resume),
        Just(Event::Cancel),
        Just(Event::Reopen),
        (0_usize..9).prop_map(|message| Event::MarkSent { message }),
        (0_usize..9).prop_map(|message| Event::SendAgain { message }),
        vec(0_usize..9, 0..3)
            .prop_map(|messages| Event::Retried { messages, batch: BatchId::new("b".to_owned()) }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let nonsense = prop_oneof![
        (0_u64..4).prop_map(|write| Event::Written { write }),
        (0_usize..9, 0_u32..3, answer()).prop_map(|(message, attempt, answer)| Event::Answered {
            message,
            attempt,
            answer
        }),
        Just(Event::Woke),
    ];
    prop_oneof![
        6 => (any::<usize>(), answer()).prop_map(|(which, answer)| Step::Answer(which, answer)),
        6 => Just(Step::Written),
        1 => Just(Step::NotWritten),
        4 => prop_oneof![0_u64..50, 0_u64..100_000].prop_map(Step::Wait),
        3 => person().prop_map(Step::Person),
        1 => nonsense.prop_map(Step::Nonsense),
    ]
}

/// What the shell knows.
#[derive(Default)]
struct Known {
    now: u64,
    writing: Option<(u64, Vec<Entry>)>,
    journal: Vec<Vec<Entry>>,
    calls: Vec<(usize, u32)>,
    /// Calls that may have been accepted, less those that a person had sent again.
    may_have_left: [i32; 9],
}

impl Known {
    fn event(&self, step: Step) -> Option<Event> {
        match step {
            Step::Answer(which, answer) => {
                let &(message, attempt) = self.calls.get(which % self.calls.len().max(1))?;
                Some(Event::Answered { message, attempt, answer })
            }
            Step::Written => self.writing.as_ref().map(|(write, _)| Event::Written { write: *write }),
            Step::NotWritten => {
                let cause = JournalFault::Failed;
                self.writing.as_ref().map(|(write, _)| Event::NotWritten { write: *write, cause })
            }
            Step::Wait(_) => Some(Event::Woke),
            Step::Person(event) | Step::Nonsense(event) => Some(event),
        }
    }

    /// What the shell learns from an event before the engine does.
    fn note(&mut self, dispatch: &Dispatch, event: &Event) {
        match event {
            Event::Written { write } if self.writing.as_ref().is_some_and(|(it, _)| it == write) => {
                self.journal.extend(self.writing.take().map(|(_, entries)| entries));
            }
            Event::NotWritten { .. } => self.writing = None,
            Event::Answered { message, attempt, answer } => {
                let Some(at) = self.calls.iter().position(|call| call == &(*message, *attempt)) else {
                    return;
                };
                self.calls.remove(at);
                if matches!(answer, Answer::Throttled { .. } | Answer::Stop(_)) {
                    self.may_have_left[*message] -= 1;
                }
            }
            Event::SendAgain { message }
                if matches!(dispatch.states().get(*message), Some(MessageState::Unknown(_))) =>
            {
                self.may_have_left[*message] -= 1;
            }
            _ => (),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nothing_is_sent_twice_and_the_journal_explains_everything(
        n_messages in 0_usize..9,
        same in any::<[u8; 9]>(),
        rate in 1_u32..81,
        steps in vec(step(), 0..120),
    ) {
        let to: Vec<_> = same[..n_messages].iter().map(|n| recipient(usize::from(n % 12))).collect();
        let config = Config { rate: Rate::new(rate), failures_that_pause: 4, ..config() };
        let mut dispatch = Dispatch::new(to.clone(), config);
        let mut known = Known { now: 1_000, ..Known::default() };
        let closing = [Event::Start, Event::Resume].map(Step::Person);
        for step in steps.into_iter().chain(closing) {
            if let Step::Wait(millis) = &step {
                known.now += millis;
            }
            let Some(event) = known.event(step) else { continue };
            let may_be_sent = dispatch.phase() == &Phase::Running || matches!(event, Event::Start | Event::Resume | Event::SendAgain { .. });
            known.note(&dispatch, &event);
            let commands = dispatch.handle(Moment { clock: known.now, time: known.now }, event);
            for command in commands {
                match command {
                    Command::Write { write, entries } => {
                        prop_assert!(known.writing.is_none());
                        prop_assert_eq!(write, u64::try_from(known.journal.len()).unwrap());
                        prop_assert!(!entries.is_empty());
                        known.writing = Some((write, entries));
                    }
                    Command::Send { message, attempt } => {
                        prop_assert!(may_be_sent);
                        known.calls.push((message, attempt));
                        known.may_have_left[message] += 1;
                        prop_assert!(known.may_have_left[message] <= 1, "message {} called twice", message);
                    }
                    Command::WakeAt(at) => prop_assert!(known.now < at),
                    Command::Finished(_) => prop_assert_eq!(known.calls.len(), 0),
                }
            }
            let counts = dispatch.counts();
            let mut counted = crate::dispatch::Counts { total: n_messages, ..Default::default() };
            for state in dispatch.states() {
                *counted.of(state) += 1;
            }
            prop_assert_eq!(counts, counted);
            prop_assert!(counts.claimed <= 32);
        }
        // Once everything is kept, the journal tells the same as the engine.
        let mut n_tries = 0;
        while dispatch.has_unwritten() {
            n_tries += 1;
            prop_assert!(n_tries < 9);
            let event = match &known.writing {
                Some((write, _)) => Event::Written { write: *write },
                None => Event::Resume,
            };
            // Outcomes wait for others, but not for ever.
            known.now += 1_000;
            known.note(&dispatch, &event);
            for command in dispatch.handle(Moment { clock: known.now, time: known.now }, event) {
                if let Command::Write { write, entries } = command {
                    known.writing = Some((write, entries));
                }
            }
        }
        let replayed = Dispatch::replay(to, config, &known.journal).unwrap();
        prop_assert_eq!(replayed.states(), dispatch.states());
        prop_assert_eq!(replayed.counts(), dispatch.counts());
        prop_assert_eq!(replayed.phase(), dispatch.phase());
        for message in 0..n_messages {
            prop_assert_eq!(replayed.times(message), dispatch.times(message));
            prop_assert_eq!(replayed.is_retried(message), dispatch.is_retried(message));
        }
    }

    #[test]
    fn any_records_in_any_order_are_read_or_refused(
        records in vec((any::<u64>(), any::<u8>(), 0_usize..5, 0_u32..4), 0..60),
    ) {
        use crate::dispatch::{Doubt, End, PauseCause, Record};
        let mut dispatch = Dispatch::replay((0..4).map(recipient).collect(), config(), &[]).unwrap();
        for (time, kind, message, attempt) in records {
            let record = match kind % 14 {
                0 => Record::Started,
                1 | 2 => Record::Claimed { message, attempt },
                3 => Record::Accepted { message, id: super::shell::id() },
                4 => Record::Refused { message, refusal: refusal("No") },
                5 => Record::InDoubt { message, doubt: Doubt::Timeout },
                6 => Record::TurnedAway { message },
                7 => Record::Paused(PauseCause::Agent),
                8 => Record::Resumed,
                9 => Record::Cancelled,
                10 => Record::Opened,
                11 => Record::MarkedSent { message },
                12 => Record::SendAgain { message },
                _ => Record::Ended(if attempt == 0 { End::Completed } else { End::Cancelled }),
            };
            let before = dispatch.clone();
            if dispatch.apply(&[Entry { time, record }]).is_err() {
                prop_assert_eq!(dispatch.states(), before.states());
                prop_assert_eq!(dispatch.phase(), before.phase());
            }
            let mut counted = crate::dispatch::Counts { total: 4, ..Default::default() };
            for state in dispatch.states() {
                *counted.of(state) += 1;
            }
            prop_assert_eq!(dispatch.counts(), counted);
        }
    }
}
