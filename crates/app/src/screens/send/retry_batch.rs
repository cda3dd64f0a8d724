//! The batch of a retry, from the refused messages to one that can be begun.
//!
//! They are marked in their journal before the new batch exists, so that none can be in two. From then on the new batch is
//! the only way to them: if it can't be kept at once, it waits as an [`Unfinished`] one.

use cxconnect_core::{
    dispatch::{Event, MessageIdx, MessageState},
    frozen::Frozen,
};

use crate::{
    run::{Keeper, RunRef},
    screens::send::{
        allowance::{self, NotAllowed},
        state::SendState,
    },
    shell::{clock, ids},
};

/// A retry that doesn't exist yet, though its messages are marked.
pub struct Unfinished {
    /// The batch whose messages these are.
    of: String,
    messages: Vec<MessageIdx>,
    frozen: Frozen,
    /// None if the first batch isn't kept either.
    keeper: Option<Keeper>,
}

impl Unfinished {
    /// Whether it is a retry of this batch.
    pub fn is_of(&self, run: RunRef) -> bool {
        run.frozen(|frozen| frozen.id().as_str() == self.of)
    }

    /// How many messages it has.
    pub fn n_messages(&self) -> usize {
        self.messages.len()
    }
}

/// Why there is no new batch: a text's key, and what can still be finished.
pub struct NotMade {
    pub why: &'static str,
    pub unfinished: Option<Unfinished>,
}

impl From<&'static str> for NotMade {
    fn from(why: &'static str) -> Self {
        Self { why, unfinished: None }
    }
}

/// Freezes the messages as a batch, keeps its rows, and marks them.
pub async fn begin(state: SendState, run: RunRef, messages: Vec<MessageIdx>) -> Result<Unfinished, NotMade> {
    let backend = state.backend.get();
    let people = run.frozen(|frozen| messages.iter().filter_map(|idx| frozen.recipient(*idx)).collect());
    allowance::check(&backend, people).await.map_err(|error| match error {
        NotAllowed::Package(_) => "confirm.package.title",
        NotAllowed::Limit(_) => "confirm.limit.title",
    })?;
    let id = ids::new_batch_id();
    let (of, frozen) = run.frozen(|frozen| {
        let agent = backend.memory.agent();
        (frozen.id().to_string(), frozen.subset(id.clone(), agent, clock::time(), &messages))
    });
    let keeper = match run.journal() {
        Some(journal) => {
            let keeper = Keeper::reserve(journal, &frozen).await.map_err(|_| "confirm.not_ready.title")?;
            keeper.stow(&frozen, |_, _| ()).await.map_err(|_| "pause.journal.title")?;
            Some(keeper)
        }
        None => None,
    };
    // All of them or none: another page may own the batch by now, and may have retried some.
    let can_be_marked = run.is_owned()
        && run.look_once(|_, dispatch| {
            messages.iter().all(|message| {
                let state = dispatch.states().get(*message);
                matches!(state, Some(MessageState::Refused(_))) && !dispatch.is_retried(*message)
            })
        });
    if !can_be_marked {
        return Err("retry.changed".into());
    }
    run.tell(Event::Retried { messages: messages.clone(), batch: id });
    Ok(Unfinished { of, messages, frozen, keeper })
}

/// Makes the batch exist, once its messages are marked in their journal. Can be tried again.
pub async fn finish(state: SendState, run: RunRef, retry: Unfinished) -> Result<RunRef, NotMade> {
    if !run.settled().await {
        return Err(NotMade { why: "retry.not_marked", unfinished: Some(retry) });
    }
    // An engine that was given up for another page's has nothing to write, and has marked nothing.
    let is_marked = run.is_owned()
        && run.look_once(|_, dispatch| retry.messages.iter().all(|message| dispatch.is_retried(*message)));
    if !is_marked {
        return Err("retry.changed".into());
    }
    if let Some(keeper) = &retry.keeper
        && keeper.commit(&retry.frozen).await.is_err()
    {
        return Err(NotMade { why: "retry.not_kept", unfinished: Some(retry) });
    }
    let made = RunRef::create(state.backend.get(), retry.frozen, retry.keeper).await;
    made.map_err(|_| "confirm.not_ready.title".into())
}
