use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::{
    dispatch::{
        Doubt, End, Entry, JournalFault, NotificationId, PauseCause, Record, Refusal, StopCause, StopKind,
    },
    plan::BatchId,
    reasons::Reason,
};

fn at(time: u64, record: Record) -> Entry {
    Entry { time, record }
}

fn error(text: &str) -> (usize, JournalProblem) {
    let JournalError { line, problem } = decode(text).unwrap_err();
    (line, problem)
}

#[test]
fn each_record_is_a_line_that_people_can_read() {
    let refusal = Refusal { status: 400, code: Some("bad_request".into()), text: "No\tgo".into() };
    let stop = StopCause { kind: StopKind::Unauthorized, text: "Key?".into() };
    let records = [
        Record::Started,
        Record::Claimed { message: 7, attempt: 1 },
        Record::Accepted { message: 7, id: NotificationId::parse("9d63").unwrap() },
        Record::Refused { message: 8, refusal: refusal.clone() },
        Record::Refused { message: 8, refusal: Refusal { code: None, ..refusal } },
        Record::InDoubt { message: 9, doubt: Doubt::Server { status: 502 } },
        Record::InDoubt { message: 9, doubt: Doubt::NotUnderstood { status: 201 } },
        Record::TurnedAway { message: 3 },
        Record::Paused(PauseCause::Stopped(stop)),
        Record::Paused(PauseCause::Template(Reason::TEMPLATE_PAUSED)),
        Record::Paused(PauseCause::Account(Reason::by_key("account_locked").unwrap())),
        Record::Resumed,
        Record::Cancelled,
        Record::Opened,
        Record::MarkedSent { message: 9 },
        Record::SendAgain { message: 9 },
        Record::Retried { message: 8, batch: BatchId::new("b-2".to_owned()) },
        Record::Ended(End::Cancelled),
    ];
    let entries: Vec<_> = records.into_iter().map(|record| at(17, record)).collect();
    let text = "17\tstarted\n17\tclaimed\t7\t1\n17\taccepted\t7\t9d63\n17\trefused\t8\t400\tNo\\tgo\tbad_request\n\
                17\trefused\t8\t400\tNo\\tgo\n17\tdoubt\t9\tserver\t502\n17\tdoubt\t9\tnot_understood\t201\n\
                17\taway\t3\n17\tpaused\tstopped\tunauthorized\tKey?\n17\tpaused\ttemplate\ttemplate_paused\n\
                17\tpaused\taccount\taccount_locked\n17\tresumed\n17\tcancelled\n17\topened\n17\tmarked\t9\n17\tagain\t9\n17\tretried\t8\tb-2\n\
                17\tended\tcancelled\n";
    assert_eq!(encode(&entries), text);
    assert_eq!(decode(text), Ok(entries));
}

#[test]
fn nothing_is_nothing() {
    assert_eq!(encode(&[]), "");
    assert_eq!(decode(""), Ok(Vec::new()));
}

#[test]
fn a_damaged_line_is_named() {
    let good = "1\tstarted\n";
    for line in [
        "",
        "started",
        "1",
        "x\tstarted",
        "-1\tstarted",
        "+1\tstarted",
        "1\tstarted\t",
        "1\tclaimed\t1",
        "1\tclaimed\t1\t",
        "1\tclaimed\t1\t-1",
        "1\tclaimed\t1\t4294967296",
        "1\taccepted\t1\t",
        "1\taccepted\t1\ta\\",
        "1\taccepted\t1\ta\\x",
        "1\trefused\t1\t65536\ttext",
        "1\tstarted\r",
    ] {
        let (at, problem) = error(&format!("{good}{line}\n{good}"));
        assert_eq!(at, 2, "{line}");
        let is_expected = matches!(problem, JournalProblem::Damaged) || line.ends_with('\r');
        assert!(is_expected, "{line:?}: {problem:?}");
    }
}

#[test]
fn what_a_later_version_may_write_is_not_called_damaged() {
    for line in [
        "1\tteleported\t5",
        "1\tdoubt\t1\tmagic",
        "1\tpaused\tlunch",
        "1\tended\tsomehow",
        "1\tpaused\ttemplate\tnew",
    ] {
        assert_eq!(error(&format!("{line}\n")), (1, JournalProblem::UnknownWord), "{line}");
    }
}

