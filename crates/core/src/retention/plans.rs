//! Plans that nobody needs any more. A plan has the numbers of all that a batch was to be sent to, packed, so that no search finds
//! one in it; it goes when its batch ends, but a batch that is abandoned never does.

use std::collections::{BTreeMap, BTreeSet};

use crate::{dispatch::UnixMillis, ledger::BatchRecord, plan::BatchId};

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
/// Claims go only with batches that are over: they are what keeps a computer that was asleep from sending what another one has
/// taken over, and they hold nobody's number.
pub fn sweep(records: &[PlanRecord], batches: &[BatchRecord], which: Needless, now: UnixMillis) -> Sweep {
    let batches: BTreeMap<&BatchId, &BatchRecord> = batches.iter().map(|batch| (&batch.id, batch)).collect();
    let mut sweep = Sweep::default();
    let mut plans = BTreeSet::new();
    let mut stay = BTreeSet::new();
    for record in records {
        let batch = batches.get(&record.batch).copied();
        let fate = match (batch, which) {
            // Nobody can take up what has no record.
            (None, Needless::Before(day)) if day <= record.written => Fate::OfNoConcern,
            (None, _) => Fate::Goes,
            (Some(batch), Needless::Before(day)) if day <= batch.created => Fate::OfNoConcern,
            (Some(batch), _) if batch.is_over() => Fate::Goes,
            (Some(batch), Needless::Before(_)) if batch.is_abandoned(now) => Fate::GoesButClaims,
            (Some(_), _) => Fate::Stays,
        };
        match fate {
            Fate::Goes => {}
            Fate::GoesButClaims if !record.is_claim => {}
            Fate::Stays if !record.is_claim => {
                stay.insert(&record.batch);
                continue;
            }
            Fate::GoesButClaims | Fate::Stays | Fate::OfNoConcern => continue,
        }
        sweep.ids.push(record.id.clone());
        if !record.is_claim {
            plans.insert(&record.batch);
        }
    }
    sweep.n_plans = plans.len();
    sweep.stay = stay.into_iter().filter_map(|id| batches.get(id).map(|batch| (*batch).clone())).collect();
    sweep
}

enum Fate {
    Goes,
    GoesButClaims,
    Stays,
    OfNoConcern,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dispatch::Track,
        ledger::{ABANDONED_MS, BatchState, Failures, Figures, Holder, Origin},
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
    fn the_plan_of_an_old_abandoned_batch_goes_but_not_its_claims() {
        let records = plan("b", 10 * DAY);
        let abandoned = batch("b", BatchState::Paused, 10 * DAY, 11 * DAY);
        let (ids, n_plans, stay) = swept(&records, &[abandoned], OLD);
        assert_eq!((ids, n_plans), (["b-head", "b-0", "b-0.1"].map(str::to_owned).to_vec(), 1));
        assert!(stay.is_empty());
    }

    #[test]
    fn of_an_old_batch_that_is_over_or_unknown_nothing_is_left() {
        let records = plan("b", 10 * DAY);
        let over = batch("b", BatchState::Cancelled, 10 * DAY, 11 * DAY);
        assert_eq!(swept(&records, &[over], OLD).0.len(), 4);
        assert_eq!(swept(&records, &[], OLD).0.len(), 4);
    }

    #[test]
    fn what_somebody_is_at_stays_and_is_named_and_what_is_young_is_of_no_concern() {
        let records = plan("b", 10 * DAY);
        let alive = batch("b", BatchState::Running, 10 * DAY, NOW - ABANDONED_MS + 1);
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
        assert_eq!((ids.len(), n_plans), (8, 2));
        assert!(ids.iter().all(|id| id.starts_with("over") || id.starts_with("gone")));
        assert_eq!(stay, ["left", "running"]);
    }
}
