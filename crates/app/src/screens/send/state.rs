//! What the agent has chosen, and the step they are at.

use std::sync::Arc;

use cxconnect_core::{
    plan::Batch,
    problem::Problem,
    sheet::{Sheet, SheetError},
    template::{Template, TemplateKey},
};
use cxconnect_sunco::{ApiError, Integration, IntegrationId, TemplateList};
use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    screens::send::{load, runner::RunRef},
};

/// Something that is fetched.
#[derive(Clone, Debug)]
pub enum Load<T> {
    /// Asked for; the answer isn't there yet.
    Loading,
    /// There.
    Ready(T),
    /// It could not be had.
    Failed(ApiError),
}

/// A file that was added, not read yet: it is read when the agent presses Procesar.
#[derive(Clone, Debug)]
pub struct ChosenFile {
    /// The browser's handle.
    pub handle: web_sys::File,
    /// Whether more than one was dropped at once, of which this is the first.
    pub is_one_of_several: bool,
}

/// Why a file can't be checked at all.
#[derive(Clone, Debug)]
pub enum FileFault {
    /// The browser could not read it.
    Unreadable,
    /// It is no sheet.
    Sheet(SheetError),
    /// There is nobody to send to, or the template can't be sent.
    NotPlanned,
}

/// A file with problems that keep it from being sent.
#[derive(Debug)]
pub struct Review {
    pub file_name: String,
    pub sheet: Sheet,
    pub n_good: usize,
    pub problems: Vec<Problem>,
}

/// A batch that waits for the agent's Continuar.
#[derive(Debug)]
pub struct Plan {
    pub file_name: String,
    pub sheet: Sheet,
    pub sender: Integration,
    pub batch: Batch,
    pub warnings: Vec<Problem>,
}

/// How far a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckProgress {
    pub done: usize,
    pub total: usize,
}

/// Where the agent is. Each step holds all that it shows, so that no two of them can disagree.
#[derive(Clone)]
pub enum Step {
    /// Choosing number, template and file.
    Compose,
    /// Procesar was pressed; the file is being read and checked.
    Checking,
    /// The file can't be read.
    FileProblem(FileFault),
    /// The file has errors; nothing can be sent.
    Problems(Arc<Review>),
    /// All is well; waiting for Continuar.
    Confirm(Arc<Plan>),
    /// Continuar was pressed and the template is still approved: sending, or sent.
    Running(RunRef),
}

impl Step {
    /// The place in the stepper.
    pub fn place(&self) -> usize {
        match self {
            Self::Compose => 0,
            Self::Checking | Self::FileProblem(_) | Self::Problems(_) => 1,
            Self::Confirm(_) => 2,
            Self::Running(_) => 3,
        }
    }
}

/// The screen's state. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct SendState {
    pub backend: BackendRef,
    pub step: RwSignal<Step, LocalStorage>,
    /// The active numbers.
    pub senders: RwSignal<Load<Vec<Integration>>>,
    pub sender: RwSignal<Option<IntegrationId>>,
    /// The templates of the chosen number.
    pub templates: RwSignal<Load<TemplateList>>,
    pub template: RwSignal<Option<TemplateKey>>,
    pub search: RwSignal<String>,
    pub file: RwSignal<Option<ChosenFile>, LocalStorage>,
    /// How far the present check is.
    pub progress: RwSignal<CheckProgress>,
    /// The page's own scope: what is made in it lives as long as the page, whatever step is shown.
    owner: StoredValue<Option<Owner>>,
    /// Grows with each fetch or check that replaces an earlier one: a late answer with an old number is dropped.
    version: StoredValue<u32>,
}

impl SendState {
    /// Nothing chosen; begins to fetch the numbers.
    pub fn new(backend: BackendRef) -> Self {
        let state = Self {
            backend,
            step: RwSignal::new_local(Step::Compose),
            senders: RwSignal::new(Load::Loading),
            sender: RwSignal::new(None),
            templates: RwSignal::new(Load::Loading),
            template: RwSignal::new(None),
            search: RwSignal::new(String::new()),
            file: RwSignal::new_local(None),
            progress: RwSignal::new(CheckProgress { done: 0, total: 0 }),
            owner: StoredValue::new(Owner::current()),
            version: StoredValue::new(0),
        };
        load::senders(state);
        state
    }

    /// Makes signals that outlive the step in which they are made.
    pub fn for_the_pages_life<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }

    /// Begins something whose answer counts only as long as nothing newer has begun.
    pub fn begin(self) -> u32 {
        self.version.update_value(|version| *version += 1);
        self.version.get_value()
    }

    /// Whether nothing newer has begun.
    pub fn is_current(self, version: u32) -> bool {
        self.version.get_value() == version
    }

    /// The number that is chosen, whole.
    pub fn chosen_sender(self) -> Option<Integration> {
        let id = self.sender.get()?;
        self.senders.with(|senders| match senders {
            Load::Ready(senders) => senders.iter().find(|sender| sender.id == id).cloned(),
            Load::Loading | Load::Failed(_) => None,
        })
    }

    /// The template that is chosen, whole.
    pub fn chosen_template(self) -> Option<Template> {
        let key = self.template.get()?;
        self.templates.with(|templates| match templates {
            Load::Ready(list) => {
                let is_chosen =
                    |template: &&Template| (&template.name, &template.language) == (&key.0, &key.1);
                list.templates.iter().find(is_chosen).cloned()
            }
            Load::Loading | Load::Failed(_) => None,
        })
    }
}
