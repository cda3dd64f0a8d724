//! Notifications: what is accepted, and what WhatsApp then makes of it.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::sunco::error::ApiError;
use crate::sunco::faults::{digits_of, magic_ending};
use crate::sunco::whatsapp::{Failure, Rendered, compose};
use crate::sunco::{Answer, Book, Sunco, object};

/// Messages a conversation holds before SunCo answers 423 (sunco.md §5).
const MAX_MESSAGES_PER_CONVERSATION: u32 = 30_000;
/// Of more messages than this only the last ones are kept whole; all of them are counted.
const KEPT_MESSAGES: usize = 50_000;

/// A message that the fake accepted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Received {
    /// 1 for the first message since the start or the last reset.
    pub number: usize,
    /// The id that the sender was given.
    pub notification_id: String,
    /// Milliseconds since the Unix epoch.
    pub received_at_ms: u64,
    /// The WhatsApp integration it was sent from.
    pub integration_id: String,
    /// The recipient exactly as it was sent.
    pub phone: String,
    /// The template's name; absent for a plain text message.
    pub template: Option<String>,
    /// The template's language as it was sent.
    pub language: Option<String>,
    /// The message as it shows on the phone, or would.
    pub rendered: Rendered,
    /// Why WhatsApp would not deliver it, if so. The sender would learn it from a receipt only.
    pub failure: Option<Failure>,
    /// The message was accepted, but its sender never got the answer.
    pub is_answer_lost: bool,
    /// The request's body, a JSON text: a tenth of what it takes once it is read.
    #[serde(serialize_with = "as_json")]
    pub body: String,
}

fn as_json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<Value>(text).unwrap_or_default().serialize(serializer)
}

/// What was received, in numbers. It costs the same after ten messages and after ten thousand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Messages accepted.
    pub total: usize,
    /// Messages that WhatsApp would deliver.
    pub n_delivered: usize,
    /// Recipients that were sent anything.
    pub n_phones: usize,
    /// Recipients that were sent more than one message.
    pub n_repeated: usize,
    /// Calls of any kind that are being worked on.
    pub n_in_flight: usize,
    /// The most calls of any kind that were being worked on at once.
    pub max_in_flight: usize,
    /// Calls of any kind, refused ones and those that met a fault included.
    pub n_calls: u64,
}

impl Sunco {
    /// The messages accepted so far; of very many, the last ones.
    pub fn received(&self) -> Vec<Received> {
        self.book().received.iter().cloned().collect()
    }

    /// Messages after the given number, at most `limit`.
    pub(crate) fn received_after(&self, number: usize, limit: usize) -> Vec<Received> {
        let book = self.book();
        let n_dropped = book.n_received - book.received.len();
        book.received.iter().skip(number.saturating_sub(n_dropped)).take(limit).cloned().collect()
    }

    /// What was received, in numbers.
    pub fn summary(&self) -> Summary {
        let book = self.book();
        Summary {
            total: book.n_received,
            n_delivered: book.n_received - book.n_failed,
            n_phones: book.per_phone.len(),
            n_repeated: book.n_repeated,
            n_in_flight: book.n_in_flight,
            max_in_flight: book.max_in_flight,
            n_calls: book.n_calls,
        }
    }

    /// Messages for each recipient, by the digits of the number.
    pub fn per_phone(&self) -> BTreeMap<String, u32> {
        self.book().per_phone.iter().map(|(phone, n)| (phone.clone(), *n)).collect()
    }

    /// How many messages one recipient was sent, whose number is given by its digits.
    pub fn n_received_by(&self, phone: &str) -> u32 {
        self.book().per_phone.get(phone).copied().unwrap_or_default()
    }

