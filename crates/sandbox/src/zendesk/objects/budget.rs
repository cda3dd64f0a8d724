//! The account's requests per minute, which all integrations share; the export's; and the apps' per user.

use std::collections::HashMap;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::clock::Millis;
use super::error::Refusal;
use super::settings::{RetryAfter, Settings};

const MINUTE: Millis = 60_000;

/// What was spent in the current minute.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    minute: Millis,
    n_account: u32,
    n_exports: u32,
    per_user: HashMap<u64, u32>,
}

/// What a request is told of the budget.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    limit: u32,
    remaining: u32,
}

impl Allowance {
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        headers.insert("x-rate-limit", HeaderValue::from(self.limit));
        headers.insert("x-rate-limit-remaining", HeaderValue::from(self.remaining));
    }
}

/// Why a request is turned away: when to come back, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exceeded {
    retry_after: Option<u32>,
}

impl Exceeded {
    pub(crate) fn into_response(self) -> Response {
        let mut response = Refusal::of_status(StatusCode::TOO_MANY_REQUESTS);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Budget {
    /// Counts a request, if there is room for it. What is turned away costs nothing.
    pub(crate) fn admit(
        &mut self,
        user_id: u64,
        settings: &Settings,
        now: Millis,
    ) -> (Allowance, Result<(), Exceeded>) {
        self.begin_minute(now);
        let limit = settings.limit();
        // The others spend evenly over the minute.
        let share = Millis::from(settings.foreign_load) * (now.rem_euclid(MINUTE) + 1) / MINUTE;
        let n_foreign = u32::try_from(share).unwrap_or(u32::MAX);
        let n_spent = self.n_account.saturating_add(n_foreign);
        let n_of_user = self.per_user.entry(user_id).or_default();
        let is_user_done = settings.per_user.is_some_and(|it| it <= *n_of_user);
        if limit <= n_spent || is_user_done {
            let allowance = Allowance { limit, remaining: limit.saturating_sub(n_spent) };
            return (allowance, Err(exceeded(settings, now)));
        }
        self.n_account += 1;
        *n_of_user += 1;
        (Allowance { limit, remaining: limit - n_spent - 1 }, Ok(()))
    }

    /// Counts an export, if there is room for it.
    pub(crate) fn admit_export(&mut self, settings: &Settings, now: Millis) -> Result<(), Exceeded> {
        self.begin_minute(now);
        if settings.exports_per_minute <= self.n_exports {
            return Err(exceeded(settings, now));
        }
        self.n_exports += 1;
        Ok(())
    }

    fn begin_minute(&mut self, now: Millis) {
        let minute = now.div_euclid(MINUTE);
        if self.minute != minute {
            *self = Self { minute, ..Self::default() };
        }
    }
}

fn exceeded(settings: &Settings, now: Millis) -> Exceeded {
    let left = MINUTE - now.rem_euclid(MINUTE);
    let retry_after = match settings.retry_after {
        RetryAfter::Window => u32::try_from(left.div_euclid(1000) + 1).ok(),
        RetryAfter::Seconds(seconds) => Some(seconds),
        RetryAfter::Missing => None,
    };
    Exceeded { retry_after }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minute_is_shared_by_all_and_begins_anew() {
        let settings = Settings { per_minute: Some(4), foreign_load: 2, ..Settings::default() };
        let mut budget = Budget::default();
        let start = 100 * MINUTE;
        let mut ask = |user, at| {
            let (allowance, admitted) = budget.admit(user, &settings, start + at);
            (allowance.remaining, admitted.err().map(|it| it.retry_after))
        };
        assert_eq!([ask(1, 0), ask(2, 0), ask(1, 0)], [(3, None), (2, None), (1, None)]);
        // The others have spent one by now.
        assert_eq!(ask(1, 30_000), (0, Some(Some(31))));
        assert_eq!(ask(1, MINUTE), (3, None));
    }

    #[test]
    fn users_and_exports_have_limits_of_their_own() {
        let settings = Settings { per_user: Some(1), exports_per_minute: 1, ..Settings::default() };
        let settings = Settings { retry_after: RetryAfter::Missing, ..settings };
        let mut budget = Budget::default();
        assert!(budget.admit(1, &settings, 0).1.is_ok());
        assert!(budget.admit(2, &settings, 0).1.is_ok());
        assert_eq!(budget.admit(2, &settings, 1).1.unwrap_err().retry_after, None);
        assert!(budget.admit_export(&settings, 1).is_ok());
        assert!(budget.admit_export(&settings, 2).is_err());
        assert!(budget.admit_export(&settings, MINUTE).is_ok());
    }
}
