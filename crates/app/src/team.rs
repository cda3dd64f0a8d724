//! What the whole team has sent, as the shared record says: the same for every agent, within seconds.
//!
//! Zendesk lists batches by when their records were written, at once, so one request tells what is new; the first walk goes back
//! to the beginning of the package's period, and screens that want more walk on from there. What this page sends itself is
//! known before the record is written, and counts once all the same ([`Known`]).

use std::{cell::Cell, rc::Rc};

use cxconnect_core::{
    dispatch::{Millis, UnixMillis},
    ledger::{BatchRecord, Budget, Fault, Figures, Urgency},
    plan::BatchId,
    quota::Usage,
    stats::Known,
};
use cxconnect_ledger::{
    Ledger, LedgerError,
    schema::{BATCH, MESSAGE, OBJECTS},
};
use cxconnect_zendesk::AgentTransport;
use leptos::{ev, prelude::*, task::spawn_local};

use crate::shell::{clock, storage};

/// How often a page that is seen looks for news …
const POLL_MS: u32 = 10_000;
/// … and where there is no shared record.
const POLL_OFF_MS: u32 = 60_000;
/// After a failure it waits longer each time, up to this.
const LONGEST_POLL_MS: u32 = 80_000;
/// Looks that follow each other faster than this are one.
const CLOSEST_MS: Millis = 1_000;
/// Batches of a page, the first time and later.
const FIRST_SIZE: u32 = 100;
const NEWS_SIZE: u32 = 20;
/// How long somebody who is about to send waits for the latest figures.
const PATIENCE_MS: Millis = 5_000;
/// How often is kept what is known, and for how long it is good.
const NOTES_MS: u64 = 60_000;
const NOTES_HOLD_MS: u64 = 24 * 60 * 60 * 1000;

/// How the shared record can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamStanding {
    /// It was not read yet.
    Asking,
    /// It was read a moment ago.
    Known,
    /// The account has none.
    Off,
    /// It can't be read now, for this reason; what was known is shown, if anything was.
    Unreachable(Fault),
}

/// The batches of the team. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Team {
    ledger: StoredValue<Ledger<AgentTransport>, LocalStorage>,
    /// Of all requests of this page but those that write a run.
    budget: StoredValue<Budget>,
    known: RwSignal<Known>,
    standing: RwSignal<TeamStanding>,
    /// When it was read last, by the computer's clock.
    read_at: RwSignal<Option<UnixMillis>>,
    /// How far back batches are known, and where the list goes on.
    reach: RwSignal<Option<Reach>>,
    /// Its objects lack fields: it can be read, and nothing can be written.
    is_incomplete: RwSignal<bool>,
    is_looking: StoredValue<bool>,
    last_look: StoredValue<Millis>,
    /// The package's period begins here.
    period_from: StoredValue<UnixMillis>,
    notes: StoredValue<Notes>,
}

/// What the browser keeps for the next page, so that a ticket's need not read all batches of the period for one message.
#[derive(Clone, Debug)]
pub struct Notes {
    /// Where.
    pub key: String,
    /// Whether this page begins with them.
    pub are_read: bool,
}

/// All batches that changed at this moment or later are known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reach {
    back_to: UnixMillis,
    /// Where older ones begin in the list; none if there are none.
    older: Option<String>,
}

impl Team {
    /// Nothing read yet. To be called in the page's own scope.
    pub fn new(
        ledger: Ledger<AgentTransport>,
        per_minute: usize,
        period_from: UnixMillis,
        notes: Notes,
    ) -> Self {
        let known = if notes.are_read { read_notes(&notes.key) } else { Known::default() };
        Self {
            ledger: StoredValue::new_local(ledger),
            budget: StoredValue::new(Budget::new(per_minute)),
            known: RwSignal::new(known),
            standing: RwSignal::new(TeamStanding::Asking),
            read_at: RwSignal::new(None),
            reach: RwSignal::new(None),
            is_incomplete: RwSignal::new(false),
            is_looking: StoredValue::new(false),
            last_look: StoredValue::new(0),
            period_from: StoredValue::new(period_from),
            notes: StoredValue::new(notes),
        }
    }

    /// Looks for news from now on, as long as the page is seen.
    pub fn watch(self) {
        let look = move |_| self.look_soon();
        // For the page's whole life.
        let _ = window_event_listener(ev::focus, look);
        let _ = window_event_listener(ev::visibilitychange, move |_| self.look_soon());
        spawn_local(async move {
            let mut wait = POLL_MS;
            loop {
                if is_seen() {
                    self.refresh().await;
                }
                wait = match self.standing.get_untracked() {
                    TeamStanding::Known | TeamStanding::Asking => POLL_MS,
                    TeamStanding::Off => POLL_OFF_MS,
                    TeamStanding::Unreachable(Fault::Throttled { retry_after: Some(after) }) => {
                        u32::try_from(after).unwrap_or(LONGEST_POLL_MS).max(POLL_MS)
                    }
                    TeamStanding::Unreachable(_) => (wait * 2).min(LONGEST_POLL_MS),
                };
                clock::after(wait).await;
            }
        });
    }

