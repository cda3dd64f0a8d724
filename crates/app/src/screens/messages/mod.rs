//! Messages of the team's shared record as lists: read page by page as they are scrolled, and saved as files.

mod export;
mod making;
mod table;
pub mod words;

pub use export::Export;
pub use table::{Columns, MessageTable};

use chrono::{DateTime, NaiveDate};
use cxconnect_core::{
    dispatch::UnixMillis,
    ledger::{Fault, MessageRecord, Urgency},
    stats::{Filter, Panel, StatusCount},
};
use cxconnect_ledger::{Ledger, LedgerError, MessageSearch, Order};
use cxconnect_zendesk::AgentTransport;
use leptos::{prelude::*, task::spawn_local};

use crate::team::Team;

/// Messages of a page: the most that Zendesk gives.
const PAGE_SIZE: u32 = 100;

/// What a list shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub filter: Filter,
    pub order: Order,
}

/// How far a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A page is on its way.
    Reading,
    /// There are more.
    More,
    /// All are there.
    All,
    /// The next page could not be had.
    Failed(Fault),
}

/// A list of messages. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct MessageList {
    pub team: Team,
    pub panel: Panel,
    wanted: RwSignal<Wanted>,
    rows: RwSignal<Vec<MessageRecord>>,
    progress: RwSignal<Progress>,
    search: StoredValue<Option<MessageSearch>, LocalStorage>,
    /// Grows whenever the list begins anew: pages of an older one are dropped.
    version: StoredValue<u32>,
}

impl MessageList {
    /// Reads its first page, and begins anew whenever something else is wanted.
    pub fn new(team: Team, panel: Panel, wanted: Signal<Wanted>) -> Self {
        let list = Self {
            team,
            panel,
            wanted: RwSignal::new(wanted.get_untracked()),
            rows: RwSignal::new(Vec::new()),
            progress: RwSignal::new(Progress::Reading),
            search: StoredValue::new_local(None),
            version: StoredValue::new(0),
        };
        Effect::new(move |_| list.begin(wanted.get()));
        list
    }

    /// Begins anew.
    pub fn begin(self, wanted: Wanted) {
        self.version.update_value(|version| *version += 1);
        self.search.set_value(Some(search(self.team, self.panel, &wanted)));
        self.wanted.set(wanted);
        self.rows.set(Vec::new());
        self.progress.set(Progress::More);
        self.more();
    }

    /// Reads the same anew.
    pub fn again(self) {
        self.begin(self.wanted.get_untracked());
    }

    /// The same, for whoever has waited: the screen may be gone.
    pub fn again_if_shown(self) {
        if !self.wanted.is_disposed() {
            self.again();
        }
    }

    /// Reads on, unless that is being done, or all is read.
    pub fn more(self) {
        let can_go_on = matches!(self.progress.get_untracked(), Progress::More | Progress::Failed(_));
        let Some(mut search) = self.search.with_value(Clone::clone).filter(|_| can_go_on) else { return };
        self.progress.set(Progress::Reading);
        let version = self.version.get_value();
        let filter = self.wanted.with_untracked(|wanted| wanted.filter.clone());
        spawn_local(async move {
            let page = next(self.team, self.panel, &filter, &mut search).await;
            // The screen may be gone, or something else be wanted by now.
            if self.version.try_get_value() != Some(version) {
                return;
            }
            let progress = match page {
                Ok(page) => {
                    self.rows.update(|rows| rows.extend(page));
                    if search.is_over() { Progress::All } else { Progress::More }
                }
                Err(error) => Progress::Failed(error.fault()),
            };
            self.search.set_value(Some(search));
            self.progress.set(progress);
        });
    }

    /// How far it is read. Can be followed.
    pub fn progress(self) -> Progress {
        self.progress.get()
    }

    /// What is read. Can be followed.
    pub fn rows<T>(self, read: impl FnOnce(&[MessageRecord]) -> T) -> T {
        self.rows.with(|rows| read(rows))
    }

    /// How many messages it has in all: by the batches' counters where they tell, else when all are read. Can be followed.
    pub fn count(self) -> Count {
        let n_read = self.rows.with(Vec::len) as u64;
        let are_all_read = self.progress.get() == Progress::All;
        self.wanted.with(|wanted| {
            let filter = &wanted.filter;
            let totals = self.team.known(|known| known.totals(|batch| filter.takes_batch(batch)));
            let is_whole = filter.batch.is_some() || self.team.reaches(filter.span.from.unwrap_or_default());
            match filter.count(self.panel, &totals.figures) {
                StatusCount::Exactly(n) if is_whole => Count::Exactly(n),
                _ if are_all_read => Count::Exactly(n_read),
                StatusCount::Exactly(n) => Count::AtLeast(n.max(n_read)),
                StatusCount::Unknown => Count::OneByOne(n_read),
            }
        })
    }

    /// How many messages are not in the list though all that Zendesk finds is read: search sees new ones seconds later. Can be
    /// followed.
    pub fn n_missing(self) -> u64 {
        match (self.progress.get(), self.count()) {
            (Progress::All, Count::Exactly(n)) => n.saturating_sub(self.rows.with(Vec::len) as u64),
            _ => 0,
        }
    }

    /// What it shows.
    pub fn wanted(self) -> Wanted {
        self.wanted.get_untracked()
    }
}

/// How many messages there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// Older batches are still being read.
    AtLeast(u64),
    /// No counter tells: so many were read.
    OneByOne(u64),
}

/// Begins to look for messages.
fn search(team: Team, panel: Panel, wanted: &Wanted) -> MessageSearch {
    let filter = &wanted.filter;
    // A batch that began in time may have gone on after it.
    let last = untrack(|| {
        team.known(|known| {
            let batches = known.pick(|batch| filter.takes_batch(batch));
            let seen = |batch: &cxconnect_core::ledger::BatchRecord| {
                batch.ended.or(batch.holder.as_ref().map(|holder| holder.seen))
            };
            batches.iter().filter_map(seen).max()
        })
    });
    let days = (
        filter.span.from.and_then(utc_day),
        filter.span.to.and_then(|to| utc_day(last.map_or(to, |last| last.max(to)))),
    );
    Ledger::<AgentTransport>::messages_of(filter, panel, days, wanted.order, PAGE_SIZE)
}

/// The next messages that are meant.
async fn next(
    team: Team,
    panel: Panel,
    filter: &Filter,
    search: &mut MessageSearch,
) -> Result<Vec<MessageRecord>, LedgerError> {
    loop {
        let page = one_page(team, panel, filter, search, Urgency::Screen).await?;
        if !page.is_empty() || search.is_over() {
            return Ok(page);
        }
    }
}

/// Those of Zendesk's next page that are meant; may be none. After an error the same page may be asked for again.
async fn one_page(
    team: Team,
    panel: Panel,
    filter: &Filter,
    search: &mut MessageSearch,
    urgency: Urgency,
) -> Result<Vec<MessageRecord>, LedgerError> {
    team.turn_for(urgency).await;
    let mut page = team.ledger().next_messages(search).await?;
    page.retain(|message| filter.takes_message(panel, message));
    Ok(page)
}

fn utc_day(at: UnixMillis) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp_millis(i64::try_from(at).ok()?)?.date_naive())
}
