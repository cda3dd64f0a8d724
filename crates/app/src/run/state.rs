//! A batch that this page sends or looks at.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use cxconnect_core::{
    dispatch::{Config, Dispatch, Millis, Phase},
    frozen::Frozen,
    journal,
};
use cxconnect_sunco::IntegrationId;
use leptos::{ev, prelude::*};

use crate::{
    backend::Backend,
    run::{
        Allowance, Glance, OpenError, Summary,
        kept::Breath,
        ledger::{self, Book},
    },
    shell::{
        clock, ids,
        journal::Journal,
        locks::{self, Lock},
    },
};

/// What this page may do with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It sends it, and nobody else does.
    Owner,
    /// Another page of this browser sends it: this one looks on.
    Watcher,
    /// Nobody sends it: this page may take it over.
    Heir,
}

/// A batch that is being sent, or was, or is looked at.
pub(super) struct Run {
    pub backend: Rc<Backend>,
    /// The scope of its signals.
    pub owner: Owner,
    pub frozen: Frozen,
    pub sender: IntegrationId,
    pub config: Config,
    pub dispatch: RefCell<Dispatch>,
    /// None if the agent chose to send without: then nothing is kept, and nothing can be resumed.
    pub journal: Option<Journal>,
    /// While this page owns a batch that is kept.
    pub lock: RefCell<Option<Lock>>,
    pub role: Cell<Role>,
    /// Nobody looks at it any more.
    pub is_closed: Cell<bool>,
    /// How much is at work with it.
    pub n_holds: Cell<u32>,
    pub is_beginning: Cell<bool>,
    /// The agent paused it before it began.
    pub is_held_back: Cell<bool>,
    /// Grows whenever the screen should look again.
    pub version: RwSignal<u32>,
    pub is_refresh_due: Cell<bool>,
    /// The next moment at which the engine is woken.
    pub wakes_at: Cell<Option<Millis>>,
    /// Its place in the team's shared record, from the moment at which this page sends it.
    pub ledger: RefCell<Option<Book>>,
    /// The agent has the results as a file.
    pub is_saved: Cell<bool>,
    /// It was kept before this page looked at it, or was taken back: others may know more of it.
    pub is_opened: Cell<bool>,
    /// The team's shared record had all of it then.
    pub was_recorded: bool,
}

