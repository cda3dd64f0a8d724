//! What the app tells the relay of the account: the same settings that it checks and sends by itself.

use cxconnect_core::{
    check::{CheckConfig, Decisions, OptOuts},
    dispatch::Rate,
    phone::Country,
    quota::{Period, RenewalDay},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Ms,
    db::{Db, DbError},
    failure::{self, Failure},
    schema,
};

/// Where they are kept.
const KEY: &str = "settings";
/// Webhooks that may be active where nobody has said otherwise (user manual, "Configuración de integraciones": 1/5).
const WEBHOOKS: u32 = 5;
/// Messages that may wait.
const QUEUE: u32 = 10_000;
/// Calls a minute of one webhook.
const PER_MINUTE: u32 = 600;
/// Hours after which a message that could not leave is given up: nobody wants yesterday's notice.
const WAIT_HOURS: u32 = 24;
/// The largest of each number.
const MOST: u32 = 1_000_000;

/// The account's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The country in which a number without country code would be dialled: `MX`.
    pub default_country: Option<String>,
    /// Numbers to which nothing is sent: one a line.
    pub opt_outs: String,
    /// The templates' namespace, where the account has one.
    pub namespace: Option<String>,
    /// Messages a second to SunCo, 1 to 80.
    pub rate_per_second: u32,
    /// Webhooks that may be active.
    pub webhook_limit: u32,
    /// Calls a minute of one webhook.
    pub webhook_rate_per_minute: u32,
    /// Messages that may wait.
    pub queue_limit: u32,
    /// Hours after which a message that could not leave is given up.
    pub max_wait_hours: u32,
    /// The relay's part of the package. Until the app has granted one nothing is sent.
    pub allotment: Allotment,
}

/// The relay's part of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Allotment {
    /// Messages a period.
    pub messages: u32,
    /// The day of the month on which the package renews.
    pub renewal_day: u8,
}

impl Default for Allotment {
    fn default() -> Self {
        Self { messages: 0, renewal_day: 1 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            default_country: None,
            opt_outs: String::new(),
            namespace: None,
            rate_per_second: Rate::DEFAULT.per_second(),
            webhook_limit: WEBHOOKS,
            webhook_rate_per_minute: PER_MINUTE,
            queue_limit: QUEUE,
            max_wait_hours: WAIT_HOURS,
            allotment: Allotment::default(),
        }
    }
}

/// Settings with what follows from them.
#[derive(Clone, Debug)]
pub struct Known {
    /// As they are kept.
    pub settings: Settings,
    /// What messages are checked by.
    pub check: CheckConfig,
}

/// The period that a moment is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InPeriod {
    /// Its first day, which names it: `2026-11-10`.
    pub name: String,
    /// When the next one begins.
    pub renews_at: Ms,
}

impl Settings {
    /// Those that are kept, or the usual ones.
    pub fn load<D: Db>(db: &D) -> Result<Self, DbError> {
        let kept = schema::meta(db, KEY)?;
        // What another version kept and this one can't read is not guessed at: opt-outs may be in it.
        kept.map_or_else(
            || Ok(Self::default()),
            |json| serde_json::from_str(&json).map_err(|error| DbError(format!("settings: {error}"))),
        )
    }

    /// Keeps them.
    pub fn save<D: Db>(&self, db: &D) -> Result<(), DbError> {
        let json = serde_json::to_string(self).map_err(|error| DbError(format!("settings: {error}")))?;
        schema::set_meta(db, KEY, &json)
    }

    /// The same with these members changed.
    pub fn changed(&self, changes: &Value) -> Result<Self, Failure> {
        let Value::Object(changes) = changes else { return Err(failure::malformed("no es un objeto")) };
        let mut json = serde_json::to_value(self).map_err(|_| failure::malformed("no se puede combinar"))?;
        if let Value::Object(members) = &mut json {
            for (name, value) in changes {
                match (members.get_mut(name), value) {
                    (Some(Value::Object(inner)), Value::Object(new)) => {
                        inner.extend(new.iter().map(|(name, value)| (name.clone(), value.clone())));
                    }
                    (Some(member), value) => *member = value.clone(),
                    (None, _) => return Err(failure::invalid(name, "No hay ninguna opción con ese nombre.")),
                }
            }
        }
        let settings: Self =
            serde_json::from_value(json).map_err(|error| failure::malformed(&error.to_string()))?;
        settings.validated()
    }

