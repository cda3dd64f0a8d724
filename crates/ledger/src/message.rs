//! Messages as records.

use chrono::NaiveDate;
use cxconnect_core::{
    dispatch::NotificationId,
    ledger::{MessageRecord, Origin},
    phone::E164,
    plan::BatchId,
    problem::RowNumber,
    receipt::{Event, Receipt},
    stats::{Filter, Panel},
};

use crate::{
    Conditions, Record, moment,
    schema::{self, MESSAGE},
};

/// The longest words of a failure that are kept, in characters: a record has 32 KB.
const MAX_FAILURE_CHARS: usize = 1_000;

/// The field of an event's moment.
fn field(event: Event) -> &'static str {
    match event {
        Event::Planned => "planned_at",
        Event::Claimed => "claimed_at",
        Event::Unknown => "unknown_at",
        Event::Accepted => "accepted_at",
        Event::Sent => "sent_at",
        Event::Delivered => "delivered_at",
        Event::Read => "read_at",
        Event::Failed => "failed_at",
    }
}

/// The external id of a batch's message: the same whoever writes it, so that it is written once.
pub(crate) fn external_id(batch: &BatchId, row: RowNumber) -> String {
    format!("{batch}-{row}")
}

/// The record of a message.
pub(crate) fn write(message: &MessageRecord) -> Record {
    let receipt = &message.receipt;
    let failure = receipt.failure().map(|text| text.chars().take(MAX_FAILURE_CHARS).collect::<String>());
    let mut record = Record::new(external_id(&message.batch, message.row))
        .text("batch_id", message.batch.as_str())
        .number("row_no", u64::try_from(message.row.get()).unwrap_or(u64::MAX))
        .text("phone", message.to.digits().with_plus())
        .text("template", &message.template)
        .text("language", &message.language)
        .text("agent", &message.agent)
        .text("origin", &schema::option(MESSAGE, message.origin.key()))
        .text("status", &schema::option(MESSAGE, message.status().key()))
        .optional("sent_on", moment::day(receipt.at(Event::Claimed).unwrap_or(message.created)).as_deref())
        .optional("notification_id", receipt.notification().map(NotificationId::as_str))
        .optional("failure", failure.as_deref());
    for event in Event::ALL {
        record = record.optional(field(event), receipt.at(event).and_then(moment::iso).as_deref());
    }
    record
}

/// What messages a filter means, as far as Zendesk can tell; `days` are those of sending.
pub(crate) fn conditions(
    filter: &Filter,
    panel: Panel,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Conditions {
    let statuses: Vec<String> =
        filter.statuses(panel).into_iter().map(|status| schema::option(MESSAGE, status.key())).collect();
    let mut conditions = Conditions::new().one_of("status", &statuses);
    if let Some(id) = &filter.batch {
        conditions = conditions.is("batch_id", id.as_str());
    }
    if let Some(from) = from {
        conditions = conditions.from("sent_on", from);
    }
    if let Some(to) = to {
        conditions = conditions.until("sent_on", to);
    }
    for (field, value) in [("template", &filter.template), ("agent", &filter.agent)] {
        if let Some(value) = value {
            conditions = conditions.is(field, value);
        }
    }
    if let Some(origin) = filter.origin {
        conditions = conditions.is("origin", &schema::option(MESSAGE, origin.key()));
    }
    if let Some(digits) = &filter.phone {
        conditions = conditions.contains("phone", digits);
    }
    conditions
}

/// The message of a record, if it is one.
pub(crate) fn read(record: &Record) -> Option<MessageRecord> {
    let text = |key| record.get(key).unwrap_or_default().to_owned();
    let moment = |event: Event| record.get(field(event)).and_then(moment::parse);
    let mut receipt = Receipt::new();
    for event in Event::ALL {
        if let Some(at) = moment(event) {
            receipt = receipt.with(event, at);
        }
    }
    if let (Some(at), Some(text)) = (moment(Event::Failed), record.get("failure")) {
        receipt = receipt.failed(at, text);
    }
    if let (Some(at), Some(id)) =
        (moment(Event::Accepted), record.get("notification_id").and_then(NotificationId::parse))
    {
        receipt = receipt.accepted(at, id);
    }
    let origin = record.get("origin").and_then(|value| schema::key(MESSAGE, value));
    let row = record.get_number("row_no").and_then(|row| usize::try_from(row).ok())?;
    Some(MessageRecord {
        batch: BatchId::new(record.get("batch_id")?.to_owned()),
        row: RowNumber::new(row),
        to: E164::parse_exact(record.get("phone")?).ok()?,
        template: text("template"),
        language: text("language"),
        agent: text("agent"),
        origin: origin.and_then(Origin::by_key)?,
        created: moment(Event::Planned)?,
        receipt,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_back_as_it_was_written() {
        let receipt = Receipt::new()
            .with(Event::Planned, 1_795_741_000_000)
            .with(Event::Claimed, 1_795_741_323_456)
            .accepted(1_795_741_323_999, NotificationId::parse("n1").unwrap())
            .failed(1_795_741_400_000, "(#131026) Message undeliverable");
        let message = MessageRecord {
            batch: BatchId::new("b42".to_owned()),
            row: RowNumber::new(17),
            to: E164::parse_exact("+525512345678").unwrap(),
            template: "recordatorio".to_owned(),
            language: "es_MX".to_owned(),
            agent: "lucia@acme.mx".to_owned(),
            origin: Origin::Many,
            created: 1_795_741_000_000,
            receipt,
        };
        let record = write(&message);
        assert_eq!(
            (record.external_id.as_str(), record.get("status")),
            ("b42-17", Some("cxc_message_failed"))
        );
        assert_eq!(read(&record), Some(message));
    }
}
