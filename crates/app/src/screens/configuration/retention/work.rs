//! Counting and removing.
//!
//! What was counted is what is removed: the count remembers the records. Only then is looked for more, until a search finds
//! nothing, since searches lag and messages are written meanwhile.

use std::rc::Rc;

use cxconnect_core::{
    ledger::{JobId, JobState, Urgency},
    retention::{PlanRecord, Purge},
};
use cxconnect_ledger::{LedgerError, OutdatedSearch, Removable};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    run,
    screens::configuration::{
        patience::patiently,
        retention::state::{End, Local, Removal, Stage, Subject},
    },
    shell::clock,
};

/// Jobs of this removal at once: others need Zendesk's queue, too.
const JOBS_AT_ONCE: usize = 3;
/// Waits between looks at jobs; after the last of them what is there decides.
const LOOKS_MS: [u32; 9] = [1_000, 1_000, 2_000, 4_000, 8_000, 8_000, 16_000, 30_000, 60_000];
/// How long a search may show what is gone, or not yet show what is there …
const LAG_MS: u64 = 65_000;
/// … and how often is looked meanwhile.
const BETWEEN_SEARCHES_MS: u32 = 5_000;

/// Why work stops.
pub(super) enum Stop {
    /// The admin said so, or the page is gone.
    Cancelled,
    /// Zendesk doesn't do it.
    Fault(LedgerError),
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        Self::Fault(error)
    }
}

/// One removal at work.
pub struct Work {
    pub(super) removal: Removal,
    pub(super) backend: Rc<Backend>,
    pub(super) subject: Subject,
    version: u32,
    messages: Purge,
    pub(super) plans: Purge,
    /// Plans' records that may have to go.
    pub(super) plan_records: Vec<PlanRecord>,
}

/// Counts what there is to remove, and then asks.
pub fn count(removal: Removal, subject: Subject) {
    removal.leave();
    let mut work = Work::begin(removal, subject);
    removal.stage.set(Stage::Counting(subject));
    spawn_local(async move {
        let counted = async {
            work.search().await?;
            work.look_at_plans().await?;
            work.look_here().await
        }
        .await;
        match counted {
            Ok(()) => {
                work.rest(Stage::Counted(subject));
                removal.counted.try_set_value(Some(work));
            }
            // The admin has left already.
            Err(Stop::Cancelled) => {}
            Err(Stop::Fault(error)) => work.rest(Stage::Failed(subject, error)),
        }
    });
}

/// Removes what was counted, and what else there is.
pub fn remove(removal: Removal, subject: Subject, on_forgotten: Callback<()>) {
    let counted = removal.counted.try_update_value(Option::take).flatten();
    // The button is there only once it is counted.
    let Some(mut work) = counted.filter(|work| work.subject == subject) else { return };
    work.version = removal.begin();
    removal.stage.set(Stage::Removing(subject));
    spawn_local(async move {
        let end = work.remove_all(on_forgotten).await;
        match end {
            Ok(end) => work.rest(Stage::Ended(subject, end)),
            Err(Stop::Cancelled) => {}
            Err(Stop::Fault(error)) => work.rest(Stage::Failed(subject, error)),
        }
    });
}

/// Stops what is under way: the jobs that Zendesk has taken are done all the same.
pub fn cancel(removal: Removal) {
    match removal.stage.get_untracked() {
        Stage::Removing(subject) => {
            removal.begin();
            removal.stage.set(Stage::Ended(subject, End::Cancelled));
        }
        Stage::Checking(subject) => {
            removal.begin();
            removal.stage.set(Stage::Ended(subject, End::Unchecked));
        }
        _ => removal.leave(),
    }
}

impl Work {
    fn begin(removal: Removal, subject: Subject) -> Self {
        let backend = removal.backend.get();
        Self {
            removal,
            backend,
            subject,
            version: removal.begin(),
            messages: Purge::new(),
            plans: Purge::new(),
            plan_records: Vec::new(),
        }
    }

    /// Waits until there is room for a request that nobody waits for.
    pub(super) async fn turn(&self) {
        self.backend.usage.team().turn_for(Urgency::Bulk).await;
    }

    fn purge(&mut self, kind: Removable) -> &mut Purge {
        match kind {
            Removable::Messages => &mut self.messages,
            Removable::Plans => &mut self.plans,
        }
    }

    pub(super) fn go_on(&self) -> Result<(), Stop> {
        if self.removal.may_go_on(self.version) { Ok(()) } else { Err(Stop::Cancelled) }
    }

    /// Shows a stage, unless the admin has left.
    fn rest(&self, stage: Stage) {
        if self.go_on().is_ok() {
            self.removal.stage.set(stage);
        }
    }

    fn show(&self) -> Result<(), Stop> {
        self.go_on()?;
        self.removal.n_found.set(self.messages.n_found());
        self.show_removed();
        Ok(())
    }

    /// What is gone is gone, also where the admin has stopped it meanwhile.
    fn show_removed(&self) {
        self.removal.n_removed.try_set(self.messages.n_removed());
        self.removal.n_kept.try_set(self.messages.n_kept());
        self.removal.plans.try_update(|plans| {
            plans.n_removed = self.plans.n_removed();
            plans.n_kept = self.plans.n_kept();
        });
    }

