//! Which call a request is, and whose account it concerns.

use crate::{
    failure::{self, Failure},
    http::{Head, Method},
    secret::{self, Kind},
};

/// A trigger's body is one message: 64 KB are many times what WhatsApp takes.
pub const MAX_TRIGGER_BYTES: usize = 64 * 1024;
/// A receipt's body: SunCo's v2 batches are some kilobytes each.
pub const MAX_RECEIPT_BYTES: usize = 1024 * 1024;
/// The app's calls: an opt-out list of a hundred thousand numbers fits.
pub const MAX_ADMIN_BYTES: usize = 2 * 1024 * 1024;

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// `GET /healthz`
    Health,
    /// `POST /api/v2/webhook[/{id}]`
    Trigger(Option<&'a str>),
    /// `GET /api/v2/messages/{id}`
    Message(&'a str),
    /// `POST /sunco/{account}/{secret}`
    Receipts {
        /// Whose it is.
        account: &'a str,
        /// The address's own secret.
        secret: &'a str,
    },
    /// `/v1/…`
    Admin(Admin<'a>),
}

/// A call of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admin<'a> {
    /// `GET /v1/status`
    Status,
    /// `GET /v1/settings`
    Settings,
    /// `PATCH /v1/settings`
    ChangeSettings,
    /// `GET /v1/positions`
    Positions,
    /// `PUT /v1/positions`
    ReplacePositions,
    /// `GET /v1/webhooks`
    Webhooks,
    /// `POST /v1/webhooks`
    CreateWebhook,
    /// `PATCH /v1/webhooks/{id}`
    ChangeWebhook(&'a str),
    /// `DELETE /v1/webhooks/{id}`
    DeleteWebhook(&'a str),
    /// `POST /v1/webhooks/{id}/rotate`
    RotateWebhook(&'a str),
    /// `POST /v1/webhooks/{id}/test`
    TestWebhook(&'a str),
    /// `GET /v1/events`
    Events,
    /// `POST /v1/events/collected`
    Collected,
    /// `POST /v1/setup`
    Setup,
    /// `POST /v1/queue/resume`
    Resume,
}

/// Finds the call.
pub fn route(head: &Head) -> Result<Route<'_>, Failure> {
    use Method::{Delete, Get, Patch, Post, Put};
    let mut path = head.path.strip_prefix('/').unwrap_or(&head.path);
    path = path.strip_suffix('/').unwrap_or(path);
    // One more than the longest path has, so that a longer one is none.
    let mut parts = path.splitn(5, '/');
    let parts = [(); 5].map(|()| parts.next());
    let found = match parts {
        [Some("healthz"), None, ..] => (Route::Health, "GET"),
        [Some("api"), Some("v2"), Some("webhook"), id, None] => (Route::Trigger(id), "POST"),
        [Some("api"), Some("v2"), Some("messages"), Some(id), None] => (Route::Message(id), "GET"),
        [Some("sunco"), Some(account), Some(secret), None, None] => {
            (Route::Receipts { account, secret }, "POST")
        }
        [Some("v1"), Some(first), second, third, None] => {
            let (admin, allow) = match (first, second, third, head.method) {
                ("status", None, None, _) => (Admin::Status, "GET"),
                ("settings", None, None, Patch) => (Admin::ChangeSettings, "PATCH"),
                ("settings", None, None, Get) => (Admin::Settings, "GET"),
                ("settings", None, None, _) => return Err(failure::wrong_method("GET, PATCH")),
                ("positions", None, None, Put) => (Admin::ReplacePositions, "PUT"),
                ("positions", None, None, Get) => (Admin::Positions, "GET"),
                ("positions", None, None, _) => return Err(failure::wrong_method("GET, PUT")),
                ("webhooks", None, None, Post) => (Admin::CreateWebhook, "POST"),
                ("webhooks", None, None, Get) => (Admin::Webhooks, "GET"),
                ("webhooks", None, None, _) => return Err(failure::wrong_method("GET, POST")),
                ("webhooks", Some(id), None, Patch) => (Admin::ChangeWebhook(id), "PATCH"),
                ("webhooks", Some(id), None, Delete) => (Admin::DeleteWebhook(id), "DELETE"),
                ("webhooks", Some(_), None, _) => return Err(failure::wrong_method("PATCH, DELETE")),
                ("webhooks", Some(id), Some("rotate"), _) => (Admin::RotateWebhook(id), "POST"),
                ("webhooks", Some(id), Some("test"), _) => (Admin::TestWebhook(id), "POST"),
                ("events", None, None, _) => (Admin::Events, "GET"),
                ("events", Some("collected"), None, _) => (Admin::Collected, "POST"),
                ("setup", None, None, _) => (Admin::Setup, "POST"),
                ("queue", Some("resume"), None, _) => (Admin::Resume, "POST"),
                _ => return Err(failure::unknown_path()),
            };
            (Route::Admin(admin), allow)
        }
        _ => return Err(failure::unknown_path()),
    };
    let (route, allow) = found;
    let is_allowed = match allow {
        "GET" => head.method == Get,
        "POST" => head.method == Post,
        // Those were told apart by their method.
        _ => true,
    };
    if is_allowed { Ok(route) } else { Err(failure::wrong_method(allow)) }
}

impl Route<'_> {
    /// The account that it concerns: of its token or of its path. Nothing is known yet of whether there is such an account.
    pub fn account<'h>(&'h self, head: &'h Head) -> Result<&'h str, Failure> {
        let kind = match self {
            Self::Receipts { account, .. } if secret::is_account(account) => return Ok(account),
            Self::Receipts { .. } | Self::Health => return Err(failure::unknown_path()),
            Self::Trigger(_) | Self::Message(_) => Kind::Webhook,
            Self::Admin(_) => Kind::Relay,
        };
        head.token().and_then(|token| secret::account_of(kind, token)).ok_or_else(failure::unauthorized)
    }

    /// The largest body that it takes; `None` if none is looked at.
    pub fn max_body(&self) -> Option<usize> {
        match self {
            Self::Trigger(_) | Self::Admin(Admin::TestWebhook(_)) => Some(MAX_TRIGGER_BYTES),
            Self::Receipts { .. } => Some(MAX_RECEIPT_BYTES),
            Self::Admin(
                Admin::ChangeSettings
                | Admin::ReplacePositions
                | Admin::CreateWebhook
                | Admin::ChangeWebhook(_)
                | Admin::Collected
                | Admin::Setup,
            ) => Some(MAX_ADMIN_BYTES),
            Self::Health | Self::Message(_) | Self::Admin(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(method: &str, path: &str) -> Head {
        Head {
            method: Method::parse(method),
            origin: "https://relay.example".to_owned(),
            path: path.to_owned(),
            query: String::new(),
            authorization: None,
            webhook_secret: None,
            api_key: None,
            content_type: None,
            idempotency_key: None,
        }
    }

    #[test]
    fn each_path_leads_to_its_call() {
        for (method, path, expected) in [
            ("GET", "/healthz", Route::Health),
            ("POST", "/api/v2/webhook", Route::Trigger(None)),
            ("POST", "/api/v2/webhook/", Route::Trigger(None)),
            ("POST", "/api/v2/webhook/7137952719659977", Route::Trigger(Some("7137952719659977"))),
            ("GET", "/api/v2/messages/m_1", Route::Message("m_1")),
            ("POST", "/sunco/acme/s", Route::Receipts { account: "acme", secret: "s" }),
            ("PATCH", "/v1/webhooks/w_1", Route::Admin(Admin::ChangeWebhook("w_1"))),
            ("POST", "/v1/webhooks/w_1/rotate", Route::Admin(Admin::RotateWebhook("w_1"))),
            ("POST", "/v1/events/collected", Route::Admin(Admin::Collected)),
        ] {
            assert_eq!(route(&head(method, path)), Ok(expected), "{method} {path}");
        }
    }

    #[test]
    fn other_paths_and_methods_are_refused() {
        for path in [
            "/",
            "",
            "//",
            "/api/v2",
            "/api/v2/webhook/a/b",
            "/sunco/acme",
            "/sunco/acme/s/x",
            "/v1",
            "/v1/x/y/z/w",
            "/v1/webhooks/w/rotate/x",
        ] {
            assert_eq!(route(&head("POST", path)).unwrap_err().status, 404, "{path}");
        }
        for (method, path) in [
            ("GET", "/api/v2/webhook"),
            ("OPTIONS", "/v1/events"),
            ("PUT", "/v1/settings"),
            ("POST", "/v1/status"),
            ("DELETE", "/sunco/a/b"),
        ] {
            assert_eq!(route(&head(method, path)).unwrap_err().status, 405, "{method} {path}");
        }
    }

    #[test]
    fn the_account_comes_from_token_or_path() {
        let with = |token: &str| Head { authorization: Some(token.to_owned()), ..head("GET", "/") };
        let relay = "bearer cxr_acme_0123456789abcdef0123456789abcdef";
        assert_eq!(Route::Admin(Admin::Status).account(&with(relay)), Ok("acme"));
        for token in ["", "Bearer", "Basic x", "Bearer cxw_acme_0123456789abcdef0123456789abcdef"] {
            assert_eq!(Route::Admin(Admin::Status).account(&with(token)).unwrap_err().status, 401, "{token}");
        }
        let receipts = Route::Receipts { account: "A_B", secret: "s" };
        assert_eq!(receipts.account(&head("POST", "/")).unwrap_err().status, 404);
    }
}
