//! Journal before call.

use super::shell::{OUTCOMES_WAIT, Shell, accepted, id, throttled};
use crate::dispatch::{
    Command, Dispatch, End, Event, JournalFault, MessageState, Moment, PauseCause, Phase, Record,
};

#[test]
fn nothing_leaves_before_its_claim_is_kept() {
    let mut shell = Shell::new(3);
    shell.keeps_up = false;
    shell.event(Event::Start);
    let (write, entries) = shell.writing.clone().unwrap();
    assert_eq!(write, 0);
    assert_eq!(entries[0].record, Record::Started);
    assert_eq!(entries[1].record, Record::Claimed { message: 0, attempt: 1 });
    assert_eq!(entries[1].time, 1_700_000_001_000);
    shell.run(60_000);
    assert!(shell.sent.is_empty());
    shell.written();
    assert_eq!(shell.sent[0], 0);
}

#[test]
fn outcomes_wait_a_moment_for_others_and_go_with_the_next_claim() {
    let mut shell = Shell::started(3);
    let n_writes = shell.journal.len();
    shell.answer(0, accepted());
    shell.run(10);
    shell.answer(1, accepted());
    shell.run(14);
    assert_eq!(shell.journal.len(), n_writes);
    shell.run(1);
    assert_eq!(shell.journal[n_writes..].iter().map(Vec::len).collect::<Vec<_>>(), [2]);

    let mut shell = Shell::started(1_000);
    let records = shell.records().len();
    let n_writes = shell.journal.len();
    shell.run_answering(10_000, &accepted());
    let n_new = shell.records().len() - records;
    assert!(3 * (shell.journal.len() - n_writes) < n_new, "{n_new} records");
}

#[test]
fn what_a_person_does_and_a_pause_are_written_at_once() {
    let mut shell = Shell::started(100);
    shell.answer(0, accepted());
    let n_writes = shell.journal.len();
    shell.event(Event::Pause);
    let id = id();
    let written = shell.journal[n_writes].iter().map(|entry| &entry.record);
    assert!(written.take(2).eq([&Record::Accepted { message: 0, id }, &Record::Paused(PauseCause::Agent)]));
}

#[test]
fn what_happens_during_a_write_joins_the_next_one() {
    let mut shell = Shell::started(100);
    shell.keeps_up = false;
    shell.answer(0, accepted());
    shell.run(OUTCOMES_WAIT);
    let under_way = shell.writing.clone().unwrap();
    shell.answer(1, accepted());
    shell.answer(2, accepted());
    shell.run(OUTCOMES_WAIT);
    assert_eq!(shell.writing.as_ref(), Some(&under_way));
    shell.written();
    let (write, entries) = shell.writing.clone().unwrap();
    assert_eq!(write, under_way.0 + 1);
    let outcomes: Vec<_> = entries
        .into_iter()
        .map(|entry| entry.record)
        .filter(|it| !matches!(it, Record::Claimed { .. }))
        .collect();
    let outcome = |message| Record::Accepted { message, id: id() };
    assert_eq!(outcomes, [outcome(1), outcome(2)]);
}

#[test]
fn a_failed_write_pauses_and_its_claims_never_left() {
    let mut shell = Shell::new(3);
    shell.keeps_up = false;
    shell.event(Event::Start);
    shell.not_written(JournalFault::Failed);
    assert_eq!(shell.dispatch.phase(), &Phase::Paused(PauseCause::Journal(JournalFault::Failed)));
    assert_eq!(shell.dispatch.counts().waiting, 3);
    shell.run(60_000);
    assert!(shell.writing.is_none() && shell.sent.is_empty());
}

#[test]
fn after_a_failed_write_resuming_writes_it_again_and_goes_on() {
    let mut shell = Shell::new(3);
    shell.keeps_up = false;
    shell.event(Event::Start);
    shell.not_written(JournalFault::Failed);
    shell.event(Event::Resume);
    let (write, entries) = shell.writing.clone().unwrap();
    assert_eq!((write, &entries[0].record), (0, &Record::Started));
    // The number of the claim that never was isn't used again.
    assert_eq!(entries[1].record, Record::Claimed { message: 0, attempt: 2 });
    shell.written();
    assert_eq!(shell.dispatch.phase(), &Phase::Running);
    assert_eq!(shell.sent[0], 0);
}

#[test]
fn outcomes_that_come_while_the_journal_fails_are_kept_later_in_order() {
    let mut shell = Shell::started(4);
    shell.keeps_up = false;
    shell.answer(0, accepted());
    shell.run(OUTCOMES_WAIT);
    shell.not_written(JournalFault::Failed);
    shell.answer(1, accepted());
    assert!(shell.writing.is_none() && shell.dispatch.has_unwritten());
    shell.event(Event::Resume);
    let records: Vec<_> =
        shell.writing.iter().flat_map(|(_, entries)| entries).map(|it| &it.record).collect();
    let outcome = |message| Record::Accepted { message, id: id() };
    assert_eq!(records, [&outcome(0), &outcome(1)]);
}

#[test]
fn a_place_that_somebody_else_has_written_ends_this_engines_work() {
    let mut shell = Shell::started(9);
    shell.keeps_up = false;
    shell.answer(0, accepted());
    shell.run(OUTCOMES_WAIT);
    shell.not_written(JournalFault::Taken);
    let paused = Phase::Paused(PauseCause::Journal(JournalFault::Taken));
    assert_eq!(shell.dispatch.phase(), &paused);
    let n_sent = shell.sent.len();
    for event in [Event::Resume, Event::Woke, Event::Cancel, Event::Reopen, Event::Start] {
        shell.event(event);
    }
    shell.answer(1, throttled());
    assert_eq!(shell.dispatch.phase(), &paused);
    assert!(shell.writing.is_none() && shell.sent.len() == n_sent);
    assert!(shell.dispatch.apply(&[]).is_err());
}

