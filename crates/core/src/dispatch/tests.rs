use proptest::prelude::*;

use super::*;

fn accepted(n: usize) -> Answer {
    Answer::Accepted(NotificationId::parse(&format!("n{n}")).unwrap())
}

fn sends(commands: &[Command]) -> Vec<MessageIdx> {
    let message = |command: &Command| match command {
        Command::Send { message, .. } => Some(*message),
        Command::WakeAt(_) | Command::Finished(_) => None,
    };
    commands.iter().filter_map(message).collect()
}

fn answer(dispatch: &mut Dispatch, now: Millis, message: MessageIdx, answer: Answer) -> Vec<Command> {
    let attempt = dispatch.attempts[message];
    dispatch.handle(now, Event::Answered { message, attempt, answer })
}

fn refused() -> Answer {
    Answer::Refused(Refusal {
        status: 400,
        code: Some("bad_request".into()),
        text: "Destination is invalid".into(),
    })
}

fn stop() -> StopCause {
    StopCause { kind: StopKind::Unauthorized, text: "Authorization is required".into() }
}

#[test]
fn starts_as_many_calls_as_the_setting_allows_and_one_more_for_each_answer() {
    let mut dispatch = Dispatch::new(5, Config::new(2));
    assert_eq!(sends(&dispatch.handle(0, Event::Start)), [0, 1]);
    assert_eq!(sends(&answer(&mut dispatch, 10, 1, accepted(1))), [2]);
    assert_eq!(dispatch.counts().claimed, 2);
}

#[test]
fn a_second_start_sends_nothing() {
    let mut dispatch = Dispatch::new(5, Config::new(2));
    dispatch.handle(0, Event::Start);
    assert_eq!(dispatch.handle(1, Event::Start), []);
}

#[test]
fn ends_when_every_message_has_its_answer() {
    let mut dispatch = Dispatch::new(2, Config::new(8));
    dispatch.handle(0, Event::Start);
    assert_eq!(answer(&mut dispatch, 1, 0, refused()), []);
    let commands = answer(&mut dispatch, 2, 1, Answer::Unknown(Doubt::Timeout));
    assert_eq!(commands, [Command::Finished(End::Completed)]);
    assert_eq!(dispatch.counts(), Counts { total: 2, refused: 1, unknown: 1, ..Counts::default() });
}

#[test]
fn an_empty_batch_ends_at_once() {
    let mut dispatch = Dispatch::new(0, Config::new(8));
    assert_eq!(dispatch.handle(0, Event::Start), [Command::Finished(End::Completed)]);
}

#[test]
fn an_unknown_outcome_is_never_sent_again() {
    let mut dispatch = Dispatch::new(1, Config::new(1));
    dispatch.handle(0, Event::Start);
    answer(&mut dispatch, 1, 0, Answer::Unknown(Doubt::Server { status: 502 }));
    for event in [Event::Start, Event::Resume, Event::Woke, Event::Pause, Event::Cancel] {
        assert_eq!(dispatch.handle(99_999, event), []);
    }
}

#[test]
fn a_429_holds_everything_and_then_sends_that_message_again() {
    let mut dispatch = Dispatch::new(4, Config::new(2));
    dispatch.handle(0, Event::Start);
    let commands = answer(&mut dispatch, 100, 0, Answer::Throttled { retry_after_ms: None });
    assert_eq!(commands, [Command::WakeAt(1_100)]);
    assert_eq!(answer(&mut dispatch, 150, 1, accepted(1)), [Command::WakeAt(1_100)]);
    assert_eq!(dispatch.handle(1_100, Event::Woke), [Command::Send { message: 0, attempt: 2 }]);
}

#[test]
fn a_longer_wait_that_the_provider_names_is_kept() {
    let mut dispatch = Dispatch::new(3, Config::new(2));
    dispatch.handle(0, Event::Start);
    answer(&mut dispatch, 100, 0, Answer::Throttled { retry_after_ms: None });
    let commands = answer(&mut dispatch, 100, 1, Answer::Throttled { retry_after_ms: Some(7_000) });
    assert_eq!(commands, [Command::WakeAt(7_100)]);
}

