//! SunCo's webhook bodies → [`Fact`]s (sunco.md §7.3, §7.4): v1.1 has one event a call, v2 a list.
//!
//! Phones, names and texts are not taken over. A body whose event is of an unknown kind is a fact, too: that it came.

use cxconnect_core::reasons::Reason;
use serde_json::Value;

use crate::{Ms, secret};

/// No id of SunCo's is longer; what is, is none.
const MAX_ID_CHARS: usize = 128;
/// As much is kept of a provider's words.
const MAX_TEXT_CHARS: usize = 300;
/// So many digits in a row may be a phone; error codes have six.
const PHONE_DIGITS: usize = 8;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was handed to WhatsApp (`channel`).
    Sent,
    /// It reached the device (`user`).
    Delivered,
    /// It failed.
    Failed {
        /// Meta's number, or SunCo's code.
        code: Option<String>,
        /// The provider's words, with the number before them as everywhere: `(#131026) Message undeliverable`.
        text: String,
    },
    /// The conversation was read.
    Read,
    /// Something else, by the provider's name.
    Other(String),
}

impl Kind {
    /// Its name in events and keys.
    pub fn name(&self) -> &str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed { .. } => "failed",
            Self::Read => "read",
            Self::Other(name) => name,
        }
    }
}

/// One event of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What happened.
    pub kind: Kind,
    /// The notification, if it is about one.
    pub notification: Option<String>,
    /// The ordinary message, if it is about one.
    pub message: Option<String>,
    /// The conversation.
    pub conversation: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// When, as SunCo says.
    pub at: Ms,
    /// Which event it is: the same for each repetition.
    pub key: String,
}

/// Reads a body. `None` if it isn't JSON.
pub fn parse(body: &[u8], now: Ms) -> Option<Vec<Fact>> {
    let json: Value = serde_json::from_slice(body).ok()?;
    Some(match at(&json, "events") {
        Value::Array(events) => events.iter().map(|event| v2(event, now)).collect(),
        _ => vec![v1(&json, body, now)],
    })
}

fn v1(json: &Value, body: &[u8], now: Ms) -> Fact {
    let trigger = at(json, "trigger").as_str().unwrap_or_default();
    let matched = at(json, "matchResult");
    let mut fact = Fact {
        kind: kind(trigger, at(json, "error")),
        notification: id(at(json, "notification")),
        message: id(at(json, "message")),
        conversation: id(at(matched, "conversation")).or_else(|| id(at(json, "conversation"))),
        user: id(at(matched, "appUser")).or_else(|| id(at(json, "appUser"))),
        at: seconds(at(json, "timestamp")).unwrap_or(now),
        key: String::new(),
    };
    // Without its moment nothing but its very text tells an event from its repetition.
    fact.key = if seconds(at(json, "timestamp")).is_some() && has_subject(&fact) {
        key(&fact)
    } else {
        ["body|", &secret::digest(&secret::hex(body))].concat()
    };
    fact
}

fn v2(json: &Value, now: Ms) -> Fact {
    let payload = at(json, "payload");
    let kind_name = at(json, "type").as_str().unwrap_or_default();
    let created =
        at(json, "createdAt").as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    let mut fact = Fact {
        kind: kind(kind_name, at(payload, "error")),
        notification: id(at(payload, "notification")),
        message: id(at(payload, "message")),
        conversation: id(at(payload, "conversation")),
        user: id(at(payload, "user"))
            .or_else(|| text_id(at(at(at(payload, "activity"), "author"), "userId"))),
        at: created.map_or(now, |created| created.timestamp_millis()),
        key: String::new(),
    };
    // v2 names its events (sunco.md §7.2).
    fact.key = match text_id(at(json, "id")) {
        Some(id) => ["v2|", &id].concat(),
        None if has_subject(&fact) && created.is_some() => key(&fact),
        None => ["body|", &secret::digest(&json.to_string())].concat(),
    };
    fact
}

