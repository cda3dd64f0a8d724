//! The scribe beside a Zendesk that is slow, refuses and forgets.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::*;
use crate::dispatch::Millis;

/// Any numbers will do.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// How Zendesk is to behave.
#[derive(Clone, Copy)]
struct Weather {
    /// One request in so many fails, some of them after they were done; 0: none.
    fails: u64,
    /// Nothing answers within this time.
    offline: (Millis, Millis),
    /// Items and whole jobs that fail, one in so many; 0: none.
    breaks: u64,
    per_minute: usize,
    /// Records that a chunk of the plan takes.
    records_per_chunk: usize,
    /// Messages a second.
    rate: u64,
}

const CALM: Weather =
    Weather { fails: 0, offline: (0, 0), breaks: 0, per_minute: 80, records_per_chunk: 1, rate: 20 };

enum Coming {
    Answer(RequestNumber, Answer),
    JobDone(usize),
    Woke,
    Outcome(usize),
}

struct Job {
    request: Request,
    state: JobState,
}

/// A batch, its scribe, and Zendesk.
struct World {
    weather: Weather,
    random: Random,
    now: Millis,
    scribe: Scribe,
    coming: BTreeMap<(Millis, u64), Coming>,
    n_events: u64,
    jobs: Vec<Job>,
    starts: Vec<usize>,
    // What Zendesk has.
    has_head: bool,
    plan: BTreeSet<usize>,
    claims: BTreeSet<usize>,
    outcomes: BTreeSet<usize>,
    n_batch: u32,
    // What was sent.
    n_allowed: usize,
    n_sent: usize,
    n_answered: usize,
    requests: Vec<Millis>,
    heard_of: Vec<Millis>,
    most_in_doubt: usize,
    ended_at: Option<Millis>,
    is_told: bool,
}

impl World {
    fn new(starts: Vec<usize>, weather: Weather, seed: u64) -> Self {
        let scribe = Scribe::new(starts.clone(), Budget::new(weather.per_minute), seed);
        Self {
            weather,
            random: Random(seed),
            now: 1_000,
            scribe,
            coming: BTreeMap::new(),
            n_events: 0,
            jobs: Vec::new(),
            starts,
            has_head: false,
            plan: BTreeSet::new(),
            claims: BTreeSet::new(),
            outcomes: BTreeSet::new(),
            n_batch: 0,
            n_allowed: 0,
            n_sent: 0,
            n_answered: 0,
            requests: Vec::new(),
            heard_of: Vec::new(),
            most_in_doubt: 0,
            ended_at: None,
            is_told: false,
        }
    }

    fn n_messages(&self) -> usize {
        *self.starts.last().unwrap()
    }

    fn plan(&mut self, after: Millis, what: Coming) {
        self.n_events += 1;
        self.coming.insert((self.now + after, self.n_events), what);
    }

    fn happens(&mut self, one_in: u64) -> bool {
        0 < one_in && self.random.below(one_in) == 0
    }

    fn tell(&mut self, event: Event) {
        for command in self.scribe.handle(self.now, event) {
            match command {
                Command::Ask { number, request } => self.ask(number, request),
                Command::Allow { n_messages } => {
                    for chunk in 0..self.starts.len() - 1 {
                        let is_allowed = self.starts[chunk] < n_messages.min(self.starts[chunk + 1]);
                        assert!(!is_allowed || self.claims.contains(&chunk), "{chunk} isn't claimed");
                    }
                    self.n_allowed = n_messages;
                }
                Command::WakeAt(at) => {
                    assert!(self.now < at);
                    self.plan(at - self.now, Coming::Woke);
                }
            }
        }
    }

