//! Resume after a crash, watchers, and taking a batch over.

use super::shell::{OUTCOMES_WAIT, Shell, accepted, config, recipient, recipients, refused, stop, throttled};
use crate::dispatch::{
    Answer, Dispatch, Doubt, End, Entry, Event, JournalFault, MessageState, PauseCause, Phase, Record,
    ReplayError, ReplayProblem,
};

/// What a new page makes of what a dead one has left behind.
fn after_crash(shell: &Shell) -> Shell {
    let mut after = Shell::with(shell.replayed());
    after.journal.clone_from(&shell.journal);
    after.now = 500;
    after
}

#[test]
fn resume_sends_exactly_what_was_never_claimed() {
    let mut shell = Shell::started(50);
    shell.answer(0, accepted());
    shell.answer(1, refused());
    shell.run(OUTCOMES_WAIT);
    let claimed = shell.dispatch.counts().claimed;
    let mut after = after_crash(&shell);
    after.event(Event::Reopen);
    assert_eq!(after.dispatch.phase(), &Phase::Paused(PauseCause::Reopened));
    assert_eq!(after.dispatch.counts().unknown, claimed);
    assert_eq!(after.dispatch.states()[2], MessageState::Unknown(Doubt::Interrupted));
    after.run(60_000);
    assert!(after.sent.is_empty());
    after.event(Event::Resume);
    after.run_answering(60_000, &accepted());
    assert_eq!(after.sent, (2 + claimed..50).collect::<Vec<_>>());
    assert_eq!(after.finished, [End::Completed]);
    assert_eq!(after.replayed().states(), after.dispatch.states());
}

#[test]
fn a_watcher_does_nothing_but_follow() {
    let mut shell = Shell::started(5);
    let mut watcher = shell.replayed();
    let n_known = shell.journal.len();
    shell.answer(0, accepted());
    shell.answer(1, throttled());
    shell.run(OUTCOMES_WAIT);
    for entries in &shell.journal[n_known..] {
        watcher.apply(entries).unwrap();
    }
    assert_eq!(watcher.states(), shell.dispatch.states());
    assert_eq!(watcher.n_writes(), shell.dispatch.n_writes());
    let mut watching = Shell::with(watcher);
    for event in [Event::Start, Event::Resume, Event::Cancel, Event::Woke, Event::Pause] {
        watching.event(event);
    }
    assert!(watching.sent.is_empty() && watching.journal.is_empty() && watching.wake_at.is_none());
    assert_eq!(watching.dispatch.phase(), &Phase::Running);
}

#[test]
fn a_batch_that_was_never_started_is_ready_when_it_is_reopened() {
    let mut after = after_crash(&Shell::new(3));
    after.event(Event::Reopen);
    assert_eq!(after.dispatch.phase(), &Phase::Ready);
    after.event(Event::Start);
    after.run(1_000);
    assert_eq!(after.sent, [0, 1, 2]);
}

#[test]
fn a_pause_outlives_the_browser_with_its_cause() {
    let mut shell = Shell::started(50);
    shell.answer(0, Answer::Stop(stop()));
    let mut after = after_crash(&shell);
    after.event(Event::Reopen);
    assert_eq!(after.dispatch.phase(), &Phase::Paused(PauseCause::Stopped(stop())));
}

#[test]
fn a_cancelled_batch_ends_when_it_is_reopened() {
    let mut shell = Shell::started(50);
    shell.event(Event::Cancel);
    let mut after = after_crash(&shell);
    after.event(Event::Reopen);
    assert_eq!(after.finished, [End::Cancelled]);
    let counts = after.dispatch.counts();
    assert_eq!(counts.unknown + counts.not_sent, 50);
}

#[test]
fn a_batch_whose_last_answer_was_lost_ends_when_it_is_reopened() {
    let shell = Shell::started(1);
    let mut after = after_crash(&shell);
    after.event(Event::Reopen);
    assert_eq!(after.finished, [End::Completed]);
    assert_eq!(after.dispatch.counts().unknown, 1);
}

