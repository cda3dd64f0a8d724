//! The pump: messages that wait → calls, by core's own send engine.
//!
//! A run is a `core::dispatch::Dispatch` over some messages of one template. Its journal is the messages' own rows: a claim
//! is written as [`State::Sending`] before the call may leave, its outcome when the answer came. The pump has no I/O but the
//! database: whoever drives it (`drive`) makes the calls and brings the answers. If it dies, what is found `Sending` is in
//! doubt, and never sent again.

mod drive;
mod journal;
mod select;

use std::{collections::HashMap, rc::Rc};

use cxconnect_core::{
    dispatch::{Command, Config, Dispatch, Event, JournalFault, MessageIdx, Moment, PauseCause, Phase, Rate},
    phone::{E164, comparable_key},
    plan::BatchId,
    template::Template,
};
use cxconnect_sunco::IntegrationId;

pub use drive::{Answered, Outgoing, drive};

use crate::{
    Ms,
    db::{Db, DbError},
    holds,
    message::{State, Waiting},
    settings::Settings,
    templates::{self, Key},
};

/// A run takes so many seconds' worth of messages, so that other templates' don't wait long.
const SECONDS: usize = 10;
/// A run begins no call after this long, whatever waits.
const RUN_FOR: Ms = 40_000;
/// A run that nobody has brought anything for so long is dead: longer than any call may take (20 s).
const DEAD_AFTER: Ms = 60_000;
/// One person gets no second message within this (whatsapp.md, 131056: one message in 6 s to one user).
const REST: Ms = 6_000;
/// So many refused or unknown messages in a row hold the account.
const FAILURES: u32 = Config::DEFAULT_FAILURES_THAT_PAUSE;
/// How long the account waits after a pause that may pass by itself.
const PAUSE: Ms = 5 * 60 * 1000;

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Call SunCo for this message of the run; its claim is kept.
    Call {
        /// The run.
        run: u64,
        /// The message's place in it.
        message: MessageIdx,
        /// To be named in the answer.
        attempt: u32,
    },
    /// Come back at this moment; it takes the place of the one before.
    WakeAt(Ms),
    /// The run is over.
    Done,
}

/// Whether there is something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// A run has begun, with these first steps.
    Run(Vec<Step>),
    /// This definition is too old to send by: it has to be fetched first.
    Stale(Key),
    /// Nothing can be sent before this moment; `None` if nothing waits.
    Idle(Option<Ms>),
}

/// What runs now, and what has to be remembered from run to run. Nothing of it outlives the process, nor needs to.
#[derive(Debug, Default)]
pub struct Pump {
    run: Option<Run>,
    n_runs: u64,
    /// When the last call began.
    last_call: Ms,
    /// When each person was last sent to, if within [`REST`].
    resting: HashMap<u64, Ms>,
    /// Wakes the engine's clock never goes back.
    clock: Ms,
}

