//! Runs a batch: performs the send engine's commands and brings it the answers.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use cxconnect_core::{
    dispatch::{
        Answer, Command, Config, Counts, Dispatch, Doubt, End, Event, JournalFault, MessageIdx, Millis,
        PauseCause, Phase,
    },
    frozen::{Frozen, Kind},
    journal,
};
use cxconnect_sunco::{IntegrationId, Metadata, Notification};
use cxconnect_zendesk::NoticeKind;
use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    run::{OpenError, Summary, kept},
    shell::{
        clock, ids,
        journal::{Journal, KeepError},
        locks::{self, Lock},
        pause::pause,
        texts::tr,
    },
};

/// How often the screen follows a running batch: often enough to look alive, seldom enough to leave time for sending.
const REFRESH_MS: u32 = 100;
/// How often a page looks how a batch goes on that another one sends.
const FOLLOW_MS: u32 = 700;

/// How often it is looked whether the journal has all, in milliseconds.
const SETTLE_MS: u32 = 10;

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
    backend: Rc<Backend>,
    /// The scope of its signals.
    owner: Owner,
    frozen: Frozen,
    sender: IntegrationId,
    config: Config,
    dispatch: RefCell<Dispatch>,
    /// None if the agent chose to send without: then nothing is kept, and nothing can be resumed.
    journal: Option<Journal>,
    /// While this page owns a batch that is kept.
    lock: RefCell<Option<Lock>>,
    role: Cell<Role>,
    /// Nobody looks at it any more.
    is_closed: Cell<bool>,
    /// Grows whenever the screen should look again.
    version: RwSignal<u32>,
    is_refresh_due: Cell<bool>,
    /// The next moment at which the engine is woken.
    wakes_at: Cell<Option<Millis>>,
    /// The agent has the results as a file.
    is_saved: Cell<bool>,
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
    /// Whether the journal has all that happened, and no call is under way.
    pub is_settled: bool,
}

/// A handle that the screen can copy.
#[derive(Clone, Copy, PartialEq)]
pub struct RunRef(StoredValue<Rc<Run>, LocalStorage>, RwSignal<u32>);

impl RunRef {
    /// A batch that was just frozen, and kept if there is a journal. It isn't started yet.
    pub async fn create(
        backend: Rc<Backend>,
        frozen: Frozen,
        journal: Option<Journal>,
    ) -> Result<Self, OpenError> {
        let lock = match &journal {
            Some(_) => Some(locks::take(frozen.id().as_str()).await.ok_or(OpenError::Elsewhere)?),
            None => None,
        };
        let run = Self::new(backend, frozen, journal, Role::Owner)?;
        run.0.with_value(|run| run.lock.replace(lock));
        Ok(run)
    }

    /// A kept batch, looked at.
    pub async fn open(
        backend: Rc<Backend>,
        journal: Journal,
        id: &str,
        head: &str,
    ) -> Result<Self, OpenError> {
        let frozen = kept::thaw(&journal, id, head).await?;
        let run = Self::new(backend, frozen, Some(journal), Role::Watcher)?;
        let it = run.0.get_value();
        it.catch_up().await?;
        it.look_who_owns_it().await;
        follow(it);
        Ok(run)
    }

    fn new(
        backend: Rc<Backend>,
        frozen: Frozen,
        journal: Option<Journal>,
        role: Role,
    ) -> Result<Self, OpenError> {
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
        let run = Rc::new(Run {
            backend,
            owner: owner.clone(),
            config,
            dispatch: RefCell::new(dispatch),
            frozen,
            sender,
            journal,
            lock: RefCell::new(None),
            role: Cell::new(role),
            is_closed: Cell::new(false),
            version,
            is_refresh_due: Cell::new(false),
            wakes_at: Cell::new(None),
            is_saved: Cell::new(false),
        });
        guard_page();
        RUNS.with_borrow_mut(|runs| {
            runs.retain(|run| run.strong_count() != 0);
            runs.push(Rc::downgrade(&run));
        });
        Ok(Self(owner.with(|| StoredValue::new_local(run)), version))
    }

