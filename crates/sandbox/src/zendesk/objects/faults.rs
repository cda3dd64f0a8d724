//! Faults on demand, for custom objects, jobs and roles.

use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{Refusal, answer};
pub use crate::sunco::faults::Reset;

/// A kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Every call.
    #[default]
    Any,
    /// Objects and fields, limits.
    Schema,
    /// Listing records, and reading one.
    Read,
    /// Creating, changing and deleting one record.
    Write,
    /// Posting a job.
    Jobs,
    /// Asking after jobs.
    JobStatuses,
    /// Search, by filter or by text, and autocomplete.
    Search,
    /// Counting records.
    Count,
    /// The incremental export.
    Export,
    /// Permission policies and roles.
    Permissions,
}

/// One fault. Fields left out do not restrict, and do nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRule {
    /// Which calls it strikes.
    pub operation: Operation,
    /// Only calls about this object.
    pub object: Option<String>,
    /// Only calls of this user.
    pub user_id: Option<u64>,
    /// Only the n-th matching call, counted from 1 since the rule was set.
    pub nth: Option<u32>,
    /// Only the n-th matching call and those after it.
    pub from: Option<u32>,
    /// Only every n-th of the calls from there on, beginning with the first.
    pub every: Option<u32>,
    /// At most so many times.
    pub times: Option<u32>,
    /// Only for so long after the first call that it struck.
    pub for_ms: Option<u64>,
    /// Answer with this status instead of doing the work; 401 is what an expired session gets.
    pub status: Option<u16>,
    /// Do the work all the same: what is answered then is not what happened.
    pub is_applied: bool,
    /// The answer's body: a string goes out as it is, anything else as JSON. Without it, what Zendesk says.
    pub body: Option<Value>,
    /// The answer's content type.
    pub content_type: Option<String>,
    /// The answer's `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
    /// Wait before going on: nothing is done yet.
    pub delay_ms: u64,
    /// Wait before the answer leaves: what it tells of has happened already.
    pub answer_delay_ms: u64,
    /// Never answer, nor do the work.
    pub hang: bool,
    /// Break the connection, before or after the work was done.
    pub reset: Option<Reset>,
}

/// A call, as far as faults look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub operation: Operation,
    pub object: Option<&'a str>,
    pub user_id: u64,
}

impl FaultRule {
    fn matches(&self, subject: Subject<'_>) -> bool {
        (self.operation == Operation::Any || self.operation == subject.operation)
            && self.object.as_deref().is_none_or(|it| subject.object == Some(it))
            && self.user_id.is_none_or(|it| it == subject.user_id)
    }

    /// The answer that replaces the real one, if the fault has one.
    pub(crate) fn response(&self) -> Option<Response> {
        let status = StatusCode::from_u16(self.status?).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match &self.body {
            Some(Value::String(text)) => (status, text.clone()).into_response(),
            Some(json) => answer(status, json),
            None => Refusal::of_status(status),
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

/// The faults that are set, and what has already happened under them.
#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    rules: Vec<Armed>,
}

#[derive(Debug)]
struct Armed {
    rule: FaultRule,
    n_matched: u32,
    n_fired: u32,
    /// When it struck for the first time.
    began: Option<Instant>,
}

impl FaultBook {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(Armed { rule, n_matched: 0, n_fired: 0, began: None });
    }

    pub(crate) fn rules(&self) -> Vec<FaultRule> {
        self.rules.iter().map(|it| it.rule.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// What this call runs into: the first rule that fires and does more than delay, and all delays.
    pub(crate) fn next(&mut self, subject: Subject<'_>, now: Instant) -> FaultRule {
        let mut struck: Option<FaultRule> = None;
        let (mut delay_ms, mut answer_delay_ms) = (0, 0);
        for armed in self.rules.iter_mut().filter(|it| it.rule.matches(subject)) {
            let rule = &armed.rule;
            let is_only_a_delay = rule.status.is_none() && rule.reset.is_none() && !rule.hang;
            if (!is_only_a_delay && struck.is_some()) || !armed.fires(now) {
                continue;
            }
            delay_ms += armed.rule.delay_ms;
            answer_delay_ms += armed.rule.answer_delay_ms;
            if !is_only_a_delay {
                struck = Some(armed.rule.clone());
            }
        }
        FaultRule { delay_ms, answer_delay_ms, ..struck.unwrap_or_default() }
    }
}

impl Armed {
    fn fires(&mut self, now: Instant) -> bool {
        self.n_matched += 1;
        let rule = &self.rule;
        let since = self.n_matched.checked_sub(rule.from.unwrap_or(1));
        let is_its_place = rule.nth.is_none_or(|n| n == self.n_matched)
            && since.is_some_and(|since| rule.every.is_none_or(|n| since % n.max(1) == 0));
        let limit = rule.for_ms.map(Duration::from_millis);
        let is_over = limit.zip(self.began).is_some_and(|(limit, began)| limit <= now.duration_since(began));
        let fires = is_its_place && rule.times.is_none_or(|times| self.n_fired < times) && !is_over;
        if fires {
            self.n_fired += 1;
            self.began.get_or_insert(now);
        }
        fires
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_strikes_its_calls_its_times_and_its_while() {
        let mut book = FaultBook::default();
        let only =
            FaultRule { operation: Operation::Write, object: Some("a".into()), ..FaultRule::default() };
        book.add(FaultRule { from: Some(2), for_ms: Some(100), status: Some(503), ..only });
        book.add(FaultRule { delay_ms: 7, ..FaultRule::default() });
        let start = Instant::now();
        let mut next = |operation, object, ms| {
            let now = start + Duration::from_millis(ms);
            let fault = book.next(Subject { operation, object: Some(object), user_id: 1 }, now);
            (fault.status, fault.delay_ms)
        };
        assert_eq!(next(Operation::Write, "a", 0), (None, 7));
        assert_eq!(next(Operation::Write, "b", 0), (None, 7));
        assert_eq!(next(Operation::Write, "a", 50), (Some(503), 7));
        assert_eq!(next(Operation::Read, "a", 60), (None, 7));
        assert_eq!(next(Operation::Write, "a", 149), (Some(503), 7));
        assert_eq!(next(Operation::Write, "a", 150), (None, 7));
    }
}
