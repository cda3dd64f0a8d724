//! One schedule: pages, storage, provider, agent and clock, and what happens between them in which order.

use std::collections::BTreeMap;

use cxconnect_core::{
    dispatch::{Answer, Config, Entry, Event, MessageIdx, Millis, Phase, Rate},
    phone::E164,
};

use crate::{
    Checked,
    page::{Flaw, Page},
    provider::Provider,
    random::Random,
    store::Store,
    tally::Tally,
    weather::{Verdict, Weather},
};

/// No schedule needs as many events.
const MOST_EVENTS: u32 = 60_000;

/// Something that is going to happen.
pub(crate) enum Happening {
    /// A page's engine is told something by its shell.
    Tell { page: usize, event: Event },
    /// A page's timer goes off, if it hasn't been set again since.
    Wake { page: usize, at: Millis },
    /// A write reaches the disk, if it does; what the page is told then.
    Keep { page: usize, write: u64, entries: Vec<Entry>, reply_after: Option<Millis> },
    /// A call reaches the provider.
    Arrive { page: usize, message: MessageIdx, attempt: u32, verdict: Verdict, returns_after: Option<Millis> },
    /// The agent looks at the screen.
    Agent,
    /// The app is opened after a crash.
    Open,
    /// A watcher looks at the journal.
    Look { page: usize },
    /// The provider's mood changes.
    Mood,
}

pub struct World {
    pub(crate) to: Vec<E164>,
    pub(crate) config: Config,
    pub(crate) flaw: Flaw,
    pub(crate) is_told: bool,
    pub(crate) random: Random,
    pub(crate) weather: Weather,
    pub(crate) now: Millis,
    /// What the clock on the wall is ahead.
    pub(crate) wall: u64,
    /// From here on nothing goes wrong, and the agent only wants the batch to end.
    fair_from: Millis,
    pub(crate) store: Store,
    pub(crate) provider: Provider,
    pub(crate) pages: Vec<Page>,
    /// The page that the agent works with.
    pub(crate) front: Option<usize>,
    /// How often the agent had each message sent again.
    pub(crate) sent_again: Vec<usize>,
    /// When the agent's pages last called each recipient, and wasn't turned away.
    pub(crate) called: BTreeMap<E164, (Millis, MessageIdx)>,
    /// Whether anybody let calls leave since they were last stopped.
    pub(crate) may_send: bool,
    pub(crate) coming: BTreeMap<(Millis, u64), Happening>,
    n_planned: u64,
    pub(crate) tally: Tally,
}

/// Runs a schedule to its end; what happened in it, or what must not have.
pub fn run(seed: u64, flaw: Flaw, is_told: bool) -> Checked<Tally> {
    let mut world = World::new(seed, flaw, is_told);
    world.run()?;
    Ok(world.tally)
}

impl World {
    fn new(seed: u64, flaw: Flaw, is_told: bool) -> Self {
        let mut random = Random::new(seed);
        let n_messages = random.weighed(&[(1, 0), (2, 1), (4, 4), (8, 12), (4, 40)]);
        let n_messages = if 1 < n_messages { random.within(1..n_messages) } else { n_messages };
        let n_recipients = if random.chance(200) { random.within(1..4) } else { 1_000 };
        let to: Vec<_> =
            (0..n_messages).filter_map(|n| E164::from_value(525_500_000_000 + n % n_recipients)).collect();
        let config = Config {
            rate: Rate::new(random.weighed(&[(1, 1), (3, 8), (2, 30), (3, 80)])),
            failures_that_pause: random.weighed(&[(1, 0), (1, 3), (2, 25)]),
            seed: random.next(),
        };
        Self {
            flaw,
            is_told,
            weather: Weather::draw(&mut random),
            now: 0,
            wall: 1_700_000_000_000,
            fair_from: random.within(1_000..60_000),
            store: Store::default(),
            provider: Provider::new(to.len()),
            pages: Vec::new(),
            front: None,
            sent_again: vec![0; to.len()],
            called: BTreeMap::new(),
            may_send: false,
            coming: BTreeMap::new(),
            n_planned: 0,
            tally: Tally { schedules: 1, messages: n_messages, ..Tally::default() },
            random,
            to,
            config,
        }
    }