thread_local! {
    /// What this page sends or looks at.
    static RUNS: RefCell<Vec<Weak<Run>>> = const { RefCell::new(Vec::new()) };
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// From now on the browser asks before it leaves a page that would lose something by that.
fn guard_page() {
    if IS_GUARDED.replace(true) {
        return;
    }
    // For the page's whole life.
    let _ = window_event_listener(ev::beforeunload, |event| {
        if RUNS.with_borrow(|runs| runs.iter().filter_map(Weak::upgrade).any(|run| run.must_stay())) {
            event.prevent_default();
            // What older browsers go by.
            event.set_return_value("cxconnect");
        }
    });
}

impl Run {
    /// One that isn't started, or whose journal isn't read yet.
    pub fn new(
        backend: Rc<Backend>,
        frozen: Frozen,
        journal: Option<Journal>,
        role: Role,
        was_recorded: bool,
    ) -> Result<Rc<Self>, OpenError> {
        let sender = IntegrationId::parse(&frozen.head().about.sender).map_err(|_| OpenError::Damaged)?;
        let config = Config {
            rate: backend.settings.rate,
            failures_that_pause: backend.settings.failures_that_pause,
            seed: ids::seed(),
        };
        let owner = backend.owner.child();
        let version = owner.with(|| RwSignal::new(0));
        let dispatch = match role {
            Role::Owner => Dispatch::new(frozen.recipients(), config),
            // An empty journal can be read.
            _ => Dispatch::replay(frozen.recipients(), config, &[]).map_err(|_| OpenError::Damaged)?,
        };
        let run = Rc::new(Self {
            backend,
            owner,
            config,
            dispatch: RefCell::new(dispatch),
            frozen,
            sender,
            journal,
            lock: RefCell::new(None),
            role: Cell::new(role),
            is_closed: Cell::new(false),
            n_holds: Cell::new(0),
            is_beginning: Cell::new(false),
            is_held_back: Cell::new(false),
            version,
            is_refresh_due: Cell::new(false),
            wakes_at: Cell::new(None),
            ledger: RefCell::new(None),
            is_saved: Cell::new(false),
            is_opened: Cell::new(role != Role::Owner),
            was_recorded,
        });
        guard_page();
        RUNS.with_borrow_mut(|runs| {
            runs.retain(|run| run.strong_count() != 0);
            runs.push(Rc::downgrade(&run));
        });
        Ok(run)
    }

    /// Its batch's id.
    pub fn id(&self) -> &str {
        self.frozen.id().as_str()
    }

    /// How it stands.
    pub fn glance(&self) -> Glance {
        let dispatch = self.dispatch.borrow();
        let now = clock::now();
        Glance {
            role: self.role.get(),
            phase: dispatch.phase().clone(),
            counts: dispatch.counts(),
            rate: dispatch.rate(now),
            time_left: dispatch.time_left(now),
            held_for: dispatch.held_until(now).map(|until| until.saturating_sub(now)),
            is_beginning: self.is_beginning.get(),
            is_held_back: self.is_held_back.get(),
            is_settled: dispatch.counts().claimed == 0 && !dispatch.has_unwritten(),
            allowance: if dispatch.is_held_back() { Allowance::UsedUp } else { Allowance::Left },
            ledger: self.ledger_glance(),
            n_unrecorded: self.n_unrecorded(),
        }
    }

    /// Whether leaving the page would end the sending, or lose results that are nowhere else.
    fn must_stay(&self) -> bool {
        let is_moving = {
            let dispatch = self.dispatch.borrow();
            self.is_beginning.get()
                || matches!(dispatch.phase(), Phase::Running | Phase::Draining)
                || dispatch.counts().claimed != 0
                || dispatch.has_unwritten()
        };
        self.role.get() == Role::Owner && (is_moving || self.has_unsaved_results() || self.is_being_written())
    }

    /// Some message isn't plainly accepted, nothing is kept, and there is no file.
    pub fn has_unsaved_results(&self) -> bool {
        let counts = self.dispatch.borrow().counts();
        self.journal.is_none()
            && !self.is_closed.get()
            && !self.is_saved.get()
            && counts.accepted < counts.total
    }

    /// Takes in what another page has written.
    pub async fn catch_up(&self) -> Result<(), OpenError> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let from = self.dispatch.borrow().n_writes();
        let texts = journal.writes(self.id(), from).await?;
        let mut breath = Breath::new();
        for (write, text) in (from..).zip(texts) {
            // Somebody else may have caught up in the meantime.
            if self.dispatch.borrow().n_writes() == write {
                let entries = journal::decode(&text).map_err(|_| OpenError::Damaged)?;
                self.dispatch.borrow_mut().apply(&entries).map_err(|_| OpenError::Damaged)?;
                self.backend.usage.catch_up(self.id(), write, &entries);
            }
            breath.take().await;
        }
        Ok(())
    }

    /// Finds out whether another page owns it.
    pub async fn look_who_owns_it(&self) {
        let is_owned = locks::is_held(self.id()).await;
        if self.role.get() != Role::Owner {
            self.role.set(if is_owned { Role::Watcher } else { Role::Heir });
        }
    }

    /// How it stands, as it is noted.
    pub fn summary(&self) -> Summary {
        let dispatch = self.dispatch.borrow();
        let end = match dispatch.phase() {
            Phase::Ended(end) => Some(*end),
            _ => None,
        };
        let is_recorded = ledger::is_recorded(self);
        Summary { n_writes: dispatch.n_writes(), end, counts: dispatch.counts(), is_recorded }
    }
}