    fn ask(&mut self, number: RequestNumber, request: Request) {
        self.requests.push(self.now);
        let (from, until) = self.weather.offline;
        let is_offline = (from..until).contains(&self.now);
        let is_lost = self.happens(self.weather.fails);
        let is_done = !is_offline && (!is_lost || self.random.below(2) == 0);
        let mut answer = Answer::Failed(Fault::Unavailable);
        if is_done {
            answer = self.perform(request);
        }
        if is_offline || is_lost {
            let throttled = Fault::Throttled { retry_after: Some(3_000) };
            let fault = if self.random.below(3) == 0 { throttled } else { Fault::Unavailable };
            answer = Answer::Failed(fault);
        }
        let after = 50 + self.random.below(300);
        self.plan(after, Coming::Answer(number, answer));
    }

    fn perform(&mut self, request: Request) -> Answer {
        match &request {
            Request::SaveBatch => {
                self.n_batch += 1;
                self.heard_of.push(self.now);
                Answer::Done
            }
            Request::TryMessages => {
                assert!(self.n_sent == 0 && self.n_batch != 0);
                Answer::Done
            }
            Request::Claim { chunk } => {
                let n_chunks = self.starts.len() - 1;
                let is_kept = self.has_head && self.plan.len() == n_chunks;
                assert!(is_kept, "{} of {n_chunks} chunks of the plan are kept", self.plan.len());
                self.claims.insert(*chunk);
                Answer::Done
            }
            Request::LookAtJobs { jobs } => Answer::Jobs(
                jobs.iter()
                    .map(|id| (id.clone(), self.jobs[id.as_str().parse::<usize>().unwrap()].state.clone()))
                    .collect(),
            ),
            Request::SavePlan { .. } | Request::SaveMessages { .. } | Request::RemovePlan { .. } => {
                if let Request::SaveMessages { messages } = &request {
                    assert!(!messages.is_empty() && messages.len() <= ITEMS_PER_JOB);
                }
                if let Request::SavePlan { chunks } | Request::RemovePlan { chunks } = &request
                    && ITEMS_PER_JOB < chunks.len() * self.weather.records_per_chunk
                {
                    return Answer::Failed(Fault::TooLarge);
                }
                let n_open = self.jobs.iter().filter(|job| job.state == JobState::Open).count();
                let id = JobId::parse(&self.jobs.len().to_string()).unwrap();
                assert!(n_open < 30);
                self.jobs.push(Job { request, state: JobState::Open });
                let after = 100 + self.random.below(3_000);
                let place = self.jobs.len() - 1;
                self.plan(after, Coming::JobDone(place));
                Answer::Job(id)
            }
        }
    }

    fn job_done(&mut self, place: usize) {
        let request = self.jobs[place].request.clone();
        if self.happens(self.weather.breaks) {
            self.jobs[place].state = JobState::Gone;
            return;
        }
        let n_records = self.weather.records_per_chunk;
        // The batch's head comes before its first chunk, and a chunk may take several records.
        let chunk_of = |chunks: &Range<usize>, place: usize| {
            let n_heads = usize::from(chunks.start == 0);
            Some(chunks.start + place.checked_sub(n_heads)? / n_records)
        };
        let n_items = match &request {
            Request::SavePlan { chunks } | Request::RemovePlan { chunks } => {
                usize::from(chunks.start == 0) + chunks.len() * n_records
            }
            Request::SaveMessages { messages } => messages.len(),
            _ => unreachable!("no job"),
        };
        let failed: Vec<usize> = (0..n_items).filter(|_| self.happens(self.weather.breaks * 20)).collect();
        let is_written = |place: &usize| !failed.contains(place);
        match &request {
            Request::SavePlan { chunks } => {
                let broken: BTreeSet<_> = failed.iter().map(|place| chunk_of(chunks, *place)).collect();
                self.plan.extend(chunks.clone().filter(|chunk| !broken.contains(&Some(*chunk))));
                self.has_head |= chunks.start == 0 && !broken.contains(&None);
            }
            Request::SaveMessages { messages } => {
                self.outcomes.extend((0..n_items).filter(is_written).map(|place| messages[place]));
            }
            Request::RemovePlan { chunks } => {
                for chunk in (0..n_items).filter(is_written).filter_map(|place| chunk_of(chunks, place)) {
                    self.plan.remove(&chunk);
                }
            }
            _ => (),
        }
        self.jobs[place].state = JobState::Done { failed };
    }

