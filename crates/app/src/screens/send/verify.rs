//! Between Continuar and the first message: is the template still there, approved, what the agent saw, and for this place? Was the same sent
//! today? And does the browser keep the batch?

use std::sync::Arc;

use cxconnect_core::{
    frozen::{About, Kind},
    position::Elsewhere,
    quota::OverLimit,
    template::{Template, TemplateStatus},
};
use cxconnect_sunco::{ApiError, Integration, IntegrationId, TemplateList};
use futures_util::future::join;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    run::{self, RunRef, Same, StartError},
    screens::send::{
        allowance::{self, NotAllowed},
        load,
        problem_text::why_left_out,
        shelf,
        state::{Plan, SendState},
    },
    shell::{clock, ids, journal::KeepError, texts::t},
};

/// What is known at the moment of sending.
#[derive(Clone, Debug)]
pub enum Verification {
    /// Continuar wasn't pressed yet.
    NotAsked,
    /// The question is under way.
    Asking,
    /// The template is as it was; the batch is made ready: so many of so many rows.
    Preparing(usize, usize),
    /// It is gone.
    Vanished,
    /// It has this status now.
    NotApproved(String),
    /// It says something else now.
    Changed,
    /// It isn't for this place any more, as an admin has said meanwhile.
    Elsewhere(Elsewhere),
    /// There was no answer to go by; the agent may ask again.
    Failed(ApiError),
    /// Meta would refuse some of it.
    OverLimit(OverLimit),
    /// The same was sent today.
    Repeated(Same),
    /// The browser doesn't keep the batch, so that it could not be resumed.
    NotKept(KeepError),
    /// It could not be made ready, for a reason that sending without resumption is no answer to.
    NotReady(StartError),
}

impl Verification {
    /// Whether this plan can't be sent any more.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Vanished | Self::NotApproved(_) | Self::Changed)
    }

    /// Whether what was fetched before may be what has changed.
    pub fn is_stale(&self) -> bool {
        self.is_final() || matches!(self, Self::Elsewhere(_))
    }

    /// Whether something is under way.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Asking | Self::Preparing(..))
    }
}

impl From<StartError> for Verification {
    fn from(error: StartError) -> Self {
        match error {
            StartError::NotKept(error) => Self::NotKept(error),
            StartError::Stranded | StartError::NotReserved | StartError::Damaged => Self::NotReady(error),
        }
    }
}

/// What the agent has insisted on, though warned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Insist {
    /// On nothing.
    No,
    /// To send what was sent today already.
    Repeat,
    /// To send what can't be resumed.
    WithoutJournal,
}

/// Continuar: asks once, and starts the sending if all is as the agent saw it. Pressing twice asks once.
pub fn start(state: SendState, plan: Arc<Plan>, verification: RwSignal<Verification>, insist: Insist) {
    if verification.with_untracked(Verification::is_busy) {
        return;
    }
    verification.set(Verification::Asking);
    let version = state.begin();
    spawn_local(async move {
        let backend = state.backend.get();
        let trouble = template(state, &backend, &plan.sender.id, plan.batch.template()).await;
        if !state.is_current(version) {
            return;
        }
        let trouble = match trouble {
            None => match prepare(state, &plan, verification, insist, version).await {
                Ok(run) => {
                    // The step changes first: from here on no other Continuar can reach this plan.
                    shelf::show(state, run);
                    run.begin();
                    None
                }
                Err(trouble) => Some(trouble),
            },
            Some(_) => trouble,
        };
        if let Some(trouble) = trouble
            && state.is_current(version)
        {
            verification.set(trouble);
        }
    });
}

/// Why nothing was sent, and what to do: a text's key.
pub fn not_ready(error: StartError) -> &'static str {
    match error {
        StartError::NotReserved => "confirm.not_ready.not_reserved",
        StartError::Stranded => "confirm.not_ready.stranded",
        StartError::NotKept(_) | StartError::Damaged => "confirm.not_ready.damaged",
    }
}

impl From<NotAllowed> for Verification {
    fn from(error: NotAllowed) -> Self {
        match error {
            // The screen follows the package by itself, and says why nothing starts.
            NotAllowed::Package(_) => Self::NotAsked,
            NotAllowed::Limit(over) => Self::OverLimit(over),
        }
    }
}

/// Freezes the batch and keeps it, if it may be sent, whatever the agent insists on. If the agent has gone elsewhere in the
/// meantime, nothing is left of it.
async fn prepare(
    state: SendState,
    plan: &Plan,
    verification: RwSignal<Verification>,
    insist: Insist,
    version: u32,
) -> Result<RunRef, Verification> {
    let backend = state.backend.get();
    let people = plan.batch.targets().iter().map(|target| target.to).collect();
    allowance::check(&backend, people).await?;
    let journal = match insist {
        Insist::No | Insist::Repeat => Some(backend.journal().await.map_err(Verification::NotKept)?),
        Insist::WithoutJournal => None,
    };
    let show = |done, total| {
        if state.is_current(version) {
            verification.set(Verification::Preparing(done, total));
        }
    };
    let about = about(state, plan, Kind::Many);
    let why = |row_idx| state.peek(|work| why_left_out(work, row_idx)).unwrap_or_default();
    let frozen = run::freeze(about, plan.batch.clone(), &why, show).await;
    if insist == Insist::No
        && let Some(journal) = &journal
        && let Some(same) = run::same_content(journal, frozen.head().digest.as_deref())
            .await
            .map_err(Verification::NotKept)?
    {
        return Err(Verification::Repeated(same));
    }
    let keeper = match journal {
        Some(journal) => Some(run::keep(journal, &frozen, show).await?),
        None => None,
    };
    let run = RunRef::create(backend, frozen, keeper).await?;
    // Kept or not: nobody waits for it any more.
    if !state.is_current(version) {
        run.forget().await;
        return Err(Verification::NotAsked);
    }
    Ok(run)
}

/// What is known of a batch that is made of this plan now.
pub fn about(state: SendState, plan: &Plan, kind: Kind) -> About {
    about_of(&state.backend.get(), plan.batch.template(), &plan.sender, kind, plan.file_name.clone())
}

/// What is known of a batch that is made now.
pub fn about_of(
    backend: &Backend,
    template: &Template,
    sender: &Integration,
    kind: Kind,
    file_name: String,
) -> About {
    About {
        id: ids::new_batch_id(),
        kind,
        template: template.clone(),
        sender: sender.id.to_string(),
        sender_name: load::sender_name(sender, &t("sender.unnamed")),
        file_name,
        agent: backend.memory.agent(),
        created: clock::time(),
    }
}

/// Asks whether the template is still there, approved, what the agent saw, and for this place; none if it is.
pub async fn template(
    state: SendState,
    backend: &Backend,
    sender: &IntegrationId,
    planned: &Template,
) -> Option<Verification> {
    let translations = backend.sunco.template_translations(sender, &planned.name);
    let (list, elsewhere) = join(translations, load::look_at_place(state, planned)).await;
    let trouble = match list {
        Ok(list) => compare(planned, &list),
        Err(error) => Some(Verification::Failed(error)),
    };
    trouble.or(elsewhere.map(Verification::Elsewhere))
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
