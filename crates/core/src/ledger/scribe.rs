//! What is written to the ledger, and when.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Answer, Budget, CHUNKS_AHEAD, Command, Event, Fault, ITEMS_PER_JOB, JobId, JobState, Request,
    RequestNumber, Standing, chunks::Chunks,
};
use crate::{
    dispatch::{MessageIdx, Millis},
    random::SplitMix64,
};

/// Chunks of the plan that one job keeps: a record has 32 KB at most, and a request should not take seconds to upload.
const CHUNKS_PER_JOB: usize = 20;
/// Requests under way at once.
const REQUESTS_AT_ONCE: usize = 2;
/// Jobs that Zendesk has taken and not finished: the account has 30 for all its integrations.
const JOBS_AT_ONCE: usize = 3;
/// Outcomes are written when a chunk has all of them, or after this time.
const OUTCOMES_WAIT: Millis = 10_000;
/// The batch's record is written as often as this at most, but for its beginning and its end.
const BATCH_WAITS: Millis = 5_000;
/// Whoever has a batch says so as often as this at least: one that isn't heard of for long is taken over.
const HEARTBEAT: Millis = 30_000;
/// Jobs are looked at after a second, then after twice as long each time, up to this.
const FIRST_LOOK: Millis = 1_000;
const LONGEST_LOOK: Millis = 8_000;
/// A request that failed is tried again after a second, then after twice as long each time, up to this.
const FIRST_RETRY: Millis = 1_000;
const LONGEST_RETRY: Millis = 60_000;
/// Requests that are kept for claims, which sending waits for.
const SPARE_FOR_CLAIMS: usize = 4;
/// An item that Zendesk has refused so often is given up.
const MOST_TRIES: u32 = 5;

/// Writes one batch to the ledger.
#[derive(Clone, Debug)]
pub struct Scribe {
    chunks: Chunks,
    budget: Budget,
    stage: Stage,
    next_number: u64,
    under_way: BTreeMap<RequestNumber, Request>,
    jobs: Vec<Job>,
    /// When the jobs are looked at next, and how long was waited for that.
    look_at: Option<Millis>,
    look_after: Millis,
    /// When something may be asked again after a failure.
    retry_at: Millis,
    retry_after: Millis,
    fault: Option<Fault>,
    /// Chunks of the plan that are to be kept, or to be removed.
    plan_to_do: Vec<Range<usize>>,
    /// Since when outcomes wait.
    outcomes_since: Option<Millis>,
    /// The batch's record says less than is known, since this moment.
    batch_since: Option<Millis>,
    batch_saved_at: Option<Millis>,
    is_ended: bool,
    n_allowed: usize,
    /// It was shown that the agent may write messages' records.
    is_tried: bool,
    /// How often in a row it was said that the objects aren't installed, before anything was written.
    n_missing: u32,
    /// Jobs in a row of which something was not written.
    n_broken_jobs: u32,
    tries: BTreeMap<MessageIdx, u32>,
    n_given_up: usize,
    wake_at: Option<Millis>,
    random: SplitMix64,
}

/// How far a batch is. Each needs the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Ready,
    /// The batch's record is written, and one of a message: this shows whether the agent may write at all.
    Opening,
    /// Its plan is.
    Planning,
    /// Chunks are claimed, outcomes are written.
    Following,
    /// Everything is written; the plan is removed.
    Closing,
    Complete,
    Lost,
}

/// A job that Zendesk has taken.
#[derive(Clone, Debug)]
struct Job {
    id: JobId,
    request: Request,
}

impl Scribe {
    /// So many batches are being sent now, this one among them: the account's requests are for all of them, and a quarter is for
    /// screens.
    pub fn share(&mut self, n_batches: usize) {
        self.budget.share(3, n_batches.max(1).saturating_mul(4));
    }

    /// For a batch whose chunks' messages begin at these places; the last number is where the last chunk's end. `seed`: any
    /// number, another one for each run.
    pub fn new(starts: Vec<MessageIdx>, budget: Budget, seed: u64) -> Self {
        Self {
            chunks: Chunks::new(starts),
            budget,
            stage: Stage::Ready,
            next_number: 0,
            under_way: BTreeMap::new(),
            jobs: Vec::new(),
            look_at: None,
            look_after: FIRST_LOOK,
            retry_at: 0,
            retry_after: FIRST_RETRY,
            fault: None,
            plan_to_do: Vec::new(),
            outcomes_since: None,
            batch_since: None,
            batch_saved_at: None,
            is_ended: false,
            n_allowed: 0,
            is_tried: false,
            n_missing: 0,
            n_broken_jobs: 0,
            tries: BTreeMap::new(),
            n_given_up: 0,
            wake_at: None,
            random: SplitMix64::new(seed),
        }
    }

