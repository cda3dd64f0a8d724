//! Claimed messages, from the write that holds their claim to their answer.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::{MessageIdx, pace::Begun};

#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    by_message: FxHashMap<MessageIdx, Call>,
    /// Claims that are kept and whose call hasn't begun, oldest first.
    ready: VecDeque<MessageIdx>,
    n_begun: usize,
}

#[derive(Clone, Copy, Debug)]
struct Call {
    attempt: u32,
    begun: Option<Begun>,
}

impl Calls {
    pub(super) fn claim(&mut self, message: MessageIdx, attempt: u32) {
        self.by_message.insert(message, Call { attempt, begun: None });
    }

    /// The claim is kept: its call may begin.
    pub(super) fn kept(&mut self, message: MessageIdx) {
        if self.by_message.contains_key(&message) {
            self.ready.push_back(message);
        }
    }

    pub(super) fn not_kept(&mut self, message: MessageIdx) {
        self.by_message.remove(&message);
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The call that is to begin next.
    pub(super) fn next_ready(&mut self) -> Option<MessageIdx> {
        self.ready.pop_front()
    }

    /// Takes back a claim whose call was to begin next.
    pub(super) fn withdraw_next(&mut self) -> Option<MessageIdx> {
        let message = self.ready.pop_front()?;
        self.by_message.remove(&message);
        Some(message)
    }

    /// The call begins; its attempt.
    pub(super) fn begin(&mut self, message: MessageIdx, begun: Begun) -> Option<u32> {
        let call = self.by_message.get_mut(&message)?;
        call.begun = Some(begun);
        self.n_begun += 1;
        Some(call.attempt)
    }

    /// The call's answer came, if it is for this attempt and the call had begun.
    pub(super) fn answered(&mut self, message: MessageIdx, attempt: u32) -> Option<Begun> {
        let call = self.by_message.get(&message)?;
        let begun = call.begun.filter(|_| call.attempt == attempt)?;
        self.by_message.remove(&message);
        self.n_begun -= 1;
        Some(begun)
    }

    /// Claims whose call hasn't begun.
    pub(super) fn n_unbegun(&self) -> usize {
        self.by_message.len() - self.n_begun
    }
}
