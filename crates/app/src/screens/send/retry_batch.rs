//! A batch of another one's messages, refused or never sent, from these to one that can be begun.
//!
//! They are marked in their journal before the new batch exists, so that none can be in two. From then on the new batch is
//! the only way to them: if it can't be kept at once, it waits as an [`Unfinished`] one.

use cxconnect_core::{
    dispatch::{Event, MessageIdx, MessageState},
    frozen::{Frozen, Part},
};

use leptos::{prelude::*, task::spawn_local};

use crate::{
    run::{Keeper, RunRef},
    screens::send::{
        allowance::{self, NotAllowed},
        shelf,
        state::SendState,
    },
    shell::{clock, ids},
};

/// A batch that doesn't exist yet, though its messages are marked.
pub struct Unfinished {
    /// The batch whose messages these are.
    of: String,
    part: Part,
    messages: Vec<MessageIdx>,
    frozen: Frozen,
    /// None if the first batch isn't kept either.
    keeper: Option<Keeper>,
}

impl Unfinished {
    /// Whether it has these messages of this batch.
    fn is_of(&self, run: RunRef, part: Part) -> bool {
        self.part == part && run.frozen(|frozen| frozen.id().as_str() == self.of)
    }
}

/// Why there is no new batch: a text's key, and what can still be finished.
pub struct NotMade {
    pub why: &'static str,
    unfinished: Option<Unfinished>,
}

impl From<&'static str> for NotMade {
    fn from(why: &'static str) -> Self {
        Self { why, unfinished: None }
    }
}

/// What the new batch is made of.
pub enum What {
    New(Vec<MessageIdx>),
    /// What was marked before, and could not be kept then.
    Unfinished,
}

/// How many messages wait for their batch to be finished; followed.
pub fn n_unfinished(state: SendState, run: RunRef, part: Part) -> usize {
    state.unfinished_retries.with(|retries| {
        retries.iter().find(|retry| retry.is_of(run, part)).map_or(0, |retry| retry.messages.len())
    })
}

/// Makes the batch, begins it, and shows it in place of its first one. Pressing twice makes one.
pub fn start(state: SendState, run: RunRef, part: Part, what: What, fail: impl FnOnce(NotMade) + 'static) {
    if state.is_retrying.get_untracked() {
        return;
    }
    let Some(hold) = run.hold() else { return };
    state.is_retrying.set(true);
    spawn_local(async move {
        match make(state, run, part, what).await {
            Ok(made) => {
                shelf::show(state, made);
                made.begin();
                run.close();
            }
            Err(not_made) => fail(not_made),
        }
        state.is_retrying.set(false);
        drop(hold);
    });
}

async fn make(state: SendState, run: RunRef, part: Part, what: What) -> Result<RunRef, NotMade> {
    let retry = match what {
        What::New(messages) => begin(state, run, part, messages).await?,
        What::Unfinished => {
            let retry = state.unfinished_retries.try_update(|retries| {
                let place = retries.iter().position(|retry| retry.is_of(run, part))?;
                Some(retries.swap_remove(place))
            });
            retry.flatten().ok_or("retry.changed")?
        }
    };
    finish(state, run, retry).await.map_err(|mut not_made| {
        if let Some(retry) = not_made.unfinished.take() {
            state.unfinished_retries.update(|retries| retries.push(retry));
        }
        not_made
    })
}

/// Freezes the messages as a batch, keeps its rows, and marks them.
async fn begin(
    state: SendState,
    run: RunRef,
    part: Part,
    messages: Vec<MessageIdx>,
) -> Result<Unfinished, NotMade> {
    // Whoever has taken the batch over may have sent what never left from here.
    match run.is_elsewhere().await {
        Ok(false) => (),
        Ok(true) => return Err("retry.elsewhere".into()),
        Err(_) => return Err("retry.not_known".into()),
    }
    // Nor may what another one has claimed before it was taken back: that may have left, though it waits here.
    let messages = match (part, run.claimed_elsewhere(&messages).await) {
        (Part::Refused, _) => messages,
        (Part::NeverLeft, Ok(theirs)) => messages.into_iter().filter(|it| !theirs.contains(it)).collect(),
        (Part::NeverLeft, Err(_)) => return Err("retry.not_known".into()),
    };
    if messages.is_empty() {
        return Err("retry.elsewhere".into());
    }
    let backend = state.backend.get();
    let people = run.frozen(|frozen| messages.iter().filter_map(|idx| frozen.recipient(*idx)).collect());
    allowance::check(&backend, people).await.map_err(|error| match error {
        NotAllowed::Package(_) => "confirm.package.title",
        NotAllowed::Limit(_) => "confirm.limit.title",
    })?;
    let id = ids::new_batch_id();
    let (of, frozen) = run.frozen(|frozen| {
        let agent = backend.memory.agent();
        (frozen.id().to_string(), frozen.subset(id.clone(), agent, clock::time(), part, &messages))
    });
    let keeper = match run.journal() {
        Some(journal) => {
            let keeper = Keeper::reserve(journal, &frozen).await.map_err(|_| "confirm.not_ready.title")?;
            keeper.stow(&frozen, |_, _| ()).await.map_err(|_| "pause.journal.title")?;
            Some(keeper)
        }
        None => None,
    };
    let is_part = |state: &MessageState| match part {
        Part::Refused => matches!(state, MessageState::Refused(_)),
        Part::NeverLeft => *state == MessageState::NotSent,
    };
    // All of them or none: another page may own the batch by now, and may have sent some.
    let can_be_marked = run.is_owned()
        && run.look_once(|_, dispatch| {
            messages.iter().all(|message| {
                dispatch.states().get(*message).is_some_and(is_part) && !dispatch.is_retried(*message)
            })
        });
    if !can_be_marked {
        return Err("retry.changed".into());
    }
    run.tell(Event::Retried { messages: messages.clone(), batch: id });
    Ok(Unfinished { of, part, messages, frozen, keeper })
}

/// Makes the batch exist, once its messages are marked in their journal. Can be tried again.
async fn finish(state: SendState, run: RunRef, retry: Unfinished) -> Result<RunRef, NotMade> {
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
