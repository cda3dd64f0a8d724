//! Writes a run to the team's shared record: performs what the scribe says, and tells it what happened.

use std::{collections::BTreeSet, ops::Range, rc::Rc};

use cxconnect_core::{
    dispatch::{self, MessageIdx, MessageState, Millis, Phase, UnixMillis},
    frozen::Kind,
    ledger::{
        ABANDONED_MS, Answer, BatchRecord, Budget, CHUNKS_AHEAD, Command, Event, Fault, Figures, Holder,
        ITEMS_PER_JOB, MessageRecord, Request, Scribe, Standing,
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
/// Whoever sends is heard of more often than this.
const HEARD_OF_MS: u64 = 60_000;
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
    /// Any number that another one of the run hasn't: answers to an earlier one's questions are not for this one.
    number: u64,
    scribe: Scribe,
    /// This browser's name, once it is known.
    holder: Option<String>,
    /// How many records the plan's head and each of its chunks take, where this page has written them or looked.
    n_head_records: Option<usize>,
    n_records: Vec<Option<usize>>,
    /// Messages that the record may know more of than this page does.
    has_record: Vec<bool>,
    /// What happened to the batch before this page had it, by the record.
    earlier: Option<BatchRecord>,
    wakes_at: Option<Millis>,
    ended: Option<UnixMillis>,
    is_off: bool,
    /// Until then nobody else can have taken the batch over.
    is_ours_until: Option<Millis>,
}

impl Run {
    /// Messages' records that Zendesk has refused for good: the shared record lacks them.
    pub(super) fn n_unrecorded(&self) -> usize {
        self.ledger.borrow().as_ref().map_or(0, |book| book.scribe.n_given_up())
    }

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
    // What was touched before may have been written by an earlier page, or by another computer.
    let may_have_record = |state: &MessageState| run.is_opened.get() && *state != MessageState::Waiting;
    let has_record = run.dispatch.borrow().states().iter().map(may_have_record).collect();
    run.ledger.replace(Some(Book {
        number: ids::seed(),
        scribe: Scribe::new(starts.clone(), budget, ids::seed()),
        holder: None,
        n_head_records: None,
        n_records: vec![None; n_chunks],
        has_record,
        earlier: None,
        wakes_at: None,
        ended: ended(run),
        is_off: false,
        is_ours_until: (!run.is_opened.get()).then(|| clock::now() + OURS_MS),
    }));
    handle(run, dispatch::Event::Allow { n_messages: 0 });
    tell(run, event);
    // What was written once and isn't there any more was deleted, or somebody is to be forgotten.
    if !run.was_recorded {
        write_again(run, &starts);
    }
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
        Ok(record) => record.map(|(record, _)| record),
        Err(error) if error.fault() == Fault::Missing => None,
        Err(error) => return Err(error),
    };
    let is_elsewhere = record.as_ref().and_then(|it| it.holder.as_ref()).is_some_and(|it| it.name != ours);
    if !is_elsewhere
        && run.is_opened.get()
        && let Some(book) = run.ledger.borrow_mut().as_mut()
    {
        book.earlier = record;
    }
    Ok(is_elsewhere)
}

/// Whether another computer has taken it over since this browser last made sure. As long as it can't have, nobody is asked.
async fn is_lost(run: &Run) -> Result<bool, LedgerError> {
    let is_ours = run.ledger.borrow().as_ref().and_then(|book| book.is_ours_until);
    if is_ours.is_some_and(|until| clock::now() <= until) {
        return Ok(false);
    }
    is_elsewhere(run).await
}

