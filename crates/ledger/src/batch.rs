//! Batches as records.

use cxconnect_core::{
    ledger::{BatchRecord, BatchState, Figures, Holder, Origin},
    plan::BatchId,
};

use crate::{
    Record, details, moment,
    schema::{self, BATCH},
};

/// The record of a batch.
pub(crate) fn write(batch: &BatchRecord) -> Record {
    let figures = &batch.figures;
    let iso = |at: Option<u64>| at.and_then(moment::iso);
    Record::new(batch.id.as_str().to_owned())
        .text("template", &batch.template)
        .text("language", &batch.language)
        .text("sender", &batch.sender)
        .text("agent", &batch.agent)
        .text("origin", &schema::option(BATCH, batch.origin.key()))
        .text("state", &schema::option(BATCH, batch.state.key()))
        .optional("created_at", moment::iso(batch.created).as_deref())
        .optional("created_on", moment::day(batch.created).as_deref())
        .optional("ended_at", iso(batch.ended).as_deref())
        .optional("holder", batch.holder.as_ref().map(|holder| holder.name.as_str()))
        .optional("holder_seen_at", iso(batch.holder.as_ref().map(|holder| holder.seen)).as_deref())
        .optional("retry_of", batch.retry_of.as_ref().map(BatchId::as_str))
        .number("n_messages", figures.n_messages)
        .number("n_sent", figures.n_sent)
        // Who sends it knows nothing of receipts.
        .number_if_any("n_forwarded", figures.n_forwarded)
        .number_if_any("n_delivered", figures.n_delivered)
        .number_if_any("n_read", figures.n_read)
        .number("n_failed", figures.n_failed)
        .number("n_unknown", figures.n_unknown)
        .text("details", &details::write(batch))
}

/// The batch of a record, if it is one.
pub(crate) fn read(record: &Record) -> Option<BatchRecord> {
    let text = |key| record.get(key).unwrap_or_default().to_owned();
    let number = |key| record.get_number(key).unwrap_or_default();
    let moment = |key| record.get(key).and_then(moment::parse);
    let option = |field| record.get(field).and_then(|value| schema::key(BATCH, value));
    let holder = |name: &str| Some(Holder { name: name.to_owned(), seen: moment("holder_seen_at")? });
    let details = details::read(record.get("details").unwrap_or_default());
    Some(BatchRecord {
        id: BatchId::new(record.external_id.clone()),
        template: text("template"),
        language: text("language"),
        sender: text("sender"),
        sender_name: details.sender_name,
        file_name: details.file_name,
        agent: text("agent"),
        origin: option("origin").and_then(Origin::by_key)?,
        state: option("state").and_then(BatchState::by_key)?,
        created: moment("created_at")?,
        ended: moment("ended_at"),
        holder: record.get("holder").and_then(holder),
        retry_of: record.get("retry_of").map(|id| BatchId::new(id.to_owned())),
        figures: Figures {
            n_messages: number("n_messages"),
            n_sent: number("n_sent"),
            // What is delivered was handed on, whatever the record says.
            n_forwarded: number("n_forwarded").max(number("n_delivered")),
            n_delivered: number("n_delivered"),
            n_read: number("n_read"),
            n_failed: number("n_failed"),
            n_unknown: number("n_unknown"),
        },
        failures: details.failures,
        track: details.track,
    })
}

#[cfg(test)]
mod tests {
    use cxconnect_core::{
        dispatch::{Milestone, Track, TrackEvent},
        ledger::Failures,
    };

    use super::*;

    #[test]
    fn a_batch_is_read_back_as_it_was_written() {
        let batch = BatchRecord {
            id: BatchId::new("b42".to_owned()),
            template: "recordatorio".to_owned(),
            language: "es_MX".to_owned(),
            sender: "5fed".to_owned(),
            sender_name: "Ventas".to_owned(),
            file_name: String::new(),
            agent: "lucia@acme.mx".to_owned(),
            origin: Origin::Many,
            state: BatchState::Running,
            created: 1_795_741_323_456,
            ended: None,
            holder: Some(Holder { name: "page".to_owned(), seen: 1_795_741_323_999 }),
            retry_of: Some(BatchId::new("b41".to_owned())),
            figures: Figures { n_messages: 9, n_sent: 5, n_failed: 1, n_unknown: 2, ..Figures::default() },
            failures: Failures::from([("unreachable".to_owned(), 1)]),
            track: Track::of([
                TrackEvent { at: 1_795_741_323_456, what: Milestone::Started, why: None },
                TrackEvent { at: 1_795_741_323_999, what: Milestone::Paused, why: Some("doubts".to_owned()) },
            ]),
        };
        let record = write(&batch);
        assert_eq!(record.get("created_on"), Some("2026-11-27"));
        assert_eq!(read(&record), Some(batch));
    }
}