#[test]
fn repeated_429s_wait_longer_each_time_up_to_a_minute() {
    let mut dispatch = Dispatch::new(1, Config::new(1));
    let mut now = 0;
    dispatch.handle(now, Event::Start);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let commands = answer(&mut dispatch, now, 0, Answer::Throttled { retry_after_ms: None });
        let [Command::WakeAt(until)] = commands[..] else { panic!("{commands:?}") };
        waits.push(until - now);
        now = until;
        assert_eq!(sends(&dispatch.handle(now, Event::Woke)), [0]);
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
}

#[test]
fn an_answer_to_an_earlier_attempt_changes_nothing() {
    let mut dispatch = Dispatch::new(1, Config::new(1));
    dispatch.handle(0, Event::Start);
    answer(&mut dispatch, 0, 0, Answer::Throttled { retry_after_ms: Some(1) });
    dispatch.handle(1, Event::Woke);
    assert_eq!(dispatch.handle(2, Event::Answered { message: 0, attempt: 1, answer: refused() }), []);
    assert_eq!(dispatch.states(), [MessageState::Claimed]);
}

#[test]
fn a_wrong_key_stops_the_batch_and_the_rest_never_leaves() {
    let mut dispatch = Dispatch::new(5, Config::new(2));
    dispatch.handle(0, Event::Start);
    assert_eq!(answer(&mut dispatch, 1, 0, Answer::Stop(stop())), []);
    let commands = answer(&mut dispatch, 2, 1, accepted(1));
    assert_eq!(commands, [Command::Finished(End::Stopped(stop()))]);
    assert_eq!(dispatch.counts(), Counts { total: 5, accepted: 1, not_sent: 4, ..Counts::default() });
}

#[test]
fn pausing_waits_for_calls_under_way_and_resuming_goes_on() {
    let mut dispatch = Dispatch::new(4, Config::new(2));
    dispatch.handle(0, Event::Start);
    assert_eq!(dispatch.handle(1, Event::Pause), []);
    assert_eq!(answer(&mut dispatch, 2, 0, accepted(0)), []);
    assert_eq!(answer(&mut dispatch, 3, 1, accepted(1)), []);
    assert_eq!(sends(&dispatch.handle(4, Event::Resume)), [2, 3]);
}

#[test]
fn a_paused_batch_ends_with_its_last_answer() {
    let mut dispatch = Dispatch::new(1, Config::new(1));
    dispatch.handle(0, Event::Start);
    dispatch.handle(1, Event::Pause);
    assert_eq!(answer(&mut dispatch, 2, 0, accepted(0)), [Command::Finished(End::Completed)]);
}

#[test]
fn an_outage_pauses_the_batch_instead_of_using_it_up() {
    let mut dispatch = Dispatch::new(1_000, Config::new(4));
    let mut under_way = sends(&dispatch.handle(0, Event::Start));
    let mut now = 0;
    while let Some(message) = under_way.pop() {
        now += 1;
        under_way.extend(sends(&answer(&mut dispatch, now, message, Answer::Unknown(Doubt::ConnectionLost))));
    }
    assert_eq!(dispatch.phase(), &Phase::Paused(PauseCause::Doubts));
    assert_eq!(dispatch.counts().unknown, 7);
    assert_eq!(sends(&dispatch.handle(now, Event::Resume)).len(), 4);
}

#[test]
fn single_unknown_outcomes_do_not_pause() {
    let mut dispatch = Dispatch::new(9, Config::new(1));
    dispatch.handle(0, Event::Start);
    for message in 0..8 {
        let given = if message % 3 == 2 { accepted(message) } else { Answer::Unknown(Doubt::Timeout) };
        assert_eq!(sends(&answer(&mut dispatch, 0, message, given)), [message + 1]);
    }
}

#[test]
fn cancelling_before_the_start_sends_nothing() {
    let mut dispatch = Dispatch::new(3, Config::new(2));
    assert_eq!(dispatch.handle(0, Event::Cancel), [Command::Finished(End::Cancelled)]);
    assert_eq!(dispatch.counts().not_sent, 3);
    assert_eq!(dispatch.handle(1, Event::Start), []);
}

