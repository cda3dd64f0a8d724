//! The app's integrations: here, its WhatsApp numbers.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{ApiError, IntegrationId, Response, error};

/// A WhatsApp number connected to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    /// Its id, which sends name.
    pub id: IntegrationId,
    /// The name that the account gave it.
    pub display_name: Option<String>,
    /// Its number as the provider writes it: digits, without `+`.
    pub phone: Option<String>,
    /// Whether it works.
    pub status: IntegrationStatus,
}

/// Whether an integration works (Sunshine Conversations API v2, "Integrations").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntegrationStatus {
    /// It works.
    Active,
    /// It isn't set up completely.
    Inactive,
    /// It is broken.
    Error,
    /// Any other text, or none.
    Other(String),
}

impl IntegrationStatus {
    fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "active" => Self::Active,
            "inactive" => Self::Inactive,
            "error" => Self::Error,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// One page of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub integrations: Vec<Integration>,
    /// Where the next page begins.
    pub after: Option<String>,
}

/// Reads a page. Only the fields named here are read: the object may hold an access token.
pub(crate) fn parse_page(response: &Response) -> Result<Page, ApiError> {
    #[derive(Deserialize)]
    struct WirePage<'a> {
        #[serde(borrow)]
        integrations: Vec<&'a RawValue>,
        meta: Option<Meta>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        has_more: Option<bool>,
        after_cursor: Option<String>,
    }
    let page: WirePage = error::parse(response)?;
    // An item that can't be read has no id to send from, so there is nothing to show of it.
    let integrations = page.integrations.into_iter().filter_map(read).collect();
    let after = page.meta.filter(|meta| meta.has_more != Some(false)).and_then(|meta| meta.after_cursor);
    Ok(Page { integrations, after: after.filter(|cursor| !cursor.is_empty()) })
}

fn read(raw: &RawValue) -> Option<Integration> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire {
        id: String,
        #[serde(rename = "type")]
        kind: Option<String>,
        status: Option<String>,
        display_name: Option<String>,
        phone_number: Option<String>,
    }
    let wire: Wire = serde_json::from_str(raw.get()).ok()?;
    let is_whatsapp = wire.kind.is_none_or(|kind| kind.eq_ignore_ascii_case("whatsapp"));
    Some(Integration {
        id: IntegrationId::parse(&wire.id).ok().filter(|_| is_whatsapp)?,
        display_name: wire.display_name.filter(|name| !name.is_empty()),
        phone: wire.phone_number.filter(|phone| !phone.is_empty()),
        status: IntegrationStatus::parse(wire.status.as_deref().unwrap_or_default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Result<Page, ApiError> {
        parse_page(&Response { status: 200, body: body.to_owned(), retry_after_s: None })
    }

    #[test]
    fn reads_what_a_send_needs_and_nothing_else() {
        let page = page(
            r#"{"integrations":[
              {"id":"582dedf230e788746891281a","type":"whatsapp","status":"active","displayName":"Main line",
               "phoneNumber":"15144441919","accountId":null,"accountManagementAccessToken":"SECRET"},
              {"id":"582dedf230e788746891281b","type":"whatsapp","status":"error","displayName":null,"phoneNumber":null},
              {"id":"582dedf230e788746891281c","type":"web","status":"active"},
              {"id":"no id","type":"whatsapp"}, null, 7],
             "meta":{"hasMore":true,"afterCursor":"582dedf230e788746891281c"},"links":{}}"#,
        )
        .unwrap();
        assert_eq!(
            page.integrations,
            [
                Integration {
                    id: IntegrationId::parse("582dedf230e788746891281a").unwrap(),
                    display_name: Some("Main line".to_owned()),
                    phone: Some("15144441919".to_owned()),
                    status: IntegrationStatus::Active,
                },
                Integration {
                    id: IntegrationId::parse("582dedf230e788746891281b").unwrap(),
                    display_name: None,
                    phone: None,
                    status: IntegrationStatus::Error,
                },
            ]
        );
        assert_eq!(page.after.as_deref(), Some("582dedf230e788746891281c"));
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        for meta in [
            r#","meta":{"hasMore":false}"#,
            r#","meta":{"hasMore":false,"afterCursor":"x"}"#,
            r#","meta":null"#,
            "",
        ] {
            assert_eq!(page(&format!(r#"{{"integrations":[]{meta}}}"#)).unwrap().after, None, "{meta}");
        }
    }

    #[test]
    fn another_form_is_an_error_not_an_empty_list() {
        assert!(matches!(page("{}"), Err(ApiError::NotUnderstood { .. })));
        assert!(matches!(page("[]"), Err(ApiError::NotUnderstood { .. })));
        assert!(matches!(page("Sign in"), Err(ApiError::NotJson { .. })));
    }
}
