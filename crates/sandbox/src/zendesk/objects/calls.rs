//! Which call is answered by what.

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::call::Call;
use super::clock::Millis;
use super::error::{Refusal, answer};
use super::permissions::{self, Actor, Holder, Right};
use super::settings::Plan;
use super::state::State;
use super::{Objects, lock};

/// What a call answers when it went well: a status and JSON, or nothing.
pub(super) enum Reply {
    Ok(Value),
    Created(Value),
    Status(StatusCode, Value),
    Gone,
}

impl Objects {
    /// Does what a call asks for. What jobs have to do comes first; what changed is written down at the end.
    pub(super) fn call(&self, call: &Call, actor: &Actor, now: Millis) -> Result<Response, Refusal> {
        let mut state = lock(&self.state);
        state.advance(now);
        let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
        // An export too many is turned away with its own words.
        if let ["incremental", "custom_objects", _, "cursor"] = words.as_slice()
            && let Err(exceeded) = lock(&self.budget).admit_export(&state.settings, now)
        {
            return Ok(exceeded.into_response());
        }
        let reply = match words.as_slice() {
            ["custom_objects", key, "jobs"] if call.method == Method::POST => {
                let id = self.fresh.hex(32);
                let reply = state.post_job(key, &call.json()?, id, actor, now);
                let status = StatusCode::from_u16(state.settings.jobs.status).unwrap_or(StatusCode::CREATED);
                reply.map(|it| Reply::Status(status, it))
            }
            words => state.call(words, call, actor, now),
        };
        // Also what jobs have done meanwhile, even if the call itself is refused.
        state.flush()?;
        Ok(match reply? {
            Reply::Ok(body) => answer(StatusCode::OK, &body),
            Reply::Created(body) => answer(StatusCode::CREATED, &body),
            Reply::Status(status, body) => answer(status, &body),
            Reply::Gone => StatusCode::NO_CONTENT.into_response(),
        })
    }
}

impl State {
    fn call(&mut self, words: &[&str], call: &Call, actor: &Actor, now: Millis) -> Result<Reply, Refusal> {
        // Choice: on a plan without custom objects everything about them is forbidden.
        if self.settings.plan == Plan::SupportTeam && matches!(words, ["custom_objects" | "incremental", ..])
        {
            return Err(Refusal::Forbidden);
        }
        match (&call.method, words) {
            (&Method::GET, ["job_statuses"]) => {
                let list = self.jobs.all_in_api(now);
                Ok(Reply::Ok(json!({"count": list.len(), "job_statuses": list})))
            }
            (&Method::GET, ["job_statuses", "show_many"]) => {
                let ids = call.query.list("ids").ok_or_else(|| Refusal::bad("ids is missing"))?;
                if super::jobs::MAX_ITEMS < ids.len() {
                    return Err(Refusal::bad("ids takes 100 ids at most"));
                }
                // Those that are forgotten are left out.
                let list: Vec<Value> = ids.iter().filter_map(|it| self.jobs.in_api(it, now)).collect();
                Ok(Reply::Ok(json!({"count": list.len(), "job_statuses": list})))
            }
            (&Method::GET, ["job_statuses", id]) => {
                let job = self.jobs.in_api(id, now).ok_or(Refusal::NotFound)?;
                Ok(Reply::Ok(json!({"job_status": job})))
            }
            (&Method::GET, ["custom_roles"]) => self.custom_roles(),
            (&Method::GET, ["incremental", "custom_objects", key, "cursor"]) => {
                self.export(key, call, actor, now).map(Reply::Ok)
            }
            (_, ["custom_objects", key, "permission_policies", rest @ ..]) => {
                self.policies(key, rest, call, actor)
            }
            (_, ["custom_objects", key, "records", rest @ ..]) => {
                actor.needs(Right::Read, self.object(key)?)?;
                self.record_call(key, rest, call, actor, now)
            }
            (_, ["custom_objects", rest @ ..]) => self.schema_call(rest, call, actor, now),
            _ => Err(Refusal::NotFound),
        }
    }

    /// Choice: on plans without custom roles there is no such address.
    fn custom_roles(&self) -> Result<Reply, Refusal> {
        if !self.settings.plan.has_custom_roles() {
            return Err(Refusal::NotFound);
        }
        let role = |it: &crate::people::CustomRole| {
            json!({"id": it.id, "name": it.name, "description": it.description, "role_type": it.role_type,
                   "team_member_count": 1, "configuration": {}})
        };
        let roles: Vec<Value> = self.people.custom_roles.iter().map(role).collect();
        Ok(Reply::Ok(
            json!({"count": roles.len(), "custom_roles": roles, "next_page": null, "previous_page": null}),
        ))
    }

    fn policies(&mut self, key: &str, rest: &[&str], call: &Call, actor: &Actor) -> Result<Reply, Refusal> {
        let people = self.people.clone();
        let roles = people.custom_roles.as_slice();
        let object = self.object(key)?;
        actor.needs_admin()?;
        let shown = |holder, object: &super::schema::Object| permissions::in_api(holder, object, roles);
        match (&call.method, rest) {
            (&Method::GET, []) => {
                let holders = roles.iter().filter(|it| it.role_type == 0).map(|it| Holder::Role(it.id));
                let list: Vec<Value> =
                    holders.chain([Holder::EndUsers]).map(|it| shown(it, object)).collect();
                Ok(Reply::Ok(json!({"policies": list})))
            }
            (&Method::GET, [id]) => {
                let holder = Holder::read(id, roles).ok_or(Refusal::NotFound)?;
                Ok(Reply::Ok(json!({"policy": shown(holder, object)})))
            }
            (&Method::PATCH, [id]) => {
                let holder = Holder::read(id, roles).ok_or(Refusal::NotFound)?;
                let given = call.json_of("policy")?;
                let object = self.object_mut(key)?;
                let policy = match holder {
                    Holder::Role(id) => object.policies.entry(id).or_default(),
                    Holder::EndUsers => &mut object.end_users,
                };
                *policy = permissions::changed(*policy, &given)?;
                Ok(Reply::Ok(json!({"policy": shown(holder, object)})))
            }
            _ => Err(Refusal::NotFound),
        }
    }
}
