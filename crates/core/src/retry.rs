//! Which messages of a batch that is over may become part of another one: the refused ones that may be tried again, and
//! when, and those that never left.

use rustc_hash::FxHashMap;

use crate::{
    dispatch::{Dispatch, MessageIdx, MessageState, UnixMillis},
    frozen::Frozen,
    phone::{self, E164},
    reasons::{Reason, Retry},
};

/// A batch's refused messages that are in no other batch yet, by what may be done with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retriable {
    /// They may be tried again at once.
    pub now: Vec<MessageIdx>,
    /// They may be tried again from a moment on that may be over already, after the agent has confirmed it.
    pub later: Vec<Later>,
    /// Trying again changes nothing, or does harm: something has to be mended first. So do those whose reason isn't
    /// known.
    pub never: Vec<MessageIdx>,
}

/// A message that may be tried again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later {
    /// The message.
    pub message: MessageIdx,
    /// From when on.
    pub from: UnixMillis,
}

impl Retriable {
    /// What may be done with a batch's refused messages. `now` counts for those of which nobody knows when they were
    /// refused.
    pub fn of(frozen: &Frozen, dispatch: &Dispatch, now: UnixMillis) -> Self {
        let mut found = Self::default();
        // Most refusals of a batch say the same.
        let mut reasons: FxHashMap<&str, Option<Reason>> = FxHashMap::default();
        for (message, state) in dispatch.states().iter().enumerate() {
            let MessageState::Refused(refusal) = state else { continue };
            if dispatch.is_retried(message) {
                continue;
            }
            let reason = *reasons.entry(refusal.text.as_str()).or_insert_with(|| Reason::find(&refusal.text));
            match retry(reason, frozen.recipient(message)) {
                Retry::Now => found.now.push(message),
                Retry::Later { wait } => {
                    let refused_at = dispatch.times(message).ended_at.unwrap_or(now);
                    found.later.push(Later { message, from: refused_at.saturating_add(wait) });
                }
                Retry::Never => found.never.push(message),
            }
        }
        found
    }

    /// Those whose moment has come: the ones that may be tried again at once, and of the others those that have waited
    /// long enough.
    pub fn due(&self, now: UnixMillis) -> (Vec<MessageIdx>, Vec<MessageIdx>) {
        let waited = self.later.iter().filter(|later| later.from <= now);
        (self.now.clone(), waited.map(|later| later.message).collect())
    }

    /// When the first of those that wait may be tried again.
    pub fn next(&self, now: UnixMillis) -> Option<UnixMillis> {
        self.later.iter().map(|later| later.from).filter(|from| now < *from).min()
    }
}

/// The messages that the batch ended without, and that are in no other batch yet.
pub fn never_left(dispatch: &Dispatch) -> Vec<MessageIdx> {
    let states = dispatch.states().iter().enumerate();
    let never_left = states.filter(|(_, state)| **state == MessageState::NotSent).map(|(message, _)| message);
    never_left.filter(|message| !dispatch.is_retried(*message)).collect()
}

fn retry(reason: Option<Reason>, to: Option<E164>) -> Retry {
    match reason {
        // Numbers of the United States get no marketing at all, today or tomorrow.
        Some(Reason::ECOSYSTEM) if to.is_some_and(|to| phone::is_us(&to)) => Retry::Never,
        Some(reason) => reason.retry(),
        None => Retry::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dispatch::Record,
        frozen::tests::freeze,
        plan::BatchId,
        report::tests::{dispatch, refused},
        template::samples,
    };

    const DAY: UnixMillis = 24 * 60 * 60 * 1000;

    #[test]
    fn refused_messages_are_parted_by_what_may_be_done() {
        let file =
            "telefonos\n525512345670\n525512345671\n525512345672\n525512345673\n525512345674\n12025550123\n";
        let frozen = freeze(&samples::plain(), file);
        let mut records = Vec::new();
        for (message, text) in [
            "(#131000) Something went wrong",
            "(#131049) held back",
            "(#131026) Message undeliverable",
            "(#131000) Something went wrong",
            "Nobody knows this one",
            "(#131049) held back",
        ]
        .into_iter()
        .enumerate()
        {
            records.extend(refused(message, text));
        }
        records.push(Record::Retried { message: 3, batch: BatchId::new("b2".to_owned()) });
        let retriable = Retriable::of(&frozen, &dispatch(&frozen, records), 100);
        // The third record is of message 1, at 5 ms: it begins at 1, and each has two.
        let later = Later { message: 1, from: 5 + DAY };
        assert_eq!(retriable, Retriable { now: vec![0], later: vec![later], never: vec![2, 4, 5] });
        assert_eq!(retriable.due(DAY), (vec![0], vec![]));
        assert_eq!(retriable.next(DAY), Some(5 + DAY));
        assert_eq!(retriable.due(5 + DAY), (vec![0], vec![1]));
        assert_eq!(retriable.next(5 + DAY), None);
    }

    #[test]
    fn what_was_not_refused_is_not_tried_again() {
        let frozen = freeze(&samples::plain(), "telefonos\n525512345670\n525512345671\n");
        let records = vec![Record::Claimed { message: 0, attempt: 1 }];
        assert_eq!(Retriable::of(&frozen, &dispatch(&frozen, records), 0), Retriable::default());
    }
}
