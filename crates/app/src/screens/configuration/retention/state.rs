//! Where a removal is.

use cxconnect_core::{
    ledger::BatchRecord,
    phone::E164,
    retention::{Age, Needless},
};
use cxconnect_ledger::{LedgerError, Outdated};
use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    run::Traces,
    screens::configuration::retention::work::Work,
    shell::{clock, journal::KeepError},
};

/// What is to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Messages of more than so many days ago, which are those before this day.
    Old(Age, chrono::NaiveDate),
    /// All messages to a number.
    Number(E164),
}

impl Subject {
    /// Messages of this age; none beyond the calendar.
    pub fn old(age: Age) -> Option<Self> {
        age.first_day_kept(clock::today()).map(|day| Self::Old(age, day))
    }

    /// For the search.
    pub fn which(self) -> Outdated {
        match self {
            Self::Old(_, day) => Outdated::Before(day),
            Self::Number(number) => Outdated::To(number),
        }
    }
}

impl Subject {
    /// Which plans go with it.
    pub fn plans(self) -> Needless {
        match self {
            Self::Old(_, day) => Needless::Before(clock::midnight_utc(day)),
            Self::Number(_) => Needless::Over,
        }
    }
}

/// Plans of batches, of which no search knows whom they are for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plans {
    /// Plans that go.
    pub n_found: usize,
    /// Their records …
    pub n_records: usize,
    /// … those of them that are gone …
    pub n_removed: usize,
    /// … and those that are still there after all tries.
    pub n_kept: usize,
    /// Batches that aren't over, whose plans stay.
    pub stay: Vec<BatchRecord>,
}

/// What this browser keeps of a number, and what became of that.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Local {
    /// It was not looked for.
    #[default]
    NotAsked,
    /// It is here.
    Found(Traces),
    /// What could be forgotten is.
    Forgotten(Traces),
    /// Nobody knows.
    Unknown(KeepError),
}

/// How a removal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing more is found.
    Clean,
    /// All that was found is removed; whether there is more was not waited for.
    Unchecked,
    /// The admin stopped it.
    Cancelled,
}

/// Where it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Nothing was asked for, or it was left.
    Asking,
    /// It is being counted.
    Counting(Subject),
    /// It is counted; waiting for the admin's word.
    Counted(Subject),
    /// It is being removed.
    Removing(Subject),
    /// All that was found is removed; it is looked for once more.
    Checking(Subject),
    /// It is over.
    Ended(Subject, End),
    /// It stopped. What was removed until then is gone.
    Failed(Subject, LedgerError),
}

/// A removal, as the screen sees it. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Removal {
    pub backend: BackendRef,
    pub stage: RwSignal<Stage>,
    pub n_found: RwSignal<usize>,
    pub n_removed: RwSignal<usize>,
    /// Records that are still there after all tries.
    pub n_kept: RwSignal<usize>,
    pub local: RwSignal<Local>,
    pub plans: RwSignal<Plans>,
    /// How many of plans' records were looked at; none before and after.
    pub n_plan_records: RwSignal<Option<usize>>,
    /// What was counted and waits for the admin's word.
    pub counted: StoredValue<Option<Work>, LocalStorage>,
    /// Grows with each removal that begins, and with each that is to stop: whatever has an old number stops.
    version: StoredValue<u32>,
}

impl Removal {
    /// Nothing asked for.
    pub fn new(backend: BackendRef) -> Self {
        Self {
            backend,
            stage: RwSignal::new(Stage::Asking),
            n_found: RwSignal::new(0),
            n_removed: RwSignal::new(0),
            n_kept: RwSignal::new(0),
            local: RwSignal::new(Local::NotAsked),
            plans: RwSignal::new(Plans::default()),
            n_plan_records: RwSignal::new(None),
            counted: StoredValue::new_local(None),
            version: StoredValue::new(0),
        }
    }

    /// Something begins, and whatever was under way stops.
    pub fn begin(self) -> u32 {
        self.version.update_value(|version| *version = version.wrapping_add(1));
        self.version.get_value()
    }

    /// Whether it may go on: neither stopped by the admin nor without a page.
    pub fn may_go_on(self, version: u32) -> bool {
        self.version.try_get_value() == Some(version)
    }

    /// Back to the question.
    pub fn leave(self) {
        self.begin();
        self.n_found.set(0);
        self.n_removed.set(0);
        self.n_kept.set(0);
        self.local.set(Local::NotAsked);
        self.plans.set(Plans::default());
        self.n_plan_records.set(None);
        self.counted.set_value(None);
        self.stage.set(Stage::Asking);
    }
}
