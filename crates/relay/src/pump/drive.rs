//! What performs the pump's steps: calls, and waiting for whatever comes first.

use std::{pin::pin, rc::Rc};

use cxconnect_core::{
    dispatch::{Answer, MessageIdx},
    phone::E164,
    plan::BatchId,
    problem::RowNumber,
    template::{Template, Values},
};
use cxconnect_sunco::{IntegrationId, Metadata, Notification, SunCo, Transport};
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{Either, select},
    stream::FuturesUnordered,
};

use super::Step;
use crate::{Ms, World};

/// Without anything to wait for, look again after this.
const LOOK_AGAIN: Ms = 1_000;

/// A message that is about to leave, with all that it is made of.
#[derive(Clone)]
pub struct Outgoing {
    pub(super) integration: IntegrationId,
    pub(super) to: E164,
    pub(super) template: Rc<Template>,
    pub(super) values: Values,
    pub(super) namespace: Option<String>,
    pub(super) batch: BatchId,
}

impl Outgoing {
    /// Which message it is.
    pub fn message_id(&self) -> &str {
        self.batch.as_str()
    }

    /// Hands it to SunCo.
    pub async fn send<T: Transport>(self, sunco: &SunCo<T>) -> Answer {
        let notification = Notification {
            integration: &self.integration,
            to: &self.to,
            template: &self.template,
            values: &self.values,
            namespace: self.namespace.as_deref(),
            metadata: Metadata { batch: &self.batch, row: RowNumber::FIRST },
        };
        sunco.notify(&notification).await
    }
}

/// An answer, and whose it is: run, message, attempt.
pub type Answered = (u64, MessageIdx, u32, Answer);

/// Drives a run to its end. `take_in` brings the pump an answer, or that it is time, and gives its next steps; `outgoing`
/// has a message of the run.
pub async fn drive<T: Transport>(
    world: &impl World,
    sunco: &SunCo<T>,
    mut steps: Vec<Step>,
    mut take_in: impl FnMut(Option<Answered>) -> Vec<Step>,
    outgoing: impl Fn(u64, MessageIdx) -> Option<Outgoing>,
) {
    let mut calls = FuturesUnordered::new();
    let mut wake: Option<Ms> = None;
    loop {
        let mut is_done = false;
        for step in steps.drain(..) {
            match step {
                Step::Call { run, message, attempt } => {
                    if let Some(outgoing) = outgoing(run, message) {
                        calls.push(outgoing.send(sunco).map(move |answer| (run, message, attempt, answer)));
                    }
                }
                Step::WakeAt(at) => wake = Some(at),
                Step::Done => is_done = true,
            }
        }
        if is_done {
            return;
        }
        let now = world.now();
        let at = wake.unwrap_or_else(|| now.saturating_add(LOOK_AGAIN));
        let sleep = pin!(world.sleep(at.saturating_sub(now).max(0)));
        let answered = if calls.is_empty() {
            sleep.await;
            None
        } else {
            match select(calls.next(), sleep).await {
                Either::Left((answered, _)) => answered,
                Either::Right(((), _)) => None,
            }
        };
        if answered.is_none() {
            wake = None;
        }
        steps = take_in(answered);
    }
}
