//! Which message is next: the file's order, but a recipient rests six seconds after each call
//! (Meta takes one message in six seconds for the same person, error 131056); the others go on meanwhile.

use std::collections::{BTreeSet, VecDeque};

use rustc_hash::FxHashMap;

use super::{MessageIdx, MessageState, Millis};
use crate::phone::E164;

/// How long the same recipient rests after a call.
const REST: Millis = 6_000;

#[derive(Clone, Debug)]
pub(super) struct Queue {
    /// Messages from here on were never looked at.
    next: MessageIdx,
    /// Messages from here on may not be called for yet.
    allowed: MessageIdx,
    /// Those before it that wait once more, and those whose recipient has rested.
    again: BTreeSet<MessageIdx>,
    /// Those that were turned away again and again, while others went through: they come last.
    postponed: VecDeque<MessageIdx>,
    /// Recipients that were called lately or are about to be.
    recipients: FxHashMap<E164, Recipient>,
    /// Ends of rests, earliest first. Those of calls that were turned away stay in it and are passed over.
    rests: VecDeque<(Millis, E164)>,
    n_parked: usize,
}

#[derive(Clone, Debug)]
struct Recipient {
    is: Is,
    /// Whose claim or call that is, or was.
    message: MessageIdx,
    /// More messages for this recipient, in the file's order.
    parked: VecDeque<MessageIdx>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    /// One message may go; it stands in `again`.
    Free,
    /// A message is claimed whose call hasn't begun.
    Claimed,
    /// A call began; the next may when this moment comes.
    Resting(Millis),
}

impl Default for Queue {
    /// One in which every message may be called for.
    fn default() -> Self {
        Self {
            next: 0,
            allowed: MessageIdx::MAX,
            again: BTreeSet::new(),
            postponed: VecDeque::new(),
            recipients: FxHashMap::default(),
            rests: VecDeque::new(),
            n_parked: 0,
        }
    }
}

impl Queue {
    /// From this message on none may be called for.
    pub(super) fn allow(&mut self, n_messages: MessageIdx) {
        self.allowed = n_messages;
    }

    /// Whether all that could be next may not be called for yet.
    pub(super) fn is_held_back(&self) -> bool {
        self.allowed <= self.next && !self.has_again() && self.postponed.is_empty()
    }

    /// The next message that waits and whose recipient may be called; its recipient counts as claimed.
    pub(super) fn take(&mut self, to: &[E164], states: &[MessageState]) -> Option<MessageIdx> {
        loop {
            let again = if self.has_again() { self.again.pop_first() } else { None };
            let next = again.or_else(|| self.advance(states));
            let message = next.or_else(|| self.postponed.pop_front())?;
            let Some(recipient) = to.get(message) else { continue };
            match self.recipients.get_mut(recipient) {
                Some(Recipient { is: Is::Claimed | Is::Resting(_), parked, .. }) => {
                    parked.push_back(message);
                    self.n_parked += 1;
                }
                Some(free) => {
                    free.is = Is::Claimed;
                    free.message = message;
                    return Some(message);
                }
                None => {
                    let claimed = Recipient { is: Is::Claimed, message, parked: VecDeque::new() };
                    self.recipients.insert(*recipient, claimed);
                    return Some(message);
                }
            }
        }
    }

    /// Whether one that waits once more may be called for.
    fn has_again(&self) -> bool {
        self.again.first().is_some_and(|message| *message < self.allowed)
    }

    /// The message's call begins.
    pub(super) fn begin(&mut self, now: Millis, message: MessageIdx, recipient: E164) {
        let until = now.saturating_add(REST);
        let entry = self.recipients.entry(recipient).or_insert_with(|| Recipient {
            is: Is::Free,
            message,
            parked: VecDeque::new(),
        });
        entry.is = Is::Resting(until);
        entry.message = message;
        self.rests.push_back((until, recipient));
    }

    /// The message wasn't sent: it waits again, and its recipient needs no rest for it. One that was slow to be turned away
    /// may have been followed by another, for which they do rest.
    pub(super) fn turned_away(&mut self, message: MessageIdx, recipient: E164) {
        if let Some(entry) = self.recipients.get_mut(&recipient).filter(|entry| entry.message == message) {
            entry.is = Is::Free;
            if entry.parked.is_empty() {
                self.recipients.remove(&recipient);
            }
        }
        self.wait_again(message);
    }

    /// A message that waits again comes after all others.
    pub(super) fn postpone(&mut self, message: MessageIdx) {
        if self.again.remove(&message) {
            self.postponed.push_back(message);
        }
    }

    /// This message waits once more; its recipient rests as before.
    pub(super) fn wait_again(&mut self, message: MessageIdx) {
        if message < self.next {
            self.again.insert(message);
        }
    }

    /// Lets recipients go that have rested.
    pub(super) fn wake(&mut self, now: Millis) {
        while let Some((until, recipient)) = self.rests.pop_front_if(|(until, _)| *until <= now) {
            let Some(entry) = self.recipients.get_mut(&recipient) else { continue };
            if entry.is != Is::Resting(until) {
                continue;
            }
            entry.is = Is::Free;
            if let Some(message) = entry.parked.pop_front() {
                self.n_parked -= 1;
                self.again.insert(message);
            } else {
                self.recipients.remove(&recipient);
            }
        }
    }

    /// How many messages wait for their recipient's rest to end.
    pub(super) fn n_parked(&self) -> usize {
        self.n_parked
    }

    /// When the next rest ends.
    pub(super) fn next_wake(&self) -> Option<Millis> {
        self.rests.front().map(|(until, _)| *until)
    }

    /// Nothing waits any more.
    pub(super) fn clear(&mut self, n_messages: usize) {
        self.next = n_messages;
        self.again.clear();
        self.postponed.clear();
        self.n_parked = 0;
        for recipient in self.recipients.values_mut() {
            recipient.parked.clear();
        }
        self.recipients.retain(|_, recipient| recipient.is != Is::Free);
    }

    fn advance(&mut self, states: &[MessageState]) -> Option<MessageIdx> {
        while let Some(state) = states.get(self.next).filter(|_| self.next < self.allowed) {
            let message = self.next;
            self.next += 1;
            if *state == MessageState::Waiting {
                return Some(message);
            }
        }
        None
    }
}
