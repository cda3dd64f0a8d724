//! How the fake behaves where the real thing is slow, limited or unknown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How custom objects behave. Where the platform's behaviour is [unknown], the default is the awkward answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The account's plan: how many requests, objects, and whether roles can be made.
    pub plan: Plan,
    /// The account's requests per minute; without it, the plan's.
    pub per_minute: Option<u32>,
    /// Requests per minute that others make, spread evenly over the minute.
    pub foreign_load: u32,
    /// Requests per minute of one user and app: exists, but how many is [unknown]; without it, no limit.
    pub per_user: Option<u32>,
    /// What a 429 says of when to come back.
    pub retry_after: RetryAfter,
    /// Each request to custom objects, jobs and roles takes so much longer.
    pub delay_ms: u64,
    /// Search, autocomplete and count see changes so much later.
    pub search_lag_ms: u64,
    /// Where search takes `sort` and `page` from [unknown].
    pub search_paging: SearchPaging,
    /// What becomes of a `page[size]` beyond 100 [unknown].
    pub page_size: PageSize,
    /// How jobs run; each keeps what was set when it was posted.
    pub jobs: JobSettings,
    /// How numbers are shown [unknown].
    pub numbers_as: ValueForm,
    /// How lookups are shown [unknown].
    pub lookups_as: ValueForm,
    /// Whether no two fields of the account may share an option's value [unknown].
    pub unique_options: bool,
    /// The export never includes the latest so many seconds.
    pub export_hold_back_s: u32,
    /// Exports per minute.
    pub exports_per_minute: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            plan: Plan::Enterprise,
            per_minute: None,
            foreign_load: 0,
            per_user: None,
            retry_after: RetryAfter::Window,
            delay_ms: 0,
            search_lag_ms: 2000,
            search_paging: SearchPaging::Both,
            page_size: PageSize::Refuse,
            jobs: JobSettings::default(),
            numbers_as: ValueForm::Number,
            lookups_as: ValueForm::String,
            unique_options: true,
            export_hold_back_s: 60,
            exports_per_minute: 10,
        }
    }
}

impl Settings {
    /// The same with some of them changed, as JSON names them; nested ones are merged too.
    pub(crate) fn changed(&self, changes: &Map<String, Value>) -> Result<Self, serde_json::Error> {
        let mut all = serde_json::to_value(self)?;
        for (name, value) in changes {
            match (all.get_mut(name), value) {
                (Some(Value::Object(nested)), Value::Object(given)) => nested.extend(given.clone()),
                _ => all[name.as_str()] = value.clone(),
            }
        }
        serde_json::from_value(all)
    }

    /// The account's requests per minute.
    pub(crate) fn limit(&self) -> u32 {
        self.per_minute.unwrap_or(self.plan.per_minute())
    }
}

/// The account's plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// A plan without custom objects.
    SupportTeam,
    /// Suite Team.
    Team,
    /// Suite Growth.
    Growth,
    /// Suite Professional.
    Professional,
    /// Suite Enterprise, which has custom roles.
    #[default]
    Enterprise,
    /// Suite Enterprise Plus.
    EnterprisePlus,
}

impl Plan {
    /// Requests per minute.
    pub fn per_minute(self) -> u32 {
        match self {
            Self::SupportTeam | Self::Team => 200,
            Self::Growth | Self::Professional => 400,
            Self::Enterprise => 700,
            Self::EnterprisePlus => 2500,
        }
    }

    /// Custom objects an account may have.
    pub fn n_objects(self) -> usize {
        match self {
            Self::SupportTeam => 0,
            Self::Team => 3,
            Self::Growth => 5,
            Self::Professional => 30,
            Self::Enterprise | Self::EnterprisePlus => 50,
        }
    }

    /// Whether admins can make roles.
    pub fn has_custom_roles(self) -> bool {
        matches!(self, Self::Enterprise | Self::EnterprisePlus)
    }

    /// As the agent's page names it.
    pub(crate) fn in_page(self) -> &'static str {
        match self {
            Self::SupportTeam => "support_team",
            Self::Team => "suite_team",
            Self::Growth => "suite_growth",
            Self::Professional => "suite_professional",
            Self::Enterprise => "suite_enterprise",
            Self::EnterprisePlus => "suite_enterprise_plus",
        }
    }
}

/// What a 429 says of when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// The seconds until the minute is over.
    Window,
    /// That many seconds.
    Seconds(u32),
    /// Nothing.
    Missing,
}

/// Where search takes `sort` and `page` from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchPaging {
    /// The address only; in the body they are not looked at.
    Query,
    /// The body only; in the address they are not looked at.
    Body,
    /// Either; the address counts first.
    Both,
}

/// What becomes of a `page[size]` beyond 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageSize {
    /// It means 100.
    Clamp,
    /// 400.
    Refuse,
}

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueForm {
    /// A JSON number.
    Number,
    /// A JSON string.
    String,
}

/// How jobs run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobSettings {
    /// How long a job is `queued`.
    pub queued_ms: u64,
    /// How long it is `working`; its items are applied one after the other meanwhile.
    pub working_ms: u64,
    /// How it ends.
    pub outcome: JobOutcome,
    /// How it tells of its items.
    pub results: ResultShape,
    /// The status of the answer to the post: documented is 201, 200 and 202 are to be accepted too.
    pub status: u16,
    /// Whether an upsert in a job keeps the fields that it does not name [unknown].
    pub keeps_fields: bool,
    /// Jobs that may be queued or working at once.
    pub max_open: usize,
    /// The status of a job too many: 429 or 422 [unknown].
    pub too_many_status: u16,
    /// How long an ended job is remembered: a day, in older documents an hour.
    pub kept_s: u64,
    /// How many ended jobs are remembered.
    pub n_kept: usize,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self {
            queued_ms: 300,
            working_ms: 700,
            outcome: JobOutcome::Completed,
            results: ResultShape::Mixed,
            status: 201,
            keeps_fields: false,
            max_open: 30,
            too_many_status: 429,
            kept_s: 3600,
            n_kept: 100,
        }
    }
}

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// `completed`, which says nothing of its items.
    Completed,
    /// `failed`, when half of the items were applied.
    Failed,
    /// `killed`, when half of the items were applied.
    Killed,
    /// It works forever, when half of the items were applied.
    Never,
    /// All items are applied, but its status is 404 from the first.
    Forgotten,
}

/// How a job tells of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultShape {
    /// `{"id","index"}`, `{"index","error","details"}`.
    Indexed,
    /// `{"id","action","status","success"}`, `{"id","index","error","success":false}`.
    Verbose,
    /// `{"id","index"}`, `{"status":"failed","errors":[…]}`.
    Errors,
    /// Whole records, and failures as in `Indexed`.
    Records,
    /// No results at all.
    Null,
    /// Each item in another of the shapes.
    Mixed,
}