    /// Takes in what happened at `now` and says what to do.
    pub fn handle(&mut self, now: Millis, event: Event) -> Vec<Command> {
        let mut commands = Vec::new();
        self.take_in(now, event);
        self.advance(now, &mut commands);
        commands
    }

    /// How the ledger follows.
    pub fn standing(&self) -> Standing {
        match (self.stage, self.fault) {
            (Stage::Lost, _) => Standing::Lost,
            (Stage::Complete, _) => Standing::Complete,
            (_, Some(fault)) if fault.passes() => Standing::Waiting(fault),
            (_, Some(fault)) => Standing::Stuck(fault),
            (Stage::Ready, None) => Standing::Ready,
            (Stage::Opening, None) => Standing::Keeping { n_done: 0, n_all: self.chunks.n_all() },
            (Stage::Planning, None) => {
                let is_plan = |request: &&Request| matches!(request, Request::SavePlan { .. });
                let under_way = self.under_way.values().chain(self.jobs.iter().map(|job| &job.request));
                let n_under_way: usize = under_way.filter(is_plan).map(n_chunks).sum();
                let n_to_do: usize = self.plan_to_do.iter().map(ExactSizeIterator::len).sum();
                let n_all = self.chunks.n_all();
                Standing::Keeping { n_done: n_all.saturating_sub(n_to_do + n_under_way), n_all }
            }
            (Stage::Following | Stage::Closing, None) => Standing::Following,
        }
    }

    /// How many messages' records Zendesk has refused for good.
    pub fn n_given_up(&self) -> usize {
        self.n_given_up
    }

    /// Whether the account has no ledger at all, so that nobody else can have any of the batch: its very first write says so,
    /// twice where something is left to be claimed. A batch whose record was written has a ledger for good, whatever is said
    /// later: then it waits until that is there again.
    pub fn is_without_ledger(&self) -> bool {
        self.batch_saved_at.is_none()
            && self.fault == Some(Fault::Missing)
            && self.n_missing_that_count() <= self.n_missing
    }

    /// A single stray answer must not let rows leave that another computer may have claimed.
    fn n_missing_that_count(&self) -> u32 {
        if self.chunks.next_to_claim().is_some() { 2 } else { 1 }
    }

    fn take_in(&mut self, now: Millis, event: Event) {
        match event {
            Event::Start if self.stage == Stage::Ready => {
                self.stage = Stage::Opening;
                self.plan_to_do = parts(self.chunks.n_all());
            }
            Event::TakeOver { claimed } if self.stage == Stage::Ready => {
                self.stage = Stage::Opening;
                for chunk in claimed {
                    self.chunks.claimed_by_others(chunk);
                }
            }
            Event::Start | Event::TakeOver { .. } => (),
            // Timers may be early: what was asked for is asked for again.
            Event::Woke => self.wake_at = None,
            Event::Outcome { message } => {
                self.chunks.outcome(message);
                self.outcomes_since.get_or_insert(now);
                self.batch_since.get_or_insert(now);
            }
            Event::Changed => {
                self.batch_since.get_or_insert(now);
            }
            Event::Ended => {
                self.is_ended = true;
                self.batch_since.get_or_insert(now);
            }
            Event::Answered { number, answer } => {
                if let Some(request) = self.under_way.remove(&number) {
                    self.answered(now, request, answer);
                }
            }
            Event::TryAgain => {
                self.fault = None;
                self.n_missing = 0;
                self.retry_at = now;
                self.retry_after = FIRST_RETRY;
            }
        }
    }