fn has_subject(fact: &Fact) -> bool {
    [&fact.notification, &fact.message, &fact.conversation, &fact.user].into_iter().any(Option::is_some)
}

/// (trigger, notification, timestamp), as SunCo gives v1.1's events no name (sunco.md §7.2).
fn key(fact: &Fact) -> String {
    let subject =
        [&fact.notification, &fact.message, &fact.conversation, &fact.user].into_iter().flatten().next();
    [fact.kind.name(), "|", subject.map_or("", String::as_str), "|", &fact.at.to_string()].concat()
}

/// The kind of a trigger's name: `notification:delivery:channel`, `conversation:message:delivery:user`, ….
fn kind(trigger: &str, error: &Value) -> Kind {
    match trigger.rsplit_once(':') {
        Some((what, "channel")) if what.ends_with(":delivery") => Kind::Sent,
        Some((what, "user")) if what.ends_with(":delivery") => Kind::Delivered,
        Some((what, "failure")) if what.ends_with(":delivery") => failed(error),
        Some(("conversation", "read")) => Kind::Read,
        _ => {
            let name = trigger.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-'));
            Kind::Other(name.take(64).collect())
        }
    }
}

/// Code and words, whichever form the error has (sunco.md §7.3).
fn failed(error: &Value) -> Kind {
    let below = at(error, "underlyingError");
    let first = at(below, "errors").get(0).unwrap_or(&Value::Null);
    let text = [
        at(error, "message"),
        at(first, "title"),
        at(first, "message"),
        at(below, "message"),
        at(error, "code"),
    ]
    .into_iter()
    .find_map(|text| text.as_str().map(str::trim).filter(|text| !text.is_empty()))
    .unwrap_or_default();
    let number = [at(first, "code"), at(below, "code")].into_iter().find_map(code).or_else(|| in_text(text));
    // The name that SunCo gives all of Meta's errors explains nothing.
    let own = at(error, "code").as_str().filter(|code| *code != "uncategorized_error").map(shortened);
    let text = match &number {
        Some(number) if !text.contains("(#") => ["(#", number, ") ", text].concat(),
        _ => text.to_owned(),
    };
    Kind::Failed { code: number.or(own), text: shortened(&text) }
}

fn code(value: &Value) -> Option<String> {
    let digits = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let is_number = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// Meta's number in `(#131026) …`.
fn in_text(text: &str) -> Option<String> {
    let (_, after) = text.split_once("(#")?;
    code(&Value::String(after.split_once(')')?.0.to_owned()))
}

/// On one line, not too long, and without anything that may be a phone.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    let mut digits = 0;
    for c in text.chars().take(MAX_TEXT_CHARS) {
        let c = if c.is_control() { ' ' } else { c };
        digits = if c.is_ascii_digit() { usize::saturating_add(digits, 1) } else { 0 };
        if digits == PHONE_DIGITS {
            let start = short.len().saturating_sub(PHONE_DIGITS.saturating_sub(1));
            short.truncate(start);
            short.push('…');
        } else if digits < PHONE_DIGITS {
            short.push(c);
        }
    }
    short
}

/// A member; `null` where there is none.
fn at<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn id(object: &Value) -> Option<String> {
    text_id(at(object, "_id")).or_else(|| text_id(at(object, "id")))
}

fn text_id(value: &Value) -> Option<String> {
    let id = value.as_str()?;
    let is_id = (1..=MAX_ID_CHARS).contains(&id.len()) && id.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    is_id.then(|| id.to_owned())
}

/// Unix seconds with a fraction → milliseconds.
fn seconds(value: &Value) -> Option<Ms> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let millis = (seconds * 1000.0).round();
    // The year 5138; a saturating conversion of what is within.
    #[allow(clippy::cast_possible_truncation)]
    (0.0..1e14).contains(&millis).then_some(millis as Ms)
}

/// What a failure is about, if its reason is known.
pub(super) fn reason(text: &str) -> Option<Reason> {
    Reason::find(text)
}
