//! The faults that are set, and what a call runs into.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::sunco::faults::magic::Magic;
use crate::sunco::faults::{FaultRule, Operation, digits_of};

/// The faults that are set, and what has already happened under them.
#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    rules: Vec<Armed>,
    magic: Magic,
}

/// A rule, and what it has seen.
#[derive(Debug)]
struct Armed {
    rule: FaultRule,
    n_matched: u32,
    n_fired: u32,
    /// When it struck for the first time.
    began: Option<Instant>,
    /// When it let calls through, within the last second.
    recent: VecDeque<Instant>,
}

impl FaultBook {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(Armed { rule, n_matched: 0, n_fired: 0, began: None, recent: VecDeque::new() });
    }

    pub(crate) fn rules(&self) -> Vec<FaultRule> {
        self.rules.iter().map(|armed| armed.rule.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The fault this call runs into, if any: the first rule that fires, else its magic number. Rules that only
    /// delay add up, wherever they stand, and let the call go on to the others.
    pub(crate) fn next(
        &mut self,
        operation: Operation,
        phone: Option<&str>,
        now: Instant,
    ) -> Option<FaultRule> {
        let mut delay = FaultRule::default();
        let mut struck = None;
        for armed in self.rules.iter_mut().filter(|it| it.matches(operation, phone)) {
            if armed.rule.is_only_a_delay() {
                if armed.fires(now) {
                    delay = delay.delayed_by(&armed.rule);
                }
            } else if struck.is_none() && armed.fires(now) {
                struck = Some(armed.rule.clone());
            }
        }
        if struck.is_none() && operation == Operation::Notifications {
            struck = phone.and_then(|phone| self.magic.fault(phone));
        }
        match struck {
            Some(rule) => Some(rule.delayed_by(&delay)),
            None => (delay != FaultRule::default()).then_some(delay),
        }
    }
}

impl Armed {
    fn matches(&self, operation: Operation, phone: Option<&str>) -> bool {
        let rule = &self.rule;
        (rule.operation == Operation::Any || rule.operation == operation)
            && rule.phone.as_deref().is_none_or(|it| phone.is_some_and(|p| digits_of(p) == digits_of(it)))
    }

    fn fires(&mut self, now: Instant) -> bool {
        self.n_matched += 1;
        let fires = self.is_its_place()
            && self.rule.times.is_none_or(|times| self.n_fired < times)
            && !self.is_over(now)
            && !self.has_room(now);
        if fires {
            self.n_fired += 1;
            self.began.get_or_insert(now);
        }
        fires
    }

    fn is_its_place(&self) -> bool {
        let rule = &self.rule;
        let since = self.n_matched.checked_sub(rule.from.unwrap_or(1));
        rule.nth.is_none_or(|n| n == self.n_matched)
            && since.is_some_and(|since| rule.every.is_none_or(|n| since % n.max(1) == 0))
    }

    fn is_over(&self, now: Instant) -> bool {
        let limit = self.rule.for_ms.map(Duration::from_millis);
        limit.zip(self.began).is_some_and(|(limit, began)| limit <= now.duration_since(began))
    }

    /// Whether the ceiling lets one more call through; then it has done so.
    fn has_room(&mut self, now: Instant) -> bool {
        let Some(limit) = self.rule.limit_per_second else { return false };
        while self.recent.front().is_some_and(|at| Duration::from_secs(1) <= now.duration_since(*at)) {
            self.recent.pop_front();
        }
        let has_room = self.recent.len() < usize::try_from(limit).unwrap_or(usize::MAX);
        if has_room {
            self.recent.push_back(now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(book: &mut FaultBook, calls: &[(Operation, &str)]) -> Vec<Option<u16>> {
        let now = Instant::now();
        calls.iter().map(|(op, phone)| book.next(*op, Some(phone), now).and_then(|it| it.status)).collect()
    }

    #[test]
    fn a_rule_strikes_its_number_its_nth_call_and_so_many_times() {
        let send = |phone| (Operation::Notifications, phone);
        let mut book = FaultBook::default();
        book.add(FaultRule {
            phone: Some("+525511112222".into()),
            status: Some(400),
            ..FaultRule::default()
        });
        assert_eq!(statuses(&mut book, &[send("525511112222"), send("+525500000000")]), [Some(400), None]);

        let mut book = FaultBook::default();
        book.add(FaultRule { nth: Some(2), status: Some(500), ..FaultRule::default() });
        assert_eq!(statuses(&mut book, &[send("1"), send("2"), send("3")]), [None, Some(500), None]);

        let mut book = FaultBook::default();
        book.add(FaultRule {
            operation: Operation::Any,
            times: Some(1),
            status: Some(401),
            ..FaultRule::default()
        });
        assert_eq!(statuses(&mut book, &[(Operation::Templates, ""), send("1")]), [Some(401), None]);
    }

    #[test]
    fn a_burst_begins_at_a_call_and_ends_with_its_number_or_its_time() {
        let strikes = |rule: FaultRule, times: &[u64]| -> Vec<bool> {
            let mut book = FaultBook::default();
            book.add(FaultRule { status: Some(503), ..rule });
            let start = Instant::now();
            let mut at = |ms: &u64| {
                book.next(Operation::Notifications, None, start + Duration::from_millis(*ms)).is_some()
            };
            times.iter().map(&mut at).collect()
        };
        let burst = FaultRule { from: Some(2), times: Some(2), ..FaultRule::default() };
        assert_eq!(strikes(burst, &[0, 0, 0, 0]), [false, true, true, false]);
        let storm = FaultRule { from: Some(2), for_ms: Some(100), ..FaultRule::default() };
        assert_eq!(strikes(storm, &[0, 500, 599, 600, 601]), [false, true, true, false, false]);
        let every = FaultRule { from: Some(2), every: Some(2), ..FaultRule::default() };
        assert_eq!(strikes(every, &[0, 0, 0, 0, 0]), [false, true, false, true, false]);
    }

    #[test]
    fn a_burst_limit_lets_so_many_through_in_a_second() {
        let mut book = FaultBook::default();
        book.add(FaultRule { limit_per_second: Some(2), status: Some(429), ..FaultRule::default() });
        let start = Instant::now();
        let mut at =
            |ms| book.next(Operation::Notifications, None, start + Duration::from_millis(ms)).is_some();
        assert_eq!([at(0), at(10), at(20), at(1015)], [false, false, true, false]);
    }

    #[test]
    fn delays_add_up_and_let_other_faults_through() {
        let mut book = FaultBook::default();
        book.add(FaultRule { delay_ms: 100, ..FaultRule::default() });
        book.add(FaultRule { delay_ms: 20, status: Some(500), times: Some(1), ..FaultRule::default() });
        book.add(FaultRule { answer_delay_ms: 7, ..FaultRule::default() });
        let mut next = || {
            let fault = book.next(Operation::Notifications, None, Instant::now()).unwrap();
            (fault.delay_ms, fault.answer_delay_ms, fault.status)
        };
        assert_eq!([next(), next()], [(120, 7, Some(500)), (100, 7, None)]);
    }

    #[test]
    fn a_429_number_fails_once_and_others_are_left_alone() {
        let mut book = FaultBook::default();
        let magic = (Operation::Notifications, "+525555500429");
        assert_eq!(
            statuses(&mut book, &[magic, magic, (Operation::Notifications, "+525512340429")]),
            [Some(429), None, None]
        );
    }
}
