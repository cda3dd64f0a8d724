//! Bulk jobs: posted now, done later, item by item; and what is said of them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::BASE;
use super::clock::{Millis, millis};
use super::error::Refusal;
use super::job_results::{Done, shown};
use super::permissions::{Actor, Right};
use super::schema::Object;
use super::settings::{JobOutcome, JobSettings};
use super::state::State;
use super::write::Unnamed;

/// Items in one job at most.
pub(crate) const MAX_ITEMS: usize = 100;

/// What a job does with its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    Create,
    Update,
    CreateOrUpdateByExternalId,
    CreateOrUpdateByName,
    Delete,
    DeleteByExternalId,
}

impl Action {
    /// Rights of which the asker needs at least one; each item is asked again.
    fn rights(self) -> &'static [Right] {
        match self {
            Self::Create => &[Right::Create],
            Self::Update => &[Right::Update],
            Self::CreateOrUpdateByExternalId | Self::CreateOrUpdateByName => &[Right::Create, Right::Update],
            Self::Delete | Self::DeleteByExternalId => &[Right::Delete],
        }
    }
}

/// A job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub number: u64,
    pub id: String,
    object: String,
    action: Action,
    items: Vec<Value>,
    actor: Actor,
    posted_at: Millis,
    settings: JobSettings,
    /// What became of the items that were taken up.
    done: Vec<Done>,
}

impl Job {
    /// Items that will ever be taken up.
    fn n_to_do(&self) -> usize {
        match self.settings.outcome {
            JobOutcome::Completed | JobOutcome::Forgotten => self.items.len(),
            JobOutcome::Failed | JobOutcome::Killed | JobOutcome::Never => self.items.len() / 2,
        }
    }

    /// When an item is taken up.
    fn due(&self, index: usize) -> Millis {
        let begin = self.posted_at + millis(self.settings.queued_ms);
        let place = millis(index as u64 + 1);
        begin + millis(self.settings.working_ms) * place / millis(self.items.len().max(1) as u64)
    }

    fn ends_at(&self) -> Option<Millis> {
        let is_endless = self.settings.outcome == JobOutcome::Never;
        (!is_endless).then(|| self.due(self.items.len().saturating_sub(1)))
    }

    fn is_open(&self, now: Millis) -> bool {
        self.ends_at().is_none_or(|it| now < it)
    }

    fn status(&self, now: Millis) -> &'static str {
        if now < self.posted_at + millis(self.settings.queued_ms) {
            "queued"
        } else if self.is_open(now) {
            "working"
        } else {
            match self.settings.outcome {
                JobOutcome::Failed => "failed",
                JobOutcome::Killed => "killed",
                JobOutcome::Completed | JobOutcome::Never | JobOutcome::Forgotten => "completed",
            }
        }
    }

    /// The job as the API shows it.
    fn in_api(&self, now: Millis) -> Value {
        let status = self.status(now);
        let is_final = !self.is_open(now);
        let results = shown(self.settings.results, &self.done).filter(|_| is_final);
        let message = match status {
            "completed" => Value::from(format!("Completed at {}", super::clock::iso(now))),
            "failed" | "killed" => Value::from("The job could not be finished"),
            _ => Value::Null,
        };
        json!({
            "id": self.id, "job_type": "Bulk Custom Object Record Job", "status": status, "total": self.items.len(),
            "progress": if status == "queued" { Value::Null } else { Value::from(self.done.len()) },
            "message": message, "results": results,
            "url": format!("{BASE}/api/v2/job_statuses/{}.json", self.id),
        })
    }
}

/// All jobs, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    list: Vec<Job>,
    last_number: u64,
    unsaved: Vec<u64>,
    gone: Vec<u64>,
}

impl Jobs {
    pub(crate) fn open(list: Vec<Job>) -> Self {
        let last_number = list.last().map_or(0, |it| it.number);
        Self { list, last_number, unsaved: Vec::new(), gone: Vec::new() }
    }

    /// Jobs that are queued or working.
    pub(crate) fn n_open(&self, now: Millis) -> usize {
        self.list.iter().filter(|it| it.is_open(now)).count()
    }

    /// A job that is still remembered, as the API shows it.
    pub(crate) fn in_api(&self, id: &str, now: Millis) -> Option<Value> {
        let job = self.list.iter().find(|it| it.id == id)?;
        (job.settings.outcome != JobOutcome::Forgotten).then(|| job.in_api(now))
    }

    /// All that are remembered, latest first.
    pub(crate) fn all_in_api(&self, now: Millis) -> Vec<Value> {
        self.list.iter().rev().filter_map(|it| self.in_api(&it.id, now)).collect()
    }

    /// What is to be written down, and which numbers are to be forgotten.
    pub(crate) fn take_unsaved(&mut self) -> (Vec<Job>, Vec<u64>) {
        let unsaved = std::mem::take(&mut self.unsaved);
        let jobs = self.list.iter().filter(|it| unsaved.contains(&it.number)).cloned().collect();
        (jobs, std::mem::take(&mut self.gone))
    }

    fn forget_old(&mut self, now: Millis) {
        let n_ended = self.list.iter().filter(|it| !it.is_open(now)).count();
        let mut n_seen = 0;
        let gone = &mut self.gone;
        self.list.retain(|job| {
            let Some(ended) = job.ends_at().filter(|it| *it <= now) else { return true };
            n_seen += 1;
            let is_kept = n_ended - n_seen < job.settings.n_kept
                && now < ended + millis(job.settings.kept_s.saturating_mul(1000));
            if !is_kept {
                gone.push(job.number);
            }
            is_kept
        });
    }
}

