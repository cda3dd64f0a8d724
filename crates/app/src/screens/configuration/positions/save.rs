//! Marking templates, without writing over what another admin has marked meanwhile.
//!
//! Zendesk knows no write that depends on what is there. So templates are looked at right before they are written and right
//! after: what somebody else has marked since they were seen is shown and left, and so is what was written over at that very
//! moment.

use cxconnect_core::{
    ledger::{ITEMS_PER_JOB, JobState},
    position::Position,
    template::TemplateKey,
};
use cxconnect_ledger::{LedgerError, Placed, overtaken};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    screens::configuration::{
        patience::patiently,
        positions::state::{News, PositionsState},
    },
    shell::clock,
};

/// Waits between two looks at a job; after the last of them what is there decides.
const LOOKS_MS: [u32; 9] = [500, 1_000, 1_000, 2_000, 2_000, 4_000, 4_000, 8_000, 8_000];

/// Marks these templates so.
pub fn save(state: PositionsState, keys: Vec<TemplateKey>, wanted: Position) {
    if keys.is_empty() || state.is_saving.get_untracked() {
        return;
    }
    state.is_saving.set(true);
    state.news.set(Vec::new());
    spawn_local(async move {
        let mut n_saved = 0;
        let mut news = Vec::new();
        for keys in keys.chunks(ITEMS_PER_JOB) {
            match save_some(state, keys, wanted, &mut news).await {
                Ok(n) => n_saved += n,
                Err(error) => {
                    news.push(News::Failed(error));
                    break;
                }
            }
        }
        if 0 < n_saved {
            news.insert(0, News::Saved(n_saved));
            state.on_change.run(());
            if !tell_relay(&state.backend.get()).await {
                news.push(News::NotTold);
            }
        }
        // The page may be gone by now.
        state.news.try_set(news);
        state.chosen.try_update(std::collections::BTreeSet::clear);
        state.is_saving.try_set(false);
    });
}

/// The relay decides by positions, too, which templates webhooks may send. Whether it knows them, if there is one.
async fn tell_relay(backend: &Backend) -> bool {
    let Some(relay) = &backend.relay else { return true };
    let Ok(placed) = patiently(|| backend.ledger.placed()).await else { return false };
    relay.set_positions(placed.iter().map(|placed| (&placed.key, placed.position))).await.is_ok()
}

async fn save_some(
    state: PositionsState,
    keys: &[TemplateKey],
    wanted: Position,
    news: &mut Vec<News>,
) -> Result<usize, LedgerError> {
    let backend = state.backend.get();
    let now = patiently(|| backend.ledger.placed_now(keys)).await?;
    let mut theirs = overtaken(&seen(state, keys), &now);
    // Who wants the same is not in the way.
    theirs.retain(|it| it.theirs.position != wanted);
    state.take(&now);
    let is_theirs = |key: &TemplateKey| theirs.iter().any(|it| it.key == *key);
    let agent = backend.memory.agent();
    let to_write: Vec<Placed> = state.rows.with_untracked(|rows| {
        let rows = rows.iter().filter(|row| keys.contains(&row.key) && !is_theirs(&row.key));
        let placed = rows.filter(|row| row.position() != wanted).map(|row| Placed {
            key: row.key.clone(),
            position: wanted,
            id: row.id.clone(),
            agent: agent.clone(),
            updated_at: None,
        });
        placed.collect()
    });
    write(&backend, &to_write).await?;
    let written: Vec<TemplateKey> = to_write.into_iter().map(|placed| placed.key).collect();
    let mut n_saved = 0;
    if !written.is_empty() {
        let now = patiently(|| backend.ledger.placed_now(&written)).await?;
        let before = seen(state, &written);
        state.take(&now);
        let is_wanted =
            |key: &&TemplateKey| now.iter().any(|placed| placed.key == **key && placed.position == wanted);
        n_saved = written.iter().filter(is_wanted).count();
        // By another's hand, in the moment between.
        let mut late = overtaken(&before, &now);
        late.retain(|it| it.theirs.position != wanted);
        let n_not_written = written.len() - n_saved - late.len();
        if 0 < n_not_written {
            news.push(News::NotWritten(n_not_written));
        }
        theirs.extend(late);
    }
    if !theirs.is_empty() {
        news.push(News::Overtaken { by: theirs, wanted });
    }
    Ok(n_saved)
}

/// How the page shows them.
fn seen(state: PositionsState, keys: &[TemplateKey]) -> Vec<(TemplateKey, Position)> {
    state.rows.with_untracked(|rows| {
        let rows = rows.iter().filter(|row| keys.contains(&row.key));
        rows.map(|row| (row.key.clone(), row.position())).collect()
    })
}

/// One by itself at once, several as a job, which is waited for.
async fn write(backend: &Backend, placed: &[Placed]) -> Result<(), LedgerError> {
    match placed {
        [] => return Ok(()),
        [placed] => return patiently(|| backend.ledger.place(placed)).await,
        _ => {}
    }
    let job = [patiently(|| backend.ledger.place_all(placed)).await?];
    for wait in LOOKS_MS {
        clock::after(wait).await;
        let states = patiently(|| backend.ledger.jobs(&job)).await?;
        if !states.iter().any(|(_, state)| *state == JobState::Open) {
            break;
        }
    }
    Ok(())
}
