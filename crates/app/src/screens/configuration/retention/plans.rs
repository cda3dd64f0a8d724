//! The plans that go with a removal: which there are, and which of them nobody needs any more.

use std::collections::BTreeSet;

use cxconnect_core::{
    dispatch::UnixMillis,
    ledger::ITEMS_PER_JOB,
    plan::BatchId,
    retention::{Needless, PlanRecord, Purge, sweep},
};
use cxconnect_ledger::LedgerError;
use leptos::prelude::*;

use crate::{
    screens::configuration::{
        patience::patiently,
        retention::{
            state::Plans,
            work::{Stop, Work},
        },
    },
    shell::clock,
};

/// A batch's plan is written within this time after the batch began.
const PLAN_WRITTEN_MS: UnixMillis = 24 * 60 * 60 * 1000;

impl Work {
    /// Reads which records of plans there are, those first that were written first, as far as they may have to go.
    pub(super) async fn look_at_plans(&mut self) -> Result<(), Stop> {
        let until = match self.subject.plans() {
            Needless::Before(day) => Some(day.saturating_add(PLAN_WRITTEN_MS)),
            Needless::Over => None,
        };
        let is_meant = |record: &PlanRecord| until.is_none_or(|until| record.written < until);
        let mut after: Option<String> = None;
        let mut n_read = 0;
        loop {
            self.removal.n_plan_records.set(Some(n_read));
            self.turn().await;
            self.go_on()?;
            let page = patiently(|| self.backend.ledger.plan_records(after.as_deref())).await;
            self.go_on()?;
            let page = match page {
                Ok(page) => page,
                // The object isn't installed, so there are no plans.
                Err(LedgerError::Missing(_)) => break,
                Err(error) => return Err(error.into()),
            };
            let is_last = !page.records.last().is_none_or(is_meant);
            n_read += page.records.len();
            // Claims are of no concern, and stay for good: there may be many.
            let parts = page.records.into_iter().filter(|record| !record.is_claim);
            self.plan_records.extend(parts.filter(is_meant));
            after = page.after;
            if after.is_none() || is_last {
                break;
            }
        }
        self.sort_plans().await?;
        self.removal.n_plan_records.set(None);
        Ok(())
    }

    /// Looks how the plans' batches are now, and sorts out what goes.
    pub(super) async fn sort_plans(&mut self) -> Result<(), Stop> {
        let ids: BTreeSet<&BatchId> = self.plan_records.iter().map(|record| &record.batch).collect();
        let ids: Vec<BatchId> = ids.into_iter().cloned().collect();
        let mut batches = Vec::new();
        for ids in ids.chunks(ITEMS_PER_JOB) {
            self.turn().await;
            self.go_on()?;
            batches.extend(patiently(|| self.backend.ledger.batches_now(ids)).await?);
        }
        self.go_on()?;
        let sweep = sweep(&self.plan_records, &batches, self.subject.plans(), clock::time());
        self.plans = Purge::new();
        self.plans.found(sweep.ids);
        self.removal.plans.set(Plans {
            n_found: sweep.n_plans,
            n_records: self.plans.n_found(),
            stay: sweep.stay,
            ..Plans::default()
        });
        Ok(())
    }
}
