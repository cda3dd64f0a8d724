//! What an account has.

use cxconnect_sunco::{Method, Transport};
use serde_json::Value;

use crate::{
    LedgerError, Objects,
    person::Role,
    schema::{Field, OBJECTS, Object},
};

/// A right on an object's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// See them.
    Read,
    /// Add some.
    Create,
    /// Change them.
    Update,
    /// Remove them.
    Delete,
}

impl Right {
    /// All of them. Writing needs reading, which comes first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Create, Self::Update, Self::Delete];

    /// Zendesk's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// Whether a role has a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// On all records.
    Allowed,
    /// Only on those of a rule that an admin made.
    Limited,
    /// Not at all.
    Denied,
}

/// What a role that an admin made may do with an object's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Zendesk's id of the policy: `custom-role-6678128886399`.
    pub id: String,
    /// The role's name.
    pub role: String,
    /// Each right, in the order of [`Right::ALL`].
    pub grants: [Grant; 4],
}

impl Policy {
    /// Whether it has a right.
    pub fn grant(&self, right: Right) -> Grant {
        let [read, create, update, delete] = self.grants;
        match right {
            Right::Read => read,
            Right::Create => create,
            Right::Update => update,
            Right::Delete => delete,
        }
    }

    fn read(json: &Value) -> Option<Self> {
        let id = json["id"].as_str().filter(|id| id.starts_with("custom-role-"))?;
        let grant = |right: Right| {
            let record = &json["records"][right.name()];
            match (record["allowed"] == true, record["rule_id"].is_null()) {
                (true, true) => Grant::Allowed,
                (true, false) => Grant::Limited,
                (false, _) => Grant::Denied,
            }
        };
        let role = json["role_name"].as_str().unwrap_or(id).to_owned();
        Some(Self { id: id.to_owned(), role, grants: Right::ALL.map(grant) })
    }
}

/// A field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundField {
    /// Its key.
    pub key: String,
    /// Zendesk's name of its type.
    pub kind: String,
    /// The values of its options.
    pub options: Vec<String>,
    /// Whether it was switched off.
    pub is_off: bool,
    /// Whether no record may be without it.
    pub is_required: bool,
}

impl FoundField {
    fn read(json: &Value) -> Option<Self> {
        let options = json["custom_field_options"].as_array().into_iter().flatten();
        let kind = match json["type"].as_str()? {
            // What dropdowns are called elsewhere in Zendesk's API.
            "tagger" => "dropdown",
            kind => kind,
        };
        Some(Self {
            key: json["key"].as_str()?.to_owned(),
            kind: kind.to_owned(),
            options: options.filter_map(|option| option["value"].as_str().map(ToOwned::to_owned)).collect(),
            is_off: json["active"] == false,
            is_required: json["required"] == true,
        })
    }
}

/// An object as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundObject {
    /// Its fields.
    pub fields: Vec<FoundField>,
    /// What roles may do with its records.
    pub policies: Vec<Policy>,
}

/// What an account has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Each of the ledger's objects, in the order of [`OBJECTS`]; none where there is none.
    pub objects: Vec<Option<FoundObject>>,
    /// The names of roles that can only look, whatever an admin grants.
    pub lookers: Vec<String>,
    /// How many more objects the plan allows, where Zendesk says so.
    pub room: Option<u64>,
}

/// What came of looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Survey {
    /// Whoever uses the app is no admin: only admins see what there is and who may do what.
    NotAdmin(Role),
    /// The account's plan has no custom objects.
    NoCustomObjects,
    /// What there is.
    Found(Account),
}

impl<T: Transport> Objects<T> {
    /// Looks what the account has. `proceed` hears how much of it was looked at, of how much.
    pub async fn survey(&self, mut proceed: impl FnMut(usize, usize)) -> Result<Survey, LedgerError> {
        let role = self.person().await?.role;
        if role != Role::Admin {
            return Ok(Survey::NotAdmin(role));
        }
        let roles = self.unless_refused("/api/v2/custom_roles".to_owned()).await?.unwrap_or_default();
        let roles = roles["custom_roles"].as_array().map(Vec::as_slice).unwrap_or_default();
        let has_own = roles.iter().any(|role| role["role_type"] == 0);
        let is_looker = |role: &&Value| matches!(role["role_type"].as_u64(), Some(1 | 3));
        let name = |role: &Value| role["name"].as_str().map(ToOwned::to_owned);
        let mut account = Account {
            lookers: roles.iter().filter(is_looker).filter_map(name).collect(),
            ..Account::default()
        };
        for (place, object) in OBJECTS.iter().enumerate() {
            proceed(place, OBJECTS.len());
            match self.found(object, has_own).await {
                Ok(found) => account.objects.push(found),
                // An admin may see every object there is.
                Err(LedgerError::Forbidden(_)) => return Ok(Survey::NoCustomObjects),
                Err(error) => return Err(error),
            }
        }
        if account.objects.contains(&None) {
            let limit = self.unless_refused("/api/v2/custom_objects/limits/object_limit".to_owned()).await?;
            let limit = limit.unwrap_or_default();
            let numbers = limit["limit"].as_u64().zip(limit["count"].as_u64());
            account.room = numbers.map(|(limit, count)| limit.saturating_sub(count));
        }
        Ok(Survey::Found(account))
    }

    /// Whether an object that is there lacks fields, so that nothing can be written: anybody who may see it can ask, unlike for
    /// a whole survey.
    pub async fn lacks_fields(&self, object: &Object) -> Result<bool, LedgerError> {
        let path = ["/api/v2/custom_objects/", object.key, "/fields"].concat();
        let json = self.call(Method::Get, path, None).await?;
        let there = json["custom_object_fields"].as_array().ok_or(LedgerError::NotUnderstood("no fields"))?;
        let is_there = |field: &Field| there.iter().any(|it| it["key"] == field.key && it["active"] != false);
        Ok(!object.fields.iter().all(is_there))
    }

    async fn found(&self, object: &Object, has_roles: bool) -> Result<Option<FoundObject>, LedgerError> {
        let path = |rest| ["/api/v2/custom_objects/", object.key, rest].concat();
        let fields = match self.call(Method::Get, path("/fields"), None).await {
            Ok(json) => json,
            Err(LedgerError::Missing(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let fields = fields["custom_object_fields"].as_array();
        let fields = fields.ok_or(LedgerError::NotUnderstood("no fields"))?;
        let policies = if has_roles {
            self.unless_refused(path("/permission_policies")).await?.unwrap_or_default()
        } else {
            Value::Null
        };
        let policies = policies["policies"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(Some(FoundObject {
            fields: fields.iter().filter_map(FoundField::read).collect(),
            policies: policies.iter().filter_map(Policy::read).collect(),
        }))
    }

    /// What not every plan has: 403 and 404 mean none.
    async fn unless_refused(&self, path: String) -> Result<Option<Value>, LedgerError> {
        match self.call(Method::Get, path, None).await {
            Ok(json) => Ok(Some(json)),
            Err(LedgerError::Forbidden(_) | LedgerError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