#[derive(Debug)]
struct Run {
    number: u64,
    dispatch: Dispatch,
    messages: Vec<Waiting>,
    template: Rc<Template>,
    key: Key,
    namespace: Option<String>,
    ends_at: Ms,
    is_ending: bool,
    last_event: Ms,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Pump {
    /// Begins a run, if anything waits and may be sent. Does nothing while one is under way.
    pub fn begin<D: Db>(
        &mut self,
        db: &D,
        settings: &Settings,
        seed: u64,
        now: Ms,
    ) -> Result<Begin, DbError> {
        if let Some(run) = &self.run {
            let dead_at = run.last_event.saturating_add(DEAD_AFTER);
            if now < dead_at {
                return Ok(Begin::Idle(Some(dead_at)));
            }
            self.run = None;
        }
        // Nobody calls for them any more: this pump has no run, and there is no other.
        select::doubt_interrupted(db, now)?;
        select::give_up_old(db, settings, now)?;
        holds::release(db, now, false)?;
        let rate = Rate::new(settings.rate_per_second);
        let per_second = usize::try_from(rate.per_second()).unwrap_or(1);
        // The run before kept its own pace; this one begins where that one's next call would have been due.
        let interval = 1_018_i64.checked_div(i64::from(rate.per_second())).unwrap_or(0);
        let may_begin = self.last_call.saturating_add(interval);
        self.resting.retain(|_, at| now < at.saturating_add(REST));
        let Some(key) = select::next_template(db)? else { return Ok(Begin::Idle(holds_end(db)?)) };
        if now < may_begin {
            return Ok(Begin::Idle(Some(may_begin)));
        }
        let kept = templates::load(db, &key)?;
        let Some(kept) = kept.filter(|kept| now < kept.fetched_at.saturating_add(templates::FRESH_FOR))
        else {
            return Ok(Begin::Stale(key));
        };
        if !kept.template.is_sendable() {
            let until = now.saturating_add(templates::FRESH_FOR);
            let scope = holds::template(&key.name, &key.language);
            db.atomically(|| holds::hold(db, &scope, "template_unavailable", "", now, until))?;
            return Ok(Begin::Idle(Some(now)));
        }
        let most = per_second.saturating_mul(SECONDS);
        let (messages, rests_until) =
            select::messages(db, &key, &kept.version, most, now, |to| self.rests_until(to))?;
        if messages.is_empty() {
            return Ok(Begin::Idle(Some(rests_until.unwrap_or(now))));
        }
        let config = Config { rate, failures_that_pause: FAILURES, seed };
        let to: Vec<E164> = messages.iter().map(|message| message.to).collect();
        self.n_runs = self.n_runs.wrapping_add(1);
        self.run = Some(Run {
            number: self.n_runs,
            dispatch: Dispatch::new(to, config),
            messages,
            template: Rc::new(kept.template),
            key,
            namespace: settings.namespace.clone(),
            ends_at: now.saturating_add(RUN_FOR),
            is_ending: false,
            last_event: now,
        });
        Ok(Begin::Run(self.take_in(db, Event::Start, now)))
    }

    /// An answer came. One to a run that is over counts for nothing: its message is in doubt already.
    pub fn answered<D: Db>(
        &mut self,
        db: &D,
        (run, message, attempt, answer): Answered,
        now: Ms,
    ) -> Vec<Step> {
        if self.run.as_ref().is_none_or(|current| current.number != run) {
            return Vec::new();
        }
        self.take_in(db, Event::Answered { message, attempt, answer }, now)
    }

    /// The moment of the last [`Step::WakeAt`] has come.
    pub fn woke<D: Db>(&mut self, db: &D, now: Ms) -> Vec<Step> {
        self.take_in(db, Event::Woke, now)
    }

    /// Whether a run is under way.
    pub fn is_running(&self) -> bool {
        self.run.is_some()
    }

    /// The message of a call, with all that it is made of; `None` if there is no such message.
    pub fn outgoing(&self, run: u64, message: MessageIdx) -> Option<Outgoing> {
        let run = self.run.as_ref().filter(|current| current.number == run)?;
        let waiting = run.messages.get(message)?;
        Some(Outgoing {
            integration: IntegrationId::parse(&run.key.sender).ok()?,
            to: waiting.to,
            template: run.template.clone(),
            values: waiting.values.clone(),
            namespace: run.namespace.clone(),
            batch: BatchId::new(waiting.id.clone()),
        })
    }

    fn rests_until(&self, to: E164) -> Option<Ms> {
        self.resting.get(&comparable_key(&to)).map(|at| at.saturating_add(REST))
    }

    /// Tells the engine, and does what it says until it waits for something from outside.
    fn take_in<D: Db>(&mut self, db: &D, event: Event, now: Ms) -> Vec<Step> {
        self.clock = self.clock.max(now);
        let Some(run) = &mut self.run else { return vec![Step::Done] };
        run.last_event = now;
        let clock = u64::try_from(self.clock).unwrap_or_default();
        let moment = Moment { clock, time: u64::try_from(now).unwrap_or_default() };
        let mut events = vec![event];
        if run.ends_at <= now && !run.is_ending {
            run.is_ending = true;
            events.push(Event::Pause);
        }
        let mut steps = Vec::new();
        while let Some(event) = events.pop() {
            for command in run.dispatch.handle(moment, event) {
                match command {
                    // Before the engine hears of it: whoever asks meanwhile finds what is kept.
                    Command::Write { write, entries } => {
                        let kept = journal::keep(db, &run.messages, &run.key, &entries);
                        events.push(match kept {
                            Ok(()) => Event::Written { write },
                            Err(_) => Event::NotWritten { write, cause: JournalFault::Failed },
                        });
                    }
                    Command::Send { message, attempt } => {
                        self.last_call = now;
                        if let Some(waiting) = run.messages.get(message) {
                            self.resting.insert(comparable_key(&waiting.to), now);
                        }
                        steps.push(Step::Call { run: run.number, message, attempt });
                    }
                    Command::WakeAt(at) => steps.push(Step::WakeAt(Ms::try_from(at).unwrap_or(Ms::MAX))),
                    Command::Finished(_) => {}
                }
            }
        }
        // What waits still waits in its row, so a run that paused is over once its calls are.
        let is_over = match run.dispatch.phase() {
            Phase::Ended(_) => true,
            Phase::Paused(PauseCause::Journal(_)) => run.dispatch.counts().claimed == 0,
            Phase::Paused(_) => run.dispatch.counts().claimed == 0 && !run.dispatch.has_unwritten(),
            Phase::Ready | Phase::Running | Phase::Draining => false,
        };
        if is_over {
            self.run = None;
            steps.push(Step::Done);
        }
        steps
    }
}

fn holds_end<D: Db>(db: &D) -> Result<Option<Ms>, DbError> {
    let waiting =
        db.first("SELECT 1 FROM message WHERE state = ? LIMIT 1", &[State::Queued.code().into()])?;
    if waiting.is_none() { Ok(None) } else { holds::next_end(db) }
}