    fn answered(&mut self, now: Millis, request: Request, answer: Answer) {
        if let Answer::Failed(fault) = answer {
            self.failed(now, request, fault);
            return;
        }
        self.fault = None;
        self.retry_after = FIRST_RETRY;
        match (request, answer) {
            (Request::Claim { .. } | Request::SaveBatch, Answer::Lost) => self.stage = Stage::Lost,
            (Request::Claim { chunk }, Answer::Done) => self.chunks.claimed(chunk),
            (Request::SaveBatch, Answer::Done) => self.batch_saved_at = Some(now),
            (Request::TryMessages, Answer::Done) => self.is_tried = true,
            (Request::SaveMessages { messages }, Answer::Done) => self.chunks.saved(&messages),
            (request @ Request::SaveMessages { .. }, Answer::Job(id)) => {
                if let Request::SaveMessages { messages } = &request {
                    self.chunks.saved(messages);
                }
                self.jobs.push(Job { id, request });
                // Nothing waits for what comes of it, but when there may be no more of them.
                let is_waited_for = self.is_ended || JOBS_AT_ONCE <= self.jobs.len();
                self.look_by(now.saturating_add(if is_waited_for { FIRST_LOOK } else { LONGEST_LOOK }));
            }
            (request @ (Request::SavePlan { .. } | Request::RemovePlan { .. }), Answer::Job(id)) => {
                self.jobs.push(Job { id, request });
                self.look_after = FIRST_LOOK;
                self.look_by(now.saturating_add(FIRST_LOOK));
            }
            (Request::LookAtJobs { .. }, Answer::Jobs(jobs)) => {
                for (id, state) in jobs {
                    self.looked_at(now, &id, &state);
                }
                if !self.jobs.is_empty() {
                    self.look_after = (self.look_after * 2).min(LONGEST_LOOK);
                    self.look_at = Some(now.saturating_add(self.look_after));
                }
            }
            // An answer to something else: as good as none.
            (request, _) => self.failed(now, request, Fault::Unavailable),
        }
    }

    fn look_by(&mut self, at: Millis) {
        self.look_at = Some(self.look_at.map_or(at, |before| before.min(at)));
    }

    fn looked_at(&mut self, now: Millis, id: &JobId, state: &JobState) {
        if *state == JobState::Open {
            return;
        }
        let Some(place) = self.jobs.iter().position(|job| job.id == *id) else { return };
        let request = self.jobs.swap_remove(place).request;
        let is_whole = match (&request, state) {
            // What is removed twice is removed; what isn't there any more makes an item fail.
            (Request::RemovePlan { .. }, JobState::Done { .. }) => true,
            (_, JobState::Done { failed }) => failed.is_empty(),
            _ => false,
        };
        self.note_job(now, is_whole);
        match (request, state) {
            (Request::SaveMessages { messages }, JobState::Done { failed }) => {
                let again: Vec<MessageIdx> =
                    failed.iter().filter_map(|place| messages.get(*place).copied()).collect();
                let again: Vec<MessageIdx> =
                    again.into_iter().filter(|message| self.may_try_again(*message)).collect();
                self.put_back(now, &again);
            }
            (Request::RemovePlan { .. }, JobState::Done { .. }) => (),
            // An item is a record, and a chunk may take several: whatever failed, all of them are written again.
            (Request::SavePlan { .. }, JobState::Done { .. }) if is_whole => (),
            (request, _) => self.put_request_back(now, request),
        }
    }

    /// A job of which something isn't written is tried again, after twice as long each time.
    fn note_job(&mut self, now: Millis, is_whole: bool) {
        if is_whole {
            self.n_broken_jobs = 0;
            return;
        }
        self.fault = Some(Fault::Unavailable);
        let wait = FIRST_RETRY.checked_shl(self.n_broken_jobs).unwrap_or(LONGEST_RETRY).min(LONGEST_RETRY);
        self.n_broken_jobs = self.n_broken_jobs.saturating_add(1);
        self.wait_for_retry(now, Some(wait));
    }

    fn may_try_again(&mut self, message: MessageIdx) -> bool {
        let n_tries = self.tries.entry(message).or_default();
        *n_tries += 1;
        let is_given_up = MOST_TRIES <= *n_tries;
        self.n_given_up += usize::from(is_given_up);
        !is_given_up
    }

    fn failed(&mut self, now: Millis, request: Request, fault: Fault) {
        if let (Request::SavePlan { chunks } | Request::RemovePlan { chunks }, Fault::TooLarge) =
            (&request, fault)
            && 1 < chunks.len()
        {
            let middle = chunks.start + chunks.len() / 2;
            self.plan_to_do.extend([middle..chunks.end, chunks.start..middle]);
            return;
        }
        self.put_request_back(now, request);
        self.fault = Some(fault);
        self.n_missing = if fault == Fault::Missing { self.n_missing.saturating_add(1) } else { 0 };
        let named = match fault {
            Fault::Throttled { retry_after } => retry_after,
            Fault::Missing if self.batch_saved_at.is_none() => None,
            // Somebody has to mend it; it goes on by itself once they have.
            fault if !fault.passes() => Some(LONGEST_RETRY),
            _ => None,
        };
        self.wait_for_retry(now, named);
    }

