//! Who uses the app, as Zendesk's own API knows them.

use cxconnect_sunco::{Method, Transport};
use serde_json::Value;

use crate::{LedgerError, Objects};

/// What a person is in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// May do everything.
    Admin,
    /// Zendesk's own role for agents: may read and write records.
    Agent,
    /// May only look: a light agent. Zendesk lets nobody change that.
    LightAgent,
    /// May only look, likewise.
    Contributor,
    /// A role that an admin made (Enterprise), by its id: may do what an admin has granted.
    Custom(String),
    /// Anybody else.
    Other,
}

/// Whoever uses the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Zendesk's id.
    pub id: String,
    /// What they are.
    pub role: Role,
}

impl Person {
    fn read(json: &Value) -> Option<Self> {
        let user = &json["user"];
        // Ids come as numbers, or as texts.
        let id = |value: &Value| {
            value.as_u64().map(|id| id.to_string()).or_else(|| value.as_str().map(ToOwned::to_owned))
        };
        let role = match (user["role"].as_str()?, user["role_type"].as_u64()) {
            ("admin", _) => Role::Admin,
            (_, Some(1)) => Role::LightAgent,
            (_, Some(3)) => Role::Contributor,
            ("agent", _) => id(&user["custom_role_id"]).map_or(Role::Agent, Role::Custom),
            _ => Role::Other,
        };
        Some(Self { id: id(&user["id"])?, role })
    }
}

impl<T: Transport> Objects<T> {
    /// Whoever uses the app.
    pub async fn person(&self) -> Result<Person, LedgerError> {
        let json = self.call(Method::Get, "/api/v2/users/me".to_owned(), None).await?;
        Person::read(&json).ok_or(LedgerError::NotUnderstood("no user"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn role(user: &Value) -> Option<Role> {
        let mut user = user.clone();
        user["id"] = 7.into();
        Person::read(&json!({"user": user})).map(|person| person.role)
    }

    #[test]
    fn every_kind_of_person_is_told_apart() {
        assert_eq!(role(&json!({"role": "admin", "role_type": 4, "custom_role_id": 12})), Some(Role::Admin));
        assert_eq!(
            role(&json!({"role": "agent", "role_type": null, "custom_role_id": null})),
            Some(Role::Agent)
        );
        assert_eq!(
            role(&json!({"role": "agent", "role_type": 1, "custom_role_id": 1})),
            Some(Role::LightAgent)
        );
        assert_eq!(
            role(&json!({"role": "agent", "role_type": 3, "custom_role_id": 1})),
            Some(Role::Contributor)
        );
        let custom = json!({"role": "agent", "role_type": 0, "custom_role_id": 6_678_128_880_003_u64});
        assert_eq!(role(&custom), Some(Role::Custom("6678128880003".to_owned())));
        assert_eq!(role(&json!({"role": "end-user"})), Some(Role::Other));
        assert_eq!(Person::read(&json!({"user": null})), None);
    }
}