#[test]
fn a_text_that_ends_within_a_line_is_cut_off() {
    assert_eq!(error("1\tstarted\n1\tclaimed\t1\t12"), (2, JournalProblem::CutOff));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[\\\\\t\n\r\u{85}\u{2028}a]{0,9}", Just(String::new())]
}

fn doubt() -> impl Strategy<Value = Doubt> {
    prop_oneof![
        Just(Doubt::Timeout),
        Just(Doubt::ConnectionLost),
        Just(Doubt::Interrupted),
        any::<u16>().prop_map(|status| Doubt::Server { status }),
        any::<u16>().prop_map(|status| Doubt::NotUnderstood { status }),
    ]
}

fn cause() -> impl Strategy<Value = PauseCause> {
    let kind = prop_oneof![
        Just(StopKind::Unauthorized),
        Just(StopKind::PaymentRequired),
        Just(StopKind::Forbidden),
        Just(StopKind::ProxyRefused),
    ];
    prop_oneof![
        Just(PauseCause::Agent),
        Just(PauseCause::Doubts),
        Just(PauseCause::Failures),
        Just(PauseCause::Reopened),
        Just(PauseCause::Journal(JournalFault::Failed)),
        Just(PauseCause::Journal(JournalFault::Taken)),
        (kind, text()).prop_map(|(kind, text)| PauseCause::Stopped(StopCause { kind, text })),
        proptest::sample::select(Reason::all().collect::<Vec<_>>()).prop_map(PauseCause::Template),
        proptest::sample::select(Reason::all().collect::<Vec<_>>()).prop_map(PauseCause::Account),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let message = any::<usize>();
    prop_oneof![
        Just(Record::Started),
        Just(Record::Resumed),
        Just(Record::Cancelled),
        Just(Record::Opened),
        Just(Record::Ended(End::Completed)),
        Just(Record::Ended(End::Cancelled)),
        (message, any::<u32>()).prop_map(|(message, attempt)| Record::Claimed { message, attempt }),
        (message, text()).prop_filter_map("an id has a character", |(message, id)| {
            NotificationId::parse(&id).map(|id| Record::Accepted { message, id })
        }),
        (message, any::<u16>(), option::of(text()), text()).prop_map(|(message, status, code, text)| {
            Record::Refused { message, refusal: Refusal { status, code, text } }
        }),
        (message, doubt()).prop_map(|(message, doubt)| Record::InDoubt { message, doubt }),
        message.prop_map(|message| Record::TurnedAway { message }),
        cause().prop_map(Record::Paused),
        message.prop_map(|message| Record::MarkedSent { message }),
        message.prop_map(|message| Record::SendAgain { message }),
        (message, text()).prop_map(|(message, id)| Record::Retried { message, batch: BatchId::new(id) }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(entries in vec((any::<u64>(), record()), 0..8)) {
        let entries: Vec<_> = entries.into_iter().map(|(time, record)| at(time, record)).collect();
        prop_assert_eq!(decode(&encode(&entries)), Ok(entries));
    }

    #[test]
    fn writes_can_be_joined(first in vec(record(), 0..4), second in vec(record(), 0..4)) {
        let of = |records: Vec<Record>| records.into_iter().map(|record| at(1, record)).collect::<Vec<_>>();
        let (first, second) = (of(first), of(second));
        let joined = [encode(&first), encode(&second)].concat();
        prop_assert_eq!(decode(&joined), Ok([first, second].concat()));
    }

    #[test]
    fn any_text_is_read_or_its_line_is_named(text in "([0-9]{1,3}\t)?(claimed|refused|doubt|paused|.{0,5})(\t[a-z0-9\\\\]{0,4}){0,4}\n?.*") {
        if let Err(error) = decode(&text) {
            prop_assert!(1 <= error.line && error.line <= text.split('\n').count());
        }
    }

    #[test]
    fn a_lost_end_never_goes_unnoticed(records in vec(record(), 1..4), cut in 1_usize..9) {
        let entries: Vec<_> = records.into_iter().map(|record| at(1, record)).collect();
        let text = encode(&entries);
        let mut end = text.len().saturating_sub(cut);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let kept = text.get(..end).unwrap();
        match decode(kept) {
            Ok(read) => prop_assert!(kept.is_empty() || kept.ends_with('\n') && entries.starts_with(&read)),
            Err(error) => prop_assert_eq!(error.problem, JournalProblem::CutOff),
        }
    }
}
