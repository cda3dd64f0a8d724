//! How a batch ends.

use super::shell::{Shell, accepted, lost, refused, throttled};
use crate::dispatch::{Counts, End, Event, JournalFault, Phase, Record};

#[test]
fn ends_when_every_message_has_its_answer_and_the_journal_says_so() {
    let mut shell = Shell::started(2);
    shell.answer(0, refused());
    shell.keeps_up = false;
    shell.answer(1, lost());
    assert_eq!(shell.dispatch.phase(), &Phase::Draining);
    assert!(shell.finished.is_empty());
    shell.written();
    assert_eq!(shell.finished, [End::Completed]);
    assert_eq!(shell.dispatch.phase(), &Phase::Ended(End::Completed));
    assert_eq!(shell.records().last(), Some(&Record::Ended(End::Completed)));
}

#[test]
fn an_end_that_is_not_kept_is_told_after_resuming() {
    let mut shell = Shell::started(1);
    shell.keeps_up = false;
    shell.answer(0, accepted());
    shell.not_written(JournalFault::Failed);
    assert!(shell.finished.is_empty());
    shell.event(Event::Resume);
    shell.written();
    assert_eq!(shell.finished, [End::Completed]);
}

#[test]
fn an_empty_batch_ends_at_once() {
    let mut shell = Shell::new(0);
    shell.event(Event::Start);
    assert_eq!(shell.finished, [End::Completed]);
}

#[test]
fn a_paused_batch_ends_with_its_last_answer() {
    let mut shell = Shell::started(1);
    shell.event(Event::Pause);
    shell.answer(0, accepted());
    assert_eq!(shell.finished, [End::Completed]);
}

#[test]
fn cancelling_before_the_start_sends_nothing() {
    let mut shell = Shell::new(3);
    shell.event(Event::Cancel);
    assert_eq!(shell.finished, [End::Cancelled]);
    assert_eq!(shell.dispatch.counts().not_sent, 3);
    shell.event(Event::Start);
    shell.run(10_000);
    assert!(shell.sent.is_empty());
}

#[test]
fn cancelling_waits_for_calls_under_way_and_sends_no_other() {
    let mut shell = Shell::started(100);
    let n_sent = shell.sent.len();
    shell.event(Event::Cancel);
    assert_eq!(shell.dispatch.phase(), &Phase::Draining);
    shell.answer(0, throttled());
    shell.answer_all(&accepted());
    shell.run(60_000);
    assert_eq!(shell.finished, [End::Cancelled]);
    let counts = Counts { total: 100, accepted: n_sent - 1, not_sent: 101 - n_sent, ..Counts::default() };
    assert_eq!(shell.dispatch.counts(), counts);
    assert_eq!(shell.replayed().states(), shell.dispatch.states());
}

#[test]
fn a_paused_batch_can_be_cancelled() {
    let mut shell = Shell::started(100);
    shell.event(Event::Pause);
    shell.answer_all(&accepted());
    shell.event(Event::Cancel);
    assert_eq!(shell.finished, [End::Cancelled]);
}

#[test]
fn cancelling_tries_a_failed_journal_once_more() {
    let mut shell = Shell::new(3);
    shell.keeps_up = false;
    shell.event(Event::Start);
    shell.not_written(JournalFault::Failed);
    shell.event(Event::Cancel);
    shell.written();
    assert_eq!(shell.finished, [End::Cancelled]);
    assert_eq!(shell.records(), [Record::Started, Record::Cancelled, Record::Ended(End::Cancelled)]);
}

#[test]
fn an_ended_batch_takes_no_orders() {
    let mut shell = Shell::started(1);
    shell.answer(0, accepted());
    let n_writes = shell.dispatch.n_writes();
    for event in [Event::Start, Event::Pause, Event::Resume, Event::Cancel, Event::Reopen, Event::Woke] {
        shell.event(event);
    }
    assert_eq!(shell.dispatch.n_writes(), n_writes);
    assert_eq!(shell.finished, [End::Completed]);
}
