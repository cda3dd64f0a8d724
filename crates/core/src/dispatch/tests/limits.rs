//! How fast calls leave.

use std::collections::BTreeMap;

use super::shell::{Shell, accepted, config, recipients, throttled};
use crate::dispatch::{Answer, Command, Config, Dispatch, End, Event, Millis, Moment, Rate};

/// Any numbers will do.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

struct World {
    latency: std::ops::Range<u64>,
    write: std::ops::Range<u64>,
    wake_late: std::ops::Range<u64>,
    /// One call in two hundred is so long on its way to the provider.
    held_up: std::ops::Range<u64>,
}

fn begins(rate: u32, n_messages: usize, seed: u64, world: &World) -> Vec<Millis> {
    calls(rate, n_messages, seed, world).into_iter().map(|call| call.0).collect()
}

/// Runs a whole batch; when each of its calls began and arrived.
fn calls(rate: u32, n_messages: usize, seed: u64, world: &World) -> Vec<(Millis, Millis)> {
    let config = Config { rate: Rate::new(rate), ..config() };
    let mut dispatch = Dispatch::new(recipients(n_messages), config);
    let mut random = Random(seed);
    let mut calls = Vec::new();
    let mut order = 0_u64;
    let mut timer = None;
    let mut coming = BTreeMap::from([((5_000, order), Event::Start)]);
    while let Some(((now, number), event)) = coming.pop_first() {
        timer = timer.filter(|key| *key != (now, number));
        let mut within = |range: &std::ops::Range<u64>| range.start + random.below(range.end - range.start);
        for command in dispatch.handle(Moment { clock: now, time: now }, event) {
            order += 1;
            let (at, event) = match command {
                Command::Write { write, .. } => (now + within(&world.write), Event::Written { write }),
                Command::Send { message, attempt } => {
                    let held_up = if within(&(0..200)) == 0 { within(&world.held_up) } else { 0 };
                    calls.push((now, now + held_up));
                    let answer = accepted();
                    let at = now + held_up + within(&world.latency);
                    (at, Event::Answered { message, attempt, answer })
                }
                Command::WakeAt(at) => {
                    // It takes the place of the one before.
                    if let Some(before) = timer {
                        coming.remove(&before);
                    }
                    let at = at + within(&world.wake_late);
                    timer = Some((at, order));
                    (at, Event::Woke)
                }
                Command::Finished(end) => {
                    assert_eq!(end, End::Completed);
                    continue;
                }
            };
            coming.insert((at, order), event);
        }
    }
    assert_eq!(calls.len(), n_messages);
    calls
}

