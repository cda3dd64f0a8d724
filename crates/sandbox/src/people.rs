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
    /// Those who wrote the tickets.
    pub requesters: Vec<Person>,
    /// The tickets.
    pub tickets: Vec<Ticket>,
}

/// A user of the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    pub id: u64,
    pub name: String,
    pub email: Option<String>,
    pub role: String,
    pub phone: Option<String>,
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
    /// `admin` or `agent`.
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
        self.agents.iter().find(|it| it.role == role).or_else(|| self.agents.first())
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
            "role_type": if self.role == "admin" { json!(4) } else { json!(null) },
            "custom_role_id": null, "phone": self.phone, "locale": locale, "time_zone": "Mexico City",
            "iana_time_zone": "America/Mexico_City", "active": true, "verified": true,
        })
    }
}