    /// Whether it waits for the agent's word: before anything of the batch was sent, that may be long after they pressed
    /// Continuar, and nobody wants it to begin then.
    fn is_stuck(&self) -> bool {
        let is_being_confirmed =
            self.fault == Some(Fault::Missing) && self.n_missing < self.n_missing_that_count();
        let is_beginning = matches!(self.stage, Stage::Opening | Stage::Planning);
        is_beginning && !is_being_confirmed && self.fault.is_some_and(|fault| !fault.passes())
    }

    fn put_request_back(&mut self, now: Millis, request: Request) {
        match request {
            Request::SaveMessages { messages } => self.put_back(now, &messages),
            Request::SavePlan { chunks } | Request::RemovePlan { chunks } => self.plan_to_do.push(chunks),
            Request::SaveBatch => {
                self.batch_since.get_or_insert(now);
            }
            Request::LookAtJobs { .. } => self.look_at = Some(now),
            Request::Claim { .. } | Request::TryMessages => (),
        }
    }

    fn put_back(&mut self, now: Millis, messages: &[MessageIdx]) {
        self.chunks.not_saved(messages);
        if !messages.is_empty() {
            self.outcomes_since.get_or_insert(now);
        }
    }

    fn wait_for_retry(&mut self, now: Millis, named: Option<Millis>) {
        let wait = named.unwrap_or(self.retry_after).max(FIRST_RETRY);
        let wait = wait.saturating_add(self.random.next() % (wait / 4).max(1));
        self.retry_at = self.retry_at.max(now.saturating_add(wait));
        self.retry_after = (self.retry_after * 2).min(LONGEST_RETRY);
    }

    fn advance(&mut self, now: Millis, commands: &mut Vec<Command>) {
        self.pass_stages();
        let mut wake = None;
        if !self.is_stuck() && !matches!(self.stage, Stage::Ready | Stage::Lost | Stage::Complete) {
            if now < self.retry_at {
                wake = Some(self.retry_at);
            } else {
                wake = self.ask(now, commands);
            }
        }
        let n_allowed = if self.stage == Stage::Lost { 0 } else { self.chunks.n_allowed() };
        let may_send = matches!(self.stage, Stage::Following | Stage::Lost);
        if may_send && n_allowed != self.n_allowed {
            self.n_allowed = n_allowed;
            commands.push(Command::Allow { n_messages: n_allowed });
        }
        if let Some(at) = wake.map(|at| at.max(now.saturating_add(1)))
            && self.wake_at != Some(at)
        {
            self.wake_at = Some(at);
            commands.push(Command::WakeAt(at));
        }
    }

    fn pass_stages(&mut self) {
        let is_idle = self.under_way.is_empty() && self.jobs.is_empty();
        if self.stage == Stage::Opening && self.batch_saved_at.is_some() && self.is_tried {
            self.stage = Stage::Planning;
        }
        if self.stage == Stage::Planning && self.plan_to_do.is_empty() && is_idle {
            self.stage = Stage::Following;
        }
        let is_written = !self.chunks.has_unsaved() && self.batch_since.is_none() && is_idle;
        if self.stage == Stage::Following && self.is_ended && is_written {
            self.stage = Stage::Closing;
            self.plan_to_do = parts(self.chunks.n_all());
        }
        if self.stage == Stage::Closing && self.plan_to_do.is_empty() && is_idle && is_written {
            self.stage = Stage::Complete;
        }
        // A decision that comes late is written, too.
        if self.stage == Stage::Complete && (self.chunks.has_unsaved() || self.batch_since.is_some()) {
            self.stage = Stage::Closing;
        }
    }

    /// Asks whatever there is room for, the most urgent first. Returns when to look again.
    fn ask(&mut self, now: Millis, commands: &mut Vec<Command>) -> Option<Millis> {
        let mut wake: Option<Millis> = None;
        while self.under_way.len() < REQUESTS_AT_ONCE {
            let (request, at) = self.next_request(now);
            wake = [wake, at].into_iter().flatten().min();
            let Some(request) = request else { break };
            // After a failure one request at a time finds out whether it is over.
            if self.fault.is_some() && !self.under_way.is_empty() {
                self.put_request_back(now, request);
                break;
            }
            self.budget.spend(now, 1);
            let number = RequestNumber(self.next_number);
            self.next_number += 1;
            self.under_way.insert(number, request.clone());
            commands.push(Command::Ask { number, request });
        }
        wake
    }

