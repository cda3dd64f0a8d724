//! A team's record with batches that were sent before: what it holds and what is to be seen of it.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use chrono::{DateTime, Datelike as _, Days, Utc};
use cxconnect_sandbox::Sandbox;
use cxconnect_sandbox::objects::SeedRecord;
use serde_json::{Map, Value, json};

/// A batch of somebody's.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Its id.
    pub id: String,
    /// How long ago it began, in seconds.
    pub age_s: i64,
    /// The template.
    pub template: &'static str,
    /// Who sent it.
    pub agent: &'static str,
    /// Messages by state: accepted, delivered, read, failed, unknown.
    pub n: [u32; 5],
}

impl Sent {
    /// A batch of Ana's, an hour ago.
    pub fn new(id: &str, n: [u32; 5]) -> Self {
        let (template, agent) = ("recordatorio_cita", "ana.lopez@acme.mx");
        Self { id: id.to_owned(), age_s: 3600, template, agent, n }
    }

    fn began(&self) -> Result<DateTime<Utc>> {
        DateTime::from_timestamp_millis(now()? - self.age_s * 1000).context("a moment")
    }

    /// The number by which people know it.
    pub fn lot(&self) -> Result<String> {
        Ok((self.began()?.timestamp() / 60).to_string())
    }
}

/// Milliseconds since 1970.
fn now() -> Result<i64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis().try_into()?)
}

/// A renewal day that is far from today, so that the present period has begun days ago and what is a month old is of an earlier
/// one.
pub fn renewal_day() -> Result<String> {
    let today = DateTime::from_timestamp_millis(now()?).context("a moment")?.date_naive();
    let far = today.checked_sub_days(Days::new(14)).context("a day")?;
    Ok(far.day().min(28).to_string())
}

const STATES: [&str; 5] = ["accepted", "delivered", "read", "failed", "unknown"];

/// Puts batches and their messages into the record. Phones count up from +525570000000 in each batch.
pub fn seed(sandbox: &Sandbox, batches: &[Sent]) -> Result<()> {
    let mut messages = Vec::new();
    let mut records = Vec::new();
    for batch in batches {
        let began = batch.began()?;
        let iso = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let day = began.date_naive().to_string();
        let [accepted, delivered, read, failed, unknown] = batch.n;
        let mut row = 0_u32;
        for (state, n) in STATES.iter().zip(batch.n) {
            for _ in 0..n {
                row += 1;
                let at = iso(began);
                let mut fields = json!({
                    "batch_id": batch.id, "row_no": row + 1, "phone": format!("+5255{:08}", 70_000_000 + row),
                    "template": batch.template, "language": "es_MX", "agent": batch.agent,
                    "origin": "cxc_message_many", "status": format!("cxc_message_{state}"), "sent_on": day,
                    "planned_at": at, "claimed_at": at,
                });
                let of_state: &[&str] = match *state {
                    "accepted" => &["accepted_at"],
                    "delivered" => &["accepted_at", "delivered_at"],
                    "read" => &["accepted_at", "delivered_at", "read_at"],
                    "failed" => &["failed_at"],
                    _ => &["unknown_at"],
                };
                for field in of_state {
                    fields[*field] = at.clone().into();
                }
                if *state == "failed" {
                    fields["failure"] = "=1+1 (#131026) Message undeliverable".into();
                }
                messages.push(record(&format!("{}-{}", batch.id, row + 1), &fields, began)?);
            }
        }
        let n_sent = accepted + delivered + read;
        let details = json!({
            "version": 1, "sender_name": "Acme Ventas", "file_name": "clientes.csv",
            "failures": {"unreachable": failed},
            "track": [[began.timestamp_millis(), "started"], [began.timestamp_millis() + 9000, "completed"]],
        });
        let fields = json!({
            "template": batch.template, "language": "es_MX", "sender": crate::desk::SALES,
            "agent": batch.agent, "origin": "cxc_batch_many", "state": "cxc_batch_completed",
            "created_at": iso(began), "created_on": day, "ended_at": iso(began),
            "n_messages": row, "n_sent": n_sent, "n_delivered": delivered + read, "n_read": read,
            "n_failed": failed, "n_unknown": unknown, "details": details.to_string(),
        });
        records.push(record(&batch.id, &fields, began)?);
    }
    sandbox.objects().seed("cxc_batch", records)?;
    sandbox.objects().seed("cxc_message", messages)?;
    Ok(())
}

fn record(id: &str, fields: &Value, at: DateTime<Utc>) -> Result<SeedRecord> {
    let fields: Map<String, Value> = fields.as_object().context("fields")?.clone();
    let seconds = Some(at.timestamp());
    Ok(SeedRecord {
        external_id: Some(id.to_owned()),
        fields,
        created_at: seconds,
        updated_at: seconds,
        ..SeedRecord::default()
    })
}
