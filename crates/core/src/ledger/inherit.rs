//! The journal of a batch that another computer began, from what the ledger knows of it.

use std::collections::{BTreeMap, HashMap};

use super::MessageRecord;
use crate::{
    dispatch::{Doubt, Entry, MessageIdx, Record, Refusal, UnixMillis},
    frozen::Frozen,
    receipt::{Event, Receipt},
};

/// The status of a refusal whose words only are known.
const REFUSED: u16 = 400;

/// Which chunks of a batch were claimed, by their places, and when.
pub type Claims = BTreeMap<usize, UnixMillis>;

/// Everything that must have happened to a batch, in order, for a journal that begins with it.
///
/// Messages of chunks that nobody claimed have never left and wait. Those of claimed chunks have left, as far as anybody
/// knows: what became of them say their `records`, and where there is none they are in doubt as soon as somebody goes on with
/// the batch. Records of other batches and of rows that aren't in this one change nothing.
pub fn inherited(frozen: &Frozen, claims: &Claims, records: &[MessageRecord]) -> Vec<Entry> {
    let created = frozen.head().about.created;
    let of_batch = records.iter().filter(|record| record.batch == *frozen.id());
    let receipts: HashMap<_, _> = of_batch.map(|record| (record.row, &record.receipt)).collect();
    let starts = frozen.message_starts();
    let mut entries = vec![Entry { time: created, record: Record::Started }];
    for (&chunk, &claimed_at) in claims {
        let Some(messages) = starts.get(chunk).zip(starts.get(chunk + 1)) else { continue };
        for message in *messages.0..*messages.1 {
            let row = frozen.message(message).map(|message| message.row);
            let receipt = row.and_then(|row| receipts.get(&row).copied());
            add(&mut entries, message, claimed_at, receipt);
        }
    }
    entries
}

