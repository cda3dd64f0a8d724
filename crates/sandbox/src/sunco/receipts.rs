//! What SunCo tells its webhooks of a notification: when, how often, in which order and form (sunco.md §7, §13.10–11).

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, header};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sunco::faults::digits_of;
use crate::sunco::notifications::Received;
use crate::sunco::webhooks::Webhook;
use crate::sunco::{Sunco, error::ApiVersion};

/// So many units after the first one an attempt is made again (5 attempts over 15 minutes).
const OFFSETS: [u64; 5] = [0, 1, 3, 7, 15];
/// After these SunCo doesn't try again.
const FINAL: [u16; 5] = [400, 401, 403, 404, 406];
/// Attempts that are remembered.
const KEPT: usize = 20_000;

/// How receipts are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own.
pub struct ReceiptRules {
    /// Whether any are.
    pub is_on: bool,
    /// Milliseconds from the answer to `channel`, or to a failure.
    pub channel_ms: u64,
    /// … to `user`.
    pub user_ms: u64,
    /// … to the read of the conversation; none without it.
    pub read_ms: Option<u64>,
    /// Each event so many times.
    pub copies: u32,
    /// The last event first.
    pub is_reversed: bool,
    /// `channel` is told before the send is answered.
    pub is_before_answer: bool,
    /// All events so much later; their moments stay.
    pub late_ms: u64,
    /// Every n-th notification's events are lost.
    pub lost_every: Option<usize>,
    /// With every n-th notification a foreign one's event comes.
    pub foreign_every: Option<usize>,
    /// Every n-th notification fails after `channel`.
    pub fails_every: Option<usize>,
    /// Without `matchResult`.
    pub has_no_match: bool,
    /// The recipient as a business-scoped user id.
    pub has_bsuid: bool,
    /// What a minute is between attempts.
    pub unit_ms: u64,
    /// How long an answer is waited for.
    pub timeout_ms: u64,
    /// Refuses `notification:match:failure`, as a SunCo from before 2026 does.
    pub is_old: bool,
}

impl Default for ReceiptRules {
    fn default() -> Self {
        Self {
            is_on: true,
            channel_ms: 60,
            user_ms: 250,
            read_ms: Some(1_500),
            copies: 1,
            is_reversed: false,
            is_before_answer: false,
            late_ms: 0,
            lost_every: None,
            foreign_every: None,
            fails_every: None,
            has_no_match: false,
            has_bsuid: false,
            unit_ms: 60_000,
            timeout_ms: 20_000,
            is_old: false,
        }
    }
}

/// An attempt to tell something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// The event's trigger.
    pub trigger: String,
    /// The notification, if it is about one.
    pub notification: Option<String>,
    /// 1 for the first.
    pub number: usize,
    /// The answer's status; `None` without an answer.
    pub status: Option<u16>,
}

/// Posts events.
#[derive(Debug)]
pub(crate) struct Courier {
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Default for Courier {
    fn default() -> Self {
        Self { client: Client::builder(TokioExecutor::new()).retry_canceled_requests(false).build_http() }
    }
}

/// An event, and when it is told.
struct Event {
    trigger: &'static str,
    after: u64,
    body: Value,
}

impl Sunco {
    /// How receipts are told.
    pub fn receipt_rules(&self) -> ReceiptRules {
        self.book().receipts.clone()
    }

    /// Changes how receipts are told, from the next message on.
    pub fn set_receipt_rules(&self, rules: ReceiptRules) {
        self.book().receipts = rules;
    }

    /// The attempts so far; of very many, the last ones.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.book().attempts.iter().cloned().collect()
    }

