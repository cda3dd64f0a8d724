//! What was sent in the package's present period: by the whole team as far as its shared record can be read ([`Team`]), else by
//! this browser, which counts its own real sends. A message counts as "unknown" (used) from the moment it is claimed, so that a
//! closed tab never loses a send.

use std::{collections::BTreeMap, rc::Rc};

use cxconnect_core::{
    dispatch::{Entry, UnixMillis},
    quota::{Package, Period, RenewalDay, Usage},
    tally::{JournalKey, Tally},
};
use cxconnect_ledger::Ledger;
use cxconnect_zendesk::AgentTransport;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

use crate::{
    shell::{clock, storage},
    team::{Notes, Team, TeamStanding},
};

/// How often is looked whether the package has renewed.
const BETWEEN_LOOKS_MS: u32 = 30_000;

/// The count, kept in the browser's storage, and signals for the screen.
#[derive(Clone, Copy)]
pub struct UsageCount {
    subdomain: StoredValue<Rc<str>, LocalStorage>,
    renewal: RenewalDay,
    period: RwSignal<Period>,
    tally: RwSignal<Tally>,
    /// Whose journals are counted: the database, and so what is in it, is each agent's own; the count is the account's.
    agent: StoredValue<String>,
    is_kept: RwSignal<bool>,
    team: Team,
    of_team: Memo<Option<Usage>>,
}

/// Whose sends are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The whole team's.
    Team,
    /// The whole team's, and the shared record lacks fields, so that nothing can be added to it.
    TeamIncomplete,
    /// The whole team's, as they were at this moment: the shared record can't be read now.
    TeamThen(UnixMillis),
    /// This browser's: the shared record was not read yet.
    BrowserForNow,
    /// This browser's: the account has no shared record.
    Browser,
    /// This browser's: the shared record can't be read.
    BrowserOffline,
}

/// How the count is written.
#[derive(Default, Deserialize, Serialize)]
struct Kept {
    accepted: u64,
    refused: u64,
    unknown: u64,
    /// How many writes of each journal are in it.
    #[serde(default)]
    journals: BTreeMap<String, u64>,
}

impl From<Kept> for Tally {
    fn from(Kept { accepted, refused, unknown, journals }: Kept) -> Self {
        let journals = journals.into_iter().map(|(journal, n)| (JournalKey::read(journal), n)).collect();
        Self { usage: Usage { accepted, refused, unknown }, journals }
    }
}

impl From<&Tally> for Kept {
    fn from(tally: &Tally) -> Self {
        let Usage { accepted, refused, unknown } = tally.usage;
        let journals = tally.journals.iter().map(|(journal, n)| (journal.as_str().to_owned(), *n)).collect();
        Self { accepted, refused, unknown, journals }
    }
}

impl UsageCount {
    /// The count of this account.
    pub fn open(
        subdomain: &str,
        package: &Package,
        ledger: Ledger<AgentTransport>,
        per_minute: usize,
        is_full_page: bool,
    ) -> Self {
        let now = Period::at(clock::time(), package.renewal);
        let period = RwSignal::new(now);
        let notes =
            Notes { key: format!("cxconnect.team.{subdomain}.{}", now.from), are_read: !is_full_page };
        let team = Team::new(ledger, per_minute, now.begin(), notes);
        let count = Self {
            subdomain: StoredValue::new_local(subdomain.into()),
            renewal: package.renewal,
            period,
            tally: RwSignal::new(Tally::default()),
            agent: StoredValue::new(String::new()),
            is_kept: RwSignal::new(true),
            team,
            of_team: Memo::new(move |_| team.usage(period.get().begin())),
        };
        count.refresh();
        count.follow_renewals();
        count
    }

    /// A page may stay open, and blocked, until the package renews: then nothing but the clock tells it so.
    fn follow_renewals(self) {
        spawn_local(async move {
            loop {
                clock::after(BETWEEN_LOOKS_MS).await;
                if self.period.get_untracked() != Period::at(clock::time(), self.renewal) {
                    self.refresh();
                }
            }
        });
    }

    /// Looks again at the day and at what is kept: the page may be open for days, and other tabs send, too.
    pub fn refresh(self) {
        let period = Period::at(clock::time(), self.renewal);
        if self.period.get_untracked() != period {
            self.period.set(period);
            self.tally.set(Tally::default());
        }
        // Once the browser has refused to keep the count, what it has is older than what this page knows.
        if !self.is_kept.get_untracked() {
            return;
        }
        match read(&self.key()) {
            Ok(kept) => {
                let tally = Tally::from(kept);
                self.tally.maybe_update(|now| {
                    let is_other = *now != tally;
                    *now = tally;
                    is_other
                });
            }
            Err(storage::Blocked) => self.is_kept.set(false),
        }
    }

