//! What follows once an event is taken in: calls begin, messages are claimed, the batch ends, something is written, and the
//! shell is asked to wake the engine.

use super::{Command, Dispatch, End, Millis, Moment, Phase, Record};

/// Messages whose calls are due within this of each other are claimed by one write.
const CLAIMED_TOGETHER: Millis = 25;

impl Dispatch {
    pub(super) fn advance(&mut self, now: Moment, commands: &mut Vec<Command>) {
        self.queue.wake(now.clock);
        if self.is_sending() && self.held_until(now.clock).is_none() {
            self.begin_calls(now, commands);
        } else {
            self.withdraw_claims(now);
        }
        self.end_if_over(now);
        if self.outbox.is_free() {
            self.claim(now);
            if let Some((write, entries)) = self.outbox.next_write(now.clock) {
                commands.push(Command::Write { write, entries });
            }
        }
        if let Some(at) = self.next_wake(now.clock) {
            let is_sooner = self.wake_at.is_none_or(|asked_for| at < asked_for);
            if is_sooner {
                self.wake_at = Some(at);
                commands.push(Command::WakeAt(at));
            }
        }
    }

    fn is_sending(&self) -> bool {
        *self.book.phase() == Phase::Running && self.outbox.fault().is_none()
    }

    fn begin_calls(&mut self, now: Moment, commands: &mut Vec<Command>) {
        while self.calls.has_ready() && self.pace.may_begin(now.clock) {
            let Some(message) = self.calls.next_ready() else { break };
            let begun = self.pace.begin(now.clock);
            if let Some(recipient) = self.to.get(message) {
                self.queue.begin(now.clock, message, *recipient);
            }
            if let Some(attempt) = self.calls.begin(message, begun) {
                commands.push(Command::Send { message, attempt });
            }
        }
    }

    /// Calls that were to begin next don't: should the browser die now, nobody need doubt whether they did.
    fn withdraw_claims(&mut self, now: Moment) {
        while let Some(message) = self.calls.withdraw_next() {
            self.turned_away(now, message);
        }
    }

    fn end_if_over(&mut self, now: Moment) {
        let counts = self.counts();
        let end = match self.book.phase() {
            Phase::Running | Phase::Paused(_) if counts.waiting == 0 && counts.not_sent == 0 => {
                End::Completed
            }
            // A message was sent again after the rest had been cancelled.
            Phase::Running | Phase::Paused(_) if counts.waiting == 0 => End::Cancelled,
            Phase::Draining => End::Cancelled,
            _ => return,
        };
        if counts.claimed == 0 && self.record(now, Record::Ended(end)) {
            self.is_end_kept = false;
            self.queue.clear(self.to.len());
        }
    }

    /// If a call will be due by the time its claim is kept: claims its message, and those that follow soon after.
    fn claim(&mut self, now: Moment) {
        if !self.is_sending() || self.held_until(now.clock).is_some() {
            return;
        }
        let n_free = self.pace.window().saturating_sub(self.counts().claimed);
        let n_unbegun = self.calls.n_unbegun();
        let by = now.clock.saturating_add(self.pace.meter.claim_ahead());
        if by < self.pace.nth_begin(now.clock, n_unbegun) {
            return;
        }
        let until = by.saturating_add(CLAIMED_TOGETHER);
        let n_due = self.pace.n_begins(now.clock, until, n_unbegun.saturating_add(n_free));
        for _ in n_unbegun..n_due {
            let Some(message) = self.queue.take(&self.to, self.book.states()) else { break };
            let attempt = self.book.next_attempt(message);
            if self.record(now, Record::Claimed { message, attempt }) {
                self.calls.claim(message, attempt);
            }
        }
    }

    /// When something is to happen that no answer brings about.
    fn next_wake(&self, now: Millis) -> Option<Millis> {
        let (begin, claim) = if self.is_sending() { self.next_calls(now) } else { (None, None) };
        // What is due already has just been done or waits for something else; never ask for the past.
        let wakes = [begin, claim, self.outbox.due()];
        wakes.into_iter().flatten().min().map(|at| at.max(now.saturating_add(1)))
    }

    /// When a call may begin, and when the next one is to be claimed.
    fn next_calls(&self, now: Millis) -> (Option<Millis>, Option<Millis>) {
        let begin = self.calls.has_ready().then(|| self.pace.nth_begin(now, 0));
        let counts = self.counts();
        let may_claim = self.outbox.is_free() && counts.claimed < self.pace.window();
        let claim = if !may_claim {
            None
        } else if self.queue.n_parked() < counts.waiting && !self.queue.is_held_back() {
            let begin = self.pace.nth_begin(now, self.calls.n_unbegun());
            let ahead = begin.saturating_sub(self.pace.meter.claim_ahead());
            Some(ahead.max(self.held_until(now).unwrap_or_default()))
        } else if 0 < counts.waiting {
            self.queue.next_wake()
        } else {
            None
        };
        (begin, claim)
    }
}
