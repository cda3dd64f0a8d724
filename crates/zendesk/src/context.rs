//! Where this instance of the app runs.

use serde::{Deserialize, Deserializer};

use crate::{Id, scalar::or_default};

/// `client.context()` (Zendesk, "Apps framework: context").
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// Identifies this iframe.
    pub instance_guid: String,
    /// `support`, as a rule.
    #[serde(default, deserialize_with = "or_default")]
    pub product: String,
    /// The Zendesk account.
    pub account: Account,
    /// Where in Zendesk the iframe is.
    pub location: Location,
    /// The ticket, in a ticket's sidebar.
    #[serde(default)]
    pub ticket_id: Option<Id>,
}

/// A Zendesk account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// `acme` in `acme.zendesk.com`.
    pub subdomain: String,
}

/// Where in Zendesk an iframe is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A page of its own, opened from the left navigation bar.
    NavBar,
    /// A panel beside a ticket.
    TicketSidebar,
    /// Anywhere else, as Zendesk names it.
    Other(String),
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(match name.as_str() {
            "nav_bar" => Self::NavBar,
            "ticket_sidebar" => Self::TicketSidebar,
            _ => Self::Other(name),
        })
    }
}
