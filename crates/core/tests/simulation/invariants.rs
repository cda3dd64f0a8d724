//! What must be so whatever happens.

use cxconnect_core::dispatch::{Counts, Dispatch, MessageIdx, MessageState, Phase};

use crate::{Checked, world::World};

impl World {
    /// Nobody receives a message twice, unless the agent had it sent again.
    pub(crate) fn check_received(&self, message: MessageIdx) -> Checked<()> {
        let n_received = self.provider.n_received(message);
        if n_received <= 1 + self.sent_again[message] {
            return Ok(());
        }
        Err(format!("message {message} was received {n_received} times"))
    }

    /// Nobody gets two messages within six seconds.
    pub(crate) fn check_rest(&mut self, message: MessageIdx) -> Checked<()> {
        let before = self.called.insert(self.to[message], (self.now, message));
        match before.map(|(before, _)| self.now - before) {
            Some(rest @ 0..6_000) => {
                Err(format!("message {message} leaves {rest} ms after another one to the same person"))
            }
            _ => Ok(()),
        }
    }

    /// Each message is in one state, and the counts say how many are in each.
    pub(crate) fn check_counts(&self, page: usize) -> Checked<()> {
        let dispatch = &self.pages[page].dispatch;
        let counts = dispatch.counts();
        let Counts { total, waiting, claimed, accepted, refused, unknown, marked_sent, not_sent } = counts;
        let sum = waiting + claimed + accepted + refused + unknown + marked_sent + not_sent;
        if sum == total && total == self.to.len() && claimed <= 32 {
            Ok(())
        } else {
            Err(format!("counts don't add up: {counts:?}"))
        }
    }

    /// The journal tells the same as the engine, as soon as everything is kept.
    pub(crate) fn check_replay(&self, page: usize) -> Checked<()> {
        let live = &self.pages[page].dispatch;
        if live.has_unwritten() || live.n_writes() != self.store.len() {
            return Ok(());
        }
        let replayed = Dispatch::replay(self.to.clone(), self.config, &self.store.read(0)?)
            .map_err(|error| error.to_string())?;
        same(&replayed, live)
    }

    /// A watcher that follows write by write sees what one sees who reads all.
    pub(crate) fn check_watcher(&mut self, page: usize) -> Checked<()> {
        let watcher = &mut self.pages[page].dispatch;
        for entries in self.store.read(watcher.n_writes())? {
            watcher.apply(&entries).map_err(|error| error.to_string())?;
        }
        let all = self.store.read(0)?;
        let replayed =
            Dispatch::replay(self.to.clone(), self.config, &all).map_err(|error| error.to_string())?;
        same(&replayed, watcher)
    }

    /// The batch has ended: every row is accounted for, and what is said of it is true.
    pub(crate) fn check_end(&mut self) -> Checked<()> {
        let front = self.front.ok_or("no page is left")?;
        let watchers: Vec<_> = (0..self.pages.len())
            .filter(|&page| self.pages[page].is_watcher && self.pages[page].is_alive)
            .collect();
        watchers.into_iter().try_for_each(|page| self.check_watcher(page))?;
        self.check_replay(front)?;
        let dispatch = &self.pages[front].dispatch;
        if !matches!(dispatch.phase(), Phase::Ended(_)) {
            return Err(format!("nothing happens any more, in phase {:?}", dispatch.phase()));
        }
        for (message, state) in dispatch.states().iter().enumerate() {
            let n_received = self.provider.n_received(message);
            let is_true = match state {
                MessageState::Waiting | MessageState::Claimed => false,
                MessageState::Accepted(id) => self.provider.knows(message, id),
                // An earlier call, whose outcome was unknown, may have been taken.
                MessageState::Refused(_) | MessageState::NotSent => {
                    n_received == 0 || 0 < self.sent_again[message]
                }
                MessageState::Unknown(_) | MessageState::MarkedSent => true,
            };
            if !is_true {
                return Err(format!("message {message} ends as {state:?}, received {n_received} times"));
            }
        }
        let counts = dispatch.counts();
        self.tally.accepted += u64::try_from(counts.accepted).unwrap_or(0);
        self.tally.unknown += u64::try_from(counts.unknown).unwrap_or(0);
        self.tally.not_sent += u64::try_from(counts.not_sent).unwrap_or(0);
        Ok(())
    }
}

fn same(replayed: &Dispatch, live: &Dispatch) -> Checked<()> {
    let all = 0..live.states().len();
    let is_same = replayed.states() == live.states()
        && replayed.counts() == live.counts()
        && replayed.phase() == live.phase()
        && replayed.n_writes() == live.n_writes()
        && all.clone().all(|message| replayed.times(message) == live.times(message))
        && all.clone().all(|message| replayed.is_retried(message) == live.is_retried(message));
    if is_same {
        return Ok(());
    }
    let differs = all.filter_map(|message| {
        let (told, known) = (replayed.states().get(message), live.states().get(message));
        (told != known).then(|| format!("{message}: {told:?}, {known:?}"))
    });
    let differs: Vec<_> = differs.collect();
    Err(format!("the journal tells {:?}, the engine {:?}: {differs:?}", replayed.phase(), live.phase()))
}
