//! Every pause can be resumed and loses nothing.

use super::shell::{Shell, accepted, config, lost, recipients, refusal, refused, stop, throttled};
use crate::{
    dispatch::{Answer, Config, Dispatch, End, Event, Milestone, PauseCause, Phase, Rate},
    reasons::Reason,
};

fn is_paused_by(shell: &Shell, cause: PauseCause) {
    assert_eq!(shell.dispatch.phase(), &Phase::Paused(cause));
}

/// After a pause everything is sent exactly once.
fn resumes_to_the_end(mut shell: Shell) {
    shell.event(Event::Resume);
    assert_eq!(shell.dispatch.phase(), &Phase::Running);
    let n_messages = shell.dispatch.counts().total;
    shell.run_answering(60_000, &accepted());
    assert_eq!(shell.finished, [End::Completed]);
    assert_eq!(shell.dispatch.counts().done(), n_messages);
}

#[test]
fn the_agents_pause_waits_for_calls_under_way() {
    let mut shell = Shell::started(100);
    shell.event(Event::Pause);
    let n_sent = shell.sent.len();
    shell.answer_all(&accepted());
    shell.run(60_000);
    assert_eq!((shell.sent.len(), shell.dispatch.counts().accepted), (n_sent, n_sent));
    is_paused_by(&shell, PauseCause::Agent);
    resumes_to_the_end(shell);
}

#[test]
fn a_wrong_key_pauses_and_the_rest_never_leaves() {
    let mut shell = Shell::started(100);
    let n_sent = shell.sent.len();
    shell.answer_all(&Answer::Stop(stop()));
    shell.run(60_000);
    is_paused_by(&shell, PauseCause::Stopped(stop()));
    assert_eq!((shell.sent.len(), shell.dispatch.counts().waiting), (n_sent, 100));
    resumes_to_the_end(shell);
}

#[test]
fn a_template_that_can_not_be_sent_any_more_pauses() {
    for (text, reason) in [
        ("(#132015) Template is paused", Reason::TEMPLATE_PAUSED),
        ("(#132001) Template name does not exist in the translation", Reason::TEMPLATE_MISSING),
    ] {
        let mut shell = Shell::started(100);
        shell.answer(0, Answer::Refused(refusal(text)));
        is_paused_by(&shell, PauseCause::Template(reason));
        resumes_to_the_end(shell);
    }
}

#[test]
fn what_keeps_the_whole_account_from_sending_pauses() {
    for (text, key) in [
        ("(#131031) Business Account locked", "account_locked"),
        ("(#131042) Business eligibility payment issue", "payment"),
        ("Message failed to send: Spam rate limit hit", "spam_limit"),
    ] {
        let mut shell = Shell::started(100);
        shell.answer(0, Answer::Refused(refusal(text)));
        is_paused_by(&shell, PauseCause::Account(Reason::by_key(key).unwrap()));
        resumes_to_the_end(shell);
    }
}

#[test]
fn a_run_of_failures_pauses() {
    let mut shell = Shell::started(100);
    for n in 1..=25 {
        assert_eq!(shell.dispatch.phase(), &Phase::Running);
        let (message, _) = shell.calls[0];
        let unknown = n % 2 == 0;
        shell.answer(message, if unknown { lost() } else { refused() });
        shell.run(100);
    }
    is_paused_by(&shell, PauseCause::Failures);
    resumes_to_the_end(shell);
}

#[test]
fn an_acceptance_ends_a_run_of_failures_and_a_429_does_not() {
    let mut shell = Shell::started(200);
    for n in 0..50 {
        let (message, _) = shell.calls[0];
        shell.answer(message, if n == 24 { accepted() } else { refused() });
        shell.run(100);
    }
    is_paused_by(&shell, PauseCause::Failures);
    shell.event(Event::Resume);
    shell.run(100);
    for n in 0..26 {
        let (message, _) = shell.calls[0];
        shell.answer(message, if n == 12 { throttled() } else { refused() });
        shell.run(3_000);
    }
    is_paused_by(&shell, PauseCause::Failures);
}

#[test]
fn no_run_of_failures_pauses_where_the_setting_is_zero() {
    let config = Config { failures_that_pause: 0, ..config() };
    let mut shell = Shell::with(Dispatch::new(recipients(99), config));
    shell.event(Event::Start);
    shell.run_answering(60_000, &refused());
    assert_eq!(shell.finished, [End::Completed]);
}

#[test]
fn an_outage_pauses_the_batch_instead_of_using_it_up() {
    let config = Config { rate: Rate::new(8), ..config() };
    let mut shell = Shell::with(Dispatch::new(recipients(1_000), config));
    shell.event(Event::Start);
    shell.run_answering(60_000, &lost());
    is_paused_by(&shell, PauseCause::Doubts);
    let n_unknown = shell.dispatch.counts().unknown;
    assert!((4..=8).contains(&n_unknown), "{n_unknown}");
    shell.event(Event::Resume);
    assert_eq!(shell.dispatch.phase(), &Phase::Running);
    shell.run(1_000);
    assert!(n_unknown < shell.sent.len());
}

#[test]
fn single_unknown_outcomes_do_not_pause() {
    let mut shell = Shell::started(60);
    for n in 0..60 {
        let (message, _) = shell.calls[0];
        shell.answer(message, if n % 3 == 2 { accepted() } else { lost() });
        shell.run(100);
    }
    assert_eq!(shell.finished, [End::Completed]);
}

#[test]
fn the_first_cause_stands() {
    let mut shell = Shell::started(100);
    shell.event(Event::Pause);
    shell.answer_all(&Answer::Stop(stop()));
    is_paused_by(&shell, PauseCause::Agent);
}

#[test]
fn pausing_and_resuming_at_the_wrong_moment_does_nothing() {
    let mut shell = Shell::new(3);
    shell.event(Event::Pause);
    shell.event(Event::Resume);
    assert_eq!(shell.dispatch.phase(), &Phase::Ready);
    assert!(shell.journal.is_empty());
    shell.event(Event::Start);
    shell.event(Event::Start);
    shell.event(Event::Resume);
    shell.run(1_000);
    assert_eq!(shell.sent, [0, 1, 2]);
}

#[test]
fn what_happened_can_be_looked_back_on() {
    let mut shell = Shell::started(100);
    shell.event(Event::Pause);
    shell.answer_all(&accepted());
    shell.event(Event::Resume);
    shell.run_answering(60_000, &accepted());
    assert_eq!(shell.finished, [End::Completed]);
    let whats: Vec<_> = shell.dispatch.track().events().iter().map(|event| event.what).collect();
    assert_eq!(
        whats,
        [Milestone::Started, Milestone::Paused, Milestone::Resumed, Milestone::Called, Milestone::Completed]
    );
}
