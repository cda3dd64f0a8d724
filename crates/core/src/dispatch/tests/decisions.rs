//! What a person decides about messages whose outcome is unknown, and about refused ones.

use super::shell::{Shell, accepted, lost, refused};
use crate::{
    dispatch::{Counts, Doubt, End, Event, MessageState, Phase, Record},
    plan::BatchId,
    retry::never_left,
};

fn batch(id: &str) -> BatchId {
    BatchId::new(id.to_owned())
}

#[test]
fn an_unknown_message_can_be_marked_as_sent_during_and_after_the_batch() {
    let mut shell = Shell::started(2);
    shell.answer(0, lost());
    shell.event(Event::MarkSent { message: 0 });
    assert_eq!(shell.dispatch.states(), [MessageState::MarkedSent, MessageState::Claimed]);
    shell.answer(1, lost());
    shell.event(Event::MarkSent { message: 1 });
    assert_eq!(shell.dispatch.counts(), Counts { total: 2, marked_sent: 2, ..Counts::default() });
    assert_eq!(shell.dispatch.phase(), &Phase::Ended(End::Completed));
    assert_eq!(shell.replayed().states(), shell.dispatch.states());
}

#[test]
fn an_unknown_message_is_sent_again_only_when_a_person_says_so() {
    let mut shell = Shell::started(2);
    shell.answer(0, lost());
    shell.event(Event::SendAgain { message: 0 });
    assert_eq!(shell.dispatch.states()[0], MessageState::Waiting);
    shell.run(7_000);
    assert_eq!(shell.sent, [0, 1, 0]);
    assert_eq!(shell.calls, [(1, 1), (0, 2)]);
}

#[test]
fn an_ended_batch_runs_once_more_for_a_message_that_is_sent_again() {
    let mut shell = Shell::started(2);
    shell.answer_all(&lost());
    assert_eq!(shell.finished, [End::Completed]);
    shell.event(Event::SendAgain { message: 1 });
    assert_eq!(shell.dispatch.phase(), &Phase::Running);
    shell.run(7_000);
    shell.answer(1, accepted());
    assert_eq!(shell.finished, [End::Completed, End::Completed]);
    assert_eq!(shell.sent, [0, 1, 1]);
    assert_eq!(shell.replayed().states(), shell.dispatch.states());
}

#[test]
fn what_was_cancelled_stays_so_when_a_message_is_sent_again() {
    let mut shell = Shell::started(100);
    let n_sent = shell.sent.len();
    shell.event(Event::Cancel);
    shell.answer(0, lost());
    shell.answer_all(&accepted());
    shell.event(Event::SendAgain { message: 0 });
    shell.run_answering(30_000, &accepted());
    assert_eq!(shell.sent.len(), n_sent + 1);
    assert_eq!(shell.dispatch.counts().not_sent, 100 - n_sent);
    assert_eq!(shell.finished, [End::Cancelled, End::Cancelled]);
}

#[test]
fn a_paused_batch_stays_paused_when_a_message_is_to_be_sent_again() {
    let mut shell = Shell::started(9);
    shell.answer(0, lost());
    shell.event(Event::Pause);
    shell.event(Event::SendAgain { message: 0 });
    shell.run(30_000);
    assert!(matches!(shell.dispatch.phase(), Phase::Paused(_)));
    assert!(!shell.sent[1..].contains(&0));
}

#[test]
fn decisions_on_any_other_message_do_nothing() {
    let mut shell = Shell::started(3);
    shell.answer(0, accepted());
    shell.answer(1, refused());
    let states = shell.dispatch.states().to_vec();
    let n_writes = shell.dispatch.n_writes();
    for message in [0, 1, 2, 3, usize::MAX] {
        shell.event(Event::MarkSent { message });
        shell.event(Event::SendAgain { message });
    }
    assert_eq!((shell.dispatch.states(), shell.dispatch.n_writes()), (&states[..], n_writes));
}

#[test]
fn a_refused_message_becomes_part_of_another_batch_once() {
    let mut shell = Shell::started(3);
    shell.answer(0, accepted());
    shell.answer(1, refused());
    shell.answer(2, refused());
    shell.event(Event::Retried { messages: vec![0, 1, 1, 7], batch: batch("b2") });
    shell.event(Event::Retried { messages: vec![1, 2], batch: batch("b3") });
    let retried: Vec<_> =
        shell.records().into_iter().filter(|it| matches!(it, Record::Retried { .. })).collect();
    let expected = [(1, "b2"), (2, "b3")].map(|(message, id)| Record::Retried { message, batch: batch(id) });
    assert_eq!(retried, expected);
    let is_retried = [0, 1, 2, 7].map(|message| shell.dispatch.is_retried(message));
    assert_eq!(is_retried, [false, true, true, false]);
    assert!(shell.replayed().is_retried(1));
}

#[test]
fn what_never_left_a_cancelled_batch_becomes_part_of_another_once() {
    let mut shell = Shell::started(40);
    shell.answer(0, accepted());
    let waiting = shell.dispatch.states().iter().position(|state| *state == MessageState::Waiting).unwrap();
    // It may leave this batch still.
    shell.event(Event::Retried { messages: vec![waiting], batch: batch("b2") });
    assert!(!shell.dispatch.is_retried(waiting));
    shell.event(Event::Cancel);
    shell.answer_all(&accepted());
    shell.run(1_000);
    assert_eq!(shell.dispatch.phase(), &Phase::Ended(End::Cancelled));
    let free = never_left(&shell.dispatch);
    assert!(free.contains(&waiting) && free.len() == shell.dispatch.counts().not_sent);
    // The last one stays; what was accepted is passed over.
    shell.event(Event::Retried { messages: (0..39).collect(), batch: batch("b2") });
    assert_eq!(never_left(&shell.dispatch), [39]);
    assert_eq!(never_left(&shell.replayed()), [39]);
    assert!(!shell.dispatch.is_retried(0));
    let n_writes = shell.dispatch.n_writes();
    shell.event(Event::Retried { messages: vec![waiting], batch: batch("b3") });
    assert_eq!(shell.dispatch.n_writes(), n_writes);
}

#[test]
fn whether_a_decision_is_kept_can_be_asked() {
    let mut shell = Shell::started(1);
    shell.answer(0, refused());
    assert!(!shell.dispatch.has_unwritten());
    shell.keeps_up = false;
    shell.event(Event::Retried { messages: vec![0], batch: batch("b2") });
    assert!(shell.dispatch.has_unwritten());
    shell.written();
    assert!(!shell.dispatch.has_unwritten());
}

#[test]
fn an_interrupted_message_can_be_decided_on() {
    let mut shell = Shell::with(Shell::started(1).replayed());
    shell.event(Event::MarkSent { message: 0 });
    assert_eq!(shell.dispatch.states(), [MessageState::Claimed]);
    shell.keeps_up = false;
    shell.event(Event::Reopen);
    assert_eq!(shell.dispatch.states(), [MessageState::Unknown(Doubt::Interrupted)]);
    shell.event(Event::MarkSent { message: 0 });
    assert_eq!(shell.dispatch.states(), [MessageState::MarkedSent]);
}
