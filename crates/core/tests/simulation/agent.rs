//! The person at the screen, who starts, pauses, resumes, cancels and decides, and opens the app in two tabs.

use cxconnect_core::{
    dispatch::{Event, JournalFault, MessageIdx, MessageState, Millis, PauseCause, Phase},
    plan::BatchId,
};

use crate::random::Random;

/// What the agent does.
pub enum Act {
    Nothing,
    Tell(Event),
    /// Closes this page and opens the app anew.
    Reload,
}

/// What an agent does who sees this, `meddling` times in a thousand more than needed.
pub fn act(random: &mut Random, meddling: u64, phase: &Phase, states: &[MessageState]) -> Act {
    if random.chance(meddling)
        && let Some(event) = meddle(random, states)
    {
        return Act::Tell(event);
    }
    let is_patient = 0 < meddling && random.chance(300);
    match phase {
        Phase::Ready => Act::Tell(Event::Start),
        Phase::Paused(PauseCause::Journal(JournalFault::Taken)) => Act::Reload,
        Phase::Paused(_) if !is_patient => Act::Tell(Event::Resume),
        Phase::Paused(_) | Phase::Running | Phase::Draining | Phase::Ended(_) => Act::Nothing,
    }
}

/// How long until the agent looks again.
pub fn rests(random: &mut Random) -> Millis {
    random.within(50..6_000)
}

fn meddle(random: &mut Random, states: &[MessageState]) -> Option<Event> {
    let unknown = messages(states, |state| matches!(state, MessageState::Unknown(_)));
    let over = messages(states, |state| matches!(state, MessageState::Refused(_) | MessageState::NotSent));
    match random.within(0..20) {
        0..=4 => Some(Event::Pause),
        5..=6 => Some(Event::Resume),
        7 => Some(Event::Cancel),
        8..=9 => random.pick(&unknown).map(|message| Event::MarkSent { message }),
        10..=13 => random.pick(&unknown).map(|message| Event::SendAgain { message }),
        14..=16 => Some(Event::Retried { messages: over, batch: BatchId::new("another".to_owned()) }),
        17 => Some(Event::Start),
        18 => Some(Event::Reopen),
        _ => None,
    }
}

fn messages(states: &[MessageState], is_it: impl Fn(&MessageState) -> bool) -> Vec<MessageIdx> {
    states.iter().enumerate().filter(|(_, state)| is_it(state)).map(|(message, _)| message).collect()
}