    /// Searches through all there is; says whether there was anything, and how much of it is new.
    async fn search(&mut self) -> Result<(bool, usize), Stop> {
        let (mut is_any, mut n_new) = (false, 0);
        let mut search = OutdatedSearch::new(self.subject.which());
        while !search.is_over() {
            self.turn().await;
            self.go_on()?;
            let ids = patiently(async || self.backend.ledger.next_outdated(&mut search).await).await?;
            is_any |= !ids.is_empty();
            n_new += self.messages.found(ids);
            self.show()?;
        }
        Ok((is_any, n_new))
    }

    /// What this browser has of a number.
    async fn look_here(&self) -> Result<(), Stop> {
        let Subject::Number(number) = self.subject else { return Ok(()) };
        let default = self.backend.settings.default_country.as_ref();
        let found = match self.backend.journal().await {
            Ok(journal) => run::traces(&journal, &number, default).await,
            Err(error) => Err(error),
        };
        self.go_on()?;
        self.removal.local.set(found.map_or_else(Local::Unknown, Local::Found));
        Ok(())
    }

    async fn remove_all(&mut self, on_forgotten: Callback<()>) -> Result<End, Stop> {
        let began = clock::now();
        self.forget_here(on_forgotten).await?;
        self.remove_found(Removable::Messages).await?;
        // They may have been taken up meanwhile, or have come to their end.
        self.sort_plans().await?;
        self.remove_found(Removable::Plans).await?;
        self.go_on()?;
        self.removal.stage.set(Stage::Checking(self.subject));
        // Of what is old nothing is written any more; to a number something may just have been.
        let until = match self.subject {
            Subject::Old(..) => began,
            Subject::Number(_) => began + LAG_MS,
        };
        let mut last_new = clock::now();
        loop {
            let (is_any, n_new) = self.search().await?;
            if 0 < n_new {
                self.remove_found(Removable::Messages).await?;
                last_new = clock::now();
            }
            // What the last jobs have removed may be shown for as long.
            let is_late = last_new + LAG_MS <= clock::now();
            if until <= clock::now() && (!is_any || is_late) {
                return Ok(End::Clean);
            }
            clock::after(BETWEEN_SEARCHES_MS).await;
            self.go_on()?;
        }
    }

    async fn forget_here(&self, on_forgotten: Callback<()>) -> Result<(), Stop> {
        let Local::Found(traces) = self.removal.local.get_untracked() else { return Ok(()) };
        let removed = match self.backend.journal().await {
            Ok(journal) => run::forget(&journal, &traces).await,
            Err(error) => Err(error),
        };
        self.go_on()?;
        if removed.is_ok() && !traces.ended.is_empty() {
            on_forgotten.run(());
        }
        self.removal.local.set(match removed {
            Ok(()) => Local::Forgotten(traces),
            Err(error) => Local::Unknown(error),
        });
        Ok(())
    }

    /// Removes all that was found, a few jobs at a time.
    async fn remove_found(&mut self, kind: Removable) -> Result<(), Stop> {
        loop {
            let mut jobs: Vec<(JobId, Vec<String>)> = Vec::new();
            while jobs.len() < JOBS_AT_ONCE
                && let Some(ids) = self.purge(kind).next_job()
            {
                self.turn().await;
                match patiently(|| self.backend.ledger.remove(kind, &ids)).await {
                    Ok(job) => jobs.push((job, ids)),
                    Err(error) => {
                        self.purge(kind).put_back(ids);
                        // Those that were taken count, whatever comes of the others.
                        self.settle(kind, jobs).await?;
                        return Err(error.into());
                    }
                }
            }
            if jobs.is_empty() {
                return Ok(());
            }
            self.settle(kind, jobs).await?;
            self.show()?;
        }
    }

    /// Waits for jobs, and sees what they have left.
    async fn settle(&mut self, kind: Removable, jobs: Vec<(JobId, Vec<String>)>) -> Result<(), Stop> {
        if jobs.is_empty() {
            return Ok(());
        }
        let ids: Vec<JobId> = jobs.iter().map(|(id, _)| id.clone()).collect();
        let mut states = Vec::new();
        for wait in LOOKS_MS {
            clock::after(wait).await;
            self.turn().await;
            states = patiently(|| self.backend.ledger.jobs(&ids)).await?;
            if !states.iter().any(|(_, state)| *state == JobState::Open) {
                break;
            }
        }
        for (id, records) in jobs {
            let state = states.iter().find(|(other, _)| *other == id).map(|(_, state)| state);
            let is_sure = matches!(state, Some(JobState::Done { failed }) if failed.is_empty());
            let still_there = if is_sure {
                Vec::new()
            } else {
                // What is not there can't be removed either: only a look tells the two apart.
                self.turn().await;
                patiently(|| self.backend.ledger.there(kind, &records)).await?
            };
            self.purge(kind).ended(records, &still_there);
        }
        self.show_removed();
        self.go_on()
    }
}
