//! What people do to the app: open it, look at it, close it, and pull the plug.

use cxconnect_core::dispatch::Event;

use crate::{
    Checked,
    agent::{self, Act},
    page::{Flaw, Page},
    world::{Happening, World},
};

impl World {
    /// The browser dies. What it had not finished may or may not have happened.
    pub(crate) fn crash(&mut self, page: usize) {
        if self.is_told {
            println!("{:>8} page {page} dies", self.now);
        }
        self.tally.crashes += 1;
        self.pages[page].is_alive = false;
        let random = &mut self.random;
        self.coming.retain(|_, happening| match happening {
            Happening::Keep { page: of, .. } | Happening::Arrive { page: of, .. } if *of == page => {
                random.chance(600)
            }
            Happening::Tell { page: of, .. }
            | Happening::Wake { page: of, .. }
            | Happening::Look { page: of } => *of != page,
            _ => true,
        });
        if self.front == Some(page) {
            self.front = None;
            let after = self.random.within(1..20_000);
            self.plan(after, Happening::Open);
        }
    }

    pub(crate) fn open(&mut self) -> Checked<()> {
        let clock = self.random.within(0..100_000);
        let writes = self.store.read(0)?;
        let page = Page::open(self.told_recipients(), self.told_config(), self.flaw, clock, writes)?;
        self.pages.push(page);
        let page = self.pages.len() - 1;
        self.front = Some(page);
        self.may_send = false;
        self.tally.reopenings += 1;
        let open = self.pages[self.store.owner()].open_messages();
        let before = self.pages[page].interrupted();
        // Not by `tell`: a crash within would hide what is checked here.
        let (now, time) = (self.now, self.wall + self.now);
        let commands = self.pages[page].handle(now, time, Event::Reopen);
        let after = self.pages[page].interrupted();
        self.tally.interrupted += u64::try_from(after.difference(&before).count()).unwrap_or(0);
        if let Some(message) = after.difference(&before).find(|message| !open.contains(message)) {
            return Err(format!("message {message} is in doubt, and no call for it was under way"));
        }
        if 32 < after.difference(&before).count() {
            return Err("more messages are in doubt than can have been under way".to_owned());
        }
        let clock = self.pages[page].clock();
        commands.into_iter().try_for_each(|command| self.perform(page, command, clock))
    }

    pub(crate) fn agent(&mut self) -> Checked<()> {
        let after = agent::rests(&mut self.random);
        self.plan(after, Happening::Agent);
        if self.random.chance(self.weather.clock_jumps) {
            self.wall = self.random.next() % 4_000_000_000_000;
        }
        if self.random.chance(self.weather.watchers) {
            self.watch()?;
        }
        let Some(page) = self.front else { return Ok(()) };
        if self.random.chance(self.weather.second_owners) {
            // The first page goes on, and doesn't know.
            return self.open();
        }
        let dispatch = &self.pages[page].dispatch;
        match agent::act(&mut self.random, self.weather.meddling, dispatch.phase(), dispatch.states()) {
            Act::Nothing => Ok(()),
            Act::Reload => {
                self.crash(page);
                Ok(())
            }
            Act::Tell(event) => {
                if matches!(event, Event::Start | Event::Resume | Event::SendAgain { .. }) {
                    self.may_send = true;
                }
                if let Event::SendAgain { message } = event {
                    self.sent_again[message] += 1;
                    self.tally.sent_again += 1;
                }
                self.tell(page, event)
            }
        }
    }

    pub(crate) fn watch(&mut self) -> Checked<()> {
        let writes = self.store.read(0)?;
        let mut page = Page::open(self.to.clone(), self.config, Flaw::None, 0, writes)?;
        page.is_watcher = true;
        self.pages.push(page);
        let page = self.pages.len() - 1;
        self.tally.watchers += 1;
        self.plan(1, Happening::Look { page });
        self.tell(page, Event::Start)?;
        self.tell(page, Event::Woke)
    }
}