/// The most in any second.
fn most_in_a_second(mut arrivals: Vec<Millis>) -> usize {
    arrivals.sort_unstable();
    let mut first = 0;
    let mut most = 0;
    for (last, &at) in arrivals.iter().enumerate() {
        while arrivals[first] + 1_000 <= at {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

/// Whether a batch took no longer than it does at this part of its rate.
fn reaches(percent: u64, rate: u32, begins: &[Millis]) -> bool {
    let elapsed = begins.last().unwrap() - begins.first().unwrap();
    let n_after_the_first = u64::try_from(begins.len() - 1).unwrap();
    elapsed * u64::from(rate) * percent <= n_after_the_first * 1_000 * 100
}

const USUAL: World = World { latency: 150..250, write: 2..9, wake_late: 0..16, held_up: 0..1 };

#[test]
fn late_wake_ups_cost_less_than_two_percent_of_the_rate() {
    for seed in 0..4 {
        let begins = begins(80, 4_000, seed, &USUAL);
        assert!(reaches(98, 80, &begins));
    }
    for rate in [1, 8, 33] {
        let begins = begins(rate, 400, 1, &USUAL);
        assert!(reaches(98, rate, &begins), "{rate}");
    }
}

#[test]
fn slow_writes_cost_nothing() {
    let world = World { write: 40..120, ..USUAL };
    assert!(reaches(98, 80, &begins(80, 4_000, 1, &world)));
}

#[test]
fn timers_that_are_slowed_to_one_a_second_leave_the_answers_to_drive() {
    let world = World { wake_late: 0..1_000, ..USUAL };
    for seed in 0..4 {
        assert!(reaches(90, 80, &begins(80, 4_000, seed, &world)));
    }
}

#[test]
fn no_second_sees_more_calls_than_the_rate_however_long_they_travel() {
    for (rate, wake_late) in [(80, 0..1), (80, 0..16), (80, 0..1_000), (8, 0..16), (1, 0..16)] {
        for seed in 0..3 {
            let world = World { wake_late: wake_late.clone(), ..USUAL };
            let begins = begins(rate, 30 * usize::try_from(rate).unwrap(), seed, &world);
            let mut random = Random(seed);
            let arrivals = begins.iter().map(|begun| begun + 20 + random.below(7)).collect();
            let most = most_in_a_second(arrivals);
            assert!(most <= usize::try_from(rate).unwrap(), "{most} at {rate}");
        }
    }
}

#[test]
fn calls_that_are_held_up_now_and_then_make_no_second_too_full_and_cost_little() {
    let world = World { latency: 198..203, held_up: 0..120, ..USUAL };
    for seed in 0..4 {
        let calls = calls(80, 10_000, seed, &world);
        let (begins, arrivals): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        assert!(reaches(98, 80, &begins));
        let most = most_in_a_second(arrivals);
        assert!(most <= 80, "{most}");
    }
}

#[test]
fn a_page_that_was_frozen_does_not_catch_up_with_a_burst() {
    let mut shell = Shell::started(1_000);
    shell.run_answering(3_000, &accepted());
    shell.now += 3_600_000;
    let n_sent = shell.sent.len();
    shell.event(Event::Woke);
    assert!(shell.sent.len() <= n_sent + 20, "{}", shell.sent.len() - n_sent);
}

#[test]
fn as_many_calls_are_under_way_as_the_rate_needs() {
    for (rate, latency, within) in
        [(8, 200, 4..=5), (80, 200, 26..=30), (80, 50, 8..=12), (80, 5_000, 32..=32)]
    {
        let config = Config { rate: Rate::new(rate), ..config() };
        let mut shell = Shell::with(Dispatch::new(recipients(5_000), config));
        shell.event(Event::Start);
        let mut coming = Vec::new();
        for _ in 0..2_000 {
            let began_at = shell.now;
            coming.extend(shell.calls.drain(..).map(|call| (began_at, call)));
            shell.run(5);
            while let Some(&(_, (message, attempt))) =
                coming.first().filter(|(began_at, _)| began_at + latency <= shell.now)
            {
                coming.remove(0);
                shell.event(Event::Answered { message, attempt, answer: accepted() });
            }
        }
        // Nothing answers any more: the window fills.
        shell.run(10_000);
        let n_claimed = shell.dispatch.counts().claimed;
        assert!(within.contains(&n_claimed), "{n_claimed} at {rate}/s and {latency} ms");
    }
}

fn hold(shell: &Shell) -> Option<Millis> {
    shell.dispatch.held_until(shell.now).map(|until| until - shell.now)
}

#[test]
fn a_429_holds_everything_and_then_sends_that_message_again() {
    let mut shell = Shell::started(100);
    shell.answer(0, throttled());
    let hold = hold(&shell).unwrap();
    assert!((1_000..1_250).contains(&hold), "{hold}");
    let n_sent = shell.sent.len();
    shell.answer_all(&accepted());
    shell.run(hold - 1);
    assert_eq!(shell.sent.len(), n_sent);
    shell.run(100);
    assert_eq!(shell.sent[n_sent], 0);
}

#[test]
fn a_wait_that_the_provider_names_is_kept_and_the_longest_counts() {
    let mut shell = Shell::started(100);
    shell.answer(0, throttled());
    shell.answer(1, Answer::Throttled { retry_after_ms: Some(7_000) });
    assert_eq!(hold(&shell), Some(7_000));
    shell.answer(2, Answer::Throttled { retry_after_ms: Some(3_000) });
    assert_eq!(hold(&shell), Some(7_000));
    shell.answer(3, Answer::Throttled { retry_after_ms: Some(u64::MAX) });
    assert_eq!(hold(&shell), Some(u64::MAX - shell.now));
}

#[test]
fn repeated_429s_wait_longer_each_time_up_to_a_minute() {
    let mut shell = Shell::started(1);
    let mut holds = Vec::new();
    for _ in 0..9 {
        shell.answer(0, throttled());
        let hold = hold(&shell).unwrap();
        holds.push(hold);
        shell.run(hold + 1_500);
    }
    let at_least = [1, 2, 4, 8, 16, 32, 60, 60, 60].map(|seconds| seconds * 1_000);
    for (hold, at_least) in holds.iter().zip(at_least) {
        assert!((at_least..at_least * 5 / 4).contains(hold), "{holds:?}");
    }
}

#[test]
fn calls_that_were_turned_away_together_halve_the_rate_once() {
    let mut shell = Shell::started(2_000);
    shell.run_answering(5_000, &accepted());
    shell.run(100);
    shell.answer_all(&throttled());
    shell.run(1_300);
    let n_sent = shell.sent.len();
    shell.run_answering(1_000, &accepted());
    let per_second = shell.sent.len() - n_sent;
    assert!((40..=47).contains(&per_second), "{per_second}");
}

#[test]
fn the_rate_grows_back_and_slowly_where_it_was_turned_away() {
    let mut shell = Shell::started(5_000);
    shell.answer(0, throttled());
    shell.run(1_300);
    let mut per_second = Vec::new();
    for _ in 0..25 {
        let n_sent = shell.sent.len();
        shell.run_answering(1_000, &accepted());
        per_second.push(shell.sent.len() - n_sent);
    }
    assert!(per_second[0] < 52 && per_second[3] < 73, "{per_second:?}");
    assert!(70 < per_second[4] && per_second[8] < 78 && 77 < per_second[14], "{per_second:?}");
}

#[test]
fn a_number_that_is_always_turned_away_keeps_nobody_waiting_and_is_given_up() {
    let mut shell = Shell::new(40);
    shell.event(Event::Start);
    let mut n_turns = 0;
    while shell.finished.is_empty() {
        for (message, attempt) in std::mem::take(&mut shell.calls) {
            n_turns += usize::from(message == 4);
            let answer = if message == 4 { throttled() } else { accepted() };
            shell.event(Event::Answered { message, attempt, answer });
        }
        shell.run(10);
        assert!(shell.now < 600_000, "{:?}", shell.dispatch.counts());
        let counts = shell.dispatch.counts();
        assert!(shell.now < 30_000 || counts.accepted == 39, "{counts:?}");
    }
    assert_eq!(shell.dispatch.counts().accepted, 39);
    assert_eq!(n_turns, 12);
}

#[test]
fn two_browsers_do_not_come_back_at_the_same_moment() {
    let hold_of = |seed| {
        let mut shell = Shell::with(Dispatch::new(recipients(9), Config { seed, ..config() }));
        shell.event(Event::Start);
        shell.run(100);
        shell.answer(0, throttled());
        hold(&shell).unwrap()
    };
    assert_ne!(hold_of(1), hold_of(2));
    assert_eq!(hold_of(3), hold_of(3));
}

#[test]
fn no_claim_waits_while_everything_is_held() {
    let mut shell = Shell::started(1_000);
    shell.run_answering(1_000, &accepted());
    shell.run(50);
    shell.answer_all(&throttled());
    assert_eq!(shell.dispatch.counts().claimed, 0);
}

#[test]
fn rates_are_brought_into_range() {
    for (given, taken) in [(0, 1), (1, 1), (8, 8), (80, 80), (81, 80), (255, 80), (256, 80), (u32::MAX, 80)] {
        assert_eq!(Rate::new(given).per_second(), taken);
    }
}
