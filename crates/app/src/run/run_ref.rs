//! A run as the screen has it: what it may see and say.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{Counts, Dispatch, Event, MessageIdx, Millis, PauseCause, Phase},
    frozen::Frozen,
};
use cxconnect_ledger::LedgerError;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    run::{
        InheritError, Keeper, LedgerGlance, OpenError, Progress, Role, StartError, Summary, kept, ledger,
        perform::{FOLLOW_MS, follow, handle},
        retake::retake,
        state::Run,
    },
    shell::{clock, journal::Journal, locks, pause::pause},
};

/// How long a screen takes to be drawn, on a slow computer.
const DRAWING_MS: u32 = 80;
/// How often it is looked whether the journal has all, in milliseconds.
const SETTLE_MS: u32 = 10;

/// What may leave by what the team's record has of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Something, or nothing waits.
    Left,
    /// Nothing, until the record has more.
    UsedUp,
}

/// What the screen shows of a run at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    pub role: Role,
    pub phase: Phase,
    pub counts: Counts,
    /// Messages a second.
    pub rate: Option<f64>,
    pub time_left: Option<Millis>,
    /// How long the provider still asks to wait.
    pub held_for: Option<Millis>,
    /// Whether it is about to begin by itself.
    pub is_beginning: bool,
    /// Whether the agent paused it before it began.
    pub is_held_back: bool,
    /// Whether the journal has all that happened, and no call is under way.
    pub is_settled: bool,
    /// What the team's record lets leave.
    pub allowance: Allowance,
    /// How the team's shared record follows.
    pub ledger: LedgerGlance,
    /// Messages whose record was refused for good.
    pub n_unrecorded: usize,
}

/// Keeps a run from being cleaned up while something works with it, though it was closed.
pub struct Hold(Rc<Run>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.n_holds.update(|n| n - 1);
    }
}

/// A handle that the screen can copy.
#[derive(Clone, Copy, PartialEq)]
pub struct RunRef(StoredValue<Rc<Run>, LocalStorage>, RwSignal<u32>);

impl RunRef {
    /// A batch that was just frozen, and kept unless there is no keeper. It isn't started yet.
    pub async fn create(
        backend: Rc<Backend>,
        frozen: Frozen,
        keeper: Option<Keeper>,
    ) -> Result<Self, StartError> {
        let id = frozen.id().to_string();
        let (journal, lock) = keeper.map(Keeper::into_parts).unzip();
        if let Ok(run) = Run::new(backend, frozen, journal.clone(), Role::Owner, false) {
            run.lock.replace(lock);
            return Ok(Self::new(run));
        }
        if let Some(journal) = journal {
            journal.remove(&[id]).await.map_err(|_| StartError::Stranded)?;
        }
        Err(StartError::Damaged)
    }

    /// It is not to be sent after all, and nothing is left of it. Only for what was never begun.
    pub async fn forget(self) {
        if let Some(run) = self.0.try_get_value()
            && let Some(journal) = &run.journal
        {
            // This page still owns it. What isn't forgotten now is shown as a batch that never began.
            let _ = journal.remove(&[run.id().to_owned()]).await;
        }
        self.close();
    }

    /// A kept batch, looked at. `was_recorded`: whether the team's record ever had all of it.
    pub async fn open(
        backend: Rc<Backend>,
        journal: Journal,
        id: &str,
        head: &str,
        was_recorded: bool,
    ) -> Result<Self, OpenError> {
        let frozen = kept::thaw(&journal, id, head).await?;
        let run = Run::new(backend, frozen, Some(journal), Role::Watcher, was_recorded)?;
        run.catch_up().await?;
        run.look_who_owns_it().await;
        ledger::note(&run);
        follow(Rc::clone(&run));
        Ok(Self::new(run))
    }

    fn new(run: Rc<Run>) -> Self {
        let version = run.version;
        let owner = run.owner.clone();
        Self(owner.with(|| StoredValue::new_local(run)), version)
    }

    /// Tells the engine something. Only the owner's word counts.
    pub fn tell(self, event: Event) {
        let Some(run) = self.0.try_get_value() else { return };
        // What is about to begin by itself does so no more once the agent has said something else.
        let was_beginning = run.is_beginning.replace(false);
        if was_beginning && event == Event::Pause {
            run.is_held_back.set(true);
        }
        // What is said of an earlier batch is recorded, too; and who may have it now is asked before anything of it leaves.
        let is_said = matches!(event, Event::Cancel | Event::MarkSent { .. } | Event::SendAgain { .. });
        if run.is_opened.get() && is_said {
            ledger::open(&run);
        }
        handle(&run, event);
        ledger::note(&run);
        // Whoever has said something sees at once what comes of it.
        self.1.update(|version| *version = version.wrapping_add(1));
    }

    /// Begins, once the screen that shows it has had the time to be drawn: calls that leave meanwhile would be late, and those
    /// after them would follow too closely.
    pub fn begin(self) {
        let Some(run) = self.0.try_get_value() else { return };
        run.is_beginning.set(true);
        spawn_local(async move {
            clock::after(DRAWING_MS).await;
            if run.is_beginning.replace(false) {
                ledger::open(&run);
                handle(&run, Event::Start);
            }
        });
    }

    /// Sends what waits, whether it never began or is paused.
    pub fn go_on(self) {
        if let Some(run) = self.0.try_get_value() {
            ledger::open(&run);
        }
        self.tell(Event::Start);
        self.tell(Event::Resume);
    }

    /// What stood in the way of the shared record is mended.
    pub fn write_ledger_again(self) {
        if let Some(run) = self.0.try_get_value() {
            ledger::try_again(&run);
        }
    }

