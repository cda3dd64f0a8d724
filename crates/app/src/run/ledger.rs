//! Writes a run to the team's shared record: performs what the scribe says, and tells it what happened.

use std::{ops::Range, rc::Rc};

use cxconnect_core::{
    dispatch::{self, MessageIdx, MessageState, Millis, Phase, UnixMillis},
    frozen::Kind,
    ledger::{
        ABANDONED_MS, Answer, BatchRecord, Budget, CHUNKS_AHEAD, Command, Event, Fault, Figures, Holder,
        MessageRecord, Request, Scribe, Standing,
    },
};
use cxconnect_ledger::{Claim, LedgerError, PlanPart};
use leptos::task::spawn_local;

use crate::{
    run::{
        Role,
        perform::{self, handle, refresh_soon},
        state::Run,
    },
    shell::{clock, ids, journal},
};

/// Chunks whose outcomes are written once more by whoever goes on with a batch: what a page that died had claimed, and what
/// a job of its may have lost.
const WRITTEN_AGAIN: usize = CHUNKS_AHEAD + 2;

/// A batch that this browser has saved within this time is its own: it takes longer to be taken over.
const OURS_MS: Millis = ABANDONED_MS / 2;
/// How often is looked whether all is written.
const LOOK_MS: u32 = 500;

/// How the shared record follows a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerGlance {
    /// It isn't followed: nothing was started here.
    None,
    /// The account has no shared record: it isn't installed.
    Off,
    /// It is.
    On(Standing),
}

/// A run's place in the ledger.
pub(super) struct Book {
    scribe: Scribe,
    /// This browser's name, once it is known.
    holder: Option<String>,
    /// How many records each chunk of the plan takes.
    n_records: Vec<usize>,
    wakes_at: Option<Millis>,
    ended: Option<UnixMillis>,
    is_off: bool,
    /// Until then nobody else can have taken the batch over.
    is_ours_until: Option<Millis>,
}

impl Run {
    /// How the ledger follows.
    pub(super) fn ledger_glance(&self) -> LedgerGlance {
        match self.ledger.borrow().as_ref() {
            None => LedgerGlance::None,
            Some(book) if book.is_off => LedgerGlance::Off,
            Some(book) => LedgerGlance::On(book.scribe.standing()),
        }
    }

    /// Whether the ledger hasn't all of it yet, and is being written.
    pub(super) fn is_being_written(&self) -> bool {
        matches!(
            self.ledger_glance(),
            LedgerGlance::On(Standing::Keeping { .. } | Standing::Following | Standing::Waiting(_))
        )
    }
}

/// Lets the team's figures follow a run, as far as this page knows it: the record of it comes seconds later, or never from a page
/// that was killed.
pub(super) fn note(run: &Run) {
    let is_complete = run.ledger_glance() == LedgerGlance::On(Standing::Complete);
    let team = run.backend.usage.team();
    let figures = Figures::of(&run.dispatch.borrow().counts());
    let is_live = run.role.get() == Role::Owner && !is_complete;
    team.note(run.frozen.id(), run.frozen.head().about.created, figures, is_live);
    if is_complete {
        team.look_soon();
    }
}

/// Begins to follow a run that this page owns, before anything of it leaves. Does nothing the second time.
pub(super) fn open(run: &Rc<Run>) {
    if run.role.get() != Role::Owner || run.ledger.borrow().is_some() {
        return;
    }
    let starts = run.frozen.message_starts();
    let event = opening(run, &starts);
    let n_chunks = starts.len().saturating_sub(1);
    let budget = Budget::new(run.backend.settings.ledger_budget);
    run.ledger.replace(Some(Book {
        scribe: Scribe::new(starts.clone(), budget, ids::seed()),
        holder: None,
        n_records: vec![1; n_chunks],
        wakes_at: None,
        ended: ended(run),
        is_off: false,
        is_ours_until: (!run.is_opened).then(|| clock::now() + OURS_MS),
    }));
    handle(run, dispatch::Event::Allow { n_messages: 0 });
    tell(run, event);
    write_again(run, &starts);
    if matches!(run.dispatch.borrow().phase(), Phase::Ended(_)) {
        tell(run, Event::Ended);
    }
}

/// When a batch that was kept before has ended.
fn ended(run: &Run) -> Option<UnixMillis> {
    let dispatch = run.dispatch.borrow();
    let last = dispatch.track().events().last().map(|event| event.at);
    matches!(dispatch.phase(), Phase::Ended(_)).then(|| last.unwrap_or_else(clock::time))
}

/// Whether the ledger has all of it, or there is none.
pub(super) fn is_recorded(run: &Run) -> bool {
    matches!(run.ledger_glance(), LedgerGlance::Off | LedgerGlance::On(Standing::Complete | Standing::Lost))
}

/// Waits until the ledger has all of it; whether it does, or needs none of it.
pub(super) async fn wait(run: &Rc<Run>) -> bool {
    while run.is_being_written() && !run.is_closed.get() {
        clock::after(LOOK_MS).await;
    }
    is_recorded(run)
}

