//! What each answer does to its message.

use super::shell::{Shell, accepted, id, lost, refusal, refused, stop, throttled};
use crate::dispatch::{Answer, Counts, Doubt, Event, MessageState, Times};

#[test]
fn accepted_refused_and_unknown_are_final() {
    let mut shell = Shell::started(3);
    shell.answer(0, accepted());
    shell.answer(1, refused());
    shell.answer(2, Answer::Unknown(Doubt::Server { status: 502 }));
    for event in [Event::Start, Event::Resume, Event::Woke, Event::Pause, Event::Cancel] {
        shell.event(event);
        shell.run(99_999);
    }
    assert_eq!(shell.sent, [0, 1, 2]);
    let states = [
        MessageState::Accepted(id()),
        MessageState::Refused(refusal("Destination is invalid")),
        MessageState::Unknown(Doubt::Server { status: 502 }),
    ];
    assert_eq!(shell.dispatch.states(), states);
    let counts = Counts { total: 3, accepted: 1, refused: 1, unknown: 1, ..Counts::default() };
    assert_eq!(shell.dispatch.counts(), counts);
    assert_eq!(counts.done(), 3);
}

#[test]
fn only_a_429_is_sent_again() {
    for answer in [accepted(), refused(), lost()] {
        let mut shell = Shell::started(1);
        shell.answer(0, answer);
        shell.run(999_999);
        assert_eq!(shell.sent, [0]);
    }
    let mut shell = Shell::started(1);
    shell.answer(0, throttled());
    shell.run(2_000);
    assert_eq!(shell.calls, [(0, 2)]);
}

#[test]
fn what_was_turned_away_comes_first_again() {
    let mut shell = Shell::started(500);
    shell.answer(3, throttled());
    shell.answer(1, throttled());
    shell.answer_all(&accepted());
    let before = shell.sent.len();
    shell.run(2_000);
    assert_eq!(shell.sent[before..before + 2], [1, 3]);
}

#[test]
fn times_are_those_of_the_claim_and_of_the_outcome() {
    let mut shell = Shell::new(1);
    shell.event(Event::Start);
    assert_eq!(shell.dispatch.times(0), Times { claimed_at: Some(1_700_000_001_000), ended_at: None });
    shell.run(250);
    shell.answer(0, accepted());
    let times = Times { claimed_at: Some(1_700_000_001_000), ended_at: Some(1_700_000_001_250) };
    assert_eq!(shell.dispatch.times(0), times);
    assert_eq!(shell.replayed().times(0), times);
    assert_eq!(shell.dispatch.times(99), Times::default());
}

#[test]
fn a_message_that_was_turned_away_never_left() {
    let mut shell = Shell::started(1);
    shell.answer(0, Answer::Stop(stop()));
    assert_eq!(shell.dispatch.states(), [MessageState::Waiting]);
    assert_eq!(shell.dispatch.times(0), Times::default());
}

#[test]
fn the_clock_on_the_wall_may_jump() {
    let mut shell = Shell::new(3);
    shell.event(Event::Start);
    let now = |clock, time| crate::dispatch::Moment { clock, time };
    for (clock, time) in [(1_100, 5), (1_200, u64::MAX), (1_300, 0)] {
        for command in shell.dispatch.handle(now(clock, time), Event::Woke) {
            if let crate::dispatch::Command::Write { write, .. } = command {
                shell.dispatch.handle(now(clock, time), Event::Written { write });
            }
        }
    }
    assert_eq!(shell.dispatch.counts().claimed, 3);
}

#[test]
fn the_rate_and_the_time_left_are_measured() {
    let mut shell = Shell::new(1_000);
    assert_eq!(shell.dispatch.rate(shell.now), None);
    shell.event(Event::Start);
    shell.run_answering(5_000, &accepted());
    let rate = shell.dispatch.rate(shell.now).unwrap();
    assert!((70.0..=80.0).contains(&rate), "{rate}");
    let left = shell.dispatch.time_left(shell.now).unwrap();
    assert!((7_000..=9_000).contains(&left), "{left}");
}
