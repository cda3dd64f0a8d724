//! Who may do what with an object's records.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::Refusal;
use super::schema::Object;
use crate::people::{CustomRole, Person};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Actor {
    pub user_id: u64,
    pub role: Role,
}

/// What the asker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Admin,
    /// The system role Agent.
    Agent,
    LightAgent,
    Contributor,
    /// A role that an admin made, by its id.
    Custom(u64),
}

/// A right on an object's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    Read,
    Create,
    Update,
    Delete,
}

/// What a role may do with an object's records. Without an admin's word: nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the platform grants each right by itself")]
pub struct Policy {
    /// See them.
    pub read: bool,
    /// Add some.
    pub create: bool,
    /// Edit them.
    pub update: bool,
    /// Delete them.
    pub delete: bool,
}

impl Policy {
    /// What the seed's role with a policy may do, as if an admin had granted it: everything but delete.
    pub(crate) const GRANTED: Self = Self { read: true, create: true, update: true, delete: false };

    fn allows(self, right: Right) -> bool {
        match right {
            Right::Read => self.read,
            Right::Create => self.create,
            Right::Update => self.update,
            Right::Delete => self.delete,
        }
    }
}

impl Actor {
    pub(crate) fn of(person: &Person) -> Self {
        let role = match (person.role.as_str(), person.role_type, person.custom_role_id) {
            ("admin", ..) => Role::Admin,
            (_, Some(1), _) => Role::LightAgent,
            (_, Some(3), _) => Role::Contributor,
            (_, _, Some(id)) => Role::Custom(id),
            _ => Role::Agent,
        };
        Self { user_id: person.id, role }
    }

    pub(crate) fn may(&self, right: Right, object: &Object) -> bool {
        match self.role {
            Role::Admin | Role::Agent => true,
            Role::LightAgent | Role::Contributor => right == Right::Read,
            Role::Custom(id) => object.policies.get(&id).is_some_and(|it| it.allows(right)),
        }
    }

    pub(crate) fn needs(&self, right: Right, object: &Object) -> Result<(), Refusal> {
        if self.may(right, object) { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    pub(crate) fn needs_admin(&self) -> Result<(), Refusal> {
        if self.role == Role::Admin { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// Who a policy is for: a custom role, or end users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Role(u64),
    EndUsers,
}

impl Holder {
    /// Reads `custom-role-{id}` or `end-user`; only roles that admins made have policies.
    pub(crate) fn read(id: &str, roles: &[CustomRole]) -> Option<Self> {
        if id == "end-user" {
            return Some(Self::EndUsers);
        }
        let id = id.strip_prefix("custom-role-")?.parse().ok()?;
        roles.iter().any(|it| it.id == id && it.role_type == 0).then_some(Self::Role(id))
    }
}

/// A policy as the API shows it.
pub(crate) fn in_api(holder: Holder, object: &Object, roles: &[CustomRole]) -> Value {
    let (id, name, policy) = match holder {
        Holder::Role(id) => {
            let name = roles.iter().find(|it| it.id == id).map_or("", |it| it.name.as_str());
            (format!("custom-role-{id}"), name, object.policies.get(&id).copied().unwrap_or_default())
        }
        Holder::EndUsers => ("end-user".to_owned(), "End user", object.end_users),
    };
    let right = |is_allowed: bool| json!({"allowed": is_allowed, "rule_id": null});
    json!({"id": id, "role_name": name, "records": {
        "read": right(policy.read), "create": right(policy.create),
        "update": right(policy.update), "delete": right(policy.delete)}})
}

/// A policy with the rights that a body names changed.
pub(crate) fn changed(mut policy: Policy, given: &Value) -> Result<Policy, Refusal> {
    let records = &given["records"];
    let rights = [
        ("read", &mut policy.read),
        ("create", &mut policy.create),
        ("update", &mut policy.update),
        ("delete", &mut policy.delete),
    ];
    for (name, right) in rights {
        match &records[name] {
            Value::Null => (),
            it => {
                // Rules on single records are not here, so no rule has an id that could be named.
                if !it["rule_id"].is_null() {
                    return Err(Refusal::invalid(name, "InvalidValue", "rule_id names no access rule"));
                }
                let Some(is_allowed) = it["allowed"].as_bool() else {
                    return Err(Refusal::invalid(name, "InvalidValue", "allowed has to be true or false"));
                };
                *right = is_allowed;
            }
        }
    }
    if (policy.create || policy.update || policy.delete) && !policy.read {
        return Err(Refusal::invalid("read", "InvalidValue", "Writing needs reading to be allowed"));
    }
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_changes_by_the_rights_that_are_named_and_writing_needs_reading() {
        let grant = |name: &str| json!({"records": {name: {"allowed": true, "rule_id": null}}});
        let reader = changed(Policy::default(), &grant("read")).unwrap();
        assert_eq!(reader, Policy { read: true, ..Policy::default() });
        assert_eq!(changed(reader, &grant("create")).unwrap(), Policy { create: true, ..reader });
        assert!(changed(Policy::default(), &grant("delete")).is_err());
        assert!(changed(reader, &json!({"records": {"read": {"allowed": true, "rule_id": 7}}})).is_err());
    }
}