    /// The most urgent request for which it is time, and when it is time for another one.
    fn next_request(&mut self, now: Millis) -> (Option<Request>, Option<Millis>) {
        let mut later: Option<Millis> = None;
        let mut is_time = |at: Millis| {
            if now < at {
                later = Some(later.map_or(at, |before| before.min(at)));
            }
            at <= now
        };
        let room = |budget: &Budget, cost, spare| budget.room_at(now, cost, spare);
        let is_under_way = |kind: fn(&Request) -> bool| self.under_way.values().any(kind);

        let is_first = self.batch_saved_at.is_none();
        let is_saving_batch = is_under_way(|it| matches!(it, Request::SaveBatch));
        if is_first {
            let is_due = !is_saving_batch && is_time(room(&self.budget, 1, 0));
            if is_due {
                self.batch_since = None;
            }
            return (is_due.then_some(Request::SaveBatch), later);
        }
        if !self.is_tried {
            let is_due =
                !is_under_way(|it| matches!(it, Request::TryMessages)) && is_time(room(&self.budget, 1, 0));
            return (is_due.then_some(Request::TryMessages), later);
        }
        if self.stage == Stage::Following
            && !self.is_ended
            && self.chunks.n_in_doubt() < CHUNKS_AHEAD
            && !is_under_way(|it| matches!(it, Request::Claim { .. }))
            && let Some(chunk) = self.chunks.next_to_claim()
            && is_time(room(&self.budget, 1, 0))
        {
            return (Some(Request::Claim { chunk }), later);
        }
        let may_take_job = self.jobs.len() + self.n_jobs_under_way() < JOBS_AT_ONCE;
        if let Some(since) = self.outcomes_since.filter(|_| may_take_job) {
            let is_whole = self.is_ended || self.chunks.has_whole_chunk();
            let at = if is_whole { now } else { since.saturating_add(OUTCOMES_WAIT) };
            if is_time(at.max(room(&self.budget, 1, SPARE_FOR_CLAIMS))) {
                let messages = self.chunks.take_unsaved(ITEMS_PER_JOB);
                self.outcomes_since = self.chunks.has_unsaved().then_some(now);
                if !messages.is_empty() {
                    return (Some(Request::SaveMessages { messages }), later);
                }
            }
        }
        if may_take_job
            && !self.plan_to_do.is_empty()
            && is_time(room(&self.budget, 1, SPARE_FOR_CLAIMS))
            && let Some(chunks) = self.plan_to_do.pop()
        {
            let request = if self.stage == Stage::Planning {
                Request::SavePlan { chunks }
            } else {
                Request::RemovePlan { chunks }
            };
            return (Some(request), later);
        }
        if let Some(at) = self.look_at
            && !self.jobs.is_empty()
            && !is_under_way(|it| matches!(it, Request::LookAtJobs { .. }))
            && is_time(at.max(room(&self.budget, 1, SPARE_FOR_CLAIMS)))
        {
            self.look_at = None;
            return (
                Some(Request::LookAtJobs { jobs: self.jobs.iter().map(|job| job.id.clone()).collect() }),
                later,
            );
        }
        let is_alive = matches!(self.stage, Stage::Planning | Stage::Following) && !self.is_ended;
        if (self.batch_since.is_some() || is_alive) && !is_saving_batch {
            let is_last = self.is_ended && !self.chunks.has_unsaved();
            let wait = if self.batch_since.is_some() { BATCH_WAITS } else { HEARTBEAT };
            let after = self.batch_saved_at.map_or(now, |at| at.saturating_add(wait));
            let at = if is_last { now } else { after };
            if is_time(at.max(room(&self.budget, 1, SPARE_FOR_CLAIMS))) {
                self.batch_since = None;
                return (Some(Request::SaveBatch), later);
            }
        }
        (None, later)
    }

    fn n_jobs_under_way(&self) -> usize {
        let is_job = |request: &&Request| {
            matches!(
                request,
                Request::SavePlan { .. } | Request::SaveMessages { .. } | Request::RemovePlan { .. }
            )
        };
        self.under_way.values().filter(is_job).count()
    }
}

/// All chunks, as many together as one job takes; the first come last, since they are taken from the end.
fn parts(n_chunks: usize) -> Vec<Range<usize>> {
    let starts = (0..n_chunks).step_by(CHUNKS_PER_JOB);
    starts.rev().map(|start| start..(start + CHUNKS_PER_JOB).min(n_chunks)).collect()
}

fn n_chunks(request: &Request) -> usize {
    match request {
        Request::SavePlan { chunks } | Request::RemovePlan { chunks } => chunks.len(),
        _ => 0,
    }
}

#[cfg(test)]
impl Scribe {
    pub(super) fn under_way_claim(&self) -> Option<(RequestNumber, usize)> {
        self.under_way.iter().find_map(|(number, request)| match request {
            Request::Claim { chunk } => Some((*number, *chunk)),
            _ => None,
        })
    }
}
