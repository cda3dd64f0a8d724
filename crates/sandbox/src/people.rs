//! The persons and tickets of the fake account, and who is looking at the page.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The account's sub-domain.
pub const SUBDOMAIN: &str = "acme";

/// Everybody, and the tickets.
#[derive(Debug, Clone, Deserialize)]
pub struct People {
    /// Those who may sign in: an admin first.
    pub agents: Vec<Person>,
    /// The roles of the account beside admin and agent.
    pub custom_roles: Vec<CustomRole>,
    /// Those who wrote the tickets.
    pub requesters: Vec<Person>,
    /// The tickets.
    pub tickets: Vec<Ticket>,
}

/// A role beside admin and agent.
#[derive(Debug, Clone, Deserialize)]
pub struct CustomRole {
    pub id: u64,
    pub name: String,
    pub description: String,
    /// 0: made by an admin, 1: light agent, 3: contributor.
    pub role_type: u8,
    /// Whether an admin lets it work with the app's custom objects as soon as they exist.
    #[serde(default)]
    pub is_granted: bool,
}

/// A user of the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    pub id: u64,
    pub name: String,
    pub email: Option<String>,
    pub role: String,
    pub phone: Option<String>,
    /// The session's role that signs this person in; without one, the person's own role.
    #[serde(default)]
    pub signs_in_as: Option<String>,
    #[serde(default)]
    pub custom_role_id: Option<u64>,
    /// The kind of role: 0: made by an admin, 1: light agent, 3: contributor, 4: admin.
    #[serde(default)]
    pub role_type: Option<u8>,
    #[serde(default)]
    pub identities: Vec<Value>,
}

/// A ticket with its conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    pub id: u64,
    pub subject: String,
    pub status: String,
    pub priority: String,
    pub requester_id: u64,
    pub channel: String,
    pub tags: Vec<String>,
    pub comments: Vec<Value>,
}

/// Who is signed in, and how the page looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// `admin`, `agent`, `light_agent`, `contributor`, `custom_role` (with a policy on the app's objects) or
    /// `custom_role_without_policy`.
    pub role: String,
    /// The agent's language, e.g. `es` or `en-US`.
    pub locale: String,
    /// `light` or `dark`.
    pub color_scheme: String,
}

impl Default for Session {
    fn default() -> Self {
        Self { role: "admin".into(), locale: "es".into(), color_scheme: "light".into() }
    }
}

impl People {
    /// Reads the built-in file.
    pub fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../seed/people.json"))
    }

    /// The agent of that role.
    pub fn agent(&self, role: &str) -> Option<&Person> {
        let is_meant = |it: &&Person| it.signs_in_as.as_deref().unwrap_or(&it.role) == role;
        self.agents.iter().find(is_meant).or_else(|| self.agents.first())
    }

    /// Anybody by id.
    pub fn person(&self, id: u64) -> Option<&Person> {
        self.agents.iter().chain(&self.requesters).find(|it| it.id == id)
    }
}

impl Person {
    /// The user as the REST API shows it.
    pub fn in_rest(&self, locale: &str) -> Value {
        json!({
            "id": self.id, "name": self.name, "email": self.email, "role": self.role,
            "role_type": self.role_type, "custom_role_id": self.custom_role_id, "phone": self.phone, "locale": locale, "time_zone": "Mexico City",
            "iana_time_zone": "America/Mexico_City", "active": true, "verified": true,
        })
    }
}
