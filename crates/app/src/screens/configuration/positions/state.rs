//! What the page knows: the templates, how they are marked, and what the admin has chosen of them.

use std::collections::BTreeSet;

use cxconnect_core::{
    position::Position,
    template::{TemplateKey, TemplateStatus},
};
use cxconnect_ledger::{LedgerError, Overtaken, Placed};
use cxconnect_sunco::ApiError;
use leptos::prelude::*;

use crate::{backend::BackendRef, screens::configuration::positions::list, shell::texts::folded};

/// Rows of a page of the table.
pub const ROWS_PER_PAGE: usize = 25;

/// Where the page is.
#[derive(Clone, Debug)]
pub enum Stage {
    Loading,
    /// The numbers or their templates could not be had.
    NoTemplates(ApiError),
    /// How they are marked could not be had.
    NoPositions(LedgerError),
    /// The account hasn't the objects in which that is kept.
    NotInstalled,
    /// There is a table.
    Ready,
}

/// What Meta says of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is in a number's list.
    Listed(TemplateStatus),
    /// It is in no number's list any more.
    Gone,
    /// A number's list could not be had, so that nobody knows.
    Unknown,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: TemplateKey,
    /// Meta's id.
    pub id: String,
    pub standing: Standing,
    /// How it is marked, if anybody has.
    pub placed: Option<Placed>,
}

impl Row {
    /// Where it shows.
    pub fn position(&self) -> Position {
        self.placed.as_ref().map(|placed| placed.position).unwrap_or_default()
    }
}

/// What came of the last change.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// So many templates were marked.
    Saved(usize),
    /// These were marked by somebody else meanwhile; the admin wanted them so.
    Overtaken { by: Vec<Overtaken>, wanted: Position },
    /// It could not be written.
    Failed(LedgerError),
    /// It is written, and the relay could not be told: webhooks go by what it knew.
    NotTold,
    /// Zendesk took it, and so many of them are not marked all the same.
    NotWritten(usize),
}

/// What the page knows. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct PositionsState {
    pub backend: BackendRef,
    pub on_change: Callback<()>,
    pub stage: RwSignal<Stage>,
    pub rows: RwSignal<Vec<Row>>,
    /// Numbers whose templates could not be had.
    pub missing_numbers: RwSignal<Vec<String>>,
    pub search: RwSignal<String>,
    /// The page of the table, from 0.
    pub page: RwSignal<usize>,
    pub chosen: RwSignal<BTreeSet<TemplateKey>>,
    /// Whether something is being written.
    pub is_saving: RwSignal<bool>,
    pub news: RwSignal<Vec<News>>,
}

impl PositionsState {
    /// Nothing known; begins to fetch.
    pub fn new(backend: BackendRef, on_change: Callback<()>) -> Self {
        let state = Self {
            backend,
            on_change,
            stage: RwSignal::new(Stage::Loading),
            rows: RwSignal::new(Vec::new()),
            missing_numbers: RwSignal::new(Vec::new()),
            search: RwSignal::new(String::new()),
            page: RwSignal::new(0),
            chosen: RwSignal::new(BTreeSet::new()),
            is_saving: RwSignal::new(false),
            news: RwSignal::new(Vec::new()),
        };
        list::load(state);
        state
    }

    /// The rows that the search finds, by their places.
    pub fn found(self) -> Vec<usize> {
        let words = folded(&self.search.get());
        let matches = |row: &Row| {
            let text = folded(&format!("{} {} {}", row.key.0, row.key.1, row.id));
            words.split_whitespace().all(|word| text.contains(word))
        };
        self.rows.with(|rows| {
            rows.iter().enumerate().filter(|(_, row)| matches(row)).map(|(place, _)| place).collect()
        })
    }

    /// Takes over how templates are marked now.
    pub fn take(self, now: &[Placed]) {
        self.rows.try_update(|rows| {
            for placed in now {
                if let Some(row) = rows.iter_mut().find(|row| row.key == placed.key) {
                    row.placed = Some(placed.clone());
                }
            }
        });
    }
}