/// Whether another computer has taken the batch over.
pub(super) async fn is_elsewhere(run: &Run) -> Result<bool, LedgerError> {
    // What this browser doesn't keep nobody can take over: of its plan nothing is known after this page.
    if run.journal.is_none() {
        return Ok(false);
    }
    let ours = holder(run).await?;
    let record = match run.backend.ledger.batch(run.frozen.id()).await {
        Ok(record) => record,
        Err(error) if error.fault() == Fault::Missing => None,
        Err(error) => return Err(error),
    };
    Ok(record.and_then(|(record, _)| record.holder).is_some_and(|holder| holder.name != ours))
}

/// A file's batch is planned in the ledger first; of one message there is nothing to plan, nor of a batch that was begun.
fn opening(run: &Run, starts: &[MessageIdx]) -> Event {
    let dispatch = run.dispatch.borrow();
    let n_chunks = starts.len().saturating_sub(1);
    if run.frozen.head().about.kind != Kind::Many {
        return Event::TakeOver { claimed: (0..n_chunks).collect() };
    }
    let is_touched = |chunk: &usize| {
        let states = dispatch.states().get(messages(starts, *chunk)).unwrap_or_default();
        states.iter().any(|state| *state != MessageState::Waiting)
    };
    let claimed: Vec<usize> = (0..n_chunks).filter(is_touched).collect();
    if claimed.is_empty() { Event::Start } else { Event::TakeOver { claimed } }
}

fn messages(starts: &[MessageIdx], chunk: usize) -> Range<MessageIdx> {
    let at = |place: usize| starts.get(place).copied().unwrap_or_default();
    at(chunk)..at(chunk + 1)
}

/// Outcomes that an earlier page may have known and not written.
fn write_again(run: &Rc<Run>, starts: &[MessageIdx]) {
    let outcomes: Vec<MessageIdx> = {
        let dispatch = run.dispatch.borrow();
        let has_outcome = |message: &MessageIdx| dispatch.states().get(*message).is_some_and(is_outcome);
        let n_chunks = starts.len().saturating_sub(1);
        let last = (0..n_chunks).rfind(|chunk| messages(starts, *chunk).any(|it| has_outcome(&it)));
        let Some(last) = last else { return };
        let first = (last + 1).saturating_sub(WRITTEN_AGAIN);
        (messages(starts, first).start..messages(starts, last).end).filter(has_outcome).collect()
    };
    for message in outcomes {
        tell(run, Event::Outcome { message });
    }
}

fn is_outcome(state: &MessageState) -> bool {
    match state {
        MessageState::Accepted(_)
        | MessageState::Refused(_)
        | MessageState::Unknown(_)
        | MessageState::MarkedSent => true,
        MessageState::Waiting | MessageState::Claimed | MessageState::NotSent => false,
    }
}

/// The engine was told something: what of it concerns the ledger.
pub(super) fn follow(run: &Rc<Run>, message: Option<MessageIdx>, has_other_phase: bool) {
    if run.ledger.borrow().is_none() {
        return;
    }
    let has_outcome =
        |message: &MessageIdx| run.dispatch.borrow().states().get(*message).is_some_and(is_outcome);
    if let Some(message) = message.filter(has_outcome) {
        tell(run, Event::Outcome { message });
    }
    if has_other_phase {
        let is_over = matches!(run.dispatch.borrow().phase(), Phase::Ended(_));
        if is_over && let Some(book) = run.ledger.borrow_mut().as_mut() {
            book.ended.get_or_insert(clock::moment().time);
        }
        tell(run, if is_over { Event::Ended } else { Event::Changed });
    }
}

/// The agent says that what stood in the way is mended.
pub(super) fn try_again(run: &Rc<Run>) {
    tell(run, Event::TryAgain);
}

fn tell(run: &Rc<Run>, event: Event) {
    let told = {
        let mut book = run.ledger.borrow_mut();
        let Some(book) = book.as_mut().filter(|book| !book.is_off) else { return };
        let commands = book.scribe.handle(clock::now(), event);
        // Without the objects there is no shared record, and the browser's own journal has to do.
        book.is_off = book.scribe.standing() == Standing::Stuck(Fault::Missing);
        (commands, book.is_off)
    };
    let (commands, is_off) = told;
    // From now on nothing of it has to be caught up with.
    if is_recorded(run) {
        perform::note(run);
    }
    if is_off {
        handle(run, dispatch::Event::Allow { n_messages: usize::MAX });
        return;
    }
    for command in commands {
        perform(run, command);
    }
    refresh_soon(run);
}

