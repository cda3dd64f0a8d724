//! Between Continuar and the first message: is the template still there, approved, and what the agent saw?

use std::sync::Arc;

use cxconnect_core::template::{Template, TemplateStatus};
use cxconnect_sunco::{ApiError, TemplateList};
use leptos::{prelude::*, task::spawn_local};

use crate::screens::send::{
    runner::RunRef,
    state::{Plan, SendState, Step},
};

/// What is known about the template at the moment of sending.
#[derive(Clone, Debug)]
pub enum Verification {
    /// Continuar wasn't pressed yet.
    NotAsked,
    /// The question is under way.
    Asking,
    /// It is gone.
    Vanished,
    /// It has this status now.
    NotApproved(String),
    /// It says something else now.
    Changed,
    /// There was no answer to go by; the agent may ask again.
    Failed(ApiError),
}

impl Verification {
    /// Whether this plan can't be sent any more.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Vanished | Self::NotApproved(_) | Self::Changed)
    }
}

/// Continuar: asks once, and starts the sending if all is as the agent saw it. Pressing twice asks once.
pub fn start(state: SendState, plan: Arc<Plan>, verification: RwSignal<Verification>) {
    if verification.with_untracked(|verification| matches!(verification, Verification::Asking)) {
        return;
    }
    verification.set(Verification::Asking);
    let version = state.begin();
    spawn_local(async move {
        let backend = state.backend.get();
        let planned = plan.batch.template();
        let result = backend.sunco.template_translations(&plan.sender.id, &planned.name).await;
        if !state.is_current(version) {
            return;
        }
        match result.map(|list| compare(planned, &list)) {
            Ok(None) => {
                // What other tabs have sent in the meantime counts, too. The screen says why nothing starts.
                backend.usage.refresh();
                let wanted = plan.batch.n_messages() as u64;
                if backend.settings.package.allows(wanted, untrack(|| backend.usage.get())).is_err() {
                    verification.set(Verification::NotAsked);
                    return;
                }
                // The step changes first: from here on no other Continuar can reach this plan.
                let run = state.for_the_pages_life(|| RunRef::new(state.backend, plan));
                state.step.set(Step::Running(run));
                run.start();
            }
            Ok(Some(trouble)) => verification.set(trouble),
            Err(error) => verification.set(Verification::Failed(error)),
        }
    });
}

/// What has changed between choosing and sending.
fn compare(planned: &Template, list: &TemplateList) -> Option<Verification> {
    let Some(now) = list.templates.iter().find(|template| template.key() == planned.key()) else {
        // It is still there, but says something that can't be read.
        let is_unreadable = !list.unreadable.is_empty();
        return Some(if is_unreadable { Verification::Changed } else { Verification::Vanished });
    };
    if !now.status.is_approved() {
        return Some(Verification::NotApproved(status_name(&now.status)));
    }
    // Whether Meta files it elsewhere changes nothing in the message.
    let says_the_same = (&now.header, &now.body, &now.footer, &now.buttons, &now.unsupported)
        == (&planned.header, &planned.body, &planned.footer, &planned.buttons, &planned.unsupported);
    (!says_the_same).then_some(Verification::Changed)
}

/// The provider's own word, which Meta's manager shows too.
fn status_name(status: &TemplateStatus) -> String {
    match status {
        TemplateStatus::Approved => "APPROVED",
        TemplateStatus::Pending => "PENDING",
        TemplateStatus::Rejected => "REJECTED",
        TemplateStatus::Paused => "PAUSED",
        TemplateStatus::Disabled => "DISABLED",
        TemplateStatus::Other(other) => other,
    }
    .to_owned()
}