    fn validated(self) -> Result<Self, Failure> {
        if let Some(country) = &self.default_country
            && Country::parse(country).is_none()
        {
            return Err(failure::invalid("default_country", "No es el código de un país, como MX."));
        }
        if !(1..=Rate::MAX.per_second()).contains(&self.rate_per_second) {
            return Err(failure::invalid("rate_per_second", "Va de 1 a 80."));
        }
        let counts = [
            ("webhook_limit", self.webhook_limit, 0),
            ("webhook_rate_per_minute", self.webhook_rate_per_minute, 1),
            ("queue_limit", self.queue_limit, 1),
            ("max_wait_hours", self.max_wait_hours, 1),
            ("allotment.messages", self.allotment.messages, 0),
        ];
        for (field, value, least) in counts {
            let most = match field {
                "allotment.messages" => MOST.saturating_mul(100),
                // A call a millisecond, which is what the limit reckons by.
                "webhook_rate_per_minute" => 60_000,
                _ => MOST,
            };
            if !(least..=most).contains(&value) {
                return Err(failure::invalid(field, &format!("Va de {least} a {most}.")));
            }
        }
        if RenewalDay::new(self.allotment.renewal_day).is_none() {
            return Err(failure::invalid("allotment.renewal_day", "Va de 1 a 31."));
        }
        Ok(self)
    }

    /// With what follows from them.
    pub fn known(self) -> Known {
        let default_country = self.default_country.as_deref().and_then(Country::parse);
        let opt_outs = OptOuts::parse(&self.opt_outs, default_country.as_ref());
        let check = CheckConfig { default_country, opt_outs, decisions: Decisions::default() };
        Known { settings: self, check }
    }

    /// The package's period, which begins at midnight UTC as it does in the app.
    pub fn period(&self, now: Ms) -> InPeriod {
        let renewal = RenewalDay::new(self.allotment.renewal_day).or_else(|| RenewalDay::new(1));
        let (Some(renewal), Ok(moment)) = (renewal, u64::try_from(now)) else {
            return InPeriod { name: "1970-01-01".to_owned(), renews_at: now };
        };
        let period = Period::at(moment, renewal);
        InPeriod { name: period.from.to_string(), renews_at: Ms::try_from(period.end()).unwrap_or(Ms::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_named_changes() {
        let settings = Settings::default();
        let changed =
            settings.changed(&json!({"allotment": {"messages": 100}, "default_country": "MX"})).unwrap();
        assert_eq!(changed.allotment, Allotment { messages: 100, renewal_day: 1 });
        assert_eq!(changed.rate_per_second, 8);
        let again = changed.changed(&json!({"default_country": null})).unwrap();
        assert_eq!((again.default_country, again.allotment.messages), (None, 100));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for wrong in [
            json!([]),
            json!({"x": 1}),
            json!({"rate_per_second": 0}),
            json!({"rate_per_second": 81}),
            json!({"rate_per_second": "8"}),
            json!({"allotment": {"renewal_day": 32}}),
            json!({"allotment": {"x": 1}}),
            json!({"allotment": 7}),
            json!({"default_country": "XX"}),
            json!({"queue_limit": 0}),
            json!({"webhook_limit": -1}),
        ] {
            let status = Settings::default().changed(&wrong).unwrap_err().status;
            assert!(matches!(status, 400 | 422), "{wrong}");
        }
    }

    #[test]
    fn the_period_is_the_packages() {
        let mut settings = Settings::default();
        settings.allotment.renewal_day = 10;
        // 2026-11-27T00:00:00Z
        let period = settings.period(1_795_737_600_000);
        assert_eq!(period.name, "2026-11-10");
        // 2026-12-10T00:00:00Z
        assert_eq!(period.renews_at, 1_796_860_800_000);
    }
}