    pub(super) fn accept(&self, text: &[u8]) -> Answer {
        let body = object(text)?;
        let destination = &body["destination"];
        let integration_id = required(&destination["integrationId"], "destination.integrationId")?;
        let phone = required(&destination["destinationId"], "destination.destinationId")?;
        if body["author"]["role"] != "appMaker" {
            return Err(ApiError::bad_request("author.role must be appMaker"));
        }
        let message = &body["message"];
        if !message.is_object() {
            return Err(ApiError::bad_request("message is required"));
        }

        let mut book = self.book();
        book.check_sender(integration_id)?;
        if !is_reachable(phone) {
            return Err(ApiError::bad_request("Destination is invalid"));
        }
        let (rendered, failure) = match message["type"].as_str() {
            Some("template") => {
                if body["messageSchema"] != "whatsapp" {
                    return Err(ApiError::bad_request("messageSchema must be whatsapp"));
                }
                let template = &message["template"];
                required(&template["name"], "message.template.name")?;
                required(&template["language"]["code"], "message.template.language.code")?;
                book.render(integration_id, template)
            }
            Some("text") => {
                let body = required(&message["text"], "message.text")?.to_owned();
                (Rendered { body, ..Rendered::default() }, None)
            }
            _ => return Err(ApiError::bad_request("message.type is not supported")),
        };
        let failure = match magic_ending(phone).as_deref() {
            Some("0800") => Some(Failure::new(131_026, "Message Undeliverable.")),
            _ => failure,
        };
        let n_messages = book.per_phone.entry(digits_of(phone)).or_default();
        if MAX_MESSAGES_PER_CONVERSATION <= *n_messages {
            return Err(ApiError::of_status(StatusCode::LOCKED));
        }
        *n_messages += 1;
        let is_second = *n_messages == 2;
        book.n_repeated += usize::from(is_second);
        book.n_failed += usize::from(failure.is_some());
        book.n_received += 1;

        let notification_id = self.fresh.uuid();
        let template = &message["template"];
        let received = Received {
            number: book.n_received,
            notification_id: notification_id.clone(),
            received_at_ms: now_ms(),
            integration_id: integration_id.to_owned(),
            phone: phone.to_owned(),
            template: template["name"].as_str().map(str::to_owned),
            language: template["language"]["code"].as_str().map(str::to_owned),
            rendered,
            failure,
            is_answer_lost: false,
            body: String::from_utf8_lossy(text).into_owned(),
        };
        if book.received.len() == KEPT_MESSAGES {
            book.received.pop_front();
        }
        book.received.push_back(received);
        Ok((StatusCode::CREATED, json!({"notification": {"_id": notification_id}})))
    }

    /// The message of a notification's id.
    pub(super) fn accepted(&self, id: &Value) -> Option<Received> {
        let id = id.as_str()?;
        self.book().received.iter().rev().find(|it| it.notification_id == id).cloned()
    }

    /// Notes that the answer to the last message for this number does not arrive.
    pub(super) fn mark_answer_lost(&self, phone: Option<&str>) {
        let mut book = self.book();
        if let Some(message) = book.received.iter_mut().rev().find(|it| Some(it.phone.as_str()) == phone) {
            message.is_answer_lost = true;
        }
    }
}

impl Book {
    fn check_sender(&self, integration_id: &str) -> Result<(), ApiError> {
        let integration = self.integrations.iter().find(|it| it["id"] == integration_id);
        match integration {
            Some(it) if it["type"] == "whatsapp" && it["status"] == "active" => Ok(()),
            Some(it) if it["type"] == "whatsapp" => Err(ApiError::bad_request("Integration is not active")),
            _ => Err(ApiError::bad_request("Integration not found")),
        }
    }

    /// Template trouble does not keep SunCo from accepting the message (sunco.md §13.5).
    fn render(&self, integration_id: &str, sent: &Value) -> (Rendered, Option<Failure>) {
        let (name, language) = (&sent["name"], &sent["language"]["code"]);
        let templates = self.templates.get(integration_id).map(Vec::as_slice).unwrap_or_default();
        let Some(template) = templates.iter().find(|it| it["name"] == *name && it["language"] == *language)
        else {
            let details = format!("template name ({name}) does not exist in {language}").replace('"', "");
            return (Rendered::default(), Some(Failure::new(132_001, details)));
        };
        let (rendered, failure) = compose(template, sent);
        let failure = match template["status"].as_str().unwrap_or_default().to_ascii_uppercase().as_str() {
            "APPROVED" => failure,
            "PAUSED" => Some(Failure::new(132_015, "Template is paused")),
            "DISABLED" => Some(Failure::new(132_016, "Template is disabled")),
            status => Some(Failure::new(132_001, format!("Template is not approved: {status}"))),
        };
        (rendered, failure)
    }
}

/// The number a body is addressed to, read as leniently as faults by number need.
pub(super) fn destination(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body["destination"]["destinationId"].as_str().map(str::to_owned)
}

fn required<'a>(value: &'a Value, name: &str) -> Result<&'a str, ApiError> {
    match value.as_str() {
        Some(text) if !text.trim().is_empty() => Ok(text),
        _ => Err(ApiError::bad_request(format!("{name} is required"))),
    }
}

/// `^\+[0-9]{1,3}[0-9]{4,14}$`, or a business-scoped user id `^[A-Z]{2}\.[A-Za-z0-9]+$` (sunco.md §4).
fn is_reachable(destination: &str) -> bool {
    if let Some(digits) = destination.strip_prefix('+') {
        return (5..=17).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    }
    match destination.split_once('.') {
        Some((country, id)) => {
            country.len() == 2
                && country.bytes().all(|it| it.is_ascii_uppercase())
                && !id.is_empty()
                && id.bytes().all(|it| it.is_ascii_alphanumeric())
        }
        None => false,
    }
}

fn now_ms() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