#[test]
fn rate_and_time_left_come_from_what_is_measured() {
    let mut dispatch = Dispatch::new(100, Config::new(1));
    dispatch.handle(0, Event::Start);
    assert_eq!(dispatch.rate(0), None);
    for n in 0..21 {
        answer(&mut dispatch, u64::try_from(n).unwrap() * 100, n, accepted(n));
    }
    assert_eq!(dispatch.rate(2_000), Some(10.5));
    assert_eq!(dispatch.time_left(2_000), Some(7_523));
}

/// What a test's world does next: the call to answer is chosen among those under way.
#[derive(Clone, Debug)]
enum Step {
    Answer(usize, Answer),
    Agent(Event),
    Wait(Millis),
}

fn step() -> impl Strategy<Value = Step> {
    let given = prop_oneof![
        4 => Just(accepted(0)),
        2 => Just(refused()),
        2 => Just(Answer::Unknown(Doubt::ConnectionLost)),
        3 => proptest::option::of(0..5_000u64).prop_map(|retry_after_ms| Answer::Throttled { retry_after_ms }),
        1 => Just(Answer::Stop(stop())),
    ];
    prop_oneof![
        8 => (any::<usize>(), given).prop_map(|(which, answer)| Step::Answer(which, answer)),
        1 => prop_oneof![Just(Event::Pause), Just(Event::Resume), Just(Event::Start), Just(Event::Woke)]
            .prop_map(Step::Agent),
        1 => (0..3_000u64).prop_map(Step::Wait),
    ]
}

proptest! {
    /// Whatever happens: nothing is called twice unless a 429 or a stop turned it away, the window holds, counts add up, and
    /// every message ends in exactly one final state once the batch has ended.
    #[test]
    fn at_most_once_and_nobody_lost(
        n_messages in 0..40usize,
        window in 1..10usize,
        steps in proptest::collection::vec(step(), 0..200),
    ) {
        let mut dispatch = Dispatch::new(n_messages, Config::new(window));
        let mut now = 0;
        let mut under_way: Vec<(MessageIdx, u32)> = Vec::new();
        let mut may_have_left = vec![false; n_messages];
        let mut n_finished = 0;
        let mut pending = dispatch.handle(now, Event::Start);
        let rest = std::iter::repeat_n(Step::Answer(0, accepted(0)), 2 * n_messages + 2);
        for step in steps.into_iter().chain([Step::Agent(Event::Resume)]).chain(rest) {
            for command in pending.drain(..) {
                match command {
                    Command::Send { message, attempt } => {
                        prop_assert!(!may_have_left[message], "message {message} called twice");
                        prop_assert!(!under_way.iter().any(|(m, _)| *m == message));
                        under_way.push((message, attempt));
                    }
                    Command::WakeAt(at) => prop_assert!(now < at),
                    Command::Finished(_) => n_finished += 1,
                }
            }
            prop_assert!(under_way.len() <= window);
            let counts = dispatch.counts();
            prop_assert_eq!(counts.claimed, under_way.len());
            prop_assert_eq!(
                counts.total,
                counts.waiting + counts.claimed + counts.accepted + counts.refused + counts.unknown + counts.not_sent
            );
            pending = match step {
                Step::Answer(_, _) if under_way.is_empty() => {
                    now += 60_001;
                    dispatch.handle(now, Event::Woke)
                }
                Step::Answer(which, answer) => {
                    let (message, attempt) = under_way.remove(which % under_way.len());
                    may_have_left[message] = !matches!(answer, Answer::Throttled { .. } | Answer::Stop(_));
                    dispatch.handle(now, Event::Answered { message, attempt, answer })
                }
                Step::Agent(event) => dispatch.handle(now, event),
                Step::Wait(millis) => {
                    now += millis;
                    dispatch.handle(now, Event::Woke)
                }
            };
        }
        n_finished += pending.iter().filter(|command| matches!(command, Command::Finished(_))).count();
        if matches!(dispatch.phase(), Phase::Ended(_)) {
            prop_assert_eq!(n_finished, 1);
            prop_assert!(dispatch.states().iter().all(|s| !matches!(s, MessageState::Waiting | MessageState::Claimed)));
        } else {
            prop_assert_eq!(dispatch.phase(), &Phase::Running, "the closing steps answer everything that is under way");
        }
    }
}