#[test]
fn an_ended_batch_stays_so_when_it_is_reopened() {
    let mut shell = Shell::started(1);
    shell.answer(0, accepted());
    let mut after = after_crash(&shell);
    after.event(Event::Reopen);
    assert_eq!(after.dispatch.phase(), &Phase::Ended(End::Completed));
    assert!(after.finished.is_empty());
}

#[test]
fn only_one_of_two_owners_can_write() {
    let mut first = Shell::started(50);
    let mut second = after_crash(&first);
    second.event(Event::Reopen);
    first.keeps_up = false;
    first.answer(0, accepted());
    first.run(OUTCOMES_WAIT);
    let (write, _) = first.writing.clone().unwrap();
    assert!(write < u64::try_from(second.journal.len()).unwrap(), "the place is taken");
    first.not_written(JournalFault::Taken);
    let n_sent = first.sent.len();
    first.run(60_000);
    assert_eq!(first.sent.len(), n_sent);
}

#[test]
fn opening_twice_is_opening_once() {
    let mut after = after_crash(&Shell::started(5));
    after.event(Event::Reopen);
    let n_writes = after.dispatch.n_writes();
    after.event(Event::Reopen);
    assert_eq!(after.dispatch.n_writes(), n_writes);
}

#[test]
fn a_reopening_that_is_not_kept_is_written_again_before_anything_else() {
    let mut after = after_crash(&Shell::started(50));
    after.keeps_up = false;
    after.event(Event::Reopen);
    after.not_written(JournalFault::Failed);
    after.event(Event::Resume);
    let (_, entries) = after.writing.clone().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].record, Record::Opened);
    after.written();
    // The journal's pause is over, and the one beneath it shows.
    assert_eq!(after.dispatch.phase(), &Phase::Paused(PauseCause::Reopened));
}

#[test]
fn a_recipient_rests_across_a_crash() {
    let mut to = recipients(40);
    to[30] = recipient(0);
    let mut shell = Shell::with(Dispatch::new(to.clone(), config()));
    shell.event(Event::Start);
    shell.answer_all(&accepted());
    let dispatch = Dispatch::replay(to, config(), &shell.journal).unwrap();
    let mut after = Shell::with(dispatch);
    after.journal.clone_from(&shell.journal);
    after.event(Event::Reopen);
    after.event(Event::Resume);
    after.run_answering(5_900, &accepted());
    assert!(!after.sent.contains(&30));
    after.run_answering(300, &accepted());
    assert!(after.sent.contains(&30));
}

#[test]
fn a_journal_that_makes_no_sense_is_refused_with_its_place() {
    let at = |record| Entry { time: 1, record };
    let claimed = |message, attempt| at(Record::Claimed { message, attempt });
    let check = |writes: &[Vec<Entry>], write, entry, problem| {
        let error = Dispatch::replay(recipients(2), config(), writes).unwrap_err();
        assert_eq!(error, ReplayError { write, entry, problem });
    };
    let out_of_order = ReplayProblem::OutOfOrder;
    check(&[vec![claimed(0, 1)]], 0, 0, out_of_order);
    check(&[vec![at(Record::Started)], vec![claimed(0, 1), claimed(0, 2)]], 1, 1, out_of_order);
    check(&[vec![at(Record::Started), claimed(2, 1)]], 0, 1, ReplayProblem::NoSuchMessage);
    check(&[vec![at(Record::Started)], vec![], vec![at(Record::Started)]], 2, 0, out_of_order);
    check(&[vec![at(Record::Started), at(Record::Ended(End::Completed))]], 0, 1, out_of_order);
    check(&[vec![at(Record::Started), at(Record::TurnedAway { message: 0 })]], 0, 1, out_of_order);
    check(&[vec![at(Record::Started), at(Record::MarkedSent { message: 0 })]], 0, 1, out_of_order);
    check(&[vec![at(Record::Resumed)]], 0, 0, out_of_order);
    let away = at(Record::TurnedAway { message: 0 });
    check(&[vec![at(Record::Started), claimed(0, 1), away, claimed(0, 1)]], 0, 3, out_of_order);
}
