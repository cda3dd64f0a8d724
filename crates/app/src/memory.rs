//! What this browser keeps for the agent: their own database, which can be had once Zendesk says who they are.
//!
//! Neither is taken for lost because it could not be had once: whoever needs it next asks again.

use std::cell::RefCell;

use cxconnect_zendesk::{CurrentUser, ZafClient, ZafError};
use leptos::prelude::*;

use crate::shell::{
    clock,
    journal::{Journal, KeepError},
};

/// How often Zendesk is asked who the agent is …
const QUESTIONS: u32 = 3;
/// … and how long after an answer that was none.
const BETWEEN_QUESTIONS_MS: u32 = 300;

/// The agent, and their database.
pub struct Memory {
    zaf: ZafClient,
    subdomain: String,
    user: RefCell<Option<CurrentUser>>,
    journal: RefCell<Option<Journal>>,
    fault: ArcRwSignal<Option<KeepError>>,
}

impl Memory {
    /// Nothing known yet.
    pub fn new(zaf: ZafClient, subdomain: String) -> Self {
        Self {
            zaf,
            subdomain,
            user: RefCell::default(),
            journal: RefCell::default(),
            fault: ArcRwSignal::new(None),
        }
    }

    /// Who uses the app, as far as Zendesk says.
    pub async fn user(&self) -> Option<CurrentUser> {
        let known = self.user.borrow().clone();
        if known.is_some() {
            return known;
        }
        for question in 1..=QUESTIONS {
            match self.zaf.get_current_user().await {
                Ok(user) => {
                    self.user.replace(Some(user.clone()));
                    return Some(user);
                }
                // That took long enough already.
                Err(ZafError::Timeout) => break,
                Err(_) if question == QUESTIONS => break,
                Err(_) => clock::after(BETWEEN_QUESTIONS_MS).await,
            }
        }
        // Their batches can't be told from others', so that none of them can be had.
        self.set_fault(Some(KeepError::Nobody));
        None
    }

    /// The database, opened if it isn't yet.
    pub async fn journal(&self) -> Result<Journal, KeepError> {
        let opened = self.journal.borrow().clone();
        if let Some(journal) = opened {
            return Ok(journal);
        }
        let user = self.user().await.ok_or(KeepError::Nobody)?;
        let journal = Journal::open(&format!("cxconnect.{}.{}", self.subdomain, user.id)).await;
        if let Ok(journal) = &journal {
            self.journal.replace(Some(journal.clone()));
        }
        self.set_fault(journal.as_ref().err().copied());
        journal
    }

    /// What is as it was needs no new look.
    fn set_fault(&self, fault: Option<KeepError>) {
        if self.fault.get_untracked() != fault {
            self.fault.set(fault);
        }
    }

    /// Why there is no database, as far as that was found out. Can be followed.
    pub fn fault(&self) -> Option<KeepError> {
        self.fault.get()
    }

    /// Whether the agent may be an admin, as far as Zendesk says: of whom it says nothing, its own calls decide.
    pub fn may_be_admin(&self) -> bool {
        self.user.borrow().as_ref().is_none_or(CurrentUser::is_admin)
    }

    /// Zendesk's id of the agent.
    pub fn user_id(&self) -> Option<String> {
        self.user.borrow().as_ref().map(|user| user.id.to_string())
    }

    /// Who uses the app: their e-mail, or what else Zendesk says; empty if it says nothing.
    pub fn agent(&self) -> String {
        let name = |user: &CurrentUser| {
            user.email.clone().or_else(|| user.name.clone()).unwrap_or_else(|| user.id.to_string())
        };
        self.user.borrow().as_ref().map(name).unwrap_or_default()
    }
}
