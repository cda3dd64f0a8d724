//! What mends an account's objects.

use cxconnect_sunco::{Method, Transport};
use serde_json::{Map, Value, json};

use super::{Account, Finding, Grant, Policy, Right, findings};
use crate::{
    LedgerError, Objects,
    schema::{BATCH, Field, FieldType, OBJECTS, Object},
};

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Make an object, without its fields.
    MakeObject(Object),
    /// Make a field.
    MakeField {
        /// The object's key.
        object: &'static str,
        /// The field.
        field: Field,
    },
    /// Switch a field on again.
    SwitchOn {
        /// The object's key.
        object: &'static str,
        /// The field's key.
        field: &'static str,
    },
    /// Give a dropdown options, beside those that it has.
    AddOptions {
        /// The object's key.
        object: &'static str,
        /// The field's key.
        field: &'static str,
        /// The options' values.
        values: Vec<&'static str>,
    },
    /// Give a role rights, beside those that it has.
    Grant {
        /// The object's key.
        object: &'static str,
        /// The policy as it is.
        policy: Policy,
        /// The rights.
        rights: Vec<Right>,
    },
}

/// What mends an account: objects and fields, and of the roles those whose policies' ids are among `roles`.
///
/// The object of batches comes last. It is the first that a sending writes to: without it batches go out unrecorded, and with
/// it alone they would wait for the others.
pub fn steps(account: &Account, roles: &[String]) -> Vec<Step> {
    let findings = findings(account);
    let has_room = !findings.iter().any(|finding| matches!(finding, Finding::NoRoom { .. }));
    let mut objects: Vec<(&Object, bool)> = OBJECTS
        .iter()
        .zip(&account.objects)
        .map(|(object, found)| (object, found.is_none()))
        .filter(|(_, is_missing)| has_room || !is_missing)
        .collect();
    objects.sort_by_key(|(object, _)| object.key == BATCH);
    let mut steps = Vec::new();
    for (object, is_missing) in objects {
        if is_missing {
            steps.push(Step::MakeObject(*object));
            let fields = object.fields.iter();
            steps.extend(fields.map(|field| Step::MakeField { object: object.key, field: *field }));
        }
        let of_object = findings.iter().filter(|finding| finding.object() == Some(object.key));
        steps.extend(of_object.filter_map(of_finding));
    }
    for finding in &findings {
        let Finding::RoleWithout { policy, rights, .. } = finding else { continue };
        if roles.contains(policy) {
            steps.extend(rights.iter().filter_map(|(object, rights)| grant(account, object, policy, rights)));
        }
    }
    steps
}

fn of_finding(finding: &Finding) -> Option<Step> {
    match finding {
        Finding::FieldMissing { object, field } => Some(Step::MakeField { object, field: *field }),
        Finding::FieldOff { object, field } => Some(Step::SwitchOn { object, field }),
        Finding::OptionsMissing { object, field, values } => {
            Some(Step::AddOptions { object, field, values: values.clone() })
        }
        _ => None,
    }
}

fn grant(account: &Account, object: &'static str, policy: &str, rights: &[Right]) -> Option<Step> {
    let place = OBJECTS.iter().position(|it| it.key == object)?;
    let found = account.objects.get(place)?.as_ref()?;
    let policy = found.policies.iter().find(|it| it.id == policy)?.clone();
    Some(Step::Grant { object, policy, rights: rights.to_vec() })
}

impl<T: Transport> Objects<T> {
    /// Does a step.
    pub async fn mend(&self, step: &Step) -> Result<(), LedgerError> {
        let path = |object: &str, rest: &[&str]| ["/api/v2/custom_objects/", object, &rest.concat()].concat();
        let (method, path, body) = match step {
            Step::MakeObject(object) => {
                let body = json!({"custom_object": object.to_json()});
                (Method::Post, "/api/v2/custom_objects".to_owned(), body)
            }
            Step::MakeField { object, field } => {
                let body = json!({"custom_object_field": field.to_json()});
                (Method::Post, path(object, &["/fields"]), body)
            }
            Step::SwitchOn { object, field } => {
                let body = json!({"custom_object_field": {"active": true}});
                (Method::Patch, path(object, &["/fields/", field]), body)
            }
            Step::AddOptions { object, field, values } => {
                let path = path(object, &["/fields/", field]);
                // As they are now: what is not named would be removed.
                let there = self.call(Method::Get, path.clone(), None).await?;
                let options = &there["custom_object_field"]["custom_field_options"];
                let options = options.as_array().ok_or(LedgerError::NotUnderstood("no options"))?;
                let body = json!({"custom_object_field": {"custom_field_options": with(options, values)}});
                (Method::Patch, path, body)
            }
            Step::Grant { object, policy, rights } => {
                let body = json!({"policy": {"records": granted(policy, rights)}});
                (Method::Patch, path(object, &["/permission_policies/", &policy.id]), body)
            }
        };
        self.call(method, path, Some(body)).await.map(drop)
    }
}

/// Options, and those that they lack.
fn with(options: &[Value], values: &[&'static str]) -> Vec<Value> {
    let is_there = |value: &&&str| options.iter().any(|option| option["value"] == ***value);
    let missing = values.iter().filter(|value| !is_there(value)).map(|value| FieldType::option(value));
    options.iter().cloned().chain(missing).collect()
}

/// All rights of a policy, with some added. A right that a rule limits isn't named, and stays as it is.
fn granted(policy: &Policy, rights: &[Right]) -> Map<String, Value> {
    let given = |right: Right| match policy.grant(right) {
        Grant::Limited => None,
        grant => {
            let is_allowed = grant == Grant::Allowed || rights.contains(&right);
            Some((right.name().to_owned(), json!({"allowed": is_allowed, "rule_id": null})))
        }
    };
    Right::ALL.into_iter().filter_map(given).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_are_there_stay_as_they_are() {
        let there =
            [json!({"id": 3, "name": "De otro", "value": "x"}), json!({"id": 4, "name": "A", "value": "a"})];
        let all = with(&there, &["a", "b"]);
        assert_eq!(all[..2], there);
        assert_eq!(all[2..], [json!({"name": "b", "value": "b"})]);
    }

    #[test]
    fn a_grant_takes_nothing_away_and_touches_no_rule() {
        let grants = [Grant::Limited, Grant::Allowed, Grant::Denied, Grant::Denied];
        let policy = Policy { id: "custom-role-1".to_owned(), role: "Ventas".to_owned(), grants };
        let allowed = |is_allowed: bool| json!({"allowed": is_allowed, "rule_id": null});
        let body = granted(&policy, &[Right::Update]);
        assert_eq!(
            Value::from(body),
            json!({"create": allowed(true), "update": allowed(true), "delete": allowed(false)})
        );
    }
}
