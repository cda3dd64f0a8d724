//! The agent who uses the app.

use serde::Deserialize;

use crate::Id;

/// `client.get("currentUser")`, as far as it is used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CurrentUser {
    /// The user's id.
    pub id: Id,
    /// Who they are towards colleagues.
    #[serde(default)]
    pub name: Option<String>,
    /// Stands in logs and origins.
    #[serde(default)]
    pub email: Option<String>,
    /// `agent`, `admin`, or the id of a custom role.
    #[serde(default)]
    pub role: Id,
    /// The language that they use Zendesk in, such as `es-419`.
    #[serde(default)]
    pub locale: Option<String>,
}

impl CurrentUser {
    /// Whether Zendesk lets them change the app's settings.
    pub fn is_admin(&self) -> bool {
        self.role.as_str() == "admin"
    }
}