    /// Tells the webhooks what becomes of a message. Returns before, but for what comes before the answer.
    pub(super) async fn tell_of(self: &Arc<Self>, message: &Received) {
        let rules = self.receipt_rules();
        let is_nth = |every: Option<usize>| every.is_some_and(|n| message.number.is_multiple_of(n.max(1)));
        if !rules.is_on || is_nth(rules.lost_every) {
            return;
        }
        let mut events = timeline(&self.credentials.app_id, message, &rules, is_nth(rules.fails_every));
        if is_nth(rules.foreign_every) {
            let foreign = Received { notification_id: self.fresh.uuid(), ..message.clone() };
            events.extend(timeline(&self.credentials.app_id, &foreign, &rules, false));
        }
        if rules.is_before_answer && !events.is_empty() {
            let first = events.remove(0);
            self.tell(&first, &rules).await;
        }
        if rules.is_reversed {
            let mut afters: Vec<u64> = events.iter().map(|event| event.after).collect();
            afters.reverse();
            for (event, after) in events.iter_mut().zip(afters) {
                event.after = after;
            }
        }
        for event in events {
            for _ in 0..rules.copies {
                let (sunco, rules) = (self.clone(), rules.clone());
                let event = Event { body: event.body.clone(), ..event };
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(event.after + rules.late_ms)).await;
                    sunco.tell(&event, &rules).await;
                });
            }
        }
    }

    async fn tell(self: &Arc<Self>, event: &Event, rules: &ReceiptRules) {
        let webhooks: Vec<Webhook> = {
            let book = self.book();
            book.webhooks
                .iter()
                .filter(|it| it.version == ApiVersion::V1 && it.wants(event.trigger))
                .cloned()
                .collect()
        };
        for webhook in webhooks {
            let mut before = 0;
            for (number, offset) in OFFSETS.iter().enumerate() {
                tokio::time::sleep(Duration::from_millis((offset - before) * rules.unit_ms)).await;
                before = *offset;
                let status = self.post(&webhook, &event.body, rules).await;
                let notification = event.body["notification"]["_id"].as_str().map(str::to_owned);
                let attempt =
                    Attempt { trigger: event.trigger.to_owned(), notification, number: number + 1, status };
                remember(&mut self.book().attempts, attempt);
                if status.is_some_and(|status| (200..300).contains(&status) || FINAL.contains(&status)) {
                    break;
                }
            }
        }
    }

    async fn post(&self, webhook: &Webhook, body: &Value, rules: &ReceiptRules) -> Option<u16> {
        let request = Request::post(&webhook.target)
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-api-key", &webhook.secret)
            .body(Full::new(Bytes::from(body.to_string())))
            .ok()?;
        let answered = self.courier.client.request(request);
        let answered = tokio::time::timeout(Duration::from_millis(rules.timeout_ms), answered).await;
        answered.ok()?.ok().map(|response| response.status().as_u16())
    }
}

fn remember(attempts: &mut VecDeque<Attempt>, attempt: Attempt) {
    if attempts.len() == KEPT {
        attempts.pop_front();
    }
    attempts.push_back(attempt);
}

/// What happens to a message, in order.
fn timeline(app: &str, message: &Received, rules: &ReceiptRules, fails: bool) -> Vec<Event> {
    let digits = digits_of(&message.phone);
    // The same person, the same ids.
    let id = |kind: &str| {
        let text = format!("{kind}{digits}");
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{hash:016x}{:08x}", digits.len())
    };
    let destination = if rules.has_bsuid { format!("MX.{digits}") } else { digits.clone() };
    #[allow(clippy::cast_precision_loss)] // Seconds with a fraction, as SunCo writes them.
    let at = |after: u64| (message.received_at_ms + after) as f64 / 1000.0;
    let event = |trigger: &'static str, after: u64| {
        let mut body = json!({
            "trigger": trigger, "app": { "_id": app }, "version": "v1.1", "timestamp": at(after),
            "destination": { "type": "whatsapp", "integrationId": message.integration_id, "destinationId": destination },
            "isFinalEvent": false, "externalMessages": [{ "id": format!("wamid.{}", message.number) }],
            "notification": { "_id": message.notification_id },
        });
        if !rules.has_no_match {
            body["matchResult"] = json!({ "appUser": { "_id": id("user"), "conversationStarted": true },
                "conversation": { "_id": id("conversation") } });
        }
        Event { trigger, after, body }
    };
    let failure = |after: u64, error: Value| {
        let mut failure = event("notification:delivery:failure", after);
        failure.body["error"] = error;
        failure.body["isFinalEvent"] = Value::Bool(true);
        if let Some(members) = failure.body.as_object_mut() {
            members.remove("externalMessages");
        }
        failure
    };
    if let Some(told) = &message.failure {
        return vec![failure(rules.channel_ms, error(message.number, told.code, told.title))];
    }
    let channel = event("notification:delivery:channel", rules.channel_ms);
    if fails {
        return vec![
            channel,
            failure(rules.user_ms, error(message.number, 131_026, "Message undeliverable")),
        ];
    }
    let mut events = vec![channel, event("notification:delivery:user", rules.user_ms)];
    if let Some(after) = rules.read_ms {
        let body = json!({ "trigger": "conversation:read", "app": { "_id": app }, "version": "v1.1", "timestamp": at(after),
            "source": { "type": "whatsapp" }, "appUser": { "_id": id("user") },
            "conversation": { "_id": id("conversation") } });
        events.push(Event { trigger: "conversation:read", after, body });
    }
    events
}

/// One of the forms in which SunCo hands Meta's errors on.
fn error(number: usize, code: u32, title: &str) -> Value {
    match number % 4 {
        0 => json!({ "code": "uncategorized_error", "message": title,
            "underlyingError": { "errors": [{ "code": code, "title": title }] } }),
        1 => json!({ "code": "uncategorized_error",
            "underlyingError": { "message": format!("(#{code}) {title}"), "type": "OAuthException", "code": code } }),
        2 => json!({ "code": "bad_request", "message": format!("(#{code}) {title}") }),
        _ => {
            json!({ "code": "uncategorized_error", "underlyingError": { "message": format!("(#{code}) {title}") } })
        }
    }
}
