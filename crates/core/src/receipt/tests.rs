use proptest::{collection::vec, prelude::*};

use super::*;

fn id(text: &str) -> NotificationId {
    NotificationId::parse(text).unwrap()
}

#[test]
fn the_status_is_what_is_known_for_certain() {
    let planned = Receipt::new().with(Event::Planned, 1);
    assert_eq!(planned.status(), Status::Planned);
    assert_eq!(planned.clone().with(Event::Claimed, 2).status(), Status::Claimed);
    let unknown = planned.with(Event::Claimed, 2).with(Event::Unknown, 3);
    assert_eq!(unknown.status(), Status::Unknown);
    let accepted = unknown.accepted(4, id("n1"));
    assert_eq!(accepted.status(), Status::Accepted);
    let failed = accepted.failed(6, "(#131026)");
    assert_eq!((failed.status(), failed.failure()), (Status::Failed, Some("(#131026)")));
    assert_eq!(failed.with(Event::Delivered, 5).status(), Status::Delivered);
}

#[test]
fn a_receipt_may_come_before_the_acceptance_is_known() {
    let delivered = Receipt::new().with(Event::Delivered, 9);
    let accepted = Receipt::new().with(Event::Claimed, 1).accepted(2, id("n1"));
    let merged = delivered.merge(&accepted);
    assert_eq!(merged.status(), Status::Delivered);
    assert_eq!((merged.at(Event::Accepted), merged.notification()), (Some(2), Some(&id("n1"))));
}

#[test]
fn the_first_failures_words_stay() {
    let receipt = Receipt::new().failed(5, "later").failed(3, "first").failed(4, "between");
    assert_eq!((receipt.at(Event::Failed), receipt.failure()), (Some(3), Some("first")));
}

#[test]
fn names_are_read_back() {
    for status in Status::ALL {
        assert_eq!(Status::by_key(status.key()), Some(status));
    }
    assert_eq!(Status::by_key("cxc_read"), None);
}

/// Something that somebody saw.
fn seen() -> impl Strategy<Value = Receipt> {
    let text = prop::sample::select(vec!["a", "b", "c"]);
    prop_oneof![
        (prop::sample::select(Event::ALL.to_vec()), 0_u64..6)
            .prop_map(|(event, at)| Receipt::new().with(event, at)),
        (0_u64..6, text.clone()).prop_map(|(at, text)| Receipt::new().failed(at, text)),
        (0_u64..6, text).prop_map(|(at, text)| Receipt::new().accepted(at, id(text))),
    ]
}

proptest! {
    #[test]
    fn any_order_and_any_duplication_give_the_same_record(
        seen in vec(seen(), 1..12),
        order in vec(any::<prop::sample::Index>(), 0..30),
    ) {
        let once = seen.iter().fold(Receipt::new(), Receipt::merge);
        // Some twice or more, in any order, and then whatever was left out.
        let some = order.iter().fold(Receipt::new(), |sum, idx| sum.merge(idx.get(&seen)));
        let all = seen.iter().rev().fold(some.clone(), Receipt::merge);
        prop_assert_eq!(&all, &once);
        prop_assert_eq!(some.merge(&once), once.clone());
        prop_assert_eq!(once.clone().merge(&once), once);
    }
}