fn add(entries: &mut Vec<Entry>, message: MessageIdx, claimed_at: UnixMillis, receipt: Option<&Receipt>) {
    let mut push = |time: UnixMillis, record: Record| entries.push(Entry { time, record });
    let at = |event: Event| receipt.and_then(|receipt| receipt.at(event));
    push(at(Event::Claimed).unwrap_or(claimed_at), Record::Claimed { message, attempt: 1 });
    let Some(receipt) = receipt else { return };
    if let Some(id) = receipt.notification() {
        push(at(Event::Accepted).unwrap_or(claimed_at), Record::Accepted { message, id: id.clone() });
    } else if let Some(time) = at(Event::Failed) {
        let text = receipt.failure().unwrap_or_default().to_owned();
        push(time, Record::Refused { message, refusal: Refusal { status: REFUSED, code: None, text } });
    } else if let Some(time) = at(Event::Accepted) {
        // A person knew that it arrived.
        push(time, Record::InDoubt { message, doubt: Doubt::Interrupted });
        push(time, Record::MarkedSent { message });
    } else if let Some(time) = at(Event::Unknown) {
        push(time, Record::InDoubt { message, doubt: Doubt::Interrupted });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dispatch::{Config, Dispatch, MessageState, Moment, NotificationId, Phase, Rate},
        frozen::tests::freeze,
        ledger::{ABANDONED_MS, BatchRecord, Holder, Origin},
        problem::RowNumber,
        template::samples,
    };

    const CREATED: UnixMillis = 1_767_225_600_000;

    fn batch(n: usize) -> Frozen {
        let rows = (0..n).map(|i| format!("52155{:08},,Ana\n", 10_000_000 + i)).collect::<Vec<_>>().concat();
        freeze(&samples::with_body("Hola {{1}}"), &format!("telefonos,image,dato1\n{rows}"))
    }

    fn record(frozen: &Frozen, message: MessageIdx, receipt: Receipt) -> MessageRecord {
        let content = frozen.message(message).unwrap();
        MessageRecord {
            batch: frozen.id().clone(),
            row: content.row,
            to: content.to,
            template: String::new(),
            language: String::new(),
            agent: String::new(),
            origin: Origin::Many,
            created: CREATED,
            receipt,
        }
    }

    fn replay(frozen: &Frozen, entries: Vec<Entry>) -> Dispatch {
        let config = Config { rate: Rate::new(8), failures_that_pause: 25, seed: 1 };
        Dispatch::replay(frozen.recipients(), config, &[entries]).unwrap()
    }

    #[test]
    fn what_was_claimed_is_as_the_records_say_or_in_doubt_and_the_rest_waits() {
        let frozen = batch(250);
        let left = Receipt::new().with(Event::Planned, CREATED).with(Event::Claimed, CREATED + 5);
        let id = NotificationId::parse("n1").unwrap();
        let records = [
            record(&frozen, 0, left.clone().accepted(CREATED + 9, id.clone())),
            record(&frozen, 1, left.clone().failed(CREATED + 9, "(#131026) Message undeliverable")),
            record(&frozen, 2, left.clone().with(Event::Unknown, CREATED + 9)),
            record(&frozen, 3, left.clone().with(Event::Accepted, CREATED + 9)),
            record(&frozen, 4, left.clone()),
            // Whatever the ledger says of a chunk that nobody claimed: it hasn't left.
            record(&frozen, 240, left.accepted(CREATED + 9, id.clone())),
        ];
        let claims = Claims::from([(0, CREATED + 1), (1, CREATED + 2)]);
        let mut dispatch = replay(&frozen, inherited(&frozen, &claims, &records));
        let moment = Moment { clock: 0, time: CREATED + 99 };
        dispatch.handle(moment, crate::dispatch::Event::Reopen);
        let states = dispatch.states();
        assert_eq!(states[0], MessageState::Accepted(id));
        assert!(matches!(&states[1], MessageState::Refused(it) if it.text.starts_with("(#131026)")));
        assert_eq!(states[3], MessageState::MarkedSent);
        let in_doubt = |it: &MessageState| matches!(it, MessageState::Unknown(_));
        assert!(in_doubt(&states[2]) && states[4..200].iter().all(in_doubt));
        assert!(states[200..].iter().all(|it| *it == MessageState::Waiting));
        assert!(matches!(dispatch.phase(), Phase::Paused(_)));
        assert_eq!(dispatch.times(5).claimed_at, Some(CREATED + 1));
    }

    #[test]
    fn a_batch_is_abandoned_once_nobody_was_heard_of_for_a_while_and_never_when_it_is_over() {
        let frozen = batch(3);
        let mut dispatch = replay(&frozen, inherited(&frozen, &Claims::new(), &[]));
        let holder = Holder { name: "page".to_owned(), seen: CREATED };
        let record = |dispatch: &Dispatch| BatchRecord::of(&frozen, dispatch, None, Some(holder.clone()));
        let running = record(&dispatch);
        assert!(!running.is_abandoned(CREATED + ABANDONED_MS - 1));
        assert!(running.is_abandoned(CREATED + ABANDONED_MS));
        assert!(BatchRecord { holder: None, ..running }.is_abandoned(CREATED));
        let moment = Moment { clock: 0, time: CREATED + 99 };
        dispatch.handle(moment, crate::dispatch::Event::Reopen);
        dispatch.handle(moment, crate::dispatch::Event::Cancel);
        assert!(!record(&dispatch).is_abandoned(CREATED + 2 * ABANDONED_MS));
    }

    #[test]
    fn what_belongs_to_no_row_of_the_batch_changes_nothing() {
        let frozen = batch(3);
        let mut stranger = record(&frozen, 0, Receipt::new().with(Event::Unknown, CREATED));
        stranger.row = RowNumber::new(99);
        let claims = Claims::from([(0, CREATED), (7, CREATED)]);
        let entries = inherited(&frozen, &claims, &[stranger]);
        assert_eq!(entries.len(), 1 + 3);
        replay(&frozen, entries);
    }
}
