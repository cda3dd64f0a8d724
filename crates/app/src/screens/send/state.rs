//! What the agent has chosen, and the step they are at.

use std::sync::Arc;

use cxconnect_core::{
    check::Summary,
    plan::Batch,
    position::{Elsewhere, Offer, Place},
    sheet::SheetError,
    template::{Template, TemplateKey},
};
use cxconnect_sunco::{ApiError, Integration, IntegrationId, TemplateList};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    run::{RunRef, Shelf},
    screens::send::{load, retry_batch::Unfinished, work::Work},
    shell::{pause::after_the_next_frame, spreadsheet::SpreadsheetError},
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
    /// It is a workbook that can't be opened.
    Workbook(SpreadsheetError),
    /// It is no sheet.
    Sheet(SheetError),
    /// There is nobody to send to, or the template can't be sent.
    NotPlanned,
}

/// A batch that waits for the agent's Continuar.
#[derive(Debug)]
pub struct Plan {
    pub file_name: String,
    pub sender: Integration,
    pub batch: Batch,
    pub summary: Summary,
}

/// How far a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckProgress {
    pub stage: Stage,
    pub done: usize,
    pub total: usize,
}

/// What is being done with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its bytes are read and understood.
    Reading,
    /// Its rows are checked.
    Checking,
    /// Its images, videos or documents are looked at.
    Media,
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
    /// The file was read; the agent looks at what it says, what is wrong with it, and mends it.
    Review,
    /// All is well; waiting for Continuar.
    Confirm(Arc<Plan>),
    /// A batch that is being sent, or was, or waits to be resumed.
    Running(RunRef),
}

impl Step {
    /// The place in the stepper.
    pub fn place(&self) -> usize {
        match self {
            Self::Compose => 0,
            Self::Checking | Self::FileProblem(_) | Self::Review => 1,
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
    /// Which templates are offered.
    pub offer: RwSignal<Offer>,
    pub search: RwSignal<String>,
    pub file: RwSignal<Option<ChosenFile>, LocalStorage>,
    /// How far the present check is.
    pub progress: RwSignal<CheckProgress>,
    /// The file that is being worked on; none while it is read or checked.
    work: StoredValue<Option<Work>, LocalStorage>,
    /// Grows whenever the screen should look at it again.
    work_version: RwSignal<u32>,
    /// Grows once the frame that shows a change is drawn.
    settled: RwSignal<u32>,
    /// Grows whenever it was read or checked as a whole.
    pub shape: RwSignal<u32>,
    /// The row that is looked at, from 0.
    pub selected: RwSignal<usize>,
    /// Why the file can't be read in the way that was chosen last.
    pub read_fault: RwSignal<Option<FileFault>>,
    /// Why the last file of mended rows was not taken.
    pub correction_fault: RwSignal<Option<&'static str>>,
    /// The batches that this browser keeps.
    pub shelf: RwSignal<Shelf, LocalStorage>,
    /// A retry is being made ready: until then its first batch must not be left.
    pub is_retrying: RwSignal<bool>,
    /// Retries whose messages are marked in their journal, and which don't exist yet: in no other way do they come back.
    pub unfinished_retries: RwSignal<Vec<Unfinished>, LocalStorage>,
    /// Grows with each fetch or check that replaces an earlier one: a late answer with an old number is dropped.
    version: StoredValue<u32>,
}

impl SendState {
    /// Nothing chosen; begins to fetch the numbers.
    pub fn new(backend: BackendRef, place: Place) -> Self {
        let state = Self {
            backend,
            offer: RwSignal::new(Offer::new(place)),
            step: RwSignal::new_local(Step::Compose),
            senders: RwSignal::new(Load::Loading),
            sender: RwSignal::new(None),
            templates: RwSignal::new(Load::Loading),
            template: RwSignal::new(None),
            search: RwSignal::new(String::new()),
            file: RwSignal::new_local(None),
            progress: RwSignal::new(CheckProgress { stage: Stage::Reading, done: 0, total: 0 }),
            work: StoredValue::new_local(None),
            work_version: RwSignal::new(0),
            settled: RwSignal::new(0),
            shape: RwSignal::new(0),
            selected: RwSignal::new(0),
            read_fault: RwSignal::new(None),
            correction_fault: RwSignal::new(None),
            shelf: RwSignal::new_local(Shelf::default()),
            is_retrying: RwSignal::new(false),
            unfinished_retries: RwSignal::new_local(Vec::new()),
            version: StoredValue::new(0),
        };
        load::senders(state);
        load::follow_positions(state);
        state
    }

    /// Whether the agent is at such a step.
    pub fn is_at(self, is_it: impl FnOnce(&Step) -> bool) -> bool {
        self.step.with_untracked(is_it)
    }

    /// Looks at the work, and again whenever it has changed. Nothing while there is none.
    pub fn look<T>(self, read: impl FnOnce(&Work) -> T) -> Option<T> {
        self.work_version.track();
        self.peek(read)
    }

    /// Looks at the work, and again one frame after it has changed: for what may follow the answer to an edit.
    pub fn look_after<T>(self, read: impl FnOnce(&Work) -> T) -> Option<T> {
        self.settled.track();
        self.peek(read)
    }

    /// Looks at the work once.
    pub fn peek<T>(self, read: impl FnOnce(&Work) -> T) -> Option<T> {
        self.work.with_value(|work| work.as_ref().map(read))
    }

    /// Changes the work, and lets the screen look again.
    pub fn change<T>(self, change: impl FnOnce(&mut Work) -> T) -> Option<T> {
        let changed = self.work.try_update_value(|work| work.as_mut().map(change)).flatten();
        self.work_version.update(|version| *version = version.wrapping_add(1));
        spawn_local(async move {
            after_the_next_frame().await;
            self.settled.update(|version| *version = version.wrapping_add(1));
        });
        changed
    }

    /// Takes the work away, to read or check it anew.
    pub fn take_work(self) -> Option<Work> {
        self.work.try_update_value(Option::take).flatten()
    }

    /// Puts the work where the screen sees it.
    pub fn put_work(self, work: Option<Work>) {
        self.work.set_value(work);
        self.shape.update(|shape| *shape = shape.wrapping_add(1));
        self.settled.update(|version| *version = version.wrapping_add(1));
        self.work_version.update(|version| *version = version.wrapping_add(1));
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

    /// Those of a number's templates that are offered here.
    pub fn offered(self, templates: &[Template]) -> Vec<Template> {
        self.offer.with(|offer| offer.of(templates))
    }

    /// Why a template isn't offered here, by what is known now; none if it is.
    pub fn elsewhere(self, template: &Template) -> Option<Elsewhere> {
        untrack(|| {
            self.templates.with(|templates| {
                let all = match templates {
                    Load::Ready(list) => list.templates.as_slice(),
                    Load::Loading | Load::Failed(_) => &[],
                };
                self.offer.with(|offer| offer.elsewhere(template, all))
            })
        })
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
