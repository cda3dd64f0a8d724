//! Faults on demand: by phone number, by the n-th call, or standing until removed.

use std::collections::HashSet;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sunco::error::{ApiError, ApiVersion, json_response};

/// The calls a fault may strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Every call.
    Any,
    /// Sending a notification.
    #[default]
    Notifications,
    /// Listing, creating and deleting message templates.
    Templates,
    /// Listing integrations.
    Integrations,
}

/// Where in the call the connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// Before anything happened: the message is not sent.
    Before,
    /// After the message was accepted: it is delivered, but the caller never learns.
    After,
}

/// One fault. Fields left out do not restrict, and do nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRule {
    /// Which calls it strikes.
    pub operation: Operation,
    /// Only sends to this number (compared by digits).
    pub phone: Option<String>,
    /// Only the n-th matching call, counted from 1 since the rule was set.
    pub nth: Option<u32>,
    /// At most so many times.
    pub times: Option<u32>,
    /// Only calls that come faster than so many in a second (a burst limit).
    pub limit_per_second: Option<u32>,
    /// Answer with this status instead of doing the work.
    pub status: Option<u16>,
    /// The answer's body: a string goes out as it is, anything else as JSON. Without it, what SunCo says.
    pub body: Option<Value>,
    /// The answer's content type.
    pub content_type: Option<String>,
    /// The answer's `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
    /// Wait before going on.
    pub delay_ms: u64,
    /// Never answer.
    pub hang: bool,
    /// Break the connection.
    pub reset: Option<Reset>,
}

impl FaultRule {
    fn is_only_a_delay(&self) -> bool {
        self.status.is_none() && self.reset.is_none() && !self.hang
    }

    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms)
    }

    /// The answer that replaces the real one, if the fault has one.
    pub(crate) fn response(&self, version: ApiVersion) -> Option<Response> {
        let status = StatusCode::from_u16(self.status?).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match &self.body {
            Some(Value::String(text)) => raw(status, "text/html; charset=utf-8", text.clone()),
            Some(json) => json_response(status, json.clone()),
            None if status.is_server_error() => {
                raw(status, "text/html; charset=utf-8", html_error_page(status))
            }
            None => ApiError::of_status(status).into_response(version),
        };
        if let Some(value) = self.content_type.as_deref().and_then(|it| HeaderValue::from_str(it).ok()) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Some(response)
    }
}

fn raw(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// What a load balancer in front of an API says when the API is gone.
fn html_error_page(status: StatusCode) -> String {
    format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}

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

/// The faults that are set, and what has already happened under them.
#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    rules: Vec<Armed>,
    /// Magic numbers that have had their one failure.
    spent: HashSet<String>,
}

#[derive(Debug)]
struct Armed {
    rule: FaultRule,
    n_matched: u32,
    n_fired: u32,
    recent: VecDeque<Instant>,
}

impl FaultBook {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(Armed { rule, n_matched: 0, n_fired: 0, recent: VecDeque::new() });
    }

    pub(crate) fn rules(&self) -> Vec<FaultRule> {
        self.rules.iter().map(|armed| armed.rule.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
        self.spent.clear();
    }

    /// The fault this call runs into, if any: the first rule that fires, else its magic number. Rules that
    /// only delay add up and let the call go on to the next.
    pub(crate) fn next(
        &mut self,
        operation: Operation,
        phone: Option<&str>,
        now: Instant,
    ) -> Option<FaultRule> {
        let mut delay_ms = 0;
        let rules = self.rules.iter_mut();
        for armed in rules.filter(|it| it.matches(operation, phone)) {
            if armed.fires(now) {
                delay_ms += armed.rule.delay_ms;
                if !armed.rule.is_only_a_delay() {
                    return Some(FaultRule { delay_ms, ..armed.rule.clone() });
                }
            }
        }
        let magic = match (operation, phone.and_then(magic_ending)) {
            (Operation::Notifications, Some(ending)) => self.magic(&ending),
            _ => None,
        };
        match magic {
            Some(rule) => Some(FaultRule { delay_ms: delay_ms + rule.delay_ms, ..rule }),
            None => (0 < delay_ms).then(|| FaultRule { delay_ms, ..FaultRule::default() }),
        }
    }

    fn magic(&mut self, ending: &str) -> Option<FaultRule> {
        let with = |status: u16| FaultRule { status: Some(status), ..FaultRule::default() };
        Some(match ending {
            "0400" => FaultRule {
                body: Some(ApiError::bad_request("Destination is invalid").envelope(ApiVersion::V1)),
                ..with(400)
            },
            "0401" => with(401),
            "0402" => with(402),
            "0403" => with(403),
            "0423" => with(423),
            "0429" if self.spent.insert(ending.to_owned()) => with(429),
            "0430" if self.spent.insert(ending.to_owned()) => FaultRule { retry_after: Some(2), ..with(429) },
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
            "0700" => {
                FaultRule { body: Some(Value::from("<html><body>Maintenance</body></html>")), ..with(201) }
            }
            _ => return None,
        })
    }
}

