//! The person who wrote a ticket.

use serde::{Deserialize, Deserializer};

use crate::{Id, scalar::Scalar};

/// `client.get("ticket.requester")`, as far as it is used. It has no phone of its own: that is one of the identities
/// (<https://developer.zendesk.com/api-reference/apps/apps-support-api/all_locations/>).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Requester {
    /// The user's id.
    pub id: Id,
    /// Who they are.
    #[serde(default)]
    pub name: Option<String>,
    /// The phone of their profile as it was written there: the primary one, else the first.
    #[serde(default, rename = "identities", deserialize_with = "phone")]
    pub phone: Option<String>,
}

#[derive(Deserialize)]
struct Identity {
    #[serde(default, rename = "type")]
    kind: Scalar,
    #[serde(default)]
    value: Scalar,
    #[serde(default)]
    primary: bool,
}

/// Of all identities only the phone is kept: the others are nobody's business here.
fn phone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let identities = Option::<Vec<Identity>>::deserialize(deserializer)?.unwrap_or_default();
    let mut phones: Vec<(bool, String)> = identities
        .into_iter()
        .filter(|identity| identity.kind.to_text().as_deref() == Some("phone_number"))
        .filter_map(|identity| {
            Some((identity.primary, identity.value.to_text().filter(|text| !text.trim().is_empty())?))
        })
        .collect();
    // Stable: among equals the first one stays first.
    phones.sort_by_key(|(is_primary, _)| !is_primary);
    Ok(phones.into_iter().next().map(|(_, phone)| phone))
}