    /// The package's present period.
    pub fn period(self) -> Period {
        self.period.get()
    }

    /// When it began. Can be followed.
    pub fn begin(self) -> UnixMillis {
        self.period.get().begin()
    }

    /// What was sent in it.
    pub fn get(self) -> Usage {
        self.of_team.get().unwrap_or_else(|| self.tally.with(|tally| tally.usage))
    }

    /// Whose sends these are.
    pub fn counted(self) -> Counted {
        match (self.team.standing(), self.team.read_at()) {
            (TeamStanding::Known, _) if self.team.is_incomplete() => Counted::TeamIncomplete,
            (TeamStanding::Known, _) => Counted::Team,
            (TeamStanding::Asking, _) => Counted::BrowserForNow,
            (TeamStanding::Unreachable(_), Some(at)) => Counted::TeamThen(at),
            (TeamStanding::Off, _) => Counted::Browser,
            (TeamStanding::Unreachable(_), None) => Counted::BrowserOffline,
        }
    }

    /// Whether the account has a record of the team's sends, and it could not be read once: what this browser knows then says
    /// nothing of what is left of the package.
    pub fn is_unknown(self) -> bool {
        self.counted() == Counted::BrowserOffline
    }

    /// The team's batches.
    pub fn team(self) -> Team {
        self.team
    }

    /// Whether the browser keeps the count.
    pub fn is_kept(self) -> bool {
        self.is_kept.get()
    }

    /// Whose journals are counted from now on.
    pub fn set_agent(self, id: &str) {
        self.agent.set_value(id.to_owned());
    }

    /// These entries are about to be kept as a write of a batch's journal: its claims leave afterwards. Counted before, so
    /// that whatever happens to this page, no send is forgotten. What was counted before is not counted again; whether this
    /// was counted now.
    pub fn count(self, batch: &str, write: u64, entries: &[Entry]) -> bool {
        let journal = self.journal(batch);
        self.change(|tally| tally.count(&journal, write, entries))
    }

    /// The write was counted and could not be kept, so that nothing of it has left.
    pub fn take_back(self, batch: &str, write: u64, entries: &[Entry]) {
        let journal = self.journal(batch);
        self.change(|tally| {
            tally.take_back(&journal, write, entries);
            true
        });
    }

    /// Counts a write that was found in a journal, as far as it belongs to this period: a browser that is killed may forget
    /// what was counted last.
    pub fn catch_up(self, batch: &str, write: u64, entries: &[Entry]) {
        // As a rule it was.
        if self.has_counted(batch, write + 1) {
            return;
        }
        let from = self.period.get_untracked().begin();
        let entries: Vec<Entry> = entries.iter().filter(|entry| from <= entry.time).cloned().collect();
        self.count(batch, write, &entries);
    }

    /// Whether so many writes of a batch's journal have been counted, as far as this page knows.
    pub fn has_counted(self, batch: &str, n_writes: u64) -> bool {
        let journal = self.journal(batch);
        self.tally.with_untracked(|tally| tally.has_counted(&journal, n_writes))
    }

    /// Of this agent's batches only these are kept any more: whether others were counted is of no interest.
    pub fn forget_others(self, batches: &[String]) {
        let agent = self.agent.get_value();
        self.change(|tally| tally.forget_others(&agent, batches));
    }

    fn journal(self, batch: &str) -> JournalKey {
        self.agent.with_value(|agent| JournalKey::new(agent, batch))
    }

    /// Changes the count as it is now, since another tab may have counted in between; `change` says whether it did.
    fn change(self, change: impl FnOnce(&mut Tally) -> bool) -> bool {
        self.refresh();
        let mut is_changed = false;
        self.tally.maybe_update(|tally| {
            is_changed = change(tally);
            is_changed
        });
        if is_changed && self.is_kept.get_untracked() {
            let kept = self.tally.with_untracked(|tally| Kept::from(tally));
            let is_kept =
                serde_json::to_string(&kept).is_ok_and(|text| storage::set(&self.key(), &text).is_ok());
            if !is_kept {
                self.is_kept.set(false);
            }
        }
        is_changed
    }

    fn key(self) -> String {
        format!("cxconnect.usage.{}.{}", self.subdomain.get_value(), self.period.get_untracked().from)
    }
}

/// What is kept; a count that isn't there, or was damaged, is zero.
fn read(key: &str) -> Result<Kept, storage::Blocked> {
    let text = storage::get(key)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}
