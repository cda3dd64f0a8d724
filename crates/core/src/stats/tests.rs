use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::{
    dispatch::{Track, UnixMillis},
    ledger::{BatchRecord, BatchState, Failures, Figures, Origin},
    plan::BatchId,
    quota::{RenewalDay, Usage},
    receipt::Status,
};

const DAY: UnixMillis = 24 * 60 * 60 * 1000;

fn id(text: &str) -> BatchId {
    BatchId::new(text.to_owned())
}

fn figures(n_sent: u64, n_failed: u64, n_unknown: u64) -> Figures {
    Figures { n_messages: n_sent + n_failed + n_unknown, n_sent, n_failed, n_unknown, ..Figures::default() }
}

fn batch(name: &str, created: UnixMillis, figures: Figures) -> BatchRecord {
    BatchRecord {
        id: id(name),
        template: "cita".into(),
        language: "es".into(),
        sender: "s".into(),
        sender_name: "Ventas".into(),
        file_name: "a.csv".into(),
        agent: "ana@acme.mx".into(),
        origin: Origin::Many,
        state: BatchState::Completed,
        created,
        ended: None,
        holder: None,
        retry_of: None,
        figures,
        failures: Failures::from([("generic".to_owned(), figures.n_failed)]),
        track: Track::default(),
    }
}

fn day(at: UnixMillis) -> NaiveDate {
    DateTime::from_timestamp_millis(at.cast_signed()).unwrap().date_naive()
}

#[test]
fn the_first_walk_goes_back_to_the_period_and_later_ones_to_what_was_seen() {
    let mut known = Known::default();
    let mut round = known.look(1_000);
    assert!(!known.take(&mut round, vec![(batch("c", 5_000, figures(1, 0, 0)), 9_000)]));
    assert!(known.take(
        &mut round,
        vec![(batch("b", 2_000, figures(2, 0, 0)), 3_000), (batch("a", 10, figures(4, 0, 0)), 999)]
    ));
    known.end(round);
    assert_eq!(known.usage(1_000).accepted, 3);
    // A second in which something was seen may hold more of it.
    let mut round = known.look(1_000);
    assert!(!known.take(&mut round, vec![(batch("d", 9_000, figures(8, 0, 0)), 9_000)]));
    assert!(known.take(&mut round, vec![(batch("c", 5_000, figures(1, 0, 0)), 8_000)]));
    known.end(round);
    assert_eq!(known.usage(1_000).accepted, 11);
    // An answer that is late tells nothing new.
    assert_eq!(known.batch(&id("c")).unwrap().figures.n_sent, 1);
    known.take_one(batch("c", 5_000, figures(0, 0, 0)), 7_000);
    assert_eq!(known.batch(&id("c")).unwrap().figures.n_sent, 1);
}

#[test]
fn an_own_batch_counts_once_and_as_far_as_anybody_knows() {
    let mut known = Known::default();
    assert!(known.note(&id("a"), 2_000, figures(3, 1, 2), true));
    assert!(!known.note(&id("a"), 2_000, figures(3, 1, 2), true));
    assert_eq!(known.usage(1_000), Usage { accepted: 3, refused: 1, unknown: 2 });
    assert_eq!(known.usage(3_000), Usage::default());
    // The ledger lags behind.
    known.take_one(batch("a", 2_000, figures(1, 0, 1)), 3_000);
    assert_eq!(known.usage(1_000), Usage { accepted: 3, refused: 1, unknown: 2 });
    // Somebody marks a doubt as sent: as far, and known better here.
    known.note(&id("a"), 2_000, figures(5, 1, 0), true);
    known.take_one(batch("a", 2_000, figures(3, 1, 2)), 4_000);
    assert_eq!(known.usage(1_000), Usage { accepted: 5, refused: 1, unknown: 0 });
    // All of it is in the ledger, where receipts turn up later.
    known.note(&id("a"), 2_000, figures(5, 1, 0), false);
    let late = Figures { n_delivered: 3, ..figures(4, 2, 0) };
    known.take_one(batch("a", 2_000, late), 9_000);
    assert_eq!(known.usage(1_000), Usage { accepted: 4, refused: 2, unknown: 0 });
}

#[test]
fn the_next_page_goes_on_from_what_was_noted() {
    let mut known = Known::default();
    assert_eq!(known.notes(0), None);
    let mut round = known.look(1_000);
    known.take(
        &mut round,
        vec![(batch("b", 5_000, figures(2, 1, 0)), 9_000), (batch("a", 3_000, figures(4, 0, 1)), 8_000)],
    );
    known.end(round);
    let mut next = Known::from_notes(&known.notes(1_000).unwrap());
    assert_eq!(next.usage(1_000), known.usage(1_000));
    // What changed since then takes the note's place, what is sent here counts on top.
    let mut round = next.look(1_000);
    assert!(!next.take(&mut round, vec![(batch("a", 3_000, figures(5, 0, 0)), 9_500)]));
    next.note(&id("b"), 5_000, figures(7, 1, 0), true);
    next.note(&id("c"), 9_000, figures(1, 0, 0), true);
    assert_eq!(next.usage(1_000), Usage { accepted: 13, refused: 1, unknown: 0 });
    assert_eq!(Known::from_notes("9000\na 1 2"), Known::default());
    assert_eq!(Known::from_notes("?"), Known::default());
}

