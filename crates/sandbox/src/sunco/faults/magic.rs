//! Numbers that fail, whatever else is set.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::Value;

use crate::sunco::error::{ApiError, ApiVersion};
use crate::sunco::faults::{FaultRule, Reset};

/// The last four digits of the numbers `+52 55 5550 NNNN`, and what sending to them does. Shown on the
/// sandbox's page; see also the crate's README.
pub const MAGIC_NUMBERS: &[(&str, &str)] = &[
    ("0400", "400 bad_request «Destination is invalid»"),
    ("0401", "401 unauthorized"),
    ("0402", "402 payment_required"),
    ("0403", "403 forbidden"),
    ("0423", "423 locked (30 000 mensajes en la conversación)"),
    ("0429", "429 una vez, sin Retry-After; después se acepta"),
    ("0430", "429 una vez, con Retry-After: 2; después se acepta"),
    ("0439", "429 siempre"),
    ("0500", "500 con una página HTML"),
    ("0503", "503 con JSON"),
    ("0504", "no responde nunca"),
    ("0505", "responde a los 3 segundos"),
    ("0600", "la conexión se corta antes de aceptar"),
    ("0601", "la conexión se corta después de aceptar (el mensaje sí llega)"),
    ("0700", "201 con HTML en lugar de JSON (el mensaje no llega)"),
    ("0800", "se acepta y después falla: 131026 Message undeliverable"),
];

/// Numbers with this prefix and four more digits are reserved for [`MAGIC_NUMBERS`].
pub const MAGIC_PREFIX: &str = "52555550";

/// The magic ending of a number, if it is one of the reserved ones.
pub(crate) fn magic_ending(phone: &str) -> Option<String> {
    let digits = digits_of(phone);
    let ending = digits.strip_prefix(MAGIC_PREFIX)?;
    (ending.len() == 4).then(|| ending.to_owned())
}

pub(crate) fn digits_of(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Which of the numbers that fail once have failed.
#[derive(Debug, Default)]
pub(super) struct Magic {
    spent: HashSet<String>,
}

impl Magic {
    /// What a send to this number runs into, if it is one of the reserved ones.
    pub(super) fn fault(&mut self, phone: &str) -> Option<FaultRule> {
        let ending = magic_ending(phone)?;
        let with = |status: u16| FaultRule { status: Some(status), ..FaultRule::default() };
        let html = || Some(Value::from("<html><body>Maintenance</body></html>"));
        Some(match ending.as_str() {
            "0400" => FaultRule {
                body: Some(ApiError::bad_request("Destination is invalid").envelope(ApiVersion::V1)),
                ..with(400)
            },
            "0401" => with(401),
            "0402" => with(402),
            "0403" => with(403),
            "0423" => with(423),
            "0429" if self.spent.insert(ending.clone()) => with(429),
            "0430" if self.spent.insert(ending.clone()) => FaultRule { retry_after: Some(2), ..with(429) },
            "0439" => with(429),
            "0500" => with(500),
            "0503" => FaultRule {
                body: Some(ApiError::of_status(StatusCode::SERVICE_UNAVAILABLE).envelope(ApiVersion::V1)),
                ..with(503)
            },
            "0504" => FaultRule { hang: true, ..FaultRule::default() },
            "0505" => FaultRule { delay_ms: 3000, ..FaultRule::default() },
            "0600" => FaultRule { reset: Some(Reset::Before), ..FaultRule::default() },
            "0601" => FaultRule { reset: Some(Reset::After), ..FaultRule::default() },
            "0700" => FaultRule { body: html(), ..with(201) },
            _ => return None,
        })
    }
}
