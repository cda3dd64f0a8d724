//! How a page's commands are performed: writes to storage, calls to the provider, timers.

use cxconnect_core::dispatch::{Answer, Command, Doubt, Entry, Event, JournalFault, MessageIdx, Millis};

use crate::{
    Checked,
    weather::Reply,
    world::{Happening, World},
};

/// The app gives up on a call after this.
const TIMEOUT: Millis = 30_000;

impl World {
    pub(crate) fn perform(&mut self, page: usize, command: Command, clock: Millis) -> Checked<()> {
        if self.pages[page].is_watcher {
            return Err(format!("a watcher does something: {command:?}"));
        }
        match command {
            Command::Write { write, entries } => {
                self.pages[page].asks_to_write(write, &entries)?;
                let fate = self.weather.write(&mut self.random);
                let reply_after = match fate.reply {
                    Reply::True(after) => Some(after),
                    Reply::Failed(after) => {
                        self.tally.failed_writes += 1;
                        let event = Event::NotWritten { write, cause: JournalFault::Failed };
                        self.plan(after, Happening::Tell { page, event });
                        None
                    }
                };
                if let Some(after) = fate.kept_after {
                    self.plan(after, Happening::Keep { page, write, entries, reply_after });
                }
                Ok(())
            }
            Command::Send { message, attempt } => self.send(page, message, attempt),
            Command::WakeAt(at) => {
                // Late, and early where timers round, by up to a tenth of a second.
                let late = self.random.weighed(&[(20, 1), (20, 16), (1, 1_000)]);
                let early = self.random.weighed(&[(20, 1), (20, 2), (1, 100)]);
                let after = at.saturating_sub(clock + self.now) + self.random.within(0..late);
                let after = after.saturating_sub(self.random.within(0..early));
                self.pages[page].timer = Some(at);
                self.plan(after, Happening::Wake { page, at });
                Ok(())
            }
            Command::Finished(_) => {
                self.tally.ends += 1;
                if self.pages[page].in_flight.is_empty() {
                    Ok(())
                } else {
                    Err("the batch has ended, and calls are under way".to_owned())
                }
            }
        }
    }

    pub(crate) fn send(&mut self, page: usize, message: MessageIdx, attempt: u32) -> Checked<()> {
        if !self.store.has_claim(message, attempt) {
            return Err(format!("message {message} leaves before its claim {attempt} is kept"));
        }
        if self.front == Some(page) && !self.may_send {
            return Err(format!("message {message} leaves though nobody wants it"));
        }
        if self.front == Some(page) {
            self.check_rest(message)?;
        }
        let limit = usize::try_from(self.config.rate.per_second()).unwrap_or(usize::MAX);
        self.pages[page].begins(self.now, message, attempt, limit)?;
        self.tally.calls += 1;
        let fate = self.weather.call(&mut self.random);
        let gives_up = |doubt| Event::Answered { message, attempt, answer: Answer::Unknown(doubt) };
        self.plan(TIMEOUT, Happening::Tell { page, event: gives_up(Doubt::Timeout) });
        if let Some(after) = fate.breaks_after {
            self.plan(after, Happening::Tell { page, event: gives_up(Doubt::ConnectionLost) });
        }
        if let Some(after) = fate.arrives_after {
            let (verdict, returns_after) = (fate.verdict, fate.returns_after);
            self.plan(after, Happening::Arrive { page, message, attempt, verdict, returns_after });
        }
        Ok(())
    }

    pub(crate) fn keep(
        &mut self,
        page: usize,
        write: u64,
        entries: &[Entry],
        reply_after: Option<Millis>,
    ) -> Checked<()> {
        let is_kept = self.store.add(page, write, entries)?;
        if let Some(after) = reply_after {
            let event = if is_kept {
                Event::Written { write }
            } else {
                self.tally.taken += 1;
                Event::NotWritten { write, cause: JournalFault::Taken }
            };
            self.plan(after, Happening::Tell { page, event });
        }
        Ok(())
    }
}