#[test]
fn batches_that_others_send_now_are_counted() {
    let mut known = Known::default();
    let sent = |name: &str, state, seen| BatchRecord {
        state,
        holder: Some(crate::ledger::Holder { name: name.to_owned(), seen }),
        ..batch(name, 1_000, figures(1, 0, 0))
    };
    for (record, updated) in [
        (sent("own", BatchState::Running, 90_000), 1),
        (sent("live", BatchState::Running, 90_000), 2),
        (sent("silent", BatchState::Running, 20_000), 3),
        (sent("over", BatchState::Completed, 90_000), 4),
    ] {
        known.take_one(record, updated);
    }
    assert_eq!(known.n_others_sent(&id("own"), 50_000), 1);
    assert!(!known.has_live());
    known.note(&id("own"), 1_000, figures(2, 0, 0), true);
    assert!(known.has_live());
}

#[test]
fn a_filter_counts_by_the_batches_counters_where_they_tell() {
    let all = Figures { n_forwarded: 9, n_delivered: 6, n_read: 2, ..figures(10, 3, 1) };
    let count = |panel, status| Filter { status, ..Filter::default() }.count(panel, &all);
    assert_eq!(count(Panel::Sent, None), StatusCount::Exactly(10));
    assert_eq!(count(Panel::Sent, Some(Status::Delivered)), StatusCount::Exactly(4));
    assert_eq!(count(Panel::Sent, Some(Status::Read)), StatusCount::Exactly(2));
    assert_eq!(count(Panel::Sent, Some(Status::Sent)), StatusCount::Exactly(3));
    assert_eq!(count(Panel::Sent, Some(Status::Accepted)), StatusCount::Exactly(1));
    assert_eq!(count(Panel::NotSent, None), StatusCount::Exactly(4));
    assert_eq!(count(Panel::NotSent, Some(Status::Unknown)), StatusCount::Exactly(1));
    let mut filter = Filter::default();
    assert!(filter.set_phone("+52 (55) 1234"));
    assert_eq!(filter.phone.as_deref(), Some("52551234"));
    assert_eq!(filter.count(Panel::Sent, &all), StatusCount::Unknown);
    // The 1 that Mexican numbers had until 2019; a part of a number may be any.
    assert!(filter.set_phone("+52 1 55 1234 5678") && filter.phone.as_deref() == Some("525512345678"));
    assert!(filter.set_phone("5215") && filter.phone.as_deref() == Some("5215"));
    assert!(!filter.set_phone("ana") && !filter.set_phone("+5") && filter.set_phone(" "));
}

#[test]
fn batches_are_picked_and_grouped() {
    let mut other = batch("b", 3 * DAY, figures(5, 1, 0));
    other.template = "pago".into();
    let batches = [batch("a", DAY, figures(2, 0, 1)), other, batch("c", DAY + 5, figures(1, 0, 0))];
    let filter = Filter { span: Span { from: Some(DAY), to: Some(2 * DAY) }, ..Filter::default() };
    let taken: Vec<_> = batches.iter().filter(|it| filter.takes_batch(it)).map(|it| it.id.as_str()).collect();
    assert_eq!(taken, ["a", "c"]);
    let totals: Totals = batches.iter().collect();
    assert_eq!((totals.n_batches, totals.figures.n_sent, totals.failures["generic"]), (3, 8, 1));
    let groups = Groups::by(&batches, |batch| &batch.template);
    let names: Vec<_> = groups.iter().map(|(name, it)| (name, it.n_messages)).collect();
    assert_eq!(names, [("pago", 6), ("cita", 4)]);
    let by_day: Vec<_> = days(&batches, day).into_iter().map(|(_, it)| it.n_sent).collect();
    assert_eq!(by_day, [3, 0, 5]);
    assert_eq!(days(&[], day), []);
}

#[test]
fn history_is_by_the_packages_periods() {
    let batches = [batch("a", 0, figures(1, 0, 0)), batch("b", 45 * DAY, figures(2, 0, 0))];
    let months = months(&batches, 70 * DAY, RenewalDay::new(10).unwrap());
    let found: Vec<_> = months.iter().map(|(it, all)| (it.from.to_string(), all.figures.n_sent)).collect();
    assert_eq!(
        found,
        [("1970-03-10".to_owned(), 0), ("1970-02-10".to_owned(), 2), ("1969-12-10".to_owned(), 1)]
    );
}

proptest! {
    /// Every message is in one share at most, whatever counters say.
    #[test]
    fn shares_never_count_a_message_twice(
        n_sent in 0_u64..50, n_forwarded in 0_u64..50, n_delivered in 0_u64..50, n_read in 0_u64..50,
    ) {
        let n_forwarded = n_forwarded.min(n_sent);
        let (n_delivered, n_read) = (n_delivered.min(n_forwarded), n_read.min(n_delivered).min(n_forwarded));
        let all = Figures { n_forwarded, n_delivered, n_read, ..figures(n_sent, 3, 4) };
        let sum: u64 = Share::ALL.iter().map(|share| share.of(&all)).sum();
        prop_assert_eq!(sum, all.n_done());
    }

    /// In whatever order pages come, the same is known.
    #[test]
    fn pages_may_come_in_any_order(order in Just((0..6_u64).collect::<Vec<_>>()).prop_shuffle()) {
        let mut known = Known::default();
        for n in order {
            known.take_one(batch("a", 1, figures(n, 0, 0)), n);
        }
        prop_assert_eq!(known.usage(0).accepted, 5);
    }
}
