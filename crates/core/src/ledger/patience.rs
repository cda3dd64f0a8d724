//! How long to wait after requests that came to nothing, and when waiting is of no use.

use super::Fault;
use crate::dispatch::Millis;

const FIRST_WAIT: Millis = 1_000;
const LONGEST_WAIT: Millis = 60_000;
/// After a 429 that names no wait: a minute's requests are counted.
const THROTTLED_WAIT: Millis = 15_000;
/// The longest wait that is taken from an answer.
const LONGEST_NAMED: Millis = 5 * 60_000;
/// So often a walk begins again because its place in the list was refused.
const MOST_BEGINNINGS: u32 = 3;

/// Waits that grow from failure to failure, until there is an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patience {
    n_failures: u32,
}

impl Patience {
    /// How long to wait after this one; none if waiting doesn't mend it.
    pub fn failed(&mut self, fault: Fault) -> Option<Millis> {
        if !fault.passes() {
            return None;
        }
        let grown = FIRST_WAIT.saturating_mul(1 << self.n_failures.min(16)).min(LONGEST_WAIT);
        self.n_failures = self.n_failures.saturating_add(1);
        Some(match fault {
            // What Zendesk asks for is enough, and less would be refused again.
            Fault::Throttled { retry_after: Some(named) } => named.clamp(FIRST_WAIT, LONGEST_NAMED),
            Fault::Throttled { retry_after: None } => grown.max(THROTTLED_WAIT),
            _ => grown,
        })
    }

    /// There was an answer.
    pub fn answered(&mut self) {
        self.n_failures = 0;
    }
}

/// A walk through pages of a list to its end. What passes is waited for, and the walk goes on from the page it was at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    patience: Patience,
    has_place: bool,
    n_beginnings: u32,
}

/// What to do after a page that could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFault {
    /// Ask for the same page again, so much later.
    Wait(Millis),
    /// Begin again: Zendesk doesn't take the place where the walk was.
    BeginAgain,
    /// Nothing, until somebody mends what is the matter.
    Stop,
}

impl Walk {
    /// A page has come.
    pub fn answered(&mut self) {
        self.patience.answered();
        self.has_place = true;
    }

    /// A page could not be had.
    pub fn failed(&mut self, fault: Fault) -> AfterFault {
        // The first page was answered, so what is refused now is the place in the list: it holds for a while only.
        let is_place = fault == Fault::Refused && self.has_place;
        if is_place && self.n_beginnings < MOST_BEGINNINGS {
            *self = Self { n_beginnings: self.n_beginnings + 1, ..Self::default() };
            return AfterFault::BeginAgain;
        }
        self.patience.failed(fault).map_or(AfterFault::Stop, AfterFault::Wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn throttled(retry_after: Option<Millis>) -> Fault {
        Fault::Throttled { retry_after }
    }

    #[test]
    fn waits_grow_until_there_is_an_answer() {
        let mut patience = Patience::default();
        let waits: Vec<_> = (0..8).filter_map(|_| patience.failed(Fault::Unavailable)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
        patience.answered();
        assert_eq!(patience.failed(Fault::Unavailable), Some(1_000));
    }

    #[test]
    fn what_zendesk_names_is_waited_for() {
        let mut patience = Patience::default();
        assert_eq!(patience.failed(throttled(Some(42_000))), Some(42_000));
        assert_eq!(patience.failed(throttled(Some(0))), Some(1_000));
        assert_eq!(patience.failed(throttled(Some(u64::MAX))), Some(300_000));
        assert_eq!(patience.failed(throttled(None)), Some(15_000));
    }

    #[test]
    fn what_does_not_pass_is_not_waited_for() {
        for fault in [Fault::Forbidden, Fault::Missing, Fault::SignedOut, Fault::Refused, Fault::TooLarge] {
            assert_eq!(Patience::default().failed(fault), None);
            assert_eq!(Walk::default().failed(fault), AfterFault::Stop);
        }
    }

    #[test]
    fn a_walk_goes_on_from_its_page_and_begins_again_only_where_that_is_refused() {
        let mut walk = Walk::default();
        walk.answered();
        assert_eq!(walk.failed(throttled(Some(7_000))), AfterFault::Wait(7_000));
        assert_eq!(walk.failed(Fault::Unavailable), AfterFault::Wait(2_000));
        walk.answered();
        assert_eq!(walk.failed(Fault::Refused), AfterFault::BeginAgain);
        // Refused from the first page on, it isn't the place.
        assert_eq!(walk.failed(Fault::Refused), AfterFault::Stop);
    }

    #[test]
    fn a_walk_does_not_begin_again_for_ever() {
        let mut walk = Walk::default();
        let mut n_beginnings = 0;
        loop {
            walk.answered();
            match walk.failed(Fault::Refused) {
                AfterFault::BeginAgain => n_beginnings += 1,
                after => break assert_eq!(after, AfterFault::Stop),
            }
        }
        assert_eq!(n_beginnings, MOST_BEGINNINGS);
    }
}
