//! The same recipient gets at most one message in six seconds.

use super::shell::{Shell, accepted, config, recipient, recipients, refused};
use crate::dispatch::{Answer, Dispatch, Event, MessageIdx, Millis};

/// Runs a batch in which these messages go to the same person.
fn to_one_person(same: &[MessageIdx], n_messages: usize, answer: &Answer) -> (Vec<MessageIdx>, Vec<Millis>) {
    let mut to = recipients(n_messages);
    for &message in same {
        to[message] = recipient(0);
    }
    let mut shell = Shell::with(Dispatch::new(to, config()));
    shell.event(Event::Start);
    let mut times = Vec::new();
    while shell.finished.is_empty() {
        let before = shell.sent.len();
        shell.answer_all(answer);
        shell.run(1);
        let n_new = shell.sent[before..].iter().filter(|message| same.contains(message)).count();
        times.extend(std::iter::repeat_n(shell.now, n_new));
        assert!(shell.now < 100_000);
    }
    (shell.sent, times)
}

#[test]
fn a_recipient_rests_six_seconds_and_the_others_go_on() {
    let (sent, times) = to_one_person(&[0, 1, 4], 6, &accepted());
    assert_eq!(sent, [0, 2, 3, 5, 1, 4]);
    // The first began within the event that started all.
    let rests: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(rests.iter().all(|rest| (6_000..6_100).contains(rest)), "{times:?}");
}

#[test]
fn a_refused_message_counts_for_its_recipients_rest_too() {
    let (_, times) = to_one_person(&[0, 1], 2, &refused());
    assert!(7_000 <= *times.last().unwrap());
}

#[test]
fn many_messages_for_one_person_are_sent_in_order() {
    let all: Vec<_> = (0..12).collect();
    let (sent, _) = to_one_person(&all, 12, &accepted());
    assert_eq!(sent, all);
}

#[test]
fn a_message_that_was_turned_away_needs_no_rest() {
    let mut shell = Shell::started(1);
    shell.answer(0, Answer::Throttled { retry_after_ms: Some(10) });
    shell.run(1_200);
    assert_eq!(shell.sent, [0, 0]);
}

#[test]
fn a_429_that_is_slower_than_the_rest_gives_nobody_two_messages_in_six_seconds() {
    let mut shell = Shell::with(Dispatch::new(vec![recipient(0); 3], config()));
    shell.event(Event::Start);
    shell.run(7_000);
    assert_eq!(shell.sent, [0, 1], "the second left when the first had been under way for six seconds");
    shell.answer(0, Answer::Throttled { retry_after_ms: Some(10) });
    shell.run(4_900);
    assert_eq!(shell.sent, [0, 1]);
    shell.run(3_000);
    assert_eq!(shell.sent.len(), 3);
}
