//! A file that is being made of all messages of a list: which page it is at, what of it is written, and what there is to say of
//! it in the end.

use cxconnect_core::{
    dispatch::{Millis, UnixMillis},
    ledger::{AfterFault, BatchRecord, Fault, MessageRecord, Urgency, Walk},
    sheet::{CsvWriter, formula_safe},
    stats::Panel,
};
use cxconnect_ledger::MessageSearch;
use leptos::prelude::*;

use super::{Count, MessageList, Wanted, one_page, search, words};
use crate::shell::{clock, files, texts::t};

/// What was written within this time may not be found yet: Zendesk's search lags by up to a minute.
const LAG_MS: UnixMillis = 65_000;

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Csv,
    Workbook,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A page was read.
    Read,
    /// The next page is to be asked for again, so much later, since it could not be had now for this reason.
    Wait(Fault, Millis),
    /// It begins again: Zendesk doesn't take the place where it was.
    BeginAgain,
    /// It can't go on, until what is the matter is mended.
    Stop(Fault),
}

/// What may not be in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing that is known.
    None,
    /// Messages of the last minute.
    Lag,
    /// So many of those that the batches' counters tell of, though no batch has been written for a while.
    Fewer(u64),
}

/// The file, as far as it is written.
pub struct Making {
    pub form: Form,
    list: MessageList,
    wanted: Wanted,
    search: MessageSearch,
    walk: Walk,
    csv: CsvWriter,
    n_read: u64,
}

impl Making {
    /// Nothing read yet.
    pub fn new(list: MessageList, form: Form) -> Self {
        let wanted = list.wanted();
        let search = search(list.team, list.panel, &wanted);
        Self { form, list, wanted, search, walk: Walk::default(), csv: begun(list.panel, form), n_read: 0 }
    }

    /// Whether all was read.
    pub fn is_over(&self) -> bool {
        self.search.is_over()
    }

    /// Messages that were read.
    pub fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Reads a page.
    pub async fn step(&mut self) -> Step {
        let MessageList { team, panel, .. } = self.list;
        let page = one_page(team, panel, &self.wanted.filter, &mut self.search, Urgency::Bulk).await;
        let fault = match page {
            Ok(page) => {
                self.walk.answered();
                self.write(&page);
                return Step::Read;
            }
            Err(error) => error.fault(),
        };
        match self.walk.failed(fault) {
            AfterFault::Wait(wait) => Step::Wait(fault, wait),
            AfterFault::Stop => Step::Stop(fault),
            AfterFault::BeginAgain => {
                self.search = search(team, panel, &self.wanted);
                self.csv = begun(panel, self.form);
                self.n_read = 0;
                Step::BeginAgain
            }
        }
    }

    /// What may be missing, and the text of the file.
    pub fn finish(self) -> (Gap, Vec<u8>) {
        (self.gap(), self.csv.finish())
    }

    fn gap(&self) -> Gap {
        let filter = &self.wanted.filter;
        let last = |batch: &BatchRecord| {
            let seen = batch.holder.as_ref().map(|holder| holder.seen);
            [seen, batch.ended].into_iter().flatten().fold(batch.created, UnixMillis::max)
        };
        let now = clock::time();
        let is_fresh = |batch: &BatchRecord| now < last(batch).saturating_add(LAG_MS);
        let fresh = self
            .list
            .team
            .known_once(|known| known.totals(|batch| filter.takes_batch(batch) && is_fresh(batch)).n_batches);
        match untrack(|| self.list.count()) {
            _ if 0 < fresh => Gap::Lag,
            Count::Exactly(n) if self.n_read < n => Gap::Fewer(n - self.n_read),
            _ => Gap::None,
        }
    }

    fn write(&mut self, page: &[MessageRecord]) {
        self.n_read += page.len() as u64;
        for message in page {
            let cells = cells(self.list.panel, message);
            match self.form {
                // A workbook's cells are written as text.
                Form::Workbook => self.csv.row(cells),
                Form::Csv => self.csv.row(cells.iter().map(|cell| formula_safe(cell))),
            }
        }
    }
}

/// A file of nothing but its heads.
fn begun(panel: Panel, form: Form) -> CsvWriter {
    let mut csv = match form {
        Form::Csv => CsvWriter::new(files::delimiter()),
        Form::Workbook => CsvWriter::plain(),
    };
    csv.row(heads(panel));
    csv
}

fn heads(panel: Panel) -> Vec<String> {
    let heads: &[&str] = match panel {
        Panel::Sent => &["date", "status", "phone", "template", "origin", "lot", "batch", "row", "updated"],
        Panel::NotSent => &[
            "date",
            "status",
            "description",
            "phone",
            "template",
            "origin",
            "lot",
            "batch",
            "row",
            "updated",
        ],
    };
    heads.iter().map(|head| t(&format!("stats.head.{head}"))).collect()
}

fn cells(panel: Panel, message: &MessageRecord) -> Vec<String> {
    let mut cells = vec![clock::written(message.sent_at()), words::status(message.status())];
    if panel == Panel::NotSent {
        cells.push(words::description(message));
    }
    cells.extend([
        message.to.to_string(),
        message.template.clone(),
        words::origin_of(message),
        words::lot_of(message.created),
        message.batch.to_string(),
        message.row.to_string(),
        clock::written(message.updated_at()),
    ]);
    cells
}
