//! Which call a request is: versions and their aliases, with and without `/sc` and `/apps/{appId}`
//! (sunco.md §13.1).

use axum::http::{Method, Uri};
use percent_encoding::percent_decode_str;

use crate::sunco::error::ApiVersion;

/// A request, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub version: ApiVersion,
    /// The app in the path; app-less forms take it from the key.
    pub app_id: Option<String>,
    pub target: Target,
    pub query: Query,
}

/// What the call is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    SendNotification,
    ListTemplates(String),
    CreateTemplate(String),
    DeleteTemplate(String, String),
    ListIntegrations,
    Integration(String),
    ListWebhooks,
    CreateWebhook,
    Webhook(String),
    ChangeWebhook(String),
    DeleteWebhook(String),
    /// No such route.
    Unknown,
}

/// The query's pairs, decoded.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Call {
    pub(crate) fn read(method: &Method, uri: &Uri) -> Self {
        let segments: Vec<String> = uri.path().split('/').filter(|it| !it.is_empty()).map(decode).collect();
        let mut path: &[String] = &segments;
        if path.first().is_some_and(|it| it == "sc") {
            path = &path[1..];
        }
        let version = match path.first().map(String::as_str) {
            Some("v2") => Some(ApiVersion::V2),
            Some("v1" | "v1.1") => Some(ApiVersion::V1),
            _ => None,
        };
        let mut call = Self {
            version: version.unwrap_or(ApiVersion::V2),
            app_id: None,
            target: Target::Unknown,
            query: read_query(uri.query().unwrap_or_default()),
        };
        let Some(version) = version else { return call };
        path = &path[1..];
        if let [apps, id, rest @ ..] = path
            && apps == "apps"
        {
            call.app_id = Some(id.clone());
            path = rest;
        }
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        call.target = target(version, method, call.app_id.is_some(), &words);
        call
    }
}

fn target(version: ApiVersion, method: &Method, has_app: bool, path: &[&str]) -> Target {
    match (version, method.as_str(), path) {
        // Sending needs the app in its path: the official client refuses to do without (sunco.md §13.12).
        (ApiVersion::V1, "POST", ["notifications"]) if has_app => Target::SendNotification,
        (ApiVersion::V1, "GET", ["integrations", id, "messageTemplates"]) => {
            Target::ListTemplates((*id).to_owned())
        }
        (ApiVersion::V1, "POST", ["integrations", id, "messageTemplates"]) => {
            Target::CreateTemplate((*id).to_owned())
        }
        (ApiVersion::V1, "DELETE", ["integrations", id, "messageTemplates", name]) => {
            Target::DeleteTemplate((*id).to_owned(), (*name).to_owned())
        }
        (ApiVersion::V1, "GET", ["integrations"]) => Target::ListIntegrations,
        (ApiVersion::V2, "GET", ["integrations"]) if has_app => Target::ListIntegrations,
        (ApiVersion::V1, "GET", ["integrations", id]) => Target::Integration((*id).to_owned()),
        (ApiVersion::V2, "GET", ["integrations", id]) if has_app => Target::Integration((*id).to_owned()),
        // v2's belong to an integration, which the fake has just one of.
        (ApiVersion::V1, _, ["webhooks", rest @ ..])
        | (ApiVersion::V2, _, ["integrations", _, "webhooks", rest @ ..]) => webhook(version, method, rest),
        _ => Target::Unknown,
    }
}

fn webhook(version: ApiVersion, method: &Method, rest: &[&str]) -> Target {
    match (version, method.as_str(), rest) {
        (_, "GET", []) => Target::ListWebhooks,
        (_, "POST", []) => Target::CreateWebhook,
        (_, "GET", [id]) => Target::Webhook((*id).to_owned()),
        (ApiVersion::V1, "PUT", [id]) | (ApiVersion::V2, "PATCH", [id]) => {
            Target::ChangeWebhook((*id).to_owned())
        }
        (_, "DELETE", [id]) => Target::DeleteWebhook((*id).to_owned()),
        _ => Target::Unknown,
    }
}

fn read_query(query: &str) -> Query {
    let pair = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
    };
    Query(query.split('&').filter(|it| !it.is_empty()).map(pair).collect())
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, uri: &str) -> Call {
        Call::read(&method.parse().unwrap(), &uri.parse().unwrap())
    }

    #[test]
    fn aliases_lead_to_the_same_call() {
        for path in
            ["/v1.1/apps/a/notifications", "/v1/apps/a/notifications", "/sc/v1.1/apps/a/notifications"]
        {
            let call = read("POST", path);
            assert_eq!(
                (call.target, call.app_id.as_deref()),
                (Target::SendNotification, Some("a")),
                "{path}"
            );
        }
        assert_eq!(
            read("GET", "/v1.1/integrations/i/messageTemplates").target,
            Target::ListTemplates("i".into())
        );
        assert_eq!(
            read("DELETE", "/v1.1/apps/a/integrations/i/messageTemplates/mi%20plantilla").target,
            Target::DeleteTemplate("i".into(), "mi plantilla".into())
        );
    }

    #[test]
    fn routes_that_do_not_exist_are_unknown() {
        for (method, path) in [
            ("POST", "/v2/apps/a/notifications"),
            ("GET", "/v1.1/apps/a/notifications"),
            ("PUT", "/v1.1/apps/a/integrations/i/messageTemplates/n"),
            ("POST", "/v1.1/notifications"),
            ("GET", "/"),
        ] {
            assert_eq!(read(method, path).target, Target::Unknown, "{method} {path}");
        }
    }

    #[test]
    fn bracketed_query_names_are_decoded() {
        let call = read("GET", "/v2/apps/a/integrations?filter%5Btypes%5D=whatsapp&page[size]=5");
        assert_eq!(
            (call.query.get("filter[types]"), call.query.get("page[size]")),
            (Some("whatsapp"), Some("5"))
        );
    }
}