    /// Claimed chunks, some of whose messages' outcomes are neither written nor in a job.
    fn n_in_doubt(&self) -> usize {
        let in_jobs: BTreeSet<usize> = self
            .jobs
            .iter()
            .filter_map(|job| match &job.request {
                Request::SaveMessages { messages } => Some(messages),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        let is_in_doubt = |chunk: &&usize| {
            let mut messages = self.starts[**chunk]..self.starts[**chunk + 1];
            messages.any(|message| !in_jobs.contains(&message))
        };
        self.claims.iter().filter(is_in_doubt).count()
    }

    /// Sends the whole batch; when it ends all is in the ledger.
    fn run(&mut self) {
        self.tell(Event::Start);
        let mut next_send = self.now;
        while self.scribe.standing() != Standing::Complete {
            while self.n_sent < self.n_allowed && next_send <= self.now {
                let message = self.n_sent;
                self.n_sent += 1;
                next_send = next_send.max(self.now - 100) + 1_000 / self.weather.rate;
                let after = 100 + self.random.below(200);
                self.plan(after, Coming::Outcome(message));
            }
            if self.n_answered == self.n_messages() && !self.is_told {
                self.is_told = true;
                self.ended_at = Some(self.now);
                self.tell(Event::Ended);
                continue;
            }
            let sends_at = (self.n_sent < self.n_allowed).then_some(next_send);
            let (at, what) = match (self.coming.first_key_value(), sends_at) {
                (Some((&(at, _), _)), sends_at) if sends_at.is_none_or(|send| at <= send) => {
                    (at, self.coming.pop_first().map(|(_, what)| what))
                }
                (_, Some(send)) => (send, None),
                _ => panic!("nothing will ever happen: {:?}", self.scribe.standing()),
            };
            self.now = self.now.max(at);
            assert!(self.now < 7_200_000, "{:?}", self.scribe.standing());
            match what {
                Some(Coming::Answer(number, answer)) => self.tell(Event::Answered { number, answer }),
                Some(Coming::JobDone(place)) => self.job_done(place),
                Some(Coming::Woke) => self.tell(Event::Woke),
                Some(Coming::Outcome(message)) => {
                    self.n_answered += 1;
                    self.tell(Event::Outcome { message });
                }
                None => (),
            }
            if !self.is_told {
                self.most_in_doubt = self.most_in_doubt.max(self.n_in_doubt());
            }
        }
    }

    fn check(&self) {
        assert_eq!(self.outcomes.len(), self.n_messages());
        assert!(self.plan.is_empty() || self.weather.breaks != 0, "{} chunks are left", self.plan.len());
        assert!(2 <= self.n_batch);
        assert!(self.most_in_doubt <= CHUNKS_AHEAD, "{} chunks in doubt", self.most_in_doubt);
        for (place, at) in self.requests.iter().enumerate() {
            let n = self.requests[place..].iter().take_while(|other| **other < at + 60_000).count();
            assert!(n <= self.weather.per_minute, "{n} requests in a minute");
        }
    }
}

fn starts(n_messages: usize) -> Vec<usize> {
    (0..n_messages).step_by(100).chain([n_messages]).collect()
}

#[test]
fn a_batch_is_followed_to_its_end_and_its_plan_removed() {
    let mut world = World::new(starts(1_050), CALM, 1);
    world.run();
    world.check();
    assert!(world.requests.len() <= 60, "{} requests for 1,050 messages", world.requests.len());
}

#[test]
fn whatever_zendesk_does_nothing_is_lost_and_little_in_doubt() {
    for seed in 0..60 {
        let mut random = Random(seed * 7 + 1);
        let weather = Weather {
            fails: [0, 3, 10][usize::try_from(random.below(3)).unwrap()],
            offline: [(0, 0), (20_000, 80_000)][usize::try_from(random.below(2)).unwrap()],
            breaks: [0, 4][usize::try_from(random.below(2)).unwrap()],
            records_per_chunk: [1, 7, 90][usize::try_from(random.below(3)).unwrap()],
            per_minute: [20, 80, 500][usize::try_from(random.below(3)).unwrap()],
            rate: [2, 20, 80][usize::try_from(random.below(3)).unwrap()],
        };
        let n_messages = 1 + usize::try_from(random.below(900)).unwrap();
        let mut world = World::new(starts(n_messages), weather, seed);
        world.run();
        world.check();
    }
}

#[test]
fn sending_goes_on_by_itself_after_a_minute_without_zendesk() {
    let weather = Weather { offline: (10_000, 70_000), ..CALM };
    let mut world = World::new(starts(2_000), weather, 3);
    world.run();
    world.check();
    let ended = world.ended_at.unwrap();
    assert!((130_000..200_000).contains(&ended), "{ended}");
}

#[test]
fn the_ledger_keeps_up_with_whatsapps_rate() {
    let mut world = World::new(starts(5_000), Weather { rate: 80, per_minute: 500, ..CALM }, 5);
    world.run();
    world.check();
    let ended = world.ended_at.unwrap();
    assert!(ended < 5_000 * 1_000 / 80 * 5 / 4, "{ended}");
}

#[test]
fn chunks_without_messages_and_batches_of_one_are_no_trouble() {
    for starts in [vec![0, 0, 0, 1], vec![0, 1], vec![0, 2, 2, 2]] {
        let mut world = World::new(starts, CALM, 1);
        world.run();
        world.check();
    }
}

/// A scribe whose first request was answered with a fault.
fn refused(fault: Fault) -> Scribe {
    let mut scribe = Scribe::new(starts(10), Budget::new(80), 1);
    let commands = scribe.handle(0, Event::Start);
    let [Command::Ask { number, request: Request::SaveBatch }] = commands[..] else { panic!("{commands:?}") };
    scribe.handle(100, Event::Answered { number, answer: Answer::Failed(fault) });
    scribe
}

#[test]
fn who_may_not_write_is_told_before_anything_is_sent_and_can_try_again() {
    let mut scribe = refused(Fault::Forbidden);
    assert_eq!(scribe.standing(), Standing::Stuck(Fault::Forbidden));
    assert_eq!(scribe.handle(1_000_000, Event::Woke), []);
    let commands = scribe.handle(1_000_001, Event::TryAgain);
    assert!(matches!(commands[..], [Command::Ask { request: Request::SaveBatch, .. }]), "{commands:?}");
}

#[test]
fn a_wait_that_zendesk_names_is_kept() {
    let mut scribe = refused(Fault::Throttled { retry_after: Some(90_000) });
    assert!(matches!(scribe.standing(), Standing::Waiting(_)));
    assert!(matches!(scribe.handle(90_099, Event::Woke)[..], [Command::WakeAt(_)]));
    assert!(!scribe.handle(90_100 + 22_500, Event::Woke).is_empty());
}

#[test]
fn an_early_wake_up_is_asked_for_again() {
    let mut scribe = refused(Fault::Unavailable);
    let wakes = |commands: &[Command]| matches!(commands, [Command::WakeAt(_)]);
    assert!(wakes(&scribe.handle(200, Event::Woke)));
    assert!(wakes(&scribe.handle(1_090, Event::Woke)));
    assert!(matches!(scribe.handle(2_000, Event::Woke)[..], [Command::Ask { .. }, ..]));
}

#[test]
fn a_batch_that_another_computer_has_taken_sends_no_more() {
    let mut world = World::new(starts(500), CALM, 1);
    let (number, _) = following(&mut world);
    let commands = world.scribe.handle(world.now, Event::Answered { number, answer: Answer::Lost });
    assert_eq!(commands, [Command::Allow { n_messages: 0 }]);
    assert_eq!(world.scribe.standing(), Standing::Lost);
}

#[test]
fn who_takes_over_claims_what_nobody_had() {
    let mut scribe = Scribe::new(starts(500), Budget::new(80), 1);
    let mut commands = scribe.handle(0, Event::TakeOver { claimed: vec![0, 1] });
    let mut seen = Vec::new();
    while let Some(Command::Ask { number, request }) = commands.first().cloned() {
        seen.push(request);
        commands = scribe.handle(10, Event::Answered { number, answer: Answer::Done });
        if let Some(Command::Allow { n_messages }) =
            commands.iter().find(|it| matches!(it, Command::Allow { .. }))
        {
            if *n_messages == 300 {
                break;
            }
            commands.retain(|it| matches!(it, Command::Ask { .. }));
        }
    }
    assert_eq!(seen, [Request::SaveBatch, Request::TryMessages, Request::Claim { chunk: 2 }]);
}

/// To where the first chunks may be sent, and the next claim is under way.
fn following(world: &mut World) -> (RequestNumber, usize) {
    world.tell(Event::Start);
    while world.n_allowed == 0 || world.scribe.under_way_claim().is_none() {
        let ((at, _), what) = world.coming.pop_first().unwrap();
        world.now = at;
        match what {
            Coming::Answer(number, answer) => world.tell(Event::Answered { number, answer }),
            Coming::JobDone(place) => world.job_done(place),
            _ => world.tell(Event::Woke),
        }
    }
    world.scribe.under_way_claim().unwrap()
}

#[test]
fn objects_that_are_gone_in_mid_batch_stop_it_until_they_are_there_again() {
    let mut world = World::new(starts(1_000), CALM, 1);
    let (number, _) = following(&mut world);
    let missing = Answer::Failed(Fault::Missing);
    let commands = world.scribe.handle(world.now, Event::Answered { number, answer: missing });
    assert!(!world.scribe.is_without_ledger(), "somebody else may have the rest");
    assert_eq!(world.scribe.standing(), Standing::Stuck(Fault::Missing));
    assert!(!commands.iter().any(|it| matches!(it, Command::Allow { .. } | Command::Ask { .. })));
    // Nobody has to press anything once they are.
    let commands = world.scribe.handle(world.now + 80_000, Event::Woke);
    assert!(commands.iter().any(|it| matches!(it, Command::Ask { .. })), "{commands:?}");
}

#[test]
fn an_account_without_objects_has_no_ledger_and_is_asked_twice_where_rows_could_be_claimed() {
    assert!(!refused(Fault::Forbidden).is_without_ledger());
    let of_one = || Event::TakeOver { claimed: (0..5).collect() };
    for (event, n_asked) in [(Event::Start, 2), (Event::TakeOver { claimed: vec![0] }, 2), (of_one(), 1)] {
        let mut scribe = Scribe::new(starts(500), Budget::new(80), 1);
        let mut commands = scribe.handle(0, event);
        for time in (1..=n_asked).map(|n| n * 10_000) {
            assert!(!scribe.is_without_ledger());
            let [Command::Ask { number, request: Request::SaveBatch }, ..] = commands[..] else {
                panic!("{commands:?}")
            };
            scribe.handle(time, Event::Answered { number, answer: Answer::Failed(Fault::Missing) });
            commands = scribe.handle(time + 5_000, Event::Woke);
        }
        assert!(scribe.is_without_ledger() && commands.is_empty());
    }
}

#[test]
fn whoever_has_a_batch_says_so_though_nothing_happens() {
    let mut world = World::new(starts(1_000), Weather { rate: 1, ..CALM }, 1);
    world.run();
    world.check();
    let longest = world.heard_of.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(longest <= 35_000, "nothing was heard for {longest} ms");
    // Nor does anything happen while it is paused.
    let mut world = World::new(starts(1_000), CALM, 1);
    following(&mut world);
    let until = world.now + 200_000;
    while world.now < until {
        let ((at, _), what) = world.coming.pop_first().unwrap();
        world.now = at;
        match what {
            Coming::Answer(number, answer) => world.tell(Event::Answered { number, answer }),
            Coming::JobDone(place) => world.job_done(place),
            _ => world.tell(Event::Woke),
        }
    }
    let longest = world.heard_of.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!((20_000..=35_000).contains(&longest), "nothing was heard for {longest} ms");
}