    /// Takes it back from another computer that has left it, or that has claimed a part of it.
    pub async fn retake(self, proceed: impl FnMut(Progress)) -> Result<(), InheritError> {
        let Some(run) = self.0.try_get_value() else { return Err(InheritError::Here) };
        retake(&run, proceed).await
    }

    /// Whether another computer has taken it over, by the team's record. An account without one has nothing to say.
    pub async fn is_elsewhere(self) -> Result<bool, LedgerError> {
        let Some(run) = self.0.try_get_value() else { return Ok(false) };
        ledger::is_elsewhere(&run).await
    }

    /// Of these messages, those that another computer has claimed: they may have left from there.
    pub async fn claimed_elsewhere(self, messages: &[MessageIdx]) -> Result<Vec<MessageIdx>, LedgerError> {
        let Some(run) = self.0.try_get_value() else { return Ok(Vec::new()) };
        ledger::claimed_elsewhere(&run, messages).await
    }

    /// Lets the team's record have what it lacks of a batch that has ended. Whether it has it all now, or needs none of it.
    pub async fn record_the_rest(self) -> bool {
        let Some(run) = self.0.try_get_value() else { return false };
        if !self.take().await {
            return false;
        }
        ledger::open(&run);
        ledger::wait(&run).await
    }

    /// Whether the screen still has it.
    pub fn is_open(self) -> bool {
        self.0.try_with_value(|run| !run.is_closed.get()) == Some(true)
    }

    /// Whether this page may say what becomes of it.
    pub fn is_owned(self) -> bool {
        self.0.try_with_value(|run| run.role.get() == Role::Owner) == Some(true)
    }

    /// For work that takes a while and may outlive the screen that began it. None if the run is gone already.
    pub fn hold(self) -> Option<Hold> {
        let run = self.0.try_get_value()?;
        run.n_holds.update(|n| n + 1);
        Some(Hold(run))
    }

    /// Makes this page the owner, if no other page is. What is still claimed is in doubt from then on.
    pub async fn take(self) -> bool {
        let Some(run) = self.0.try_get_value() else { return false };
        if run.role.get() == Role::Owner {
            return true;
        }
        let Some(lock) = locks::take(run.id()).await else { return false };
        // What the last owner has written is known before anything is added to it.
        if run.catch_up().await.is_err() {
            return false;
        }
        // Nobody would let go of it any more.
        if run.is_closed.get() {
            return false;
        }
        run.lock.replace(Some(lock));
        run.role.set(Role::Owner);
        handle(&run, Event::Reopen);
        true
    }

    /// Nobody looks at it any more, and another page may own it. To be called when it leaves the screen.
    pub fn close(self) {
        let Some(run) = self.0.try_get_value() else { return };
        run.is_closed.set(true);
        run.role.set(Role::Heir);
        run.lock.replace(None);
        spawn_local(async move {
            // By then the screen has let go of it.
            pause().await;
            while run.n_holds.get() != 0 {
                clock::after(FOLLOW_MS).await;
            }
            run.owner.cleanup();
        });
    }

    /// Nothing more of it leaves; it is closed once what has left is answered.
    pub fn end(self) {
        self.tell(Event::Cancel);
        spawn_local(async move {
            while self.0.try_with_value(|run| run.summary().end.is_none()) == Some(true) {
                clock::after(FOLLOW_MS).await;
            }
            self.close();
        });
    }

    /// How it stands, as it is noted.
    pub(super) fn summary(self) -> Summary {
        self.0.with_value(|run| run.summary())
    }

    /// What is being sent.
    pub fn frozen<T>(self, read: impl FnOnce(&Frozen) -> T) -> T {
        self.0.with_value(|run| read(&run.frozen))
    }

    /// How it stands; follows the run.
    pub fn glance(self) -> Glance {
        self.1.track();
        self.0.with_value(|run| run.glance())
    }

    /// The engine, to look at; follows the run.
    pub fn look<T>(self, read: impl FnOnce(&Frozen, &Dispatch) -> T) -> T {
        self.1.track();
        self.0.with_value(|run| read(&run.frozen, &run.dispatch.borrow()))
    }

    /// The engine, to look at once.
    pub fn look_once<T>(self, read: impl FnOnce(&Frozen, &Dispatch) -> T) -> T {
        self.0.with_value(|run| read(&run.frozen, &run.dispatch.borrow()))
    }

    /// Waits until the journal keeps all that has happened; whether it does.
    pub async fn settled(self) -> bool {
        loop {
            let is_stuck =
                |dispatch: &Dispatch| matches!(dispatch.phase(), Phase::Paused(PauseCause::Journal(_)));
            let (is_settled, is_stuck) =
                self.look_once(|_, dispatch| (!dispatch.has_unwritten(), is_stuck(dispatch)));
            if is_settled || is_stuck {
                return is_settled && !is_stuck;
            }
            clock::after(SETTLE_MS).await;
        }
    }

    /// What keeps it, if anything does.
    pub fn journal(self) -> Option<Journal> {
        self.0.with_value(|run| run.journal.clone())
    }

    /// Whether the browser keeps it.
    pub fn is_kept(self) -> bool {
        self.0.with_value(|run| run.journal.is_some())
    }

    /// The agent has the results as a file.
    pub fn results_were_saved(self) {
        self.0.with_value(|run| run.is_saved.set(true));
    }

    /// Whether the results would be lost with this page.
    pub fn has_unsaved_results(self) -> bool {
        self.0.with_value(|run| run.has_unsaved_results())
    }
}
