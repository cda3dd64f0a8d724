//! The file that is being worked on: how it was read, what fills what, what is wrong, and what the agent has changed.

use std::{rc::Rc, sync::Arc};

use cxconnect_core::{
    check::{CheckConfig, Checked, Decisions, OptOuts},
    corrections::{self, CorrectionsError},
    mapping::{FoundBy, Mapping},
    phone::{Country, E164},
    problem::ColumnIdx,
    sheet::{Cells, ReadOptions, Sheet},
    template::Template,
};
use cxconnect_sunco::Integration;

use crate::{backend::Backend, screens::send::state::ChosenFile, shell::spreadsheet::Workbook};

/// A workbook, and which of its sheets is read.
#[derive(Clone)]
pub struct Book {
    pub workbook: Rc<Workbook>,
    pub sheet_idx: usize,
}

/// What is to be read, and how.
#[derive(Clone)]
pub struct Origin {
    pub file: ChosenFile,
    pub template: Template,
    pub sender: Integration,
    pub options: ReadOptions,
    pub book: Option<Book>,
}

/// Rows as they were before a change.
struct Undo(Vec<(usize, Vec<String>)>);

/// The file, read.
pub struct Work {
    pub origin: Origin,
    pub sheet: Arc<Sheet>,
    pub mapping: Mapping,
    pub found_by: FoundBy,
    pub decisions: Decisions,
    /// None until every slot has something that fills it.
    pub checked: Option<Checked>,
    undo: Vec<Undo>,
}

impl Work {
    /// A file that was just read.
    pub fn new(origin: Origin, sheet: Sheet, mapping: Mapping, found_by: FoundBy) -> Self {
        Self {
            origin,
            sheet: Arc::new(sheet),
            mapping,
            found_by,
            decisions: Decisions::default(),
            checked: None,
            undo: Vec::new(),
        }
    }

    /// Whether it is this very file, chosen once, for this template and number.
    pub fn is_of(&self, file: &ChosenFile, template: &Template, sender: &Integration) -> bool {
        js_sys::Object::is(&self.origin.file.handle, &file.handle)
            && self.origin.template == *template
            && self.origin.sender.id == sender.id
    }

    /// What the check goes by.
    pub fn config(&self, backend: &Backend, decisions: Decisions) -> CheckConfig {
        config(backend, &self.origin.sender, decisions)
    }

    /// Writes a cell; only its row is checked again. Whether that changed anything.
    pub fn edit(&mut self, row_idx: usize, column: ColumnIdx, text: &str) -> bool {
        let before = cells_of(&self.sheet, row_idx);
        if before.get(column.get()).map_or("", String::as_str) == text {
            return false;
        }
        Arc::make_mut(&mut self.sheet).set_cell(row_idx, column, text);
        self.undo.push(Undo(vec![(row_idx, before)]));
        self.recheck(&[row_idx]);
        true
    }

    /// Takes rows that were mended elsewhere. How many.
    pub fn correct(&mut self, mended: &Sheet) -> Result<usize, CorrectionsError> {
        let before = Arc::clone(&self.sheet);
        let rows = corrections::apply(Arc::make_mut(&mut self.sheet), mended)?;
        self.undo.push(Undo(rows.iter().map(|&row| (row, cells_of(&before, row))).collect()));
        drop(before);
        self.recheck(&rows);
        Ok(rows.len())
    }

    /// Takes the last change back. The first row that it was about.
    pub fn undo(&mut self) -> Option<usize> {
        let Undo(rows) = self.undo.pop()?;
        let idxs: Vec<usize> = rows.iter().map(|(idx, _)| *idx).collect();
        let sheet = Arc::make_mut(&mut self.sheet);
        for (idx, cells) in rows {
            sheet.replace_row(idx, cells);
        }
        self.recheck(&idxs);
        idxs.first().copied()
    }

    /// How many changes can be taken back.
    pub fn n_changes(&self) -> usize {
        self.undo.len()
    }

    fn recheck(&mut self, rows: &[usize]) {
        if let Some(checked) = &mut self.checked {
            for &row in rows {
                checked.recheck(&self.sheet, row);
            }
        }
    }
}

fn cells_of(sheet: &Sheet, row_idx: usize) -> Vec<String> {
    let mut cells = Cells::new();
    sheet.cells(row_idx, &mut cells);
    cells.iter().map(ToOwned::to_owned).collect()
}

/// What the check of a message from this number depends on besides its template.
pub fn config(backend: &Backend, sender: &Integration, decisions: Decisions) -> CheckConfig {
    // The setting's country, else the one of the number that sends.
    let of_sender = || {
        let digits = sender.phone.as_deref()?.trim_start_matches('+');
        Country::of(&E164::parse_exact(&format!("+{digits}")).ok()?)
    };
    let default_country = backend.settings.default_country.or_else(of_sender);
    let opt_outs = OptOuts::parse(&backend.settings.opt_outs, default_country.as_ref());
    CheckConfig { default_country, opt_outs, decisions }
}