#[test]
fn acknowledgements_of_other_writes_mean_nothing() {
    let mut shell = Shell::new(3);
    shell.keeps_up = false;
    shell.event(Event::Start);
    for write in [1, 7, u64::MAX] {
        shell.event(Event::Written { write });
        shell.event(Event::NotWritten { write, cause: JournalFault::Taken });
    }
    assert_eq!(shell.dispatch.phase(), &Phase::Running);
    assert!(shell.sent.is_empty());
}

#[test]
fn a_second_acknowledgement_sends_nothing_twice() {
    let mut shell = Shell::new(3);
    shell.event(Event::Start);
    shell.run(500);
    let sent = shell.sent.clone();
    for write in 0..shell.dispatch.n_writes() {
        shell.event(Event::Written { write });
    }
    assert_eq!(shell.sent, sent);
}

#[test]
fn few_claims_wait_for_their_call() {
    // Were the browser to die, each of them would be in doubt.
    let mut shell = Shell::new(1_000);
    shell.event(Event::Start);
    for _ in 0..100 {
        shell.run(10);
        let claimed = shell.dispatch.counts().claimed;
        assert!(claimed <= shell.calls.len() + 5, "{claimed}, {} calls", shell.calls.len());
        shell.answer_all(&accepted());
    }
}

#[test]
fn a_pause_takes_back_claims_whose_call_has_not_begun() {
    let mut shell = Shell::new(9);
    shell.keeps_up = false;
    shell.event(Event::Start);
    shell.event(Event::Pause);
    shell.written();
    assert!(shell.sent.is_empty());
    assert_eq!(shell.dispatch.counts().waiting, 9);
    let (_, entries) = shell.writing.clone().unwrap();
    assert_eq!(entries[0].record, Record::Paused(PauseCause::Agent));
    assert_eq!(entries[1].record, Record::TurnedAway { message: 0 });
    shell.keeps_up = true;
    shell.written();
    assert_eq!(shell.replayed().states(), shell.dispatch.states());
}

#[test]
fn an_answer_to_another_attempt_changes_nothing() {
    let mut shell = Shell::started(1);
    shell.answer(0, throttled());
    shell.run(2_000);
    assert_eq!(shell.calls, [(0, 2)]);
    for attempt in [0, 1, 3] {
        shell.event(Event::Answered { message: 0, attempt, answer: accepted() });
    }
    assert_eq!(shell.dispatch.states(), [MessageState::Claimed]);
}

#[test]
fn an_answer_before_the_call_changes_nothing() {
    let mut shell = Shell::new(1);
    shell.keeps_up = false;
    shell.event(Event::Start);
    shell.event(Event::Answered { message: 0, attempt: 1, answer: accepted() });
    assert_eq!(shell.dispatch.states(), [MessageState::Claimed]);
}

#[test]
fn an_early_wake_up_is_asked_for_again_however_early() {
    let mut shell = Shell::started(1);
    shell.answer(0, throttled());
    let at = shell.wake_at.unwrap();
    for early in [700, 100, 16, 1] {
        shell.wake_at = None;
        shell.now = at - early;
        shell.event(Event::Woke);
        assert_eq!(shell.wake_at, Some(at));
    }
}

#[test]
fn a_large_batch_is_made_at_once_and_each_event_is_cheap() {
    // Were anything to look at all messages, this would take minutes.
    let mut dispatch = Dispatch::new(super::shell::recipients(100_000), super::shell::config());
    let at = |clock| Moment { clock, time: clock };
    dispatch.handle(at(0), Event::Start);
    let mut n_commands = 0;
    for clock in 0..50_000 {
        let commands: Vec<Command> = dispatch.handle(at(clock), Event::Woke);
        n_commands += commands.len();
    }
    assert!(n_commands < 50_000);
}

#[test]
fn only_the_messages_that_are_allowed_are_called_for() {
    let mut shell = Shell::new(300);
    shell.event(Event::Allow { n_messages: 100 });
    shell.event(Event::Start);
    shell.run_answering(20_000, &accepted());
    assert_eq!(shell.sent, (0..100).collect::<Vec<_>>());
    assert_eq!(shell.dispatch.phase(), &Phase::Running);
    assert!(shell.wake_at.is_none(), "it waits for a word, not for a moment");
    assert!(shell.dispatch.is_held_back());
    shell.event(Event::Allow { n_messages: 101 });
    assert!(!shell.dispatch.is_held_back() || shell.sent.len() == 101);
    shell.event(Event::Allow { n_messages: 300 });
    shell.run_answering(20_000, &accepted());
    assert_eq!(shell.sent, (0..300).collect::<Vec<_>>());
    assert!(!shell.dispatch.is_held_back());
    assert_eq!(shell.finished, [End::Completed]);
}

#[test]
fn a_batch_that_is_held_back_can_be_cancelled() {
    let mut shell = Shell::new(300);
    shell.event(Event::Allow { n_messages: 1 });
    shell.event(Event::Start);
    shell.run_answering(1_000, &accepted());
    shell.event(Event::Cancel);
    assert_eq!(shell.finished, [End::Cancelled]);
    assert_eq!(shell.dispatch.counts().not_sent, 299);
}