    /// Tells the engine something. Only the owner's word counts.
    pub fn tell(self, event: Event) {
        handle(&self.0.get_value(), event);
        // Whoever has said something sees at once what comes of it.
        self.1.update(|version| *version = version.wrapping_add(1));
    }

    /// Sends what waits, whether it never began or is paused.
    pub fn go_on(self) {
        self.tell(Event::Start);
        self.tell(Event::Resume);
    }

    /// Makes this page the owner, if no other page is. What is still claimed is in doubt from then on.
    pub async fn take(self) -> bool {
        let run = self.0.get_value();
        if run.role.get() == Role::Owner {
            return true;
        }
        let Some(lock) = locks::take(run.id()).await else { return false };
        // What the last owner has written is known before anything is added to it.
        if run.catch_up().await.is_err() {
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

impl Run {
    fn id(&self) -> &str {
        self.frozen.id().as_str()
    }

    fn glance(&self) -> Glance {
        let dispatch = self.dispatch.borrow();
        let now = clock::now();
        Glance {
            role: self.role.get(),
            phase: dispatch.phase().clone(),
            counts: dispatch.counts(),
            rate: dispatch.rate(now),
            time_left: dispatch.time_left(now),
            held_for: dispatch.held_until(now).map(|until| until.saturating_sub(now)),
            is_settled: dispatch.counts().claimed == 0 && !dispatch.has_unwritten(),
        }
    }

    /// Whether leaving the page would end the sending, or lose results that are nowhere else.
    fn must_stay(&self) -> bool {
        let is_moving = {
            let dispatch = self.dispatch.borrow();
            matches!(dispatch.phase(), Phase::Running | Phase::Draining)
                || dispatch.counts().claimed != 0
                || dispatch.has_unwritten()
        };
        self.role.get() == Role::Owner && (is_moving || self.has_unsaved_results())
    }

    /// Some message isn't plainly accepted, nothing is kept, and there is no file.
    fn has_unsaved_results(&self) -> bool {
        let counts = self.dispatch.borrow().counts();
        self.journal.is_none()
            && !self.is_closed.get()
            && !self.is_saved.get()
            && counts.accepted < counts.total
    }

    /// Takes in what another page has written.
    async fn catch_up(&self) -> Result<(), OpenError> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let from = self.dispatch.borrow().n_writes();
        let texts = journal.writes(self.id(), from).await?;
        let mut breath = kept::Breath::new();
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

    async fn look_who_owns_it(&self) {
        let is_owned = locks::is_held(self.id()).await;
        if self.role.get() != Role::Owner {
            self.role.set(if is_owned { Role::Watcher } else { Role::Heir });
        }
    }

    fn summary(&self) -> Summary {
        let dispatch = self.dispatch.borrow();
        let end = match dispatch.phase() {
            Phase::Ended(end) => Some(*end),
            _ => None,
        };
        Summary { n_writes: dispatch.n_writes(), end, counts: dispatch.counts() }
    }
}

/// Looks again and again how a batch goes on that another page may send, until this one does.
fn follow(run: Rc<Run>) {
    spawn_local(async move {
        loop {
            clock::after(FOLLOW_MS).await;
            if run.role.get() == Role::Owner || run.is_closed.get() {
                return;
            }
            let before = run.glance();
            if run.catch_up().await.is_err() {
                return;
            }
            run.look_who_owns_it().await;
            if run.glance() != before {
                refresh_soon(&run);
            }
        }
    });
}

/// Another page has written to this one's journal: it is that page's batch now. What this one knows of it is forgotten.
async fn look_on(run: &Rc<Run>) {
    run.role.set(Role::Watcher);
    run.lock.replace(None);
    if let Ok(dispatch) = Dispatch::replay(run.frozen.recipients(), run.config, &[]) {
        run.dispatch.replace(dispatch);
        // If it can't be read now, it is read by and by.
        let _ = run.catch_up().await;
        follow(Rc::clone(run));
    }
}

fn handle(run: &Rc<Run>, event: Event) {
    if run.role.get() != Role::Owner {
        return;
    }
    let commands = run.dispatch.borrow_mut().handle(clock::moment(), event);
    for command in commands {
        perform(run, command);
    }
    refresh_soon(run);
}

fn perform(run: &Rc<Run>, command: Command) {
    let it = Rc::clone(run);
    match command {
        Command::Write { write, entries } => {
            run.backend.usage.count(run.id(), write, &entries);
            spawn_local(async move {
                let kept = match &it.journal {
                    Some(journal) => journal.append(it.id(), write, &journal::encode(&entries)).await,
                    None => Ok(()),
                };
                match kept {
                    Ok(()) => handle(&it, Event::Written { write }),
                    Err(error) => {
                        it.backend.usage.take_back(it.id(), write, &entries);
                        let is_taken = error == KeepError::Taken;
                        let cause = if is_taken { JournalFault::Taken } else { JournalFault::Failed };
                        handle(&it, Event::NotWritten { write, cause });
                        if is_taken {
                            look_on(&it).await;
                        }
                    }
                }
                note(&it);
            });
        }
        Command::Send { message, attempt } => spawn_local(async move {
            let answer = call(&it, message).await;
            handle(&it, Event::Answered { message, attempt, answer });
        }),
        Command::WakeAt(at) => {
            // The engine asks again at each event; one wake-up in time is enough.
            if run.wakes_at.get().is_some_and(|next| next <= at) {
                return;
            }
            run.wakes_at.set(Some(at));
            spawn_local(async move {
                clock::after(u32::try_from(at.saturating_sub(clock::now())).unwrap_or(u32::MAX)).await;
                if it.wakes_at.get() == Some(at) {
                    it.wakes_at.set(None);
                    handle(&it, Event::Woke);
                }
            });
        }
        Command::Finished(end) => tell_zendesk(run, end),
    }
}

async fn call(run: &Run, message_idx: MessageIdx) -> Answer {
    let Some(message) = run.frozen.message(message_idx) else {
        // The engine was made with this batch's recipients.
        return Answer::Unknown(Doubt::ConnectionLost);
    };
    let notification = Notification {
        integration: &run.sender,
        to: &message.to,
        template: run.frozen.template(),
        values: &message.values,
        namespace: run.backend.settings.namespace.as_deref(),
        metadata: Metadata { batch: run.frozen.id(), row: message.row },
    };
    run.backend.sunco.notify(&notification).await
}

/// Once a batch has ended, its figures are kept beside it: a list of batches need not read their journals.
fn note(run: &Rc<Run>) {
    let summary = run.summary();
    if summary.end.is_none() || run.dispatch.borrow().has_unwritten() {
        return;
    }
    let run = Rc::clone(run);
    spawn_local(async move {
        if let Some(journal) = &run.journal {
            // Without figures the list reads the journal.
            let _ = journal.summarize(run.id(), &summary.to_text()).await;
        }
    });
}

/// Lets the screen look again, once for all that happens within a moment.
fn refresh_soon(run: &Rc<Run>) {
    if run.is_refresh_due.replace(true) {
        return;
    }
    let run = Rc::clone(run);
    spawn_local(async move {
        clock::after(REFRESH_MS).await;
        run.is_refresh_due.replace(false);
        run.version.update(|version| *version = version.wrapping_add(1));
        // While waiting nothing happens, but the remaining time changes.
        if run.role.get() == Role::Owner && run.dispatch.borrow().held_until(clock::now()).is_some() {
            refresh_soon(&run);
        }
    });
}

/// Zendesk's own notification reaches the agent wherever they are.
fn tell_zendesk(run: &Rc<Run>, end: End) {
    // Whoever tries or writes one message is looking at it.
    if run.frozen.head().about.kind != Kind::Many {
        return;
    }
    let counts = run.dispatch.borrow().counts();
    let (key, kind) = match end {
        End::Completed => ("notify.completed", NoticeKind::Notice),
        End::Cancelled => ("notify.cancelled", NoticeKind::Alert),
    };
    let text = tr(
        key,
        &[
            ("accepted", &counts.accepted.to_string()),
            ("refused", &counts.refused.to_string()),
            ("unknown", &counts.unknown.to_string()),
            ("not_sent", &counts.not_sent.to_string()),
        ],
    );
    let zaf = run.backend.zaf.clone();
    spawn_local(async move {
        // The screen says the same; a notification that isn't shown loses nothing.
        let _ = zaf.notify(&text, kind).await;
    });
}