impl Armed {
    fn matches(&self, operation: Operation, phone: Option<&str>) -> bool {
        let rule = &self.rule;
        (rule.operation == Operation::Any || rule.operation == operation)
            && rule.phone.as_deref().is_none_or(|it| phone.is_some_and(|p| digits_of(p) == digits_of(it)))
    }

    fn fires(&mut self, now: Instant) -> bool {
        self.n_matched += 1;
        if let Some(limit) = self.rule.limit_per_second {
            while self.recent.front().is_some_and(|at| Duration::from_secs(1) <= now.duration_since(*at)) {
                self.recent.pop_front();
            }
            if self.recent.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
                self.recent.push_back(now);
                return false;
            }
        }
        let fires = self.rule.nth.is_none_or(|n| n == self.n_matched)
            && self.rule.times.is_none_or(|times| self.n_fired < times);
        self.n_fired += u32::from(fires);
        fires
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(book: &mut FaultBook, calls: &[(Operation, &str)]) -> Vec<Option<u16>> {
        let now = Instant::now();
        calls.iter().map(|(op, phone)| book.next(*op, Some(phone), now).and_then(|it| it.status)).collect()
    }

    #[test]
    fn a_rule_strikes_its_number_its_nth_call_and_so_many_times() {
        let send = |phone| (Operation::Notifications, phone);
        let mut book = FaultBook::default();
        book.add(FaultRule {
            phone: Some("+525511112222".into()),
            status: Some(400),
            ..FaultRule::default()
        });
        assert_eq!(statuses(&mut book, &[send("525511112222"), send("+525500000000")]), [Some(400), None]);

        let mut book = FaultBook::default();
        book.add(FaultRule { nth: Some(2), status: Some(500), ..FaultRule::default() });
        assert_eq!(statuses(&mut book, &[send("1"), send("2"), send("3")]), [None, Some(500), None]);

        let mut book = FaultBook::default();
        book.add(FaultRule {
            operation: Operation::Any,
            times: Some(1),
            status: Some(401),
            ..FaultRule::default()
        });
        assert_eq!(statuses(&mut book, &[(Operation::Templates, ""), send("1")]), [Some(401), None]);
    }

    #[test]
    fn a_burst_limit_lets_so_many_through_in_a_second() {
        let mut book = FaultBook::default();
        book.add(FaultRule { limit_per_second: Some(2), status: Some(429), ..FaultRule::default() });
        let start = Instant::now();
        let mut at =
            |ms| book.next(Operation::Notifications, None, start + Duration::from_millis(ms)).is_some();
        assert_eq!([at(0), at(10), at(20), at(1015)], [false, false, true, false]);
    }

    #[test]
    fn delays_add_up_and_let_other_faults_through() {
        let mut book = FaultBook::default();
        book.add(FaultRule { delay_ms: 100, ..FaultRule::default() });
        book.add(FaultRule { delay_ms: 20, status: Some(500), times: Some(1), ..FaultRule::default() });
        let mut next = || {
            let fault = book.next(Operation::Notifications, None, Instant::now()).unwrap();
            (fault.delay_ms, fault.status)
        };
        assert_eq!([next(), next()], [(120, Some(500)), (100, None)]);
    }

    #[test]
    fn a_429_number_fails_once_and_others_are_left_alone() {
        let mut book = FaultBook::default();
        let magic = (Operation::Notifications, "+525555500429");
        assert_eq!(
            statuses(&mut book, &[magic, magic, (Operation::Notifications, "+525512340429")]),
            [Some(429), None, None]
        );
    }
}
