//! Plans that nobody needs any more. A plan has the numbers of all that a batch was to be sent to, packed, so that no search finds
//! one in it; it goes when its batch ends, but a batch that is abandoned never does.

use std::collections::{BTreeMap, BTreeSet};

use crate::{dispatch::UnixMillis, ledger::BatchRecord, plan::BatchId};

/// Whoever has a batch is heard of every minute. One that nobody was heard of for this long is left for good, whatever the
/// computers' clocks say.
const SILENT_MS: UnixMillis = 24 * 60 * 60 * 1000;

/// A record of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRecord {
    /// Its external id.
    pub id: String,
    /// The batch it belongs to.
    pub batch: BatchId,
    /// Whether it says who has claimed a chunk, and nothing of anybody's number.
    pub is_claim: bool,
    /// When it was written, by Zendesk's clock.
    pub written: UnixMillis,
}

/// Which plans are to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needless {
    /// Those of batches that began before this moment, unless somebody is at them.
    Before(UnixMillis),
    /// Those of batches that are over.
    Over,
}

/// What of the plans goes, and what stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// The records that go, by their external ids.
    pub ids: Vec<String>,
    /// Plans that go.
    pub n_plans: usize,
    /// Batches whose plans would go, but they aren't over and somebody may be at them.
    pub stay: Vec<BatchRecord>,
}

/// Sorts out which records of plans go. `batches` are the records of their batches as they are now.
///
/// Claims stay: as long as they are there no computer that was asleep can send what another one has sent, and they hold nobody's
/// number.
pub fn sweep(records: &[PlanRecord], batches: &[BatchRecord], which: Needless, now: UnixMillis) -> Sweep {
    let batches: BTreeMap<&BatchId, &BatchRecord> = batches.iter().map(|batch| (&batch.id, batch)).collect();
    let mut sweep = Sweep::default();
    let mut plans = BTreeSet::new();
    let mut stay = BTreeMap::new();
    for record in records.iter().filter(|record| !record.is_claim) {
        let batch = batches.get(&record.batch).copied();
        // What has no record nobody can take up.
        let began = batch.map_or(record.written, |batch| batch.created);
        let is_needless = batch.is_none_or(|batch| match which {
            Needless::Before(_) => batch.is_over() || is_silent(batch, now),
            Needless::Over => batch.is_over(),
        });
        match (which, batch) {
            (Needless::Before(day), _) if day <= began => {}
            (_, Some(batch)) if !is_needless => {
                stay.insert(&batch.id, batch);
            }
            _ => {
                sweep.ids.push(record.id.clone());
                plans.insert(&record.batch);
            }
        }
    }
    sweep.n_plans = plans.len();
    sweep.stay = stay.into_values().cloned().collect();
    sweep
}

fn is_silent(batch: &BatchRecord, now: UnixMillis) -> bool {
    batch.holder.as_ref().is_none_or(|holder| holder.seen.saturating_add(SILENT_MS) <= now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dispatch::Track,
        ledger::{BatchState, Failures, Figures, Holder, Origin},
    };

    const DAY: UnixMillis = 24 * 60 * 60 * 1000;
    const NOW: UnixMillis = 100 * DAY;
    const OLD: Needless = Needless::Before(90 * DAY);

    fn batch(id: &str, state: BatchState, created: UnixMillis, seen: UnixMillis) -> BatchRecord {
        BatchRecord {
            id: BatchId::new(id.to_owned()),
            template: "cita".into(),
            language: "es".into(),
            sender: "s".into(),
            sender_name: "Ventas".into(),
            file_name: "a.csv".into(),
            agent: "ana@acme.mx".into(),
            origin: Origin::Many,
            state,
            created,
            ended: None,
            holder: Some(Holder { name: "page".into(), seen }),
            retry_of: None,
            figures: Figures::default(),
            failures: Failures::default(),
            track: Track::default(),
        }
    }

    /// Head, a chunk in two records, and its claim.
    fn plan(id: &str, written: UnixMillis) -> Vec<PlanRecord> {
        let record = |part: &str| PlanRecord {
            id: format!("{id}-{part}"),
            batch: BatchId::new(id.to_owned()),
            is_claim: part.ends_with("claim"),
            written,
        };
        ["head", "0", "0.1", "0-claim"].map(record).to_vec()
    }

    fn swept(
        records: &[PlanRecord],
        batches: &[BatchRecord],
        which: Needless,
    ) -> (Vec<String>, usize, Vec<String>) {
        let Sweep { ids, n_plans, stay } = sweep(records, batches, which, NOW);
        (ids, n_plans, stay.into_iter().map(|batch| batch.id.to_string()).collect())
    }

    #[test]
    fn the_plan_of_an_old_batch_that_is_abandoned_over_or_unknown_goes_but_not_its_claims() {
        let records = plan("b", 10 * DAY);
        let abandoned = batch("b", BatchState::Paused, 10 * DAY, 11 * DAY);
        let over = batch("b", BatchState::Cancelled, 10 * DAY, 11 * DAY);
        for batches in [vec![abandoned], vec![over], vec![]] {
            let (ids, n_plans, stay) = swept(&records, &batches, OLD);
            assert_eq!((ids, n_plans), (["b-head", "b-0", "b-0.1"].map(str::to_owned).to_vec(), 1));
            assert!(stay.is_empty());
        }
    }

    #[test]
    fn what_somebody_is_at_stays_and_is_named_and_what_is_young_is_of_no_concern() {
        let records = plan("b", 10 * DAY);
        let alive = batch("b", BatchState::Running, 10 * DAY, NOW - SILENT_MS + 1);
        assert_eq!(swept(&records, &[alive], OLD), (vec![], 0, vec!["b".to_owned()]));
        let young = batch("b", BatchState::Paused, 95 * DAY, 95 * DAY);
        assert_eq!(swept(&plan("b", 95 * DAY), &[young], OLD), (vec![], 0, vec![]));
        assert_eq!(swept(&plan("b", 95 * DAY), &[], OLD), (vec![], 0, vec![]));
        // Begun before, its plan written after: it is as old as its batch.
        let straddling = batch("b", BatchState::Completed, 90 * DAY - 1, 90 * DAY);
        assert_eq!(swept(&plan("b", 90 * DAY), &[straddling], OLD).1, 1);
    }

    #[test]
    fn for_a_number_plans_of_what_is_over_go_and_the_unfinished_are_named() {
        let records: Vec<_> =
            ["over", "left", "running", "gone"].iter().flat_map(|id| plan(id, NOW)).collect();
        let batches = [
            batch("over", BatchState::Completed, 99 * DAY, NOW),
            batch("left", BatchState::Paused, 10 * DAY, 10 * DAY),
            batch("running", BatchState::Running, 99 * DAY, NOW),
        ];
        let (ids, n_plans, stay) = swept(&records, &batches, Needless::Over);
        assert_eq!((ids.len(), n_plans), (6, 2));
        assert!(ids.iter().all(|id| id.starts_with("over") || id.starts_with("gone")));
        assert_eq!(stay, ["left", "running"]);
    }
}
