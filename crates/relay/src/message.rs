//! Messages that webhooks have triggered.

use cxconnect_core::{
    dispatch::UnixMillis,
    phone::E164,
    receipt::{Event, Receipt, Status},
    template::{Placeholder, SlotId, Values},
};
use serde_json::{Map, Value, json};

use crate::{
    Ms,
    db::{Db, DbError, Row},
    failure::Failure,
};

/// Where a message stands, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its call.
    Queued,
    /// Its call is about to leave, or under way. Found after a crash it is in doubt.
    Sending,
    /// SunCo took it.
    Accepted,
    /// It was refused, or given up.
    Failed,
    /// Nobody knows whether SunCo took it. It is never sent again by itself.
    Unknown,
}

impl State {
    /// As it is kept.
    pub fn code(self) -> i64 {
        match self {
            Self::Queued => 0,
            Self::Sending => 1,
            Self::Accepted => 2,
            Self::Failed => 3,
            Self::Unknown => 4,
        }
    }

    fn by_code(code: i64) -> Option<Self> {
        let all = [Self::Queued, Self::Sending, Self::Accepted, Self::Failed, Self::Unknown];
        all.into_iter().find(|state| state.code() == code)
    }
}

/// A message that waits for its call.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: String,
    /// Who gets it.
    pub to: E164,
    /// What fills the template.
    pub values: Values,
    /// The definition that it was checked by.
    pub version: String,
}

/// Values as they are kept.
pub fn write_values(values: &Values) -> String {
    let members = values.iter().map(|(slot, value)| (slot_name(slot), Value::String(value.to_owned())));
    Value::Object(members.collect::<Map<_, _>>()).to_string()
}

/// Values that were kept; `None` if these aren't.
pub fn read_values(json: &str) -> Option<Values> {
    let members: Map<String, Value> = serde_json::from_str(json).ok()?;
    members.into_iter().map(|(name, value)| Some((slot(&name)?, value.as_str()?.to_owned()))).collect()
}

fn slot_name(slot: &SlotId) -> String {
    match slot {
        SlotId::HeaderMedia => "media".to_owned(),
        SlotId::HeaderText => "header".to_owned(),
        SlotId::Body(Placeholder::Position(position)) => format!("body:{position}"),
        SlotId::Body(Placeholder::Name(name)) => format!("named:{name}"),
        SlotId::Button(index) => format!("button:{index}"),
    }
}

fn slot(name: &str) -> Option<SlotId> {
    Some(match name.split_once(':') {
        None if name == "media" => SlotId::HeaderMedia,
        None if name == "header" => SlotId::HeaderText,
        Some(("body", position)) => SlotId::Body(Placeholder::Position(position.parse().ok()?)),
        Some(("named", name)) => SlotId::Body(Placeholder::Name(name.to_owned())),
        Some(("button", index)) => SlotId::Button(index.parse().ok()?),
        _ => return None,
    })
}

/// What a caller is told of its message.
pub fn describe<D: Db>(db: &D, webhook: &str, id: &str) -> Result<String, Failure> {
    let row = db.first(
        "SELECT m.state, m.created_at, m.claimed_at, m.ended_at, m.status, m.code, m.text, n.sent_at, n.delivered_at, \
         n.read_at, n.failed_at, n.failed_code, n.failed_text FROM message m \
         LEFT JOIN notification n ON n.id = m.notification WHERE m.id = ? AND m.webhook = ?",
        &[id.into(), webhook.into()],
    )?;
    let unknown = || {
        Failure::new(
            404,
            "message_not_found",
            "Este webhook no tiene ningún mensaje con ese identificador.",
            "Use el `message_id` que se recibió con 202.",
        )
    };
    let row = row.ok_or_else(unknown)?;
    let receipt = receipt(&row);
    let status = status(&row, &receipt);
    let mut answer = json!({
        "message_id": id,
        "status": status.0,
        "estado": status.1,
        "created_at": row.int(1),
        "sent_at": row.int(3),
        "delivered_at": row.int(8),
        "read_at": row.int(9),
    });
    if receipt.status() == Status::Failed
        && let Value::Object(members) = &mut answer
    {
        let (code, text) = if row.int(10).is_some() {
            (row.string(11), row.string(12))
        } else {
            (row.string(5), row.string(6))
        };
        members.insert("error".to_owned(), json!({ "code": code, "message": text }));
    }
    Ok(answer.to_string())
}

/// The caller's word and the screen's (user manual, "Delivery states and errors").
fn status(row: &Row, receipt: &Receipt) -> (&'static str, &'static str) {
    if row.int(0).and_then(State::by_code) == Some(State::Queued) {
        return ("queued", "En cola");
    }
    match receipt.status() {
        Status::Planned | Status::Claimed => ("sending", "Enviando"),
        Status::Unknown => ("unknown", "Desconocido"),
        Status::Accepted => ("accepted", "Colocado"),
        Status::Sent => ("sent", "Enviado"),
        Status::Delivered => ("delivered", "Entregado"),
        Status::Read => ("read", "Leído"),
        Status::Failed => ("failed", "Error"),
    }
}

fn receipt(row: &Row) -> Receipt {
    let millis = |at: Ms| UnixMillis::try_from(at).unwrap_or_default();
    let own = row.int(0).and_then(State::by_code).and_then(|state| match state {
        State::Queued => None,
        State::Sending => row.int(2).map(|at| (Event::Claimed, at)),
        State::Accepted => row.int(3).map(|at| (Event::Accepted, at)),
        State::Failed => row.int(3).map(|at| (Event::Failed, at)),
        State::Unknown => row.int(3).map(|at| (Event::Unknown, at)),
    });
    let told = [(Event::Sent, 7), (Event::Delivered, 8), (Event::Read, 9), (Event::Failed, 10)];
    let told = told.into_iter().filter_map(|(event, column)| Some((event, row.int(column)?)));
    own.into_iter().chain(told).fold(Receipt::new(), |receipt, (event, at)| receipt.with(event, millis(at)))
}

/// Whether a message that SunCo took consumes nothing after all: its notification failed, and never arrived.
pub fn has_failed<D: Db>(db: &D, notification: &str) -> Result<bool, DbError> {
    let row = db.first(
        "SELECT 1 FROM notification WHERE id = ? AND failed_at IS NOT NULL AND delivered_at IS NULL AND read_at IS NULL",
        &[notification.into()],
    )?;
    Ok(row.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_and_read_again() {
        let mut values = Values::new();
        for (slot, value) in [
            (SlotId::HeaderMedia, "https://x/a.jpg"),
            (SlotId::HeaderText, "ñ"),
            (SlotId::Body(Placeholder::Position(2)), "\"}"),
            (SlotId::Body(Placeholder::Name("a:b".to_owned())), ""),
            (SlotId::Button(1), "x"),
        ] {
            values.set(slot, value);
        }
        assert_eq!(read_values(&write_values(&values)), Some(values));
        for wrong in ["", "[]", r#"{"x":"1"}"#, r#"{"body:x":"1"}"#, r#"{"media":1}"#] {
            assert_eq!(read_values(wrong), None, "{wrong}");
        }
    }
}
