//! What happened in many schedules: a simulation in which nothing goes wrong proves nothing.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub schedules: u64,
    pub events: u64,
    pub messages: u64,
    pub calls: u64,
    pub accepted: u64,
    pub unknown: u64,
    pub not_sent: u64,
    pub throttled: u64,
    pub crashes: u64,
    pub reopenings: u64,
    /// Messages in doubt after a crash.
    pub interrupted: u64,
    pub failed_writes: u64,
    /// Writes whose place another owner, or a write that was thought lost, had.
    pub taken: u64,
    pub watchers: u64,
    pub sent_again: u64,
    pub ends: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (sum, more) in self.all_mut().into_iter().zip(other.all()) {
            *sum += more;
        }
    }
}

impl Tally {
    /// Every number.
    pub fn all(mut self) -> [u64; 16] {
        self.all_mut().map(|number| *number)
    }

    fn all_mut(&mut self) -> [&mut u64; 16] {
        [
            &mut self.schedules,
            &mut self.events,
            &mut self.messages,
            &mut self.calls,
            &mut self.accepted,
            &mut self.unknown,
            &mut self.not_sent,
            &mut self.throttled,
            &mut self.crashes,
            &mut self.reopenings,
            &mut self.interrupted,
            &mut self.failed_writes,
            &mut self.taken,
            &mut self.watchers,
            &mut self.sent_again,
            &mut self.ends,
        ]
    }
}