    /// Asks whether the record can be written at all, as long as nothing is in it: a batch that is there was written. To be
    /// called where it is shown.
    pub fn watch_fields(self) {
        let asked_at = StoredValue::new(None::<UnixMillis>);
        Effect::new(move |_| {
            let is_empty = self.known.with(Known::is_empty);
            let read_at = self.read_at.get();
            if !is_empty || self.standing.get() != TeamStanding::Known {
                self.is_incomplete.maybe_update(|it| std::mem::replace(it, false));
                return;
            }
            // Once, and again and again where somebody may be mending it.
            let is_due = asked_at.get_value().is_none() || self.is_incomplete.get_untracked();
            if !is_due || asked_at.get_value() == read_at {
                return;
            }
            asked_at.set_value(read_at);
            spawn_local(async move {
                self.turn().await;
                // What can't be asked now is told when it is written.
                let mut is_incomplete = false;
                for object in OBJECTS.iter().filter(|object| [BATCH, MESSAGE].contains(&object.key)) {
                    is_incomplete |= self.ledger().objects().lacks_fields(object).await.unwrap_or_default();
                }
                self.is_incomplete.maybe_update(|it| std::mem::replace(it, is_incomplete) != is_incomplete);
            });
        });
    }

    /// Whether the record can be read and not written, since its objects lack fields. Can be followed.
    pub fn is_incomplete(self) -> bool {
        self.is_incomplete.get()
    }

    /// Looks for news now, unless that was just done.
    pub fn look_soon(self) {
        let is_due = self.last_look.get_value().saturating_add(CLOSEST_MS) <= clock::now();
        if is_due && is_seen() {
            spawn_local(self.refresh());
        }
    }

    /// The latest figures, for somebody who is about to send; after a few seconds those that there are have to do.
    pub async fn make_sure(self) {
        let is_done = Rc::new(Cell::new(false));
        let tell = Rc::clone(&is_done);
        spawn_local(async move {
            self.refresh().await;
            tell.set(true);
        });
        let patience = clock::now().saturating_add(PATIENCE_MS);
        while !is_done.get() && clock::now() < patience {
            clock::after(20).await;
        }
    }

    /// Looks what is new.
    pub async fn refresh(self) {
        if self.is_looking.get_value() {
            // Somebody else does: what they find out is as new.
            while self.is_looking.try_get_value() == Some(true) {
                clock::after(20).await;
            }
            return;
        }
        self.is_looking.set_value(true);
        self.last_look.set_value(clock::now());
        let looked = self.walk().await;
        self.is_looking.set_value(false);
        let standing = match looked {
            Ok(()) => {
                self.write_notes();
                self.read_at.set(Some(clock::time()));
                TeamStanding::Known
            }
            Err(error) if error.fault() == Fault::Missing => {
                self.read_at.set(None);
                TeamStanding::Off
            }
            Err(error) => TeamStanding::Unreachable(error.fault()),
        };
        self.standing.maybe_update(|now| std::mem::replace(now, standing) != standing);
    }

    /// Keeps what is known, unless that was just done.
    fn write_notes(self) {
        let now = clock::time();
        let was_just_done = self.read_at.get_untracked().is_some_and(|at| at / NOTES_MS == now / NOTES_MS);
        let notes = self.known.with_untracked(|known| known.notes(self.period_from.get_value()));
        if let Some(notes) = notes.filter(|_| !was_just_done) {
            let key = self.notes.with_value(|notes| notes.key.clone());
            // Without them the next page reads more.
            let _ = storage::set(&key, &format!("{now}\n{notes}"));
        }
    }

    async fn walk(self) -> Result<(), LedgerError> {
        let period_from = self.period_from.get_value();
        let mut round = self.known.with_untracked(|known| known.look(period_from));
        let is_first = self.reach.with_untracked(Option::is_none);
        let size = if is_first { FIRST_SIZE } else { NEWS_SIZE };
        let mut after = None;
        loop {
            let page = self.page(size, after.as_deref()).await?;
            let oldest = page.batches.iter().map(|(_, updated)| *updated).min();
            let mut is_over = false;
            self.known.maybe_update(|known| {
                let has_any = !page.batches.is_empty();
                is_over = known.take(&mut round, page.batches);
                has_any
            });
            after = page.after;
            if is_over || after.is_none() {
                if is_first {
                    let back_to = if after.is_some() { oldest.unwrap_or(period_from) } else { 0 };
                    self.reach.set(Some(Reach { back_to, older: after }));
                }
                break;
            }
        }
        self.known.update_untracked(|known| known.end(round));
        Ok(())
    }