impl State {
    /// Takes a job; it is done later.
    pub(crate) fn post_job(
        &mut self,
        key: &str,
        body: &Value,
        id: String,
        actor: &Actor,
        now: Millis,
    ) -> Result<Value, Refusal> {
        let object = self.object(key)?;
        let job = &body["job"];
        let action: Action = serde_json::from_value(job["action"].clone())
            .map_err(|_| Refusal::invalid("action", "InvalidValue", "action is not known"))?;
        needs_one(action, object, actor)?;
        let Some(items) = job["items"].as_array() else {
            return Err(Refusal::invalid("items", "BlankValue", "items has to be an array"));
        };
        if items.is_empty() || MAX_ITEMS < items.len() {
            return Err(Refusal::invalid("items", "InvalidValue", "A job takes 1 to 100 items"));
        }
        let settings = self.settings.jobs.clone();
        if settings.max_open <= self.jobs.n_open(now) {
            let status = axum::http::StatusCode::from_u16(settings.too_many_status)
                .unwrap_or(axum::http::StatusCode::TOO_MANY_REQUESTS);
            let text = "Too many jobs are queued or running".to_owned();
            return Err(Refusal::Limit { status, error: "TooManyJobs", text });
        }
        let jobs = &mut self.jobs;
        jobs.last_number += 1;
        let number = jobs.last_number;
        let (object, actor, items) = (key.to_owned(), actor.clone(), items.clone());
        let done = Vec::with_capacity(items.len());
        let job = Job { number, id, object, action, items, actor, posted_at: now, settings, done };
        let mut shown = job.in_api(now);
        // Whatever the settings say, the first word is this.
        shown["status"] = Value::from("queued");
        shown["progress"] = Value::Null;
        shown["message"] = Value::Null;
        shown["results"] = Value::Null;
        jobs.unsaved.push(number);
        jobs.list.push(job);
        Ok(json!({"job_status": shown}))
    }

    /// Does at once what jobs still have to do; those that end are at their end.
    pub(crate) fn advance_all(&mut self) {
        for job in &mut self.jobs.list {
            job.settings.queued_ms = 0;
            job.settings.working_ms = 0;
        }
        self.advance(super::clock::now());
    }

    /// Does what jobs have to do until now.
    pub(crate) fn advance(&mut self, now: Millis) {
        for at in 0..self.jobs.list.len() {
            let Some(job) = self.jobs.list.get_mut(at) else { break };
            let n_to_do = job.n_to_do();
            if n_to_do <= job.done.len() || now < job.due(job.done.len()) {
                continue;
            }
            // Items change records, for which the whole state is needed.
            let mut job = job.clone();
            while job.done.len() < n_to_do && job.due(job.done.len()) <= now {
                let index = job.done.len();
                let due = job.due(index);
                let item = job.items.get(index).cloned().unwrap_or_default();
                let done = self.do_item(&job, &item, due);
                job.done.push(done);
            }
            self.jobs.unsaved.push(job.number);
            if let Some(place) = self.jobs.list.get_mut(at) {
                *place = job;
            }
        }
        self.jobs.forget_old(now);
    }

    fn do_item(&mut self, job: &Job, item: &Value, now: Millis) -> Done {
        let result = self.try_item(job, item, now);
        let action = match job.action {
            Action::Create => "create",
            Action::Delete | Action::DeleteByExternalId => "delete",
            _ => "update",
        };
        match result {
            Ok((id, record)) => Done::well(action, id, record),
            Err(refusal) => Done::failed(action, item["id"].as_str(), &refusal),
        }
    }

    /// The id, and the whole record unless it is gone.
    fn try_item(&mut self, job: &Job, item: &Value, now: Millis) -> Result<(String, Option<Value>), Refusal> {
        let (key, actor) = (job.object.as_str(), &job.actor);
        let unnamed = if job.settings.keeps_fields { Unnamed::Keep } else { Unnamed::Clear };
        let record = match job.action {
            Action::Create => self.create(key, item, actor, now)?,
            Action::Update => {
                let id = item["id"].as_str().unwrap_or_default();
                let old = self.record_of_id(key, id)?.ok_or(Refusal::NotFound)?;
                // The documentation leaves only upserts open: an update changes what is given.
                self.update(key, &old, item, Unnamed::Keep, actor, now)?
            }
            Action::CreateOrUpdateByExternalId => {
                let Some(external_id) = item["external_id"].as_str().filter(|it| !it.is_empty()) else {
                    return Err(Refusal::invalid(
                        "external_id",
                        "BlankValue",
                        "External ID: cannot be blank",
                    ));
                };
                self.upsert(key, external_id, item, unnamed, actor, now)?
            }
            // Names are unique only in objects that are set up so, which these never are.
            Action::CreateOrUpdateByName => {
                return Err(Refusal::invalid("name", "InvalidValue", "Name: is not unique in this object"));
            }
            Action::Delete | Action::DeleteByExternalId => {
                let id = item.as_str().unwrap_or_default();
                let old = match job.action {
                    Action::Delete => self.record_of_id(key, id)?,
                    _ => self.record_of_external_id(key, id)?,
                };
                let old = old.ok_or(Refusal::NotFound)?;
                self.delete(key, &old, actor, now)?;
                return Ok((old.id, None));
            }
        };
        let shown = record.in_api(self.object(key)?, &self.settings);
        Ok((record.id, Some(shown)))
    }
}

fn needs_one(action: Action, object: &Object, actor: &Actor) -> Result<(), Refusal> {
    let may = action.rights().iter().any(|right| actor.may(*right, object));
    if may { Ok(()) } else { Err(Refusal::Forbidden) }
}
