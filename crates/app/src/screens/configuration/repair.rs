//! Looking at the installation and mending it.

use cxconnect_ledger::{
    LedgerError,
    installation::{Account, Step, Survey, steps},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::BackendRef,
    screens::configuration::patience::patiently,
    shell::texts::{t, tr},
};

/// Where the page is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The installation is being looked at.
    Looking,
    /// It could not be looked at.
    Failed(LedgerError),
    /// This is how it is.
    Seen(Survey),
    /// It is being mended.
    Mending,
}

/// A step that came to nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// Which, in words.
    pub step: String,
    /// Why.
    pub error: LedgerError,
}

/// What the page knows. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Repair {
    backend: BackendRef,
    pub stage: RwSignal<Stage>,
    /// So much of it is done …
    pub done: RwSignal<usize>,
    /// … of so much.
    pub total: RwSignal<usize>,
    /// What is being done.
    pub doing: RwSignal<String>,
    /// Roles that are to get what they lack, by their policies' ids.
    pub roles: RwSignal<Vec<String>>,
    /// Steps of the last repair that came to nothing.
    pub troubles: RwSignal<Vec<Trouble>>,
    /// Whether there was a repair since the page was opened.
    pub was_mended: RwSignal<bool>,
}

impl Repair {
    /// Nothing known; begins to look.
    pub fn new(backend: BackendRef) -> Self {
        let repair = Self {
            backend,
            stage: RwSignal::new(Stage::Looking),
            done: RwSignal::new(0),
            total: RwSignal::new(1),
            doing: RwSignal::new(String::new()),
            roles: RwSignal::new(Vec::new()),
            troubles: RwSignal::new(Vec::new()),
            was_mended: RwSignal::new(false),
        };
        repair.look();
        repair
    }

    /// Looks how the installation is.
    pub fn look(self) {
        self.troubles.set(Vec::new());
        self.was_mended.set(false);
        spawn_local(self.survey());
    }

    async fn survey(self) {
        if self.doing.try_set(t("installation.looking")).is_some() {
            // The page is gone.
            return;
        }
        self.stage.set(Stage::Looking);
        let proceed = |done, total| self.show(done, total);
        let backend = self.backend.get();
        let seen = patiently(|| backend.ledger.objects().survey(proceed)).await;
        self.stage.try_set(seen.map_or_else(Stage::Failed, Stage::Seen));
    }

    fn show(self, done: usize, total: usize) {
        // The page may be gone by now.
        self.done.try_set(done);
        self.total.try_set(total);
    }

    /// Mends what is wrong, step by step, and looks again.
    pub fn mend(self, account: &Account) {
        let steps = steps(account, &self.roles.get_untracked());
        if steps.is_empty() {
            return;
        }
        self.troubles.set(Vec::new());
        self.stage.set(Stage::Mending);
        spawn_local(async move {
            let backend = self.backend.get();
            for (place, step) in steps.iter().enumerate() {
                self.show(place, steps.len());
                self.doing.try_set(words(step));
                if let Err(error) = patiently(|| backend.ledger.objects().mend(step)).await {
                    // Every further step would end in the same way.
                    let is_over = matches!(error, LedgerError::Forbidden(_) | LedgerError::SignedOut);
                    let trouble = Trouble { step: words(step), error };
                    self.troubles.try_update(|troubles| troubles.push(trouble));
                    if is_over {
                        break;
                    }
                }
            }
            self.roles.try_set(Vec::new());
            self.was_mended.try_set(true);
            self.survey().await;
        });
    }
}

/// A step in words.
fn words(step: &Step) -> String {
    let (key, object, name) = match step {
        Step::MakeObject(object) => ("object", object.key, ""),
        Step::MakeField { object, field } => ("field", *object, field.key),
        Step::SwitchOn { object, field } => ("on", *object, *field),
        Step::AddOptions { object, field, .. } => ("options", *object, *field),
        Step::Grant { object, policy, .. } => ("grant", *object, policy.role.as_str()),
    };
    tr(&format!("installation.step.{key}"), &[("object", object), ("name", name)])
}