/// Of these messages, those that a computer other than this one has claimed, so that they may have left from there.
pub(super) async fn claimed_elsewhere(
    run: &Run,
    messages: &[MessageIdx],
) -> Result<Vec<MessageIdx>, LedgerError> {
    if run.journal.is_none() || run.frozen.head().about.kind != Kind::Many {
        return Ok(Vec::new());
    }
    let ours = holder(run).await?;
    let starts = run.frozen.message_starts();
    let chunk_of = |message: MessageIdx| starts.partition_point(|start| *start <= message).saturating_sub(1);
    let chunks: BTreeSet<usize> = messages.iter().map(|message| chunk_of(*message)).collect();
    let chunks: Vec<usize> = chunks.into_iter().collect();
    let mut theirs = BTreeSet::new();
    for chunks in chunks.chunks(ITEMS_PER_JOB) {
        let claims = match run.backend.ledger.claims(run.frozen.id(), chunks.iter().copied()).await {
            Ok(claims) => claims,
            Err(error) if error.fault() == Fault::Missing => Vec::new(),
            Err(error) => return Err(error),
        };
        theirs.extend(claims.into_iter().filter(|(_, claim)| claim.by != ours).map(|(chunk, _)| chunk));
    }
    Ok(messages.iter().copied().filter(|message| theirs.contains(&chunk_of(*message))).collect())
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
        let since = clock::time().saturating_sub(HEARD_OF_MS);
        let n_others =
            run.backend.usage.team().known_once(|known| known.n_others_sent(run.frozen.id(), since));
        book.scribe.share(n_others.saturating_add(1));
        let commands = book.scribe.handle(clock::now(), event);
        // Without the objects there is no shared record, and the browser's own journal has to do.
        book.is_off = book.scribe.is_without_ledger();
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
    let number_now = |run: &Run| run.ledger.borrow().as_ref().map(|book| book.number);
    let ours = number_now(run);
    match command {
        Command::Allow { n_messages } => handle(run, dispatch::Event::Allow { n_messages }),
        Command::Ask { number, request } => spawn_local(async move {
            let answer = ask(&it, request).await.unwrap_or_else(|error| Answer::Failed(error.fault()));
            if number_now(&it) == ours {
                tell(&it, Event::Answered { number, answer });
            }
        }),
        Command::WakeAt(at) => {
            if let Some(book) = run.ledger.borrow_mut().as_mut() {
                book.wakes_at = Some(at);
            }
            spawn_local(async move {
                clock::until(at).await;
                let is_meant = it.ledger.borrow().as_ref().is_some_and(|book| book.wakes_at == Some(at));
                if is_meant && number_now(&it) == ours {
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
            if is_lost(run).await? {
                return Ok(Answer::Lost);
            }
            ledger.save_batch(&record(run, holder)).await?;
            if let Some(book) = run.ledger.borrow_mut().as_mut() {
                book.is_ours_until = Some(clock::now() + OURS_MS);
            }
            Ok(Answer::Done)
        }
        Request::TryMessages => {
            let planned = {
                let dispatch = run.dispatch.borrow();
                let is_waiting = |state: &MessageState| *state == MessageState::Waiting;
                let message = dispatch.states().iter().position(is_waiting);
                message.and_then(|message| MessageRecord::of(&run.frozen, &dispatch, message))
            };
            // Who has written one in this page may write others.
            if let Some(planned) = planned.filter(|_| !run.backend.may_record.get()) {
                ledger.save_message(&planned).await?;
                run.backend.may_record.set(true);
            }
            Ok(Answer::Done)
        }
        Request::SavePlan { chunks } => {
            let parts = plan(run, chunks).await?;
            ledger.save_plan(id, &parts).await.map(Answer::Job)
        }
        Request::Claim { chunk } => {
            if is_lost(run).await? {
                return Ok(Answer::Lost);
            }
            let claim = Claim { by: holder(run).await?, at: clock::moment().time };
            let claimed = ledger.claim(id, chunk, &claim).await?;
            Ok(if claimed.by == claim.by { Answer::Done } else { Answer::Lost })
        }
        Request::SaveMessages { messages } => {
            let records = messages_to_write(run, &messages).await?;
            if records.is_empty() {
                return Ok(Answer::Done);
            }
            ledger.save_messages(&records).await.map(Answer::Job)
        }
        Request::LookAtJobs { jobs } => ledger.jobs(&jobs).await.map(Answer::Jobs),
        Request::RemovePlan { chunks } => {
            let parts = parts_to_remove(run, chunks).await?;
            ledger.remove_plan(id, parts).await.map(Answer::Job)
        }
    }
}

/// The records of messages as they stand. What others may have written of them is asked for first: nothing of it is lost.
async fn messages_to_write(run: &Run, messages: &[MessageIdx]) -> Result<Vec<MessageRecord>, LedgerError> {
    let (earlier, fresh): (Vec<MessageIdx>, Vec<MessageIdx>) = {
        let book = run.ledger.borrow();
        let has_record = |message: &MessageIdx| {
            book.as_ref().and_then(|book| book.has_record.get(*message)) == Some(&true)
        };
        messages.iter().partition(|message| has_record(message))
    };
    let of = |messages: &[MessageIdx]| -> Vec<MessageRecord> {
        let dispatch = run.dispatch.borrow();
        messages.iter().filter_map(|message| MessageRecord::of(&run.frozen, &dispatch, *message)).collect()
    };
    let written = if earlier.is_empty() {
        Vec::new()
    } else {
        let rows = of(&earlier).into_iter().map(|record| record.row);
        run.backend.ledger.messages(run.frozen.id(), rows).await?
    };
    let mut records = of(&fresh);
    for mut record in of(&earlier) {
        match written.iter().find(|it| it.row == record.row) {
            Some(it) => record.receipt = record.receipt.merge(&it.receipt),
            // It was there once: whoever has deleted it wanted that.
            None if run.was_recorded => continue,
            None => (),
        }
        records.push(record);
    }
    if let Some(book) = run.ledger.borrow_mut().as_mut() {
        for message in messages {
            if let Some(has_record) = book.has_record.get_mut(*message) {
                *has_record = true;
            }
        }
    }
    Ok(records)
}

/// Chunks of the plan, each with the number of its records, the head before the first. What an earlier page has written is
/// looked at first: no piece may be left, since it has phones.
async fn parts_to_remove(
    run: &Run,
    chunks: Range<usize>,
) -> Result<Vec<(Option<usize>, usize)>, LedgerError> {
    let head = (chunks.start == 0).then_some(None);
    let parts: Vec<Option<usize>> = head.into_iter().chain(chunks.map(Some)).collect();
    let known: Vec<Option<usize>> = {
        let book = run.ledger.borrow();
        let n_records = |part: &Option<usize>| {
            let book = book.as_ref()?;
            part.map_or(book.n_head_records, |chunk| book.n_records.get(chunk).copied().flatten())
        };
        parts.iter().map(n_records).collect()
    };
    let unknown: Vec<Option<usize>> =
        parts.iter().zip(&known).filter(|(_, n)| n.is_none()).map(|(part, _)| *part).collect();
    let found = if unknown.is_empty() {
        Vec::new()
    } else {
        run.backend.ledger.plan_sizes(run.frozen.id(), &unknown).await?
    };
    // What isn't there needs no removal; asking for it does no harm.
    let n_records = |part: &Option<usize>| {
        found.iter().find(|(other, _)| other == part).map_or(1, |(_, n_records)| *n_records)
    };
    Ok(parts.iter().zip(known).map(|(part, n)| (*part, n.unwrap_or_else(|| n_records(part)))).collect())
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
    let record = BatchRecord::of(&run.frozen, &run.dispatch.borrow(), ended, Some(holder));
    let earlier = run.ledger.borrow().as_ref().and_then(|book| book.earlier.clone());
    match earlier {
        Some(earlier) => record.after(earlier),
        None => record,
    }
}

/// Chunks of the plan, packed; with the first of them the batch's head.
async fn plan(run: &Run, chunks: Range<usize>) -> Result<Vec<PlanPart>, LedgerError> {
    let unpackable = || LedgerError::Refused { status: 0, text: "this browser can't compress".to_owned() };
    let mut parts = Vec::with_capacity(chunks.len() + 1);
    if chunks.start == 0 {
        let body = journal::pack(&run.frozen.head_text()).await.ok_or_else(unpackable)?;
        let part = PlanPart { chunk: None, body };
        if let Some(book) = run.ledger.borrow_mut().as_mut() {
            book.n_head_records = Some(part.n_records());
        }
        parts.push(part);
    }
    for chunk in chunks {
        let text = run.frozen.chunks().get(chunk).map(AsRef::as_ref).unwrap_or_default();
        let part = PlanPart { chunk: Some(chunk), body: journal::pack(text).await.ok_or_else(unpackable)? };
        if let Some(book) = run.ledger.borrow_mut().as_mut()
            && let Some(n_records) = book.n_records.get_mut(chunk)
        {
            *n_records = Some(part.n_records());
        }
        parts.push(part);
    }
    Ok(parts)
}