    async fn page(self, size: u32, after: Option<&str>) -> Result<cxconnect_ledger::BatchPage, LedgerError> {
        self.turn().await;
        self.ledger().batches(size, after).await
    }

    /// Knows all batches that began at this moment or later, reading older ones if need be.
    pub async fn reach_back(self, from: UnixMillis) -> Result<(), Fault> {
        while !untrack(|| self.reaches(from)) && self.older().await? {}
        Ok(())
    }

    /// Reads a page of older batches. Whether there was one.
    pub async fn older(self) -> Result<bool, Fault> {
        if self.reach.with_untracked(Option::is_none) {
            self.refresh().await;
        }
        let Some(reach) = self.reach.get_untracked() else {
            return match self.standing.get_untracked() {
                TeamStanding::Unreachable(fault) => Err(fault),
                TeamStanding::Off => Err(Fault::Missing),
                TeamStanding::Asking | TeamStanding::Known => Ok(false),
            };
        };
        let Reach { back_to, older: Some(older) } = reach else { return Ok(false) };
        let page = self.page(FIRST_SIZE, Some(&older)).await.map_err(|error| error.fault())?;
        let oldest = page.batches.iter().map(|(_, updated)| *updated).min();
        self.known.update(|known| {
            for (batch, updated) in page.batches {
                known.take_one(batch, updated);
            }
        });
        let back_to = if page.after.is_some() { oldest.unwrap_or(back_to).min(back_to) } else { 0 };
        self.reach.set(Some(Reach { back_to, older: page.after }));
        Ok(true)
    }

    /// Whether all batches are known that began at this moment or later. Can be followed.
    pub fn reaches(self, from: UnixMillis) -> bool {
        self.reach
            .with(|reach| reach.as_ref().is_some_and(|reach| reach.older.is_none() || reach.back_to < from))
    }

    /// Waits until another request for the screen fits into what the account allows this app, and counts it.
    pub async fn turn(self) {
        self.turn_for(Urgency::Screen).await;
    }

    /// The same for a request of this urgency.
    pub async fn turn_for(self, urgency: Urgency) {
        loop {
            let now = clock::now();
            // While this page sends, most of what there is is for that.
            let parts = if self.known.with_untracked(Known::has_live) { 4 } else { 1 };
            let at = self
                .budget
                .try_update_value(|budget| {
                    budget.share(1, parts);
                    budget.turn_at(now, urgency)
                })
                .unwrap_or(now);
            if at <= now {
                self.budget.update_value(|budget| budget.spend(now, 1));
                return;
            }
            clock::until(at).await;
        }
    }

    /// The shared record itself. Whoever asks it something waits for a [`turn`](Self::turn) first.
    pub fn ledger(self) -> Ledger<AgentTransport> {
        self.ledger.get_value()
    }

    /// A batch's record was read by itself.
    pub fn take(self, batch: BatchRecord, updated: UnixMillis) {
        self.known.update(|known| known.take_one(batch, updated));
    }

    /// How a batch of this page stands; `is_live` as long as the record may not have all of it.
    pub fn note(self, id: &BatchId, created: UnixMillis, figures: Figures, is_live: bool) {
        if figures.n_done() != 0 {
            self.known.maybe_update(|known| known.note(id, created, figures, is_live));
        }
    }

    /// What was used of the package since its period began, if that is known. Can be followed.
    pub fn usage(self, from: UnixMillis) -> Option<Usage> {
        self.period_from.set_value(from);
        self.read_at.get()?;
        Some(self.known.with(|known| known.usage(from)))
    }

    /// The batches. Can be followed.
    pub fn known<T>(self, read: impl FnOnce(&Known) -> T) -> T {
        self.known.with(read)
    }

    /// The batches, to look at once.
    pub fn known_once<T>(self, read: impl FnOnce(&Known) -> T) -> T {
        self.known.with_untracked(read)
    }

    /// How the record can be read. Can be followed.
    pub fn standing(self) -> TeamStanding {
        self.standing.get()
    }

    /// When it was read last. Can be followed.
    pub fn read_at(self) -> Option<UnixMillis> {
        self.read_at.get()
    }
}

/// What an earlier page has kept, if that was not long ago.
fn read_notes(key: &str) -> Known {
    let kept = storage::get(key).ok().flatten().unwrap_or_default();
    let (at, notes) = kept.split_once('\n').unwrap_or_default();
    let is_fresh = at.parse::<UnixMillis>().is_ok_and(|at| clock::time().saturating_sub(at) < NOTES_HOLD_MS);
    if is_fresh { Known::from_notes(notes) } else { Known::default() }
}

/// Whether somebody may see the page: not in a hidden tab, nor in a frame that Zendesk has put away.
fn is_seen() -> bool {
    let has_size =
        window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| 0.0 < width);
    !document().hidden() && has_size
}