    fn run(&mut self) -> Checked<()> {
        let clock = self.random.within(0..100_000);
        self.pages.push(Page::new(self.told_recipients(), self.told_config(), self.flaw, clock));
        self.front = Some(0);
        self.plan(1, Happening::Agent);
        self.plan(1, Happening::Mood);
        let mut n_events = 0;
        while let Some(((at, _), happening)) = self.coming.pop_first() {
            self.now = at;
            n_events += 1;
            if self.fair_from <= self.now {
                self.weather.clear_up();
                if self.is_over() {
                    break;
                }
            }
            if n_events == MOST_EVENTS {
                return Err("the batch never ends".to_owned());
            }
            self.happen(happening)?;
        }
        // What is still on its way arrives.
        while let Some((_, happening)) = self.coming.pop_first() {
            if matches!(happening, Happening::Arrive { .. }) {
                self.happen(happening)?;
            }
        }
        self.tally.events += u64::from(n_events);
        self.check_end()
    }

    fn happen(&mut self, happening: Happening) -> Checked<()> {
        match happening {
            Happening::Tell { page, event } => self.tell(page, event),
            Happening::Wake { page, at } => {
                if self.pages[page].timer != Some(at) {
                    return Ok(());
                }
                self.pages[page].timer = None;
                self.tell(page, Event::Woke)
            }
            Happening::Keep { page, write, entries, reply_after } => {
                self.keep(page, write, &entries, reply_after)
            }
            Happening::Arrive { page, message, attempt, verdict, returns_after } => {
                let answer = self.provider.call(self.now, message, verdict);
                self.tally.throttled += u64::from(matches!(answer, Answer::Throttled { .. }));
                if let Some(after) = returns_after {
                    let event = Event::Answered { message, attempt, answer };
                    self.plan(after, Happening::Tell { page, event });
                }
                self.check_received(message)
            }
            Happening::Agent => self.agent(),
            Happening::Open => self.open(),
            Happening::Look { page } => {
                self.check_watcher(page)?;
                let after = self.random.within(100..20_000);
                self.plan(after, Happening::Look { page });
                Ok(())
            }
            Happening::Mood => {
                let after = self.weather.change(&mut self.random);
                self.plan(after, Happening::Mood);
                Ok(())
            }
        }
    }

    /// A page's engine learns something, and its shell does what it says.
    pub(crate) fn tell(&mut self, page: usize, event: Event) -> Checked<()> {
        let (now, time) = (self.now, self.wall + self.now);
        let it = &mut self.pages[page];
        if !it.is_alive {
            return Ok(());
        }
        if let Event::Answered { message, attempt, answer } = &event {
            // The shell tells one answer for each call: the first.
            if !it.in_flight.remove(&(*message, *attempt)) {
                return Ok(());
            }
            if matches!(answer, Answer::Throttled { .. } | Answer::Stop(_)) {
                let to = &self.to[*message];
                if self.called.get(to).is_some_and(|(_, last)| last == message) {
                    self.called.remove(to);
                }
            }
        }
        if self.is_told {
            println!("{now:>8} page {page} <- {event:?}");
        }
        let is_owner_kept = matches!(event, Event::Written { .. });
        let clock = it.clock();
        let commands = it.handle(now, time, event);
        for command in commands {
            if self.is_told {
                println!("{now:>8} page {page} -> {command:?}");
            }
            if self.random.chance(self.weather.crashes / 4) {
                self.crash(page);
                return Ok(());
            }
            self.perform(page, command, clock)?;
        }
        if self.front == Some(page) && *self.pages[page].dispatch.phase() != Phase::Running {
            self.may_send = false;
        }
        self.check_counts(page)?;
        if is_owner_kept && self.random.chance(200) {
            self.check_replay(page)?;
        }
        if self.random.chance(self.weather.crashes) {
            self.crash(page);
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.front.is_some_and(|page| matches!(self.pages[page].dispatch.phase(), Phase::Ended(_)))
    }

    /// What a page is told to keep to; a wrong one is told something else than what it is judged by.
    pub(crate) fn told_config(&self) -> Config {
        match self.flaw {
            Flaw::SendsTooFast => {
                Config { rate: Rate::new(self.config.rate.per_second() * 2), ..self.config }
            }
            _ => self.config,
        }
    }

    pub(crate) fn told_recipients(&self) -> Vec<E164> {
        match self.flaw {
            Flaw::MistakesRecipients => {
                (525_600_000_000..).map_while(E164::from_value).take(self.to.len()).collect()
            }
            _ => self.to.clone(),
        }
    }

    pub(crate) fn plan(&mut self, after: Millis, happening: Happening) {
        self.n_planned += 1;
        self.coming.insert((self.now + after, self.n_planned), happening);
    }
}