fn perform(run: &Rc<Run>, command: Command) {
    let it = Rc::clone(run);
    match command {
        Command::Allow { n_messages } => handle(run, dispatch::Event::Allow { n_messages }),
        Command::Ask { number, request } => spawn_local(async move {
            let answer = ask(&it, request).await.unwrap_or_else(|error| Answer::Failed(error.fault()));
            tell(&it, Event::Answered { number, answer });
        }),
        Command::WakeAt(at) => {
            if let Some(book) = run.ledger.borrow_mut().as_mut() {
                book.wakes_at = Some(at);
            }
            spawn_local(async move {
                clock::until(at).await;
                let is_meant = it.ledger.borrow().as_ref().is_some_and(|book| book.wakes_at == Some(at));
                if is_meant {
                    tell(&it, Event::Woke);
                }
            });
        }
    }
}

async fn ask(run: &Rc<Run>, request: Request) -> Result<Answer, LedgerError> {
    let ledger = &run.backend.ledger;
    let id = run.frozen.id();
    match request {
        Request::SaveBatch => {
            let holder = holder(run).await?;
            let is_ours = run.ledger.borrow().as_ref().and_then(|book| book.is_ours_until);
            if is_ours.is_none_or(|until| until < clock::now()) && is_elsewhere(run).await? {
                return Ok(Answer::Lost);
            }
            ledger.save_batch(&record(run, holder)).await?;
            if let Some(book) = run.ledger.borrow_mut().as_mut() {
                book.is_ours_until = Some(clock::now() + OURS_MS);
            }
            Ok(Answer::Done)
        }
        Request::SavePlan { chunks } => {
            let parts = plan(run, chunks).await?;
            ledger.save_plan(id, &parts).await.map(Answer::Job)
        }
        Request::Claim { chunk } => {
            let claim = Claim { by: holder(run).await?, at: clock::moment().time };
            let claimed = ledger.claim(id, chunk, &claim).await?;
            Ok(if claimed.by == claim.by { Answer::Done } else { Answer::Lost })
        }
        Request::SaveMessages { messages } => {
            let records: Vec<MessageRecord> = {
                let dispatch = run.dispatch.borrow();
                messages
                    .iter()
                    .filter_map(|message| MessageRecord::of(&run.frozen, &dispatch, *message))
                    .collect()
            };
            ledger.save_messages(&records).await.map(Answer::Job)
        }
        Request::LookAtJobs { jobs } => ledger.jobs(&jobs).await.map(Answer::Jobs),
        Request::RemovePlan { chunks } => {
            let head = (chunks.start == 0).then_some((None, 1));
            let n_records: Vec<(Option<usize>, usize)> = {
                let book = run.ledger.borrow();
                let n = |chunk: usize| book.as_ref().and_then(|book| book.n_records.get(chunk).copied());
                chunks.map(|chunk| (Some(chunk), n(chunk).unwrap_or(1))).collect()
            };
            ledger.remove_plan(id, head.into_iter().chain(n_records)).await.map(Answer::Job)
        }
    }
}

/// This browser's name. Where it keeps nothing, each page has a name of its own: it can't go on with another one's batch.
async fn holder(run: &Run) -> Result<String, LedgerError> {
    if let Some(name) = run.ledger.borrow().as_ref().and_then(|book| book.holder.clone()) {
        return Ok(name);
    }
    let name = match &run.journal {
        Some(journal) => {
            let name = journal.browser().await;
            name.map_err(|error| LedgerError::Unavailable(error.to_string()))?
        }
        None => ids::new_batch_id().to_string(),
    };
    if let Some(book) = run.ledger.borrow_mut().as_mut() {
        book.holder = Some(name.clone());
    }
    Ok(name)
}

fn record(run: &Run, holder: String) -> BatchRecord {
    let ended = run.ledger.borrow().as_ref().and_then(|book| book.ended);
    // Whoever had it last still has it when it is over: what is left of it is theirs to send again.
    let holder = Holder { name: holder, seen: clock::moment().time };
    BatchRecord::of(&run.frozen, &run.dispatch.borrow(), ended, Some(holder))
}

/// Chunks of the plan, packed; with the first of them the batch's head.
async fn plan(run: &Run, chunks: Range<usize>) -> Result<Vec<PlanPart>, LedgerError> {
    let unpackable = || LedgerError::Refused { status: 0, text: "this browser can't compress".to_owned() };
    let mut parts = Vec::with_capacity(chunks.len() + 1);
    if chunks.start == 0 {
        let body = journal::pack(&run.frozen.head_text()).await.ok_or_else(unpackable)?;
        parts.push(PlanPart { chunk: None, body });
    }
    for chunk in chunks {
        let text = run.frozen.chunks().get(chunk).map(AsRef::as_ref).unwrap_or_default();
        let part = PlanPart { chunk: Some(chunk), body: journal::pack(text).await.ok_or_else(unpackable)? };
        if let Some(book) = run.ledger.borrow_mut().as_mut()
            && let Some(n_records) = book.n_records.get_mut(chunk)
        {
            *n_records = part.n_records();
        }
        parts.push(part);
    }
    Ok(parts)
}
